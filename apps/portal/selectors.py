"""What a link shows: documents of its customer, of the kinds its maker may see, nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.deals.models import Quotation, QuotationStatus
from apps.portal.models import PortalLink, PortalMessage
from apps.sales.models import Invoice
from apps.sales.selectors import COUNTED
from apps.service.models import ServiceRequest

KINDS: dict[str, str | Promise] = {
    "invoices": _("Invoices"), "quotations": _("Quotations"), "requests": _("Requests"),
}  # fmt: skip
CARDS = {"invoices": "sales:card", "quotations": "deals:quotation", "requests": "service:card"}
SHOWN = 50
_OFFERED = (QuotationStatus.SENT, QuotationStatus.ACCEPTED, QuotationStatus.DECLINED)


def rows(link: PortalLink, kind: str) -> QuerySet[Any]:
    """Return what a link shows of a kind, the latest first.

    :raises LookupError: the link shows nothing of this kind.
    """
    if kind not in link.shows or kind not in KINDS:
        raise LookupError(kind)
    if kind == "invoices":
        found = Invoice.objects.filter(
            counterparty=link.counterparty_id, status__in=COUNTED, is_archived=False
        )
        return found.select_related("organization").order_by("-issued_on", "-id")
    if kind == "quotations":
        offers = Quotation.objects.filter(
            deal__counterparty=link.counterparty_id, status__in=_OFFERED, deal__is_archived=False
        )
        return offers.select_related("organization", "deal").order_by("-issued_on", "-id")
    requests = ServiceRequest.objects.filter(
        counterparty=link.counterparty_id, is_archived=False
    )
    return requests.order_by("-created_at", "-id")


def one(link: PortalLink, kind: str, key: UUID) -> Any:
    """Return a document that a link shows.

    :raises LookupError: it does not, whether there is such a document or not.
    """
    row = rows(link, kind).filter(pk=key).first()
    if row is None:
        raise LookupError(kind, key)
    return row


def everything(link: PortalLink) -> list[tuple[str, str | Promise, list[Any]]]:
    """Return what a link shows, kind by kind; a query for each."""
    return [
        (kind, label, list(rows(link, kind)[:SHOWN]))
        for kind, label in KINDS.items()
        if kind in link.shows
    ]


def messages_of(kind: str, key: UUID) -> Sequence[PortalMessage]:
    """Return what was said about a document, the earliest first."""
    found = PortalMessage.objects.filter(kind=kind, key=key)
    return list(found.select_related("person", "author").order_by("created_at", "pk"))


def responsible_for(kind: str, row: Any) -> UUID | None:
    """Return who is to hear of a document."""
    if kind == "invoices":
        return row.responsible_id  # type: ignore[no-any-return]
    if kind == "quotations":
        owner: UUID | None = row.deal.owner_id or row.author_id
        return owner
    return row.owner_id  # type: ignore[no-any-return]

"""What becomes a notice: events of the rooms below, after their commit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.urls import reverse

from apps.accounts.models import User
from apps.accounts.rights import seeing, with_rights
from apps.core.notices import Told, ToldMany
from apps.deals.models import Deal, Quotation
from apps.deals.services.happenings import (
    DealsHandedOver,
    QuotationDecided,
    QuotationNeedsApproval,
)
from apps.notifications.services import (
    Notice,
    administrators,
    notify,
    notify_all,
    those_in_charge,
)
from apps.sales.models import Invoice
from apps.sales.services.happenings import (
    ConflictFound,
    InvoiceCancelledIn1C,
    InvoiceChangedIn1C,
)
from apps.sales.services.settlement import InvoiceShipped, PaymentReceived
from exchange.models import ExchangeSession, SessionState


def told(event: Told) -> None:
    """Tell the people a room below has named; who has left is not told."""
    people = list(User.objects.filter(pk__in=event.users, is_active=True).order_by("id"))
    notify(users=people, kind=event.kind, values=event.values, url=event.url)


def told_many(event: ToldMany) -> None:
    """Tell people what was done to many rows at once; who has left is not told."""
    keys = {key for each in event.notices for key in each.users}
    people = User.objects.filter(is_active=True).in_bulk(keys)
    notify_all(
        told=[
            Notice(people[key], each.kind, each.values, each.url)
            for each in event.notices for key in each.users if key in people
        ]
    )  # fmt: skip


def payment_received(event: PaymentReceived) -> None:
    """Tell the manager that money came (F036)."""
    kind = "payment_received" if event.is_full else "partly_paid"
    _about(event.invoice_id, kind, amount=str(event.amount))


def invoice_shipped(event: InvoiceShipped) -> None:
    """Tell the manager that goods went out."""
    _about(event.invoice_id, "shipped" if event.is_full else "partly_shipped")


def invoice_changed(event: InvoiceChangedIn1C) -> None:
    """Tell the manager that lines were changed in 1C."""
    _about(event.invoice_id, "changed_in_1c")


def invoice_cancelled(event: InvoiceCancelledIn1C) -> None:
    """Tell the manager that 1C cancelled the order."""
    _about(event.invoice_id, "cancelled_in_1c")


def conflict_found(event: ConflictFound) -> None:
    """Ask the manager to decide."""
    _about(event.invoice_id, "conflict")


def deals_handed_over(event: DealsHandedOver) -> None:
    """Tell whoever got deals from somebody else."""
    keys = [key for key, owner in event.owners.items() if owner and owner != event.by_id]
    if not keys:
        return
    names = dict(Deal.objects.filter(pk__in=keys).values_list("pk", "name"))
    wanted = {event.owners[key] for key in keys} | {event.by_id}
    people = User.objects.in_bulk([key for key in wanted if key is not None])
    who = str(people.get(event.by_id) or "")
    told = []
    for key in keys:
        owner = people.get(event.owners[key])
        if owner is not None and owner.is_active and key in names:
            told.append(
                Notice(
                    owner, "deal_handed_over", {"who": who, "subject": names[key]},
                    reverse("deals:card", args=[key]),
                )
            )  # fmt: skip
    notify_all(told=told)


def quotation_needs_approval(event: QuotationNeedsApproval) -> None:
    """Ask those who may approve a discount above the limit."""
    quotation = Quotation.objects.select_related("deal__counterparty").get(pk=event.quotation_id)
    people = list(with_rights().order_by("id"))
    rows = Quotation.objects.filter(pk=quotation.pk)
    allowed = seeing(people, rows, "quotations.approve") & seeing(people, rows, "quotations.view")
    _about_quotation(
        quotation, "quotation_to_approve", [each for each in people if each.pk in allowed]
    )


def quotation_decided(event: QuotationDecided) -> None:
    """Tell the author of a quotation what was decided."""
    quotation = Quotation.objects.select_related("deal__counterparty", "author").get(
        pk=event.quotation_id
    )
    kind = "quotation_approved" if event.is_approved else "quotation_refused"
    author = quotation.author
    _about_quotation(quotation, kind, [author] if author is not None and author.is_active else [])


def run_is_over(session_id: UUID, state: str) -> None:
    """Tell administrators when a run failed."""
    if state != SessionState.FAILED:
        return
    session = ExchangeSession.objects.select_related("node").get(pk=session_id)
    notify(
        users=administrators(),
        kind="exchange_failed",
        values={"node": session.node.name},
        url=reverse("exchange:session", args=[session_id]),
    )


def _about_quotation(quotation: Quotation, kind: str, users: Sequence[User]) -> None:
    notify(
        users=users,
        kind=kind,
        values={"number": quotation.number, "customer": quotation.deal.counterparty.name},
        url=reverse("deals:quotation", args=[quotation.pk]),
    )


def _about(invoice_id: UUID, kind: str, **values: Any) -> None:
    invoice = Invoice.objects.select_related("counterparty", "responsible").get(pk=invoice_id)
    notify(
        users=those_in_charge(invoice.responsible),
        kind=kind,
        values={
            "number": invoice.number,
            "customer": invoice.counterparty.name,
            "currency": invoice.currency,
            **values,
        },
        url=reverse("sales:card", args=[invoice_id]),
    )

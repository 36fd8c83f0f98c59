"""Making and ending links, what a customer does on the page, and our answers."""

from __future__ import annotations

import hashlib
import secrets
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse

from apps.accounts.models import User
from apps.accounts.rights import can
from apps.core import notices
from apps.counterparties.models import ContactPerson, Counterparty
from apps.deals.models import Quotation, QuotationStatus
from apps.deals.services import WrongQuotationStatus, quotations
from apps.portal import selectors
from apps.portal.models import PortalLink, PortalMessage
from tenants.audit.services import record

DAYS = (7, 30, 90, 365)
LONGEST_TEXT = 4000
_NOTED_EVERY = timedelta(minutes=5)


class PortalError(Exception):
    """Nothing was changed."""


class NotTheirs(PortalError):
    """The person does not work at this customer."""


class NothingSaid(PortalError):
    """The text is empty."""


@transaction.atomic
def make_link(
    *, counterparty: Counterparty, person_id: UUID, days: int, language: str, by: User,
    now: datetime,
) -> tuple[PortalLink, str]:  # fmt: skip
    """Make a link; return it and its token, which is shown this once and never again.

    :raises NotTheirs: the person is not one of the customer's.
    """
    people = ContactPerson.objects.filter(
        Q(counterparty=counterparty) | Q(roles__counterparty=counterparty), is_archived=False
    )
    person = people.filter(pk=person_id).first()
    if person is None:
        raise NotTheirs(person_id)
    token = secrets.token_urlsafe(32)
    link = PortalLink.objects.create(
        counterparty=counterparty, person=person, digest=_digest(token), author=by,
        shows=[kind for kind in selectors.KINDS if can(by, f"{kind}.view")], language=language,
        expires_at=now + timedelta(days=days if days in DAYS else DAYS[1]),
    )  # fmt: skip
    record(kind="portal.link_made", login=by.email, customer=counterparty.name,
           person=person.full_name)  # fmt: skip
    return link, token


@transaction.atomic
def revoke_link(*, link_id: UUID, by: User, now: datetime) -> PortalLink:
    """End a link at once; an ended one stays so."""
    link = PortalLink.objects.select_for_update(of=("self",)).get(pk=link_id)
    if link.revoked_at is None:
        link.revoked_at = now
        link.save()
        record(kind="portal.link_ended", login=by.email, customer=link.counterparty.name)
    return link


def link_of(*, token: str, now: datetime) -> PortalLink | None:
    """Return the link with this token, if it is good."""
    if not 20 < len(token) < 100:
        return None
    return _good(now).filter(digest=_digest(token)).first()


def link_by_key(*, key: UUID, now: datetime) -> PortalLink | None:
    """Return a link that was opened before, if it is still good; its use is noted."""
    link = _good(now).filter(pk=key).first()
    if link is not None and (link.used_at is None or link.used_at < now - _NOTED_EVERY):
        PortalLink.objects.filter(pk=link.pk).update(used_at=now)
    return link


@transaction.atomic
def comment(*, link: PortalLink, kind: str, key: UUID, text: str) -> PortalMessage:
    """Say something about a document as the customer; whoever is responsible is told.

    :raises NothingSaid: the text is empty.
    :raises LookupError: the document is not shown by this link.
    """
    row = selectors.one(link, kind, key)
    if not text.strip():
        raise NothingSaid
    said = PortalMessage.objects.create(
        counterparty=link.counterparty, kind=kind, key=key, person=link.person,
        text=text.strip()[:LONGEST_TEXT],
    )  # fmt: skip
    _tell(link, kind, row, "portal_comment", text=said.text[:200])
    return said


@transaction.atomic
def answer(
    *, counterparty: Counterparty, kind: str, key: UUID, text: str, by: User
) -> PortalMessage:
    """Answer on the page of the customer.

    :raises NothingSaid: the text is empty.
    :raises LookupError: nobody has written about such a document of this customer.
    """
    theirs = PortalMessage.objects.filter(counterparty=counterparty, kind=kind, key=key)
    if not theirs.exists():
        raise LookupError(kind, key)
    if not text.strip():
        raise NothingSaid
    return PortalMessage.objects.create(
        counterparty=counterparty, kind=kind, key=key, author=by, text=text.strip()[:LONGEST_TEXT]
    )


@transaction.atomic
def decide(
    *, link: PortalLink, key: UUID, is_accepted: bool, reason: str, today: date, now: datetime
) -> Quotation:
    """Accept or decline a quotation as the customer; whoever made it is told.

    :raises LookupError: the quotation is not shown by this link.
    :raises apps.deals.services.DealError: it is over, or answered already.
    """
    row = selectors.one(link, "quotations", key)
    if row.status != QuotationStatus.SENT:
        raise WrongQuotationStatus(row)
    if is_accepted:
        done = quotations.accept(quotation_id=row.pk, by=None, today=today, now=now)
    else:
        done = quotations.decline(quotation_id=row.pk, now=now, reason=reason)
    kind = "portal_accepted" if is_accepted else "portal_declined"
    _tell(link, "quotations", row, kind, text=reason[:200])
    return done


def _tell(link: PortalLink, kind: str, row: Any, notice: str, **more: str) -> None:
    owner = selectors.responsible_for(kind, row) or link.counterparty.responsible_id
    notices.tell(
        users=[owner or link.author_id], kind=notice,
        values={"who": link.person.full_name, "customer": link.counterparty.name,
                "document": str(row), **more},
        url=reverse(selectors.CARDS[kind], args=[row.pk]),
    )  # fmt: skip


def _good(now: datetime) -> QuerySet[PortalLink]:
    rows = PortalLink.objects.select_related("counterparty", "person")
    return rows.filter(
        revoked_at__isnull=True, expires_at__gt=now, counterparty__is_archived=False,
        person__is_archived=False,
    )  # fmt: skip


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()

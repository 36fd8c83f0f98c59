"""Leads: from an unsorted request to a customer, without typing anything twice.

Unsorted ones wait to be accepted or declined; whoever accepts one becomes responsible. A room
above may do something of its own when one becomes a customer: it listens to ``LeadMoved``.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from apps.core import bulk, events
from apps.counterparties.models import Counterparty, CounterpartyStatus
from apps.counterparties.services import CounterpartyError

_UNSORTED, _LEAD = CounterpartyStatus.UNSORTED, CounterpartyStatus.LEAD
_QUALIFIED, _CUSTOMER = CounterpartyStatus.QUALIFIED, CounterpartyStatus.CUSTOMER
_REJECTED = CounterpartyStatus.REJECTED
WAYS: dict[str, tuple[str, ...]] = {
    _UNSORTED: (_LEAD, _QUALIFIED, _CUSTOMER, _REJECTED),
    _LEAD: (_QUALIFIED, _CUSTOMER, _REJECTED),
    _QUALIFIED: (_CUSTOMER, _REJECTED, _LEAD),
    _REJECTED: (_UNSORTED, _LEAD),
    _CUSTOMER: (),
}
STEPS = (_LEAD, _QUALIFIED, _CUSTOMER)


class NoSuchWay(CounterpartyError):
    """From where it stands a lead does not go there; nothing was changed."""


@dataclass(frozen=True)
class LeadMoved:
    """A lead went on: accepted, qualified, made a customer, or declined."""

    counterparty_id: UUID
    before: str
    after: str
    by_id: UUID | None


@transaction.atomic
def move(*, keys: Collection[UUID], to: str, by: Any, reason: str = "") -> dict[UUID, str]:
    """Bring leads to a status; return where each that changed stood before, so it can go back.

    :raises NoSuchWay: one of them does not go there.
    """
    before: dict[UUID, str] = {}
    found = list(Counterparty.objects.select_for_update().filter(pk__in=keys).order_by("pk"))
    former = bulk.columns_now(found)
    for partner in found:
        if partner.status == to:
            continue
        if to not in WAYS[partner.status]:
            raise NoSuchWay(partner, to)
        before[partner.pk] = partner.status
        if partner.status == _UNSORTED and partner.responsible_id is None and to != _REJECTED:
            partner.responsible = by
        partner.status = to
        partner.rejected_because = reason[:200] if to == _REJECTED else ""
        events.publish(LeadMoved(partner.pk, before[partner.pk], to, getattr(by, "pk", None)))
    bulk.update_changed(Counterparty, former, found, now=timezone.now())
    return before


@transaction.atomic
def put_back(*, before: dict[UUID, str]) -> int:
    """Take a move back: each goes where it stood; return how many changed."""
    count = 0
    for status in sorted({*before.values()} & {*CounterpartyStatus.values}):
        keys = [key for key, stood in before.items() if stood == status]
        count += Counterparty.objects.filter(pk__in=keys).exclude(status=status).update(
            status=status, rejected_because="", updated_at=timezone.now()
        )
    return count


def steps_of(partner: Counterparty) -> list[tuple[str, str, bool]]:
    """Return the road of a lead as (status, word, whether it has come so far)."""
    at = STEPS.index(partner.status) if partner.status in STEPS else -1
    return [
        (status, str(CounterpartyStatus(status).label), place <= at)
        for place, status in enumerate(STEPS)
    ]

"""What the cards of a counterparty and of a contact person show of deals."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery

from apps.accounts.models import User
from apps.accounts.rights import can
from apps.counterparties.models import ContactPerson, Counterparty
from apps.deals.models import Deal, DealParticipant, ParticipantRole
from apps.deals.selectors.finding import deals
from tenants.prepared import PreparedBy

MOST = 20


def deals_of(counterparty: Counterparty, user: User) -> dict[str, Any]:
    """Return the latest deals with a counterparty, the open ones first; one query."""
    latest = _latest(user, counterparty.pk)
    latest.sort(key=lambda deal: not deal.is_open)
    return {
        "deals": latest[:10],
        "deals_partner": counterparty,
        "may_open_deal": can(user, "deals.change"),
    }


def _latest_with(user: User, key: UUID) -> QuerySet[Deal]:
    rows = deals(user).filter(counterparty_id=key).select_related("stage", "owner")
    return rows.order_by("-touched_at", "-id")[:MOST]


def deals_of_person(person: ContactPerson, user: User) -> dict[str, Any]:
    """Return the latest deals in which a contact person has a part, the open ones first."""
    mine = DealParticipant.objects.filter(person_id=person.pk, deal=OuterRef("pk"))
    rows = deals(user).filter(pk__in=_joined_by(person.pk))
    rows = rows.annotate(part=Subquery(mine.values("role")[:1])).select_related("stage", "owner")
    latest = list(rows.order_by("-touched_at", "-id")[:MOST])
    latest.sort(key=lambda deal: not deal.is_open)
    labels = dict(ParticipantRole.choices)
    return {"person_deals": [(deal, labels.get(deal.part, "")) for deal in latest]}


def _joined_by(person: UUID) -> QuerySet[Any, Any]:
    return DealParticipant.objects.filter(person_id=person).values("deal_id")


_latest = PreparedBy(_latest_with, UUID(int=1))

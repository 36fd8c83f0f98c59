"""What a counterparty's card shows of the deals with it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from apps.accounts.models import User
from apps.accounts.rights import can
from apps.counterparties.models import Counterparty
from apps.deals.models import Deal
from apps.deals.selectors.finding import deals
from tenants.prepared import PreparedBy


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
    return rows.order_by("-touched_at", "-id")[:20]


_latest = PreparedBy(_latest_with, UUID(int=1))

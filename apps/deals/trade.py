"""What a counterparty's card shows of the deals with it."""

from __future__ import annotations

from typing import Any

from apps.accounts.models import User
from apps.accounts.rights import can
from apps.counterparties.models import Counterparty
from apps.deals.selectors.finding import deals


def deals_of(counterparty: Counterparty, user: User) -> dict[str, Any]:
    """Return the latest deals with a counterparty, the open ones first; one query."""
    rows = deals(user).filter(counterparty=counterparty).select_related("stage", "owner")
    latest = list(rows.order_by("-touched_at", "-id")[:20])
    latest.sort(key=lambda deal: not deal.is_open)
    return {
        "deals": latest[:10],
        "deals_partner": counterparty,
        "may_open_deal": can(user, "deals.change"),
    }

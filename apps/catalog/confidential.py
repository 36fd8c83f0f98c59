"""Price types that say what goods cost: for those alone who may see cost and margin."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from apps.accounts.rights import can
from apps.catalog.models import PriceType
from tenants.current import company_or_none

RIGHT = "reports.cost"
_MEMO = "_kopru_cost_price_types"


def hidden_types(user: Any) -> frozenset[UUID]:
    """Return the price types whose prices a person does not see; asked for once a request.

    ``user`` is ``None`` for a program of ours, which sees all.
    """
    if user is None or can(user, RIGHT):
        return frozenset()
    company = company_or_none()
    memo: dict[str, Any] = company.__dict__ if company is not None else {}
    if _MEMO not in memo:
        costs = PriceType.objects.filter(is_cost=True)
        memo[_MEMO] = frozenset(costs.values_list("pk", flat=True))
    found: frozenset[UUID] = memo[_MEMO]
    return found


def shown(user: Any, *, path: str = "pk") -> Q:
    """Return the condition for price types, or what has one at ``path``, that a person sees."""
    hidden = hidden_types(user)
    return ~Q(**{f"{path}__in": list(hidden)}) if hidden else Q()


def shown_types(user: Any, *, but: UUID | None = None) -> QuerySet[PriceType]:
    """Return the price types in use that a person sees; ``but`` stands where they work already."""
    rows = PriceType.objects.filter(is_archived=False)
    hidden = hidden_types(user) - {but}
    return rows.exclude(pk__in=hidden) if hidden else rows


def mark_cost(price_type_id: UUID | None) -> None:
    """Have one price type be the cost, or none; the same again writes nothing."""
    known = PriceType.objects.filter(Q(is_cost=True) | Q(pk__in=[price_type_id]))
    for row in known.order_by("pk"):
        if row.is_cost != (row.pk == price_type_id):
            row.is_cost = not row.is_cost
            row.save(update_fields=["is_cost", "updated_at"])
    company = company_or_none()
    if company is not None:
        company.__dict__.pop(_MEMO, None)

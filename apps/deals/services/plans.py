"""What is to be sold: plans by month and person."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from apps.deals.models import SalesPlan

Key = tuple[date, UUID | None]  # the first day of the month; the person, or the whole company


@transaction.atomic
def put_plans(*, amounts: Mapping[Key, Decimal | None], currency: str) -> int:
    """Set plans by month and person; no amount takes one away. Return how many changed."""
    months = {month for month, _user in amounts}
    known = {
        (plan.month, plan.user_id): plan
        for plan in SalesPlan.objects.select_for_update()
        .filter(month__in=months, currency=currency)
        .order_by("pk")
    }
    new, changed, gone = [], [], []
    for (month, user_id), amount in amounts.items():
        plan = known.get((month, user_id))
        if amount is None:
            gone += [plan.pk] if plan else []
        elif plan is None:
            new.append(SalesPlan(month=month, user_id=user_id, amount=amount, currency=currency))
        elif plan.amount != amount:
            plan.amount = amount
            changed.append(plan)
    SalesPlan.objects.filter(pk__in=gone).delete()
    SalesPlan.objects.bulk_create(new)
    for plan in changed:
        plan.save()
    return len(new) + len(changed) + len(gone)

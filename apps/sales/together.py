"""What is bought together: the hint beside the lines of an editor (F145)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count

from apps.accounts.rights import visible
from apps.sales.models import Invoice, InvoiceLine
from apps.sales.selectors import COUNTED

A_YEAR = timedelta(days=365)
LATEST = 2000  # lines looked at: a nail stands on a hundred thousand invoices
AT_LEAST = 2  # once is chance


def bought_with(
    user: Any, product_ids: Collection[UUID], *, today: date, limit: int = 5
) -> list[tuple[UUID, int]]:
    """Return what stands most often on invoices with these products, and on how many; one query.

    The latest invoices of a year that the person may see are looked at; what was there once alone
    is left out.
    """
    if not product_ids:
        return []
    latest = InvoiceLine.objects.filter(product__in=product_ids).order_by("-id")
    invoices = visible(user, Invoice.objects.all(), "invoices.view").filter(
        status__in=COUNTED, is_archived=False, issued_on__gte=today - A_YEAR,
        pk__in=latest.values("invoice_id")[:LATEST],
    )  # fmt: skip
    found = (
        InvoiceLine.objects.filter(
            invoice__in=invoices.order_by().values("pk"), product__isnull=False,
            product__is_archived=False,
        )
        .exclude(product__in=product_ids)
        .order_by()
        .values_list("product_id")
        .annotate(times=Count("invoice_id", distinct=True))
        .filter(times__gte=AT_LEAST)
        .order_by("-times", "product_id")
    )  # fmt: skip
    return list(found[:limit])

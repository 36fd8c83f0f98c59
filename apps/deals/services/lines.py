"""Lines of deals and quotations, by the arithmetic of invoices."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from apps.catalog.models import Product
from apps.deals.models import Deal, DealLine
from apps.sales.services import LineValues
from apps.sales.totals import LineTotals, document_totals, line_totals


def put_lines(deal: Deal, lines: Sequence[LineValues]) -> bool:
    """Bring the lines of a deal and its amount (not saved) to what is wanted; tell of a change."""
    former = {line.pk: line for line in DealLine.objects.filter(deal=deal)}
    rates = tax_rates(line.product_id for line in lines)
    sums: list[LineTotals] = []
    new: list[DealLine] = []
    changed: list[DealLine] = []
    for place, values in enumerate(lines, 1):
        line = former.pop(values.id, None) if values.id else None
        before = line.values() if line is not None else None
        line = line or DealLine(deal=deal)
        rate = values.tax_rate
        if rate is None and not values.is_tax_rate_given and values.product_id is not None:
            rate = rates.get(values.product_id)
        figures = line_totals(
            quantity=values.quantity, price=values.price, tax_rate=rate,
            discount_percent=values.discount_percent, is_tax_included=deal.is_tax_included,
        )  # fmt: skip
        _set(line, values, place, rate, figures)
        sums.append(figures)
        if before is None:
            new.append(line)
        elif before != line.values():
            changed.append(line)
    DealLine.objects.filter(pk__in=list(former)).delete()
    DealLine.objects.bulk_create(new)
    for line in changed:
        line.save()
    amount = document_totals(sums).total
    is_moved = bool(lines) and deal.amount != amount
    if lines:
        deal.amount = amount
    return bool(new or changed or former) or is_moved


def tax_rates(product_ids: Iterable[UUID | None]) -> dict[UUID, Decimal | None]:
    """Return the tax rate of each product."""
    keys = {key for key in product_ids if key is not None}
    return dict(Product.objects.filter(pk__in=keys).values_list("pk", "tax_rate")) if keys else {}


def _set(
    line: DealLine, values: LineValues, place: int, rate: Decimal | None, figures: LineTotals
) -> None:
    wanted: dict[str, Any] = {
        "position": place, "product_id": values.product_id,
        "characteristic_id": values.characteristic_id, "name": values.name[:500],
        "article": values.article, "unit": values.unit, "quantity": values.quantity,
        "price": values.price, "discount_percent": values.discount_percent, "tax_rate": rate,
        "total": figures.total, "tax": figures.tax,
    }  # fmt: skip
    for name, value in wanted.items():
        setattr(line, name, value)

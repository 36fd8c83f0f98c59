"""How much there is, read for screens and for the catalogue."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from uuid import UUID

from django.db.models import Exists, OuterRef, Subquery, Sum
from django.utils.translation import gettext

from apps.catalog.availability import Quantity
from apps.inventory.models import StockBalance, Warehouse


def place_name(warehouse: Warehouse) -> str:
    """Return what people call the place; stock sent without warehouses has one of its own."""
    return gettext("All warehouses") if warehouse.is_total else warehouse.name


def warehouses() -> list[Warehouse]:
    """Return the places in use, by name."""
    return list(Warehouse.objects.filter(is_archived=False).order_by("is_total", "name", "id"))


class Balances:
    """Tells the catalogue what is on hand at the places in use."""

    def total(self) -> Subquery:
        """Return the sum over all places of the product of the outer query."""
        balances = StockBalance.objects.filter(
            product=OuterRef("pk"), warehouse__is_archived=False
        ).order_by()
        return Subquery(balances.values("product").annotate(total=Sum("quantity")).values("total"))

    def is_available(self) -> Exists:
        """Return the condition that some of it is at some place."""
        return Exists(
            StockBalance.objects.filter(
                product=OuterRef("pk"), quantity__gt=0, warehouse__is_archived=False
            )
        )

    def of_products(self, product_ids: Sequence[UUID]) -> list[Quantity]:
        """Return the balances of these products, in one query."""
        found = (
            StockBalance.objects.filter(product__in=product_ids, warehouse__is_archived=False)
            .select_related("warehouse")
            .order_by("warehouse__is_total", "warehouse__name", "id")
        )
        # A bare sum that has given way to stock by warehouse stays as a zero: nothing to show.
        return [
            Quantity(b.product_id, b.characteristic_id, place_name(b.warehouse), b.quantity)
            for b in found
            if b.quantity or not b.warehouse.is_total
        ]


def balances_of(*, product_ids: Sequence[UUID]) -> dict[UUID, dict[UUID, Decimal]]:
    """Return the quantity of each product by warehouse, its characteristics together."""
    found: dict[UUID, dict[UUID, Decimal]] = defaultdict(dict)
    sums = (
        StockBalance.objects.filter(product__in=product_ids)
        .order_by()
        .values_list("product_id", "warehouse_id")
        .annotate(Sum("quantity"))
    )
    for product_id, warehouse_id, quantity in sums:
        found[product_id][warehouse_id] = quantity
    return found


def is_used(warehouse: Warehouse) -> bool:
    """Tell whether anything is on hand at the place."""
    return StockBalance.objects.filter(warehouse=warehouse).exclude(quantity=0).exists()

"""How much there is, read for screens and for the catalogue."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery, Sum, TextField
from django.db.models.functions import Cast, JSONObject
from django.utils.translation import gettext

from apps.catalog.availability import Quantity
from apps.catalog.models import Product
from apps.inventory.models import StockBalance, Warehouse


def place_name(warehouse: Warehouse) -> str:
    """Return what people call the place; stock sent without warehouses has one of its own."""
    return gettext("All warehouses") if warehouse.is_total else warehouse.name


def places_shown() -> list[Warehouse]:
    """Return the places in use; the one of stock without warehouses only while it holds some."""
    held = StockBalance.objects.filter(warehouse=OuterRef("pk")).exclude(quantity=0)
    found = Warehouse.objects.filter(Q(is_total=False) | Exists(held), is_archived=False)
    return list(found.order_by("is_total", "name", "id"))


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


def with_balances(found: QuerySet[Product]) -> QuerySet[Product]:
    """Add ``balance_lines``; ``balances_of`` reads them. In the same query, for lists."""
    balances = StockBalance.objects.filter(product=OuterRef("pk")).order_by()
    line = JSONObject(place="warehouse_id", quantity=Cast("quantity", TextField()))
    return found.annotate(balance_lines=ArraySubquery(balances.values(line=line)))


def balances_of(row: Any) -> dict[str, Decimal]:
    """Return a product's quantity by key of the warehouse, its characteristics together."""
    found: dict[str, Decimal] = defaultdict(Decimal)
    for line in row.balance_lines:
        found[line["place"]] += Decimal(line["quantity"])
    return found


def held_at(warehouse: Warehouse) -> Subquery:
    """Return what is on hand at one place of the product of the outer query."""
    balances = StockBalance.objects.filter(product=OuterRef("pk"), warehouse=warehouse).order_by()
    return Subquery(balances.values("product").annotate(total=Sum("quantity")).values("total"))

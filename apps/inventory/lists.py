"""The list of stock: products with a column for each place."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from functools import partial
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from apps.catalog.lists import ARTICLE, NAME, UNIT, GoodsList, free
from apps.core.lists import Column
from apps.inventory import selectors
from apps.inventory.models import Warehouse


class StockList(GoodsList):
    """What is on hand at each place and together."""

    key = "stock"
    title = _("Stock")
    url_name = "inventory:stock"
    tables = ("inventory_stockbalance", "inventory_warehouse", "catalog_product")

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request)
        self.places = selectors.places_shown()
        self.columns = (
            NAME,
            ARTICLE,
            UNIT,
            *map(self._column, self.places),
            Column("total", _("Total"), free, kind="quantity", sort="free", phone="figure"),
        )

    def found(self) -> QuerySet[Any]:
        """Return the products that fit, with their balances; ``held`` is that sorted by."""
        found = selectors.with_balances(super().found())
        _order, key = self.ordering()
        for place in self.places:
            if str(place.pk) == key:
                found = found.annotate(held=selectors.held_at(place))
        return found

    def prepare(self, rows: Sequence[Any]) -> None:
        """Add the balances of the page's rows."""
        for row in rows:
            row.balances = selectors.balances_of(row)

    def _column(self, place: Warehouse) -> Column:
        return Column(
            str(place.pk), selectors.place_name(place), partial(_held, place), kind="quantity",
            sort="held",
        )  # fmt: skip


def _held(place: Warehouse, row: Any) -> Decimal | None:
    balances: dict[str, Decimal] = row.balances
    return balances.get(str(place.pk))

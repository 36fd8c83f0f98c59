"""The catalogue on its way back to 1C (``type=get_catalog``): products, offers, prices and stock.

What the node sent carries the node's own identifiers, everything else ours; a 1C that asks gets all
products that are in use, portion by portion, in the order of their keys.
"""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import Any
from uuid import UUID

from apps.catalog.models import (
    Characteristic,
    Price,
    PriceType,
    Product,
    ProductGroup,
)
from apps.inventory.models import StockBalance, Warehouse
from apps.inventory.selectors import place_name
from exchange.outgoing import CatalogSource, Directories, OfferedGoods, register_catalog
from exchange.rows import (
    CharacteristicValue,
    GroupRow,
    OfferRow,
    PriceRow,
    PriceTypeRow,
    ProductRow,
    StockRow,
    TaxRate,
    WarehouseRow,
)


@register_catalog
class Goods(CatalogSource):
    """Reads each portion with one query for each table, however many products it has."""

    def directories(self, *, node_id: UUID) -> Directories:
        """Return groups, price types and warehouses in use."""
        named = _Named(node_id)
        return Directories(
            [
                GroupRow(
                    named.ref(group), named.of(ProductGroup, group.parent_id), group.name, False,
                    group.position,
                )
                for group in ProductGroup.objects.filter(is_archived=False).order_by(
                    "position", "id"
                )
            ],
            [
                PriceTypeRow(
                    named.ref(kind), kind.name, kind.currency, kind.is_tax_included, "", False
                )
                for kind in PriceType.objects.filter(is_archived=False).order_by("id")
            ],
            [
                WarehouseRow(named.ref(place), place_name(place), place.address, False)
                for place in Warehouse.objects.filter(is_archived=False, is_total=False).order_by(
                    "id"
                )
            ],
        )  # fmt: skip

    def products(
        self, *, node_id: UUID, after: UUID | None, limit: int
    ) -> list[tuple[UUID, ProductRow]]:
        """Return the products after this key."""
        named = _Named(node_id)
        return [(each.pk, _product(each, named)) for each in _portion(after, limit)]

    def offers(
        self, *, node_id: UUID, after: UUID | None, limit: int
    ) -> list[tuple[UUID, list[OfferedGoods]]]:
        """Return the offers of the products after this key."""
        named = _Named(node_id)
        portion = _portion(after, limit)
        keys = [each.pk for each in portion]
        variants: dict[UUID, list[Characteristic]] = defaultdict(list)
        for variant in Characteristic.objects.filter(product__in=keys, is_archived=False).order_by(
            "id"
        ):
            variants[variant.product_id].append(variant)
        prices: dict[tuple[UUID, UUID | None], list[Price]] = defaultdict(list)
        for price in Price.objects.filter(product__in=keys, price_type__is_archived=False).order_by(
            "id"
        ):
            prices[price.product_id, price.characteristic_id].append(price)
        stock: dict[tuple[UUID, UUID | None], list[StockBalance]] = defaultdict(list)
        for balance in StockBalance.objects.filter(
            product__in=keys, warehouse__is_archived=False
        ).order_by("id"):
            stock[balance.product_id, balance.characteristic_id].append(balance)

        def offered(product: Product, variant: Characteristic | None) -> OfferedGoods:
            goods = product.pk, variant.pk if variant else None
            ref = named.ref(product), named.ref(variant) if variant else ""
            return (
                _offer(product, variant, ref),
                [
                    PriceRow(
                        *ref, named.of(PriceType, price.price_type_id), price.amount,
                        price.currency, price.unit, price.coefficient,
                    )
                    for price in prices[goods]
                ],
                [
                    StockRow(*ref, named.of(Warehouse, each.warehouse_id), each.quantity)
                    for each in stock[goods]
                ],
            )  # fmt: skip

        return [
            (
                product.pk,
                [offered(product, variant) for variant in (variants[product.pk] or (None,))],
            )
            for product in portion
        ]


class _Named:
    """What a 1C calls things: its own identifier, or ours for what did not come from it."""

    def __init__(self, node_id: UUID) -> None:
        self.node_id = node_id
        self._known: dict[type, dict[UUID, str]] = {}

    def ref(self, row: Any) -> str:
        """Return the identifier of a row."""
        return row.ref if row.node_id == self.node_id and row.ref else str(row.pk)

    def of(self, model: Any, key: UUID | None) -> str:
        """Return the identifier of a row of a small directory; "" for none and for stock in all."""
        if key is None:
            return ""
        if model not in self._known:
            self._known[model] = {row.pk: self.ref(row) for row in model.objects.all()}
            if model is Warehouse:
                totals = Warehouse.objects.filter(is_total=True).values_list("pk", flat=True)
                self._known[model].update(dict.fromkeys(totals, ""))
        return self._known[model].get(key, str(key))


def _portion(after: UUID | None, limit: int) -> list[Product]:
    found = Product.objects.filter(is_archived=False).select_related("unit", "group")
    if after is not None:
        found = found.filter(pk__gt=after)
    return list(found.order_by("pk")[:limit])


def _product(product: Product, named: _Named) -> ProductRow:
    rate = product.tax_rate
    return ProductRow(
        ref=named.ref(product), catalog_ref="", code=product.code, article=product.article,
        barcode=product.barcode, name=product.name, full_name=product.full_name,
        description=product.description, unit_ref=product.unit.code if product.unit else "",
        unit_name=product.unit.name if product.unit else "",
        group_refs=(named.ref(product.group),) if product.group else (), category_ref="",
        manufacturer_ref="", manufacturer_name=product.manufacturer, country=product.country,
        weight=product.weight, is_service=product.is_service, kind=product.kind,
        taxes=(TaxRate("НДС", rate, _plain(rate)),) if rate is not None else (), files=None,
        property_values=None, characteristics=_values(product.attributes), requisites=(),
        characteristic_ref="", version="", is_deleted=False,
    )  # fmt: skip


def _offer(product: Product, variant: Characteristic | None, ref: tuple[str, str]) -> OfferRow:
    source: Product | Characteristic = variant or product
    name = f"{product.name} ({variant.name})" if variant else product.name
    unit = product.unit
    return OfferRow(
        *ref, name, source.article, source.barcode, unit.code if unit else "",
        unit.name if unit else "", _values(variant.values if variant else {}), False, True, True,
    )  # fmt: skip


def _values(values: dict[str, Any]) -> tuple[CharacteristicValue, ...]:
    return tuple(CharacteristicValue("", name, str(value)) for name, value in values.items())


def _plain(rate: Decimal) -> str:
    return f"{rate.normalize():f}"

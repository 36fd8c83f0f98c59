"""The change history of products with their prices."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from apps.catalog.confidential import hidden_types, shown
from apps.catalog.folding import fold
from apps.catalog.models import Price, Product
from apps.custom.fields import named_in_1c
from apps.history.services import save_column
from apps.history.tracked import Card, Refused, Tracked, track

CARD = Card("catalog_product", "catalog:product", "products.view")


def price_names(keys: Collection[UUID]) -> dict[UUID, str]:
    """Return price types, with the characteristic where a price has one."""
    found = Price.objects.filter(pk__in=keys).select_related("price_type", "characteristic")
    return {
        each.pk: f"{each.price_type}, {each.characteristic}"
        if each.characteristic_id
        else str(each.price_type)
        for each in found
    }


def prices_withheld(keys: Collection[UUID], user: Any) -> Collection[UUID]:
    """Return the prices that are the cost, and those that are gone: nobody knows what they were."""
    if not hidden_types(user):
        return ()
    seen = Price.objects.filter(shown(user, path="price_type_id"), pk__in=keys)
    return set(keys) - set(seen.values_list("pk", flat=True))


def restore_product(product: Product, column: str, value: Any) -> None:
    """Bring a column of a product of the CRM's own back, or an own field of any product.

    :raises Refused: 1C owns the product, or says what the field holds.
    """
    if column != "custom" or _is_said_by_1c(product.custom, value):
        _require_own(product)
    setattr(product, column, value)
    product.sort_name = fold(product.name)[:500]
    product.save()


def restore_price(price: Price, column: str, value: Any) -> None:
    """Bring a price of a product of the CRM's own back.

    :raises Refused: 1C owns the product or the price type.
    """
    _require_own(price.product)
    if price.price_type.node_id is not None:
        raise Refused(_("1C owns this price: change it there."))
    save_column(price, column, value)


def _is_said_by_1c(now: Mapping[str, Any], then: Mapping[str, Any]) -> bool:
    said = {field.key for field in named_in_1c("products")}
    return any(now.get(key) != then.get(key) for key in said)


def _require_own(product: Product) -> None:
    if product.node_id is not None:
        raise Refused(_("1C owns this product: change it there."))


track(Tracked(Product, CARD, right="products.change", restore=restore_product))
track(
    Tracked(
        Price, CARD, label=price_names, right="products.change", restore=restore_price,
        hidden=("product_id", "characteristic_id", "price_type_id", "coefficient"),
        tells_creation=False, withheld=prices_withheld,
    )
)  # fmt: skip

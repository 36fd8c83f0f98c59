"""Products, groups and price types as kinds of objects: every door reads them, 1C writes them.

Fields that administrators added to products are written by every door.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Prefetch
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.catalog.confidential import shown
from apps.catalog.models import Price, PriceType, Product, ProductGroup
from apps.core import objects
from apps.core.objects import ChangedMeanwhile, Field, ObjectKind, Refused, Saved


def _prices(product: Product) -> list[dict[str, Any]]:
    return [
        {
            "price_type": price.price_type_id, "characteristic": price.characteristic_id,
            "amount": price.amount, "currency": price.currency,
        }
        for price in product.prices.all()
    ]  # fmt: skip


def _prices_shown(user: Any) -> Prefetch[Any, Any, Any]:
    rows = Price.objects.filter(shown(user, path="price_type_id"))
    return Prefetch("prices", queryset=rows.order_by("price_type_id", "id"))


@transaction.atomic
def save(
    *, values: Mapping[str, Any], by: Any, key: UUID | None = None, seen: datetime | None = None
) -> Product:
    """Hold a product back for its own fields: 1C, or the product's form, says everything else.

    :raises ChangedMeanwhile: the product is newer than ``seen``.
    """
    assert key is not None  # noqa: S101  (the kind is not creatable)
    product = Product.objects.select_for_update().get(pk=key)
    if seen is not None and product.updated_at > seen:
        raise ChangedMeanwhile(product)
    return product


def save_many(
    *, rows: Sequence[tuple[UUID | None, Mapping[str, Any]]], by: Any
) -> list[Saved]:
    """Hold products back for their own fields; see ``apps.core.objects.SaveMany``."""
    held = Product.objects.select_for_update().filter(pk__in=[key for key, _values in rows])
    there = set(held.order_by("pk").values_list("pk", flat=True))
    gone = Refused({"": [gettext("It is gone.")]})
    return [Saved(key, refused=None if key in there else gone) for key, _values in rows]


PRICE_PARTS = (
    Field("price_type", _("Price type"), "relation", related="price_types"),
    Field("characteristic", _("Characteristic"), "text"),
    Field("amount", _("Price"), "money"),
    Field("currency", _("Currency")),
)
objects.register(
    ObjectKind(
        key="products",
        label=_("Product"),
        label_plural=_("Products"),
        icon="package",
        model=Product,
        fields=(
            Field("name", _("Name"), path="name", is_writable=False, is_sortable=True),
            Field("full_name", _("Full name"), "long_text", is_writable=False),
            Field("article", _("Article"), is_writable=False),
            Field("code", _("Code"), is_writable=False),
            Field("barcode", _("Barcode"), is_writable=False),
            Field("description", _("Description"), "long_text", is_writable=False),
            Field(
                "group", _("Group"), "relation", related="product_groups", is_writable=False
            ),
            Field("unit", _("Unit"), path="unit__name", is_writable=False, is_filterable=False),
            Field("manufacturer", _("Manufacturer"), is_writable=False),
            Field("country", _("Country"), is_writable=False),
            Field("is_service", _("Service"), "boolean", is_writable=False),
            Field("tax_rate", _("Tax rate"), "number", is_writable=False),
            Field("weight", _("Weight"), "number", is_writable=False),
            Field("prices", _("Prices"), "rows", read=_prices, parts=PRICE_PARTS,
                  is_writable=False, is_filterable=False),
            Field("is_archived", _("archived"), "boolean", is_writable=False),
            Field("updated_at", _("changed"), "moment", is_writable=False),
        ),
        card_url_name="catalog:product",
        list_url_name="catalog:products",
        title="name",
        related=("unit",),
        prefetch=(_prices_shown,),
        search=("search_text__contains",),
        order="sort_name",
        is_extensible=True,
        save=save,
        save_many=save_many,
        is_creatable=False,
    )
)  # fmt: skip
objects.register(
    ObjectKind(
        key="product_groups",
        label=_("Product group"),
        label_plural=_("Product groups"),
        icon="folder",
        model=ProductGroup,
        fields=(
            Field("name", _("Name"), path="name", is_writable=False),
            Field("parent", _("Group"), "relation", related="product_groups", is_writable=False),
            Field("updated_at", _("changed"), "moment", is_writable=False),
        ),
        right="products",
    )
)
objects.register(
    ObjectKind(
        key="price_types",
        label=_("Price type"),
        label_plural=_("Price types"),
        icon="tag",
        model=PriceType,
        fields=(
            Field("name", _("Name"), path="name", is_writable=False),
            Field("currency", _("Currency"), is_writable=False),
            Field("is_tax_included", _("Tax included"), "boolean", is_writable=False),
            Field("is_default", _("Used by default"), "boolean", is_writable=False),
            Field("updated_at", _("changed"), "moment", is_writable=False),
        ),
        right="products",
        shown=shown,
    )
)

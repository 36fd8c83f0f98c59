"""Stock balances and warehouses as kinds of objects: read by every generic door, written by 1C."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from apps.core import objects
from apps.core.objects import Field, ObjectKind
from apps.inventory.models import StockBalance, Warehouse

objects.register(
    ObjectKind(
        key="stock",
        label=_("Stock balance"),
        label_plural=_("Stock"),
        icon="building-warehouse",
        model=StockBalance,
        fields=(
            Field("product", _("Product"), "relation", related="products", is_writable=False),
            Field("characteristic", _("Characteristic"), path="characteristic_id",
                  is_writable=False, is_filterable=False),
            Field("warehouse", _("Warehouse"), "relation", related="warehouses",
                  is_writable=False),
            Field("quantity", _("Quantity"), "quantity", is_writable=False),
            Field("updated_at", _("changed"), "moment", is_writable=False),
        ),
        list_url_name="inventory:stock",
    )
)  # fmt: skip
objects.register(
    ObjectKind(
        key="warehouses",
        label=_("Warehouse"),
        label_plural=_("Warehouses"),
        icon="building-warehouse",
        model=Warehouse,
        fields=(
            Field("name", _("Name"), path="name", is_writable=False),
            Field("address", _("Address"), is_writable=False),
            Field("updated_at", _("changed"), "moment", is_writable=False),
        ),
        right="stock",
    )
)

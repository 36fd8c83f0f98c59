"""Stock comes down only: balances are sums that 1C keeps, never written by two sides."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.inventory.models import Warehouse
from replication import plan
from replication.plan import Choice, Rule, Travelling


def warehouses() -> Iterable[tuple[str, str]]:
    """Return the warehouses that can be chosen."""
    found = Warehouse.objects.filter(is_archived=False).order_by("name", "id")
    return [(str(each.pk), each.name or gettext("the main one")) for each in found]


STOCK = Rule(
    "stock",
    _("Stock"),
    (
        Choice("warehouses", _("of these warehouses"), "t.warehouse_id = ANY(%(values)s::uuid[])",
               warehouses),
    ),
)  # fmt: skip
plan.travels(Travelling("inventory.Warehouse", "keys", policy="centre"))
plan.travels(
    Travelling("inventory.StockBalance", "keys", way="down", rule=STOCK, follows=("product",))
)

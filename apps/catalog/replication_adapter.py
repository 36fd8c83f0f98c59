"""How the catalogue travels: 1C owns it, so of two versions the centre's stays."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from apps.catalog.models import PriceType, ProductGroup
from apps.catalog.services import stored_as
from replication import plan
from replication.plan import Choice, Rule, Travelling

_WITHIN = (
    "t.group_id IN (WITH RECURSIVE chosen AS ("
    "SELECT id FROM catalog_productgroup WHERE id = ANY(%(values)s::uuid[])"
    " UNION SELECT g.id FROM catalog_productgroup g JOIN chosen c ON g.parent_id = c.id)"
    " SELECT id FROM chosen)"
)


def groups() -> Iterable[tuple[str, str]]:
    """Return the product groups that can be chosen."""
    found = ProductGroup.objects.filter(is_archived=False).order_by("name", "id")
    return [(str(group.pk), group.name) for group in found]


def price_types() -> Iterable[tuple[str, str]]:
    """Return the price types that can be chosen."""
    found = PriceType.objects.filter(is_archived=False).order_by("name", "id")
    return [(str(each.pk), each.name) for each in found]


PRODUCTS = Rule(
    "products", _("Products"), (Choice("groups", _("of these groups"), _WITHIN, groups),)
)
PRICES = Rule(
    "prices",
    _("Prices"),
    (
        Choice("types", _("of these price types"), "t.price_type_id = ANY(%(values)s::uuid[])",
               price_types),
    ),
)  # fmt: skip

for name in ("ProductGroup", "Unit", "Property", "PropertyOption", "PriceType", "DirectoryEntry"):
    plan.travels(Travelling(f"catalog.{name}", "keys", policy="centre"))
plan.travels(Travelling("catalog.Product", "keys", policy="centre", rule=PRODUCTS))
for name in ("ProductPropertyValue", "Characteristic", "ProductFile", "ProductGroupLink"):
    plan.travels(Travelling(f"catalog.{name}", "keys", policy="centre", follows=("product",)))
plan.travels(
    Travelling("catalog.Price", "keys", policy="centre", rule=PRICES, follows=("product",))
)
plan.attaches(plan.Attached("catalog.ProductFile", stored_as))

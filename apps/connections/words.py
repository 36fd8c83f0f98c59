"""Names of what is counted, as they stand on screens."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

KINDS: dict[str, Promise] = {
    "groups": _("Product groups"),
    "properties": _("Properties"),
    "property_options": _("Property values"),
    "units": _("Units"),
    "categories": _("Categories"),
    "price_types": _("Price types"),
    "warehouses": _("Warehouses"),
    "organizations": _("Organizations"),
    "products": _("Products"),
    "offers": _("Characteristics"),
    "characteristics": _("Characteristics"),
    "prices": _("Prices"),
    "stock": _("Stock"),
    "pictures": _("Pictures and files"),
    "counterparties": _("Counterparties"),
    "orders": _("Orders"),
    "documents": _("Orders"),
    "payments": _("Payments"),
    "shipments": _("Shipments"),
    "directories": _("Directories"),
    "": _("Other values"),
}
CODES: dict[str, Promise] = {
    "not_a_number": _("Not a number"),
    "not_a_date": _("Not a date"),
    "missing_ref": _("No identifier"),
    "missing_name": _("No name"),
    "too_long": _("Too long"),
    "too_large": _("Too large"),
    "repeated_ref": _("Repeated identifier"),
    "unknown_product": _("Unknown product"),
    "unknown_characteristic": _("Unknown characteristic"),
    "unknown_price_type": _("Unknown price type"),
    "unknown_warehouse": _("Unknown warehouse"),
    "unknown_group": _("Unknown group"),
    "unknown_property": _("Unknown property"),
    "unknown_currency": _("Unknown currency"),
    "unknown_document": _("Unknown document"),
    "unknown_operation": _("Unknown operation"),
    "bad_tax_number": _("Tax number"),
    "bad_path": _("File path"),
    "missing_file": _("Missing file"),
    "refused": _("Refused"),
    "conflict": _("Conflict"),
}


def kind(word: str) -> str:
    """Return the name of a counted kind."""
    return str(KINDS.get(word, word))


def code(word: str) -> str:
    """Return the name of a sort of problem; troubles with whole files share one."""
    return str(_("Whole file")) if word.startswith("file_") else str(CODES.get(word, word))

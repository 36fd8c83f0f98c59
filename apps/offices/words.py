"""What tables, columns and values are called where a person reads of a conflict."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import models
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.core import naming
from replication import plan
from replication.models import ParkedChange

REASONS: dict[str, Promise] = {
    "no_parent": _("What it belongs to is not here yet."),
    "not_unique": _("Another row has the same name or number."),
    "check": _("It breaks a rule of the database."),
    "value": _("A value does not fit."),
    "not_allowed": _("An office may not change this."),
    "not_in_scope": _("The office may not hold this, so it may not change it."),
    "not_there": _("It was deleted at the centre too long ago to be brought back."),
    "has_children": _("Something here still belongs to it."),
    "unsent": _("It was changed here and the centre has not heard of it yet."),
}
ERRORS: dict[str, Promise] = {
    "prefix": _("One or two letters or digits."),
    "prefix_taken": _("Another office has this prefix."),
}
_CARDS = {
    "counterparties_counterparty": "counterparties:card",
    "sales_invoice": "sales:card",
    "catalog_product": "catalog:product",
    "core_organization": "finance:organization",
}


def thing(table: str) -> str:
    """Return what a row of a table is called."""
    entry = plan.of_table(table)
    return naming.kind_name(entry.model) if entry else table


def column(table: str, name: str) -> str:
    """Return what a column is called."""
    field = _field(table, name)
    return naming.column_name(field) if field else name


def value(table: str, name: str, stored: Any) -> str:
    """Return a stored value as people read it: choices, dates, numbers, names of rows."""
    field = _field(table, name)
    if field is None:
        return naming.NOTHING if stored is None or stored == "" else str(stored)
    return naming.value_text(field, stored)


def name_of(table: str, key: UUID) -> str:
    """Return what a row is called now, or once was."""
    entry = plan.of_table(table)
    row = entry.model._default_manager.filter(pk=key).first() if entry else None
    return str(row) if row is not None else gettext("(no longer there)")


def address_of(table: str, key: UUID) -> str:
    """Return the address of a row's card; empty where it has none or is gone."""
    entry = plan.of_table(table)
    if table not in _CARDS or entry is None:
        return ""
    try:
        return reverse(_CARDS[table], args=[key])
    except NoReverseMatch:
        return ""


def people(keys: Iterable[UUID | None]) -> dict[UUID, str]:
    """Return the names of people, with one query."""
    found = User.objects.filter(pk__in={key for key in keys if key})
    return {user.pk: str(user) for user in found}


def called(row: dict[str, Any]) -> str:
    """Return what a row that waits calls itself."""
    names = ("name", "full_name", "number", "new_1")
    return next((str(row[each]) for each in names if row.get(each)), "")


def reason(parked: ParkedChange) -> str:
    """Return why a change waits."""
    return str(REASONS.get(parked.reason, REASONS["value"]))


def _field(table: str, name: str) -> models.Field[Any, Any] | None:
    entry = plan.of_table(table)
    return naming.field_of(entry.model, name) if entry else None

"""Values of related rows, as expressions of the database: what a relation leads to.

A person is told what they could see on the card of the related row: rows that are not theirs,
fields their role hides and the details of VIP customers are empty.
"""

from __future__ import annotations

from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.fields.json import KeyTransform

from apps.accounts.rights import fields
from apps.core import objects
from apps.core.objects import Field, ObjectKind
from apps.custom.formulas.compiling import finished, key_of_json, nothing, plain

SHOWN = frozenset({
    "text", "long_text", "number", "quantity", "money", "date", "moment", "boolean", "choice",
    "user", "relation", "phone", "email", "url",
})  # fmt: skip
_OWN_COUNTERPARTY = "counterparty_id"  # of own objects: read by itself, and a column all the same


def leads(field: Field) -> bool:
    """Tell whether a field is a relation that the database can follow."""
    is_column = field.read is None or field.is_custom or field.path == _OWN_COUNTERPARTY
    return field.type == "relation" and bool(field.related) and is_column


def can_be_shown(field: Field) -> bool:
    """Tell whether a field of a related object can be shown."""
    is_column = field.read is None or field.is_custom or field.computed is not None
    return field.type in SHOWN and (is_column or leads(field))


def value_of_related(
    through: Field, of: ObjectKind, target: Field, user: Any, path: str
) -> Any:
    """Return a field of the row that a relation leads to, for rows found by a path."""
    rows = seen(of, target, user)
    if rows is None:
        return nothing(target.type)
    found = rows.filter(pk=_key(through, path)).values_list(plain(target, user=user))[:1]
    return finished(Subquery(found), target.type)


def seen(of: ObjectKind, target: Field | None, user: Any) -> QuerySet[Any] | None:
    """Return the rows of which a person sees a field; ``None`` for none. A program sees all."""
    if user is None:
        return of.model._default_manager.filter(**of.only).order_by()
    if target is not None and target.key in fields(user, of.key).hidden:
        return None
    rows = of.rows(user).select_related(None).prefetch_related(None).order_by()
    if rows.query.is_empty():
        return None
    unseen = objects.rights().unseen(user, of.model)
    if target is not None and target.key in unseen.closed:
        rows = rows.filter(unseen.is_open)
    return rows


def _key(through: Field, path: str) -> Any:
    if not through.is_custom:
        return OuterRef(f"{path}{through.source}")
    column, _dots, key = through.source.rpartition("__")
    return key_of_json(KeyTransform(key, OuterRef(f"{path}{column}")))

"""Values the database computes of other fields: given to rows that are shown, compared, grouped.

A computed field has no column. Its expression is asked for with the person who looks, because it
may tell of rows that not everybody sees.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Q

from apps.core.objects import Field, ObjectKind


class NotComputed(LookupError):
    """A value was asked of a row that was not given it: a defect of ours."""


def read(key: str, row: Any) -> Any:
    """Return the value a row was given.

    :raises NotComputed: it was given none.
    """
    try:
        return row.__dict__[key]
    except KeyError:
        raise NotComputed(f"{type(row).__name__}.{key}") from None


def give(rows: Sequence[Any], fields: Iterable[Field], *, kind: ObjectKind, user: Any) -> None:
    """Give saved rows the values of those fields that are computed, with one query for all.

    Rows that are masked keep what was taken off them empty.
    """
    wanted = [each for each in fields if each.computed is not None]
    if not wanted or not rows:
        return
    found = kind.model._default_manager.filter(pk__in=[row.pk for row in rows]).order_by()
    asked = [each.computed(user, "") for each in wanted if each.computed is not None]
    by_key = {key: values for key, *values in found.values_list("pk", *asked)}
    nothing = [None] * len(wanted)
    for row in rows:
        masked = getattr(row, "masked", ())
        for each, value in zip(wanted, by_key.get(row.pk, nothing), strict=True):
            row.__dict__[each.key] = None if each.key in masked else value


def holds(field: Field, lookup: str, value: Any, *, user: Any, path: str = "") -> Q:
    """Return the condition that a computed value compares with another, as a lookup of the ORM.

    :raises ValueError: the field is not computed.
    """
    if field.computed is None:
        raise ValueError(field.key)
    return is_so(field.computed(user, path), lookup, value)


def is_so(expression: Any, lookup: str, value: Any) -> Q:
    """Return the condition that an expression compares with a value."""
    return Q(expression.output_field.get_lookup(lookup)(expression, value))

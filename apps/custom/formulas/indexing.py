"""Which formulas an index can hold: those that say the same of a row to everybody, at any time.

PostgreSQL keeps the values of immutable expressions without subqueries. Left out are therefore
``today()``, moments (their day is that of the reader's zone), days that JSON holds and days as
texts (how they are read and written is a setting of the connection), a day and a number of days,
``min`` and ``max`` (compiled to subqueries), and whatever a look-up or a total tells. Left out is
also what might be too wide for a row of an index: to write such a row would be refused.
"""

from __future__ import annotations

from django.db import models

from apps.core.objects import Field
from apps.custom.formulas.checking import Typed

MOST_PARTS = 100
WIDEST = 2400  # bytes: a row of an index holds 2704 with its key
_NUMBER_AS_TEXT = 400
_OF_OWN_TEXT = 2000  # 500 letters of four bytes at most
_REFUSED = frozenset({"today", "min", "max"})


def is_indexable(tree: Typed, model: type[models.Model]) -> bool:
    """Tell whether an index on a model's table can hold what a formula comes to."""
    if tree.size > MOST_PARTS or not _is_immutable(tree, model):
        return False
    return tree.type != "text" or _width(tree, model) <= WIDEST


def _is_immutable(tree: Typed, model: type[models.Model]) -> bool:
    if tree.field is not None:
        return _is_stored(tree.field, model)
    kinds = [part.type for part in tree.parts]
    if tree.sign in _REFUSED or (tree.sign == "&" and "date" in kinds):
        return False
    if tree.sign in ("+", "-") and tree.type == "date":
        return False
    return all(_is_immutable(part, model) for part in tree.parts)


def _is_stored(field: Field, model: type[models.Model]) -> bool:
    """Tell whether a value stands in the row itself, or is computed of such values alone."""
    if field.computed is not None:
        return bool(getattr(field.computed(None, ""), "is_indexed", False))
    if field.type == "moment":
        return False
    if field.is_custom:
        return field.type != "date"
    return field.source in {each.name for each in model._meta.concrete_fields}


def _width(tree: Typed, model: type[models.Model]) -> int:
    """Return how many bytes a value takes at most."""
    if tree.type != "text":
        return _NUMBER_AS_TEXT
    if tree.field is not None:
        return _width_of(tree.field, model)
    if tree.value is not None:
        return len(str(tree.value).encode())
    texts = [_width(part, model) for part in tree.parts if part.type != "boolean"]
    return sum(texts) if tree.sign == "&" else max(texts, default=0)


def _width_of(field: Field, model: type[models.Model]) -> int:
    if field.computed is not None:  # an indexed one fits by itself
        return WIDEST
    if field.is_custom:
        return WIDEST + 1 if field.type == "long_text" else _OF_OWN_TEXT
    longest = getattr(model._meta.get_field(field.source), "max_length", None)
    return 4 * longest if longest else WIDEST + 1

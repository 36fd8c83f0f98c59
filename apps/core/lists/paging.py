"""Pages by key: the next page begins after the last row, however many rows there are.

A cursor holds the sorted value and the primary key of that row. Rows without a value stand last in
both directions. ``OFFSET`` would read everything before the page and lose rows when others come in.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import F, Field, Model, Q, QuerySet
from django.db.models.fields.json import KeyTransform
from django.db.models.lookups import IsNull

M = TypeVar("M", bound=Model)
LONGEST_CURSOR = 2000


class UnknownCursor(ValueError):
    """The cursor is not one of this list; the list begins at the top."""


@dataclass(frozen=True)
class Order:
    """What rows are sorted by: a field or annotation, primary key last."""

    path: str
    is_descending: bool = False

    @classmethod
    def parse(cls, text: str) -> Order:
        """Read ``name`` or ``-name``."""
        return cls(text.removeprefix("-"), text.startswith("-"))

    def __str__(self) -> str:
        return f"-{self.path}" if self.is_descending else self.path


@dataclass(frozen=True)
class Page(Generic[M]):
    """Rows of one page, and the cursor of the next; ``""`` when this is the last."""

    rows: Sequence[M]
    following: str


def read_page(rows: QuerySet[M], *, order: Order, after: str, size: int) -> Page[M]:
    """Return the page of ``rows`` after a cursor; the first for ``""``.

    :raises UnknownCursor: ``after`` was not made by a list sorted this way.
    """
    own = rows.query.annotations.get(order.path)
    if isinstance(own, KeyTransform) or getattr(own, "is_indexed", False):
        return _page_of(_by_own_field(rows, own, order, after, size + 1), order, size)
    field, has_gaps = _field(rows, order.path)
    rows = rows.order_by(*_ordering(order, has_gaps))
    if after:
        rows = rows.filter(_behind(rows, order, field, has_gaps, after))
    return _page_of(list(rows[: size + 1]), order, size)


def _by_own_field(
    rows: QuerySet[M], own: Any, order: Order, after: str, count: int
) -> list[M]:
    """Return rows sorted by a value of JSON, or computed: those that have it, then those without.

    The index of such a value has the empty ones at its end. Read apart, both parts are read from
    the index in either direction, however many rows there are.
    """
    value, key = _opened(order, after) if after else (None, None)
    step = "lt" if order.is_descending else "gt"
    try:
        key = rows.model._meta.pk.to_python(key) if key is not None else None
        if value is not None and not isinstance(own, KeyTransform):
            value = own.output_field.to_python(value)
    except ValidationError as error:
        raise UnknownCursor(after[:50]) from error
    found: list[M] = []
    if not after or value is not None:
        known = rows.filter(IsNull(own, False))
        if after:
            known = known.filter(
                Q(**{f"{order.path}__{step}": value})
                | Q(**{order.path: value, f"pk__{step}": key})
            )
        found = list(known.order_by(*_ordering(order, False))[:count])
    if len(found) < count:
        without = rows.filter(IsNull(own, True))
        if after and value is None:
            without = without.filter(**{f"pk__{step}": key})
        by_key = "-pk" if order.is_descending else "pk"
        found += without.order_by(by_key)[: count - len(found)]
    return found


def first_page(
    make: Callable[[], QuerySet[M]], *, order: Order, size: int,
    read: Callable[[Callable[[], QuerySet[M]]], list[M]],
) -> Page[M]:  # fmt: skip
    """Return the first page of the rows that ``make`` returns.

    ``read`` is given what makes them, in order and cut, and need not make them anew each time.
    """

    def cut() -> QuerySet[M]:
        rows = make()
        _found, has_gaps = _field(rows, order.path)
        return rows.order_by(*_ordering(order, has_gaps))[: size + 1]

    return _page_of(read(cut), order, size)


def _page_of(found: Sequence[M], order: Order, size: int) -> Page[M]:
    following = _cursor(order, found[size - 1]) if len(found) > size else ""
    return Page(found[:size], following)


def _field(rows: QuerySet[M], path: str) -> tuple[Field[Any, Any] | None, bool]:
    """Return the field a path ends in, or that of an annotation, and whether it may be empty."""
    if path in rows.query.annotations:
        return rows.query.annotations[path].output_field, True
    model: Any = rows.model
    field: Any = None
    has_gaps = False
    for name in path.split("__"):
        if name == "pk":
            return model._meta.pk, has_gaps
        field = model._meta.get_field(name)
        has_gaps = has_gaps or field.null
        model = field.related_model
    return field, has_gaps


def _ordering(order: Order, has_gaps: bool) -> list[Any]:
    key = "-pk" if order.is_descending else "pk"
    if order.path == "pk":
        return [key]
    expression = F(order.path)
    if order.is_descending:
        return [expression.desc(nulls_last=True) if has_gaps else expression.desc(), key]
    return [expression.asc(nulls_last=True) if has_gaps else expression.asc(), key]


def _behind(
    rows: QuerySet[M], order: Order, field: Field[Any, Any] | None, has_gaps: bool, after: str
) -> Q:
    value, key = _opened(order, after)
    try:
        key = rows.model._meta.pk.to_python(key)
        if field is not None and value is not None:
            value = field.to_python(value)
    except ValidationError as error:
        raise UnknownCursor(after[:50]) from error
    step = "lt" if order.is_descending else "gt"
    if order.path == "pk":
        return Q(**{f"pk__{step}": key})
    if value is None:
        return Q(**{f"{order.path}__isnull": True, f"pk__{step}": key})
    behind = Q(**{f"{order.path}__{step}": value}) | Q(**{order.path: value, f"pk__{step}": key})
    return behind | Q(**{f"{order.path}__isnull": True}) if has_gaps else behind


def _cursor(order: Order, row: Model) -> str:
    value: Any = row
    if order.path in row.__dict__:
        value = row.__dict__[order.path]
    else:
        for name in order.path.split("__"):
            value = getattr(value, name, None)
    body = json.dumps([str(order), value, row.pk], default=_whole, ensure_ascii=False)
    return base64.urlsafe_b64encode(body.encode()).decode().rstrip("=")


def _whole(value: Any) -> str:
    """Return a value with all its digits; Django's encoder cuts moments to milliseconds."""
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _opened(order: Order, text: str) -> tuple[Any, Any]:
    if len(text) > LONGEST_CURSOR:
        raise UnknownCursor(text[:50])
    try:
        body = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        made_for, value, key = body
    except (ValueError, TypeError, binascii.Error) as error:
        raise UnknownCursor(text[:50]) from error
    is_simple = not isinstance(value, list | dict) and not isinstance(key, list | dict)
    if made_for != str(order) or not is_simple or "\x00" in f"{value}{key}":
        raise UnknownCursor(text[:50])
    if "\0" in f"{value}{key}":
        raise UnknownCursor(text[:50])
    return value, key

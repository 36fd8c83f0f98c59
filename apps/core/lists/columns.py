"""Columns of a list: what a cell shows and how."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from html import unescape
from typing import Any, Literal

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.html import conditional_escape, format_html, strip_tags
from django.utils.safestring import SafeString

from apps.core.formats import money_text, number_text, quantity_text

Kind = Literal["text", "number", "quantity", "money", "date", "moment"]
Phone = Literal["title", "figure", "wide", "meta", "picture", "hidden"]
_FIGURES = {"number", "quantity", "money"}
NOTHING = SafeString('<span class="is-missing">—</span>')


@dataclass(frozen=True)
class Column:
    """One column.

    ``value`` is an attribute path (``counterparty.name``) or a function of the row; a safe string
    is shown as it is. ``sort`` is the field or annotation to sort by. ``unit`` gives the currency
    or unit the same way as ``value``. On a phone rows are cards: one ``title``, ``figure`` at its
    right, ``wide`` on a line of its own, ``meta`` below, ``picture`` at its left.
    """

    key: str
    label: str | Promise
    value: str | Callable[[Any], Any] = ""
    kind: Kind = "text"
    unit: str | Callable[[Any], Any] = ""
    sort: str = ""
    is_default: bool = True
    is_link: bool = False  # carries the link to the row's card
    phone: Phone = "meta"
    is_numeric: bool = False
    is_head_hidden: bool = False  # the head is read out, not shown: a column of pictures
    # What an export writes in place of ``value``, by the same rules; ``None``: not this column.
    exported: str | Callable[[Any], Any] | None = ""
    field: str = ""  # the field of the list's kind that the cell edits; ``key`` when it names one

    @property
    def numeric(self) -> bool:
        """Tell whether the column stands right-aligned with figures of one width."""
        return self.is_numeric or self.kind in _FIGURES

    def cell(self, row: Any) -> str:
        """Return what the cell shows, safe for HTML."""
        value = _read(row, self.value or self.key)
        if value is None or value == "":
            return NOTHING
        if isinstance(value, SafeString):
            return value
        if self.kind == "money":
            return _figure(value, money_text(Decimal(value), str(_read(row, self.unit) or "")))
        if self.kind == "quantity":
            return _figure(value, quantity_text(Decimal(value), str(_read(row, self.unit) or "")))
        if self.kind == "number":
            return _figure(value, number_text(Decimal(value), places=None))
        if self.kind in ("date", "moment"):
            return _moment(value, with_time=self.kind == "moment")
        return conditional_escape(value)

    def plain(self, row: Any) -> Any:
        """Return the value itself, without markup: a number, a date, a moment or a text."""
        value = _read(row, self.exported or self.value or self.key)
        if value is None or value == "":
            return ""
        if isinstance(value, SafeString):
            return " ".join(unescape(strip_tags(value.replace("<", " <"))).split())
        if self.numeric and isinstance(value, int | float | Decimal):
            return Decimal(str(value))
        return value if isinstance(value, date | datetime | Decimal) else str(value)

    @property
    def fields(self) -> frozenset[str]:
        """Return the fields of the row that the column may show: by its key and its paths."""
        paths = (self.key, self.value, self.exported)
        return frozenset(path.split(".")[0] for path in paths if isinstance(path, str) and path)

    def unit_of(self, row: Any) -> str:
        """Return the currency or unit of the value."""
        return str(_read(row, self.unit) or "")


def _read(row: Any, path: str | Callable[[Any], Any]) -> Any:
    if callable(path):
        return path(row)
    if not path:
        return ""
    value = row
    for name in path.split("."):
        value = getattr(value, name) if value is not None else None
    return value() if callable(value) else value


def _figure(value: Any, text: str) -> SafeString:
    if value < 0:
        return format_html('<span class="is-negative">{}</span>', text)
    if value == 0:
        return format_html('<span class="is-zero">{}</span>', text)
    return format_html("{}", text)


def _moment(value: date | datetime, *, with_time: bool) -> SafeString:
    if isinstance(value, datetime):
        value = timezone.localtime(value)
    text = date_format(value, "SHORT_DATETIME_FORMAT" if with_time else "SHORT_DATE_FORMAT")
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), text)

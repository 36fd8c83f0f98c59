"""What columns and stored values are called where a person reads of a change."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext, gettext_noop

if TYPE_CHECKING:
    Field = models.Field[Any, Any]
NOTHING = "—"
# Models without a name of their own are called by that of their class: these are its translations.
_PARTS_OF_ROWS = (
    gettext_noop("role right"), gettext_noop("role field"), gettext_noop("company settings"),
    gettext_noop("saved view"), gettext_noop("hand over"), gettext_noop("product group link"),
    gettext_noop("product property value"), gettext_noop("product file"),
    gettext_noop("trade terms"), gettext_noop("number sequence"),
    gettext_noop("invoice payment"), gettext_noop("invoice event"), gettext_noop("invoice base"),
    gettext_noop("invoice conflict"), gettext_noop("web form post"), gettext_noop("stage move"),
    gettext_noop("deal invoice"), gettext_noop("quotation number"),
    gettext_noop("activity link"), gettext_noop("activity person"), gettext_noop("mention"),
    gettext_noop("follower"), gettext_noop("notification"), gettext_noop("notice settings"),
    gettext_noop("report settings"), gettext_noop("export schedule"),
)  # fmt: skip


def field_of(model: type[models.Model], column: str) -> Field | None:
    """Return the field that is stored in a column."""
    found = (each for each in model._meta.concrete_fields if str(each.column) == column)
    return next(found, None)


def kind_name(model: type[models.Model]) -> str:
    """Return what a row of the model is called, with a capital."""
    return _capital(gettext(str(model._meta.verbose_name)))


def column_name(field: Field) -> str:
    """Return what a column is called, with a capital."""
    return _capital(str(field.verbose_name))


def value_text(field: Field, stored: Any, names: dict[Any, str] | None = None) -> str:
    """Return a stored value (as JSON holds it) as people read it.

    ``names`` are those of rows that it may point to, by key in text; without it the row is asked
    for.
    """
    if stored is None or stored == "":
        return NOTHING
    if field.choices:
        return str(dict(field.flatchoices).get(stored, stored))
    if isinstance(field, models.BooleanField):
        return gettext("yes") if stored else gettext("no")
    if isinstance(field, models.ForeignKey):
        if names is None:
            names = names_of(field.related_model, [stored])
        return names.get(str(stored), gettext("(no longer there)"))
    return _plain(field, stored)


def names_of(model: type[models.Model], keys: Iterable[Any]) -> dict[Any, str]:
    """Return what rows are called, by key in text, with one query."""
    found = model._default_manager.filter(pk__in={key for key in keys if key})
    return {str(row.pk): str(row) for row in found}


def _plain(field: Field, stored: Any) -> str:
    if isinstance(field, models.DateTimeField):
        moment: datetime | date | None = parse_datetime(str(stored))
        if isinstance(moment, datetime):
            return date_format(timezone.localtime(moment), "SHORT_DATETIME_FORMAT")
    elif isinstance(field, models.DateField):
        moment = parse_date(str(stored))
        if moment:
            return date_format(moment, "SHORT_DATE_FORMAT")
    elif isinstance(field, models.DecimalField):
        try:
            number = Decimal(str(stored))
        except InvalidOperation:
            return str(stored)
        # 1E+2 is how a normalized hundred is written; people write 100.
        return number_format(f"{number.normalize():f}", use_l10n=True)
    return str(stored)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]

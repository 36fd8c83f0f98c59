"""What columns and stored values are called where a person reads of a change."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext, gettext_noop

from apps.core import objects
from apps.core.models import Tag

if TYPE_CHECKING:
    Field = models.Field[Any, Any]
NOTHING = "—"
OWN, TAGS = "custom", "tags"  # columns of JSON that hold more than one value
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


def is_told(field: Field) -> bool:
    """Tell whether people read of changes of a column: what they enter, own fields too."""
    return field.editable or field.name == OWN


def kind_name(model: type[models.Model]) -> str:
    """Return what a row of the model is called, with a capital."""
    return _capital(gettext(str(model._meta.verbose_name)))


def column_name(field: Field) -> str:
    """Return what a column is called, with a capital."""
    if field.name == OWN:
        return gettext("Own fields")
    return _capital(str(field.verbose_name))


def value_text(field: Field, stored: Any, names: dict[Any, str] | None = None) -> str:
    """Return a stored value (as JSON holds it) as people read it.

    ``names`` are those of rows that it may point to, by key in text; without it the row is asked
    for.
    """
    if stored is None or stored == "":
        return NOTHING
    if field.name in (OWN, TAGS) and isinstance(stored, dict | list):
        known = names_in([(field.model, {str(field.column): [None, stored]})])
        told = changes(field, None, stored, known)
        is_one = field.name == TAGS
        return "; ".join(each.new if is_one else f"{each.name}: {each.new}" for each in told)
    if field.choices:
        return str(dict(field.flatchoices).get(stored, stored))
    if isinstance(field, models.BooleanField):
        return gettext("yes") if stored else gettext("no")
    if isinstance(field, models.ForeignKey):
        if names is None:
            names = names_of(field.related_model, [stored])
        return names.get(str(stored), gettext("(no longer there)"))
    return _plain(field, stored)


@dataclass(frozen=True)
class Change:
    """A field that was changed, in words; ``column`` names one of the company's own as well."""

    column: str
    name: str
    old: str
    new: str


def changes(
    field: Field, old: Any, new: Any, names: Mapping[type[models.Model], dict[Any, str]]
) -> list[Change]:
    """Return what a change of a column says: tags by name, own fields each by itself.

    ``names`` are those of the rows that ``pointed_at`` found in the change.
    """
    if field.name == OWN:
        return [
            Change(f"{OWN}.{key}", label, _own_text(of, before, names), _own_text(of, after, names))
            for key, label, of, before, after in _own_changes(field.model, old, new)
        ]
    if field.name == TAGS:
        known = names.get(Tag, {})
        texts = [
            ", ".join(sorted(known[key] for key in each or () if key in known)) or NOTHING
            for each in (old, new)
        ]
    else:
        mine = names.get(field.related_model) if field.is_relation else None  # type: ignore[arg-type]
        texts = [value_text(field, each, mine) for each in (old, new)]
    return [Change(str(field.column), column_name(field), *texts)]


def pointed_at(field: Field, old: Any, new: Any) -> dict[type[models.Model], set[Any]]:
    """Return the keys of rows that a change of a column holds, by their model."""
    if isinstance(field, models.ForeignKey):
        return {field.related_model: {old, new}}
    if field.name == TAGS:
        return {Tag: {*(old or ()), *(new or ())}}
    found: dict[type[models.Model], set[Any]] = {}
    if field.name == OWN:
        for _key, _label, of, before, after in _own_changes(field.model, old, new):
            if of is not None and of.type in ("user", "relation"):
                model = objects.kind(of.related).model if of.related else get_user_model()
                found.setdefault(model, set()).update((before, after))
    return found


def names_in(
    changed: Iterable[tuple[type[models.Model], Mapping[str, Any] | None]],
) -> dict[type[models.Model], dict[Any, str]]:
    """Return what rows are called that changes hold, with a query for each model."""
    asked: dict[type[models.Model], set[Any]] = {}
    for model, columns in changed:
        for column, pair in (columns or {}).items():
            field = field_of(model, column)
            if field is not None and isinstance(pair, list | tuple) and len(pair) == 2:
                for of, keys in pointed_at(field, *pair).items():
                    asked.setdefault(of, set()).update(keys)
    return {model: names_of(model, keys) for model, keys in asked.items()}


def _own_changes(
    model: type[models.Model], old: Any, new: Any
) -> Iterator[tuple[str, str, objects.Field | None, Any, Any]]:
    """Return (key, name, field, before, after) of each own field that differs."""
    before, after = (each if isinstance(each, dict) else {} for each in (old, new))
    known = {
        each.key: each
        for kind in objects.kinds()
        if kind.model is model
        for each in objects.fields_of(kind)
        if each.is_custom
    }
    for key in sorted({*before, *after}, key=lambda key: (key not in known, key)):
        if before.get(key) != after.get(key):
            of = known.get(key)
            name = str(of.label) if of is not None else gettext("a field that is gone")
            yield key, _capital(name), of, before.get(key), after.get(key)


def _own_text(
    of: objects.Field | None, stored: Any, names: Mapping[type[models.Model], dict[Any, str]]
) -> str:
    if stored is None or stored in ("", []):
        return NOTHING
    if isinstance(stored, bool):
        return gettext("yes") if stored else gettext("no")
    if isinstance(stored, int | float):
        return number_format(f"{Decimal(str(stored)).normalize():f}", use_l10n=True)
    values = [str(each) for each in (stored if isinstance(stored, list) else [stored])]
    if of is None:
        return ", ".join(values)
    if of.type in ("user", "relation"):
        model = objects.kind(of.related).model if of.related else get_user_model()
        return names.get(model, {}).get(values[0], gettext("(no longer there)"))
    if of.type in ("choice", "choices"):
        labels = dict(of.offered())
        return ", ".join(labels.get(each, each) for each in values)
    if of.type == "moment" and (moment := parse_datetime(values[0])):
        return date_format(timezone.localtime(moment), "SHORT_DATETIME_FORMAT")
    if of.type == "date" and (day := parse_date(values[0])):
        return date_format(day, "SHORT_DATE_FORMAT")
    return ", ".join(values)


def names_of(model: type[models.Model], keys: Iterable[Any]) -> dict[Any, str]:
    """Return what rows are called, by key in text, with one query."""
    found = model._default_manager.filter(pk__in={key for key in keys if _is_key(model, key)})
    return {str(row.pk): str(row) for row in found}


def _is_key(model: type[models.Model], key: Any) -> bool:
    """Tell whether something can be a key: what once stood in a JSON column need not be one."""
    try:
        return bool(key) and model._meta.pk.to_python(key) is not None
    except ValidationError:
        return False


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

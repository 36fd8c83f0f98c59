"""Fields of a kind as a list shows and takes them: columns, cells, what is typed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import Any, cast
from uuid import UUID

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email
from django.db.models import Model
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _

from apps.core import computed, objects
from apps.core.lists import conditions
from apps.core.lists.columns import Column, Kind
from apps.core.objects import Field, ObjectKind, Refused

LONGEST = 20_000
_SHOWN_AS: dict[str, Kind] = {
    "number": "number", "quantity": "quantity", "money": "money", "date": "date",
    "moment": "moment",
}  # fmt: skip
EDITED = frozenset(
    {"text", "long_text", "number", "quantity", "money", "date", "moment", "boolean", "choice",
     "choices", "user", "relation", "phone", "email", "url"}
)  # fmt: skip
GROUPED = frozenset({"choice", "boolean", "user", "relation", "date", "moment"})
_BY_OWN = "by_"
SUMMED = frozenset({"number", "quantity", "money"})


def with_columns(columns: Sequence[Column], kind: ObjectKind, user: Any) -> list[Column]:
    """Return a list's columns, then one for each further field, less what the person cannot see."""
    hidden = conditions.hidden_fields(user, kind)
    offered = {each.key: each for each in objects.fields_of(kind)}
    shown = [
        column for column in columns
        if column.is_link or (column.field or column.key) not in hidden
    ]  # fmt: skip
    taken = {column.field or column.key for column in columns} | {c.key for c in columns}
    further = [
        column_of(each)
        for each in offered.values()
        if each.key not in taken and each.key not in hidden and each.type != "file"
    ]
    return [*shown, *further]


def column_of(field: Field) -> Column:
    """Return the column of a field no column of the list shows; people choose it."""
    unit: Any = partial(value_at, path=field.unit) if field.unit else ""
    # What is computed is sorted by an annotation that has the name of the field.
    sort = field.source if field.is_sortable and not field.is_custom else own_order(field)
    return Column(
        field.key, field.label, partial(shown, field=field), kind=_SHOWN_AS.get(field.type, "text"),
        unit=unit, sort=sort, is_default=False, field=field.key, phone="hidden",
    )  # fmt: skip


def own_order(field: Field) -> str:
    """Return the annotation by which rows are sorted by a field kept in JSON; ``""`` for none.

    Keys of rows have no order that means something.
    """
    if not (field.is_custom and field.is_sortable) or field.type in ("user", "relation"):
        return ""
    return f"{_BY_OWN}{field.key}"


def joined(columns: Sequence[Column], kind: ObjectKind) -> list[str]:
    """Return the relations that these columns show, so that rows are read together with them."""
    wanted = {column.field for column in columns if column.field}
    return [
        each.source
        for each in kind.fields
        if each.key in wanted and each.type in ("user", "relation") and each.read is None
    ]


def name_related(
    rows: Sequence[Any], columns: Sequence[Column], kind: ObjectKind, user: Any
) -> None:
    """Give rows the names of what fields lead to that are no columns, one query for each kind."""
    wanted = {column.field or column.key for column in columns}
    leading = [
        each
        for each in objects.fields_of(kind)
        if (each.is_custom or each.read is not None)
        and each.key in wanted
        and each.type in ("user", "relation")
    ]
    keys: dict[str, set[Any]] = {}
    for each in leading:
        keys.setdefault(each.related if each.type == "relation" else "", set()).update(
            value_of(row, each) for row in rows
        )
    names: dict[Any, str] = {}
    for related, found in keys.items():
        there = objects.kind(related).rows(user) if related else get_user_model().objects.all()
        names |= {one.pk: str(one) for one in there.filter(pk__in=found - {None})}
    if leading:
        for row in rows:
            row._names = names


def compute(rows: Sequence[Any], columns: Sequence[Column], kind: ObjectKind, user: Any) -> None:
    """Give rows the values of the computed fields these columns show, with one query."""
    wanted = {column.field or column.key for column in columns}
    shown = [each for each in objects.fields_of(kind) if each.key in wanted]
    computed.give(rows, shown, kind=kind, user=user)


def value_of(row: Any, field: Field) -> Any:
    """Return the value of a field of a row, as Python has it."""
    return field.read(row) if field.read is not None else value_at(row, field.source)


def value_at(row: Any, path: str) -> Any:
    """Return what stands at a path; ``None`` where a step is missing."""
    value = row
    for name in path.split("__"):
        if value is None:
            return None
        value = value.get(name) if isinstance(value, dict) else getattr(value, name, None)
    return value


def shown(row: Any, field: Field) -> Any:
    """Return the value as a cell shows it: labels for choices, typed for custom fields."""
    value = value_of(row, field)
    if value is None or value == "" or value == []:
        return ""
    if isinstance(value, UUID):
        return row.__dict__.get("_names", {}).get(value, "…")
    if field.type == "boolean":
        return _("yes") if value else _("no")
    if field.type in ("choice", "choices"):
        labels = dict(field.offered())
        values = value if isinstance(value, list | tuple | set) else [value]
        return ", ".join(labels.get(str(each), str(each)) for each in values)
    if isinstance(value, str):
        if field.type in SUMMED:
            return Decimal(value)
        if field.type == "date":
            return parse_date(value) or value
        if field.type == "moment":
            return parse_datetime(value) or value
    if hasattr(value, "all") and hasattr(value, "values"):
        return ", ".join(str(each) for each in value.all())
    return value if isinstance(value, Model | Decimal) or field.type in _SHOWN_AS else str(value)


def may_edit(kind: ObjectKind, field: Field) -> bool:
    """Tell whether a field is one that people edit in its cell; rights are looked at apart."""
    return kind.save is not None and field.is_writable and field.type in EDITED


# What is typed ------------------------------------------------------------------------------------


def plain(row: Any, field: Field) -> Any:
    """Return the value as an input holds it: texts, keys of rows."""
    value = value_of(row, field)
    if value is None:
        return [] if field.type == "choices" else ""
    if isinstance(value, Model):
        return str(value.pk)
    if field.type == "choices":
        values = value.all() if hasattr(value, "all") else value
        return [str(getattr(each, "pk", each)) for each in values]
    if field.type == "boolean":
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return timezone.localtime(value).strftime("%Y-%m-%dT%H:%M")
    if isinstance(value, Decimal):
        return f"{value:f}"
    return str(value)


def typed(field: Field, values: Sequence[str]) -> Any:
    """Return what was typed as the room's service takes it; nothing typed is ``""`` or ``None``.

    :raises Refused: with a sentence for the field.
    """
    text = values[-1].strip()[:LONGEST].replace("\x00", "") if values else ""
    if field.type == "choices":
        return _known(field, [each for each in values if each])
    if not text:
        if field.is_required:
            raise Refused({field.key: [_("This field is required.")]})
        has_text = field.type in ("text", "long_text", "phone", "email", "url", "choice")
        return "" if has_text else None
    try:
        return _typed(field, text)
    except (ValueError, ValidationError):
        raise Refused(
            {field.key: [_("“%(value)s” cannot be taken here.") % {"value": text[:60]}]}
        ) from None


def require_right(field: Field, value: Any, *, before: Any = None) -> None:
    """Pass when what was typed may be right, or stands there already.

    :raises Refused: with the sentence: check digits, a phone that cannot be dialled.
    """
    sentence = objects.problem(field, value, before=before)
    if sentence:
        raise Refused({field.key: [sentence]})


def _typed(field: Field, text: str) -> Any:
    if field.type in SUMMED:
        return conditions.number(text)
    if field.type == "date":
        day = parse_date(text)
        if day is None:
            raise ValueError(text)
        return day
    if field.type == "moment":
        moment = parse_datetime(text)
        if moment is None:
            raise ValueError(text)
        return moment if timezone.is_aware(moment) else timezone.make_aware(moment)
    if field.type == "boolean":
        return text == "yes"
    if field.type == "choice":
        return _known(field, [text])[0]
    if field.type in ("user", "relation"):
        return UUID(text)
    if field.type == "email":
        validate_email(text)
    elif field.type == "url":
        URLValidator(("http", "https"))(text)
    return text


def _known(field: Field, values: list[str]) -> list[str]:
    known = dict(field.offered())
    if any(value not in known for value in values):
        raise Refused({field.key: [_("Choose one of those offered.")]})
    return values


def people() -> list[tuple[str, str]]:
    """Return whom a field of the type ``user`` may name."""
    found = get_user_model().objects.filter(is_active=True).order_by("full_name", "email", "pk")
    return [(str(person.pk), str(person)) for person in found]


def exact(row: Any, field: Field) -> Any:
    """Return the value as it is kept to be brought back: moments to the microsecond."""
    value = value_of(row, field)
    if isinstance(value, datetime):
        return timezone.localtime(value).replace(tzinfo=None).isoformat()
    return plain(row, field)


def restored(field: Field, value: Any) -> Any:
    """Return a value that ``exact`` gave as the room's service takes it."""
    return typed_unchecked(field, cast(list[str], value if isinstance(value, list) else [value]))


def typed_unchecked(field: Field, values: Sequence[str]) -> Any:
    """Return a former value; what was empty may be so again, whatever the field demands now."""
    if field.type == "choices":
        return list(values)
    text = values[-1] if values else ""
    if text:
        return text if field.type in ("email", "url", "choice") else _typed(field, text)
    has_text = field.type in ("text", "long_text", "phone", "email", "url", "choice")
    return "" if has_text else None

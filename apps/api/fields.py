"""Values of fields as the API writes and reads them.

Numbers and amounts are texts (``"12.40"``), so that no program's floating point rounds money; on
the way in a number is taken too. Moments are UTC, ``2026-11-28T10:00:00.000000Z``; people and other
objects are their keys; ``null`` is nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db import models
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.accounts.rights import visible
from apps.core import objects
from apps.core.objects import Document, Field, ObjectKind, value_of
from tenants.prepared import PreparedBy

MOST_ROWS = 1000
_TEXTS = {"text", "long_text", "phone", "email", "url"}
_NUMBERS = frozenset({"number", "quantity", "money"})


class NotTaken(ValueError):
    """A value is none of the field's; the text is a sentence."""


def written(field: Field, row: Any) -> Any:
    """Return the value of a row's field as JSON says it."""
    return said(field, value_of(field, row))


def said(field: Field, value: Any) -> Any:
    """Return a value of a field as JSON says it."""
    if field.type in _NUMBERS and isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return plain(value)


def plain(value: Any) -> Any:
    """Return a Python value as JSON says it."""
    if isinstance(value, bool) or value is None or isinstance(value, int | str):
        return value
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, datetime):
        text = value.astimezone(UTC).isoformat(timespec="microseconds")
        return text.replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, models.Model):
        return str(value.pk)
    if isinstance(value, dict):
        return {str(name): plain(each) for name, each in value.items()}
    if isinstance(value, Iterable):
        return [plain(each) for each in value]
    return str(value)


def taken(field: Field, given: Any) -> Any:
    """Return what JSON says as the Python value that ``kind.save`` takes.

    :raises NotTaken: it is none of the field's values.
    """
    if given is None:
        if field.is_required:
            raise NotTaken(_("“%(field)s” is required.") % {"field": field.label})
        if field.type == "boolean" and not field.is_custom:
            return False  # of an own field, nothing is neither yes nor no
        return _EMPTY.get(field.type)
    take: Callable[[Field, Any], Any] = _TAKEN.get(field.type, _text)
    return take(field, given)


def checked(kind: ObjectKind | Document, field: Field, value: Any) -> Any:
    """Pass a value that the column of the kind's model can hold.

    :raises NotTaken: too long, too large, no e-mail address.
    """
    if field.is_custom or value is None or field.type in {"rows", "user", "relation", "choices"}:
        return value
    if isinstance(kind, Document):  # its service knows
        return value
    try:
        column = kind.model._meta.get_field(field.source)
    except FieldDoesNotExist:
        return value
    if not isinstance(column, models.Field) or column.is_relation:
        return value
    try:
        for validator in column.validators if value not in column.empty_values else ():
            validator(value)
        if column.choices and value not in dict(column.flatchoices):
            raise NotTaken(_("“%(value)s” is not among the choices.") % {"value": value})
    except ValidationError as error:
        raise NotTaken(" ".join(error.messages)) from error
    return value


def require_right(field: Field, value: Any, row: Any) -> None:
    """Pass when a value may be right, or stands in the row already.

    :raises NotTaken: with the sentence: check digits, a phone that cannot be dialled.
    """
    before = value_of(field, row) if row is not None and field.check is not None else None
    sentence = objects.problem(field, value, before=before)
    if sentence:
        raise NotTaken(sentence)


def require_there(user: Any, wanted: Iterable[tuple[str, Field, UUID]]) -> dict[str, list[str]]:
    """Return sentences for people and objects that a person does not see; a query for each kind."""
    by_kind: dict[str, list[tuple[str, UUID]]] = {}
    for name, field, key in wanted:
        related = field.related if field.type == "relation" else ""
        by_kind.setdefault(related, []).append((name, key))
    errors: dict[str, list[str]] = {}
    for related, named in by_kind.items():
        asked = {each for _name, each in named}
        if related:
            there = _there(user, related, asked)
        else:
            there = set(User.objects.filter(pk__in=asked).values_list("pk", flat=True))
        for name, each in named:
            if each not in there:
                errors.setdefault(name, []).append(_("There is no such object."))
    return errors


def _there(user: Any, related: str, asked: set[UUID]) -> set[UUID]:
    """Return which of these rows of a kind a person sees; one row, the usual case, is prepared."""
    further, in_room = objects.program_kinds().get(related), objects.room_kind(related)
    has_own_rows = further is not None and type(further) is not ObjectKind
    if further is not None and (has_own_rows or in_room is None):
        return set(further.rows(user).filter(pk__in=asked).values_list("pk", flat=True))
    kind = objects.kind(related)

    def rows(by: Any, **fits: Any) -> QuerySet[Any, Any]:
        seen = visible(by, kind.model._default_manager.all(), f"{kind.right_object}.view")
        seen = seen.filter(kind.shown(by)) if kind.shown is not None else seen
        return seen.filter(**kind.only, **fits).values_list("pk", flat=True)

    if len(asked) > 1 or in_room is None or kind.shown is not None:
        return set(rows(user, pk__in=asked))
    if related not in _by_key:
        _by_key[related] = PreparedBy(lambda by, key: rows(by, pk=key), UUID(int=1))
    return {row[0] for row in _by_key[related](user, *asked)}


_by_key: dict[str, PreparedBy] = {}


def _text(field: Field, given: Any) -> str:
    if not isinstance(given, str):
        raise NotTaken(_("A text is needed."))
    if "\0" in given:
        raise NotTaken(_("A text cannot hold the character zero."))
    return given if field.type == "long_text" else " ".join(given.split())


def _number(field: Field, given: Any) -> Decimal:
    if isinstance(given, bool) or not isinstance(given, int | float | str):
        raise NotTaken(_("A number is needed."))
    try:
        number = Decimal(str(given))
    except InvalidOperation:
        raise NotTaken(_("“%(value)s” is not a number.") % {"value": str(given)[:50]}) from None
    if not number.is_finite() or abs(number) >= Decimal(10) ** 14:
        raise NotTaken(_("“%(value)s” is not a number.") % {"value": str(given)[:50]})
    if -number.as_tuple().exponent > 12:  # type: ignore[operator]  # finite
        raise NotTaken(_("“%(value)s” has too many digits.") % {"value": str(given)[:50]})
    return number


def _day(field: Field, given: Any) -> date:
    try:
        day = parse_date(given) if isinstance(given, str) else None
    except ValueError:
        day = None
    if day is None:
        raise NotTaken(_("“%(value)s” is not a date.") % {"value": str(given)[:50]})
    return day


def _moment(field: Field, given: Any) -> datetime:
    try:
        moment = parse_datetime(given) if isinstance(given, str) else None
    except ValueError:
        moment = None
    if moment is None:
        raise NotTaken(_("“%(value)s” is not a date with a time.") % {"value": str(given)[:50]})
    try:
        aware = timezone.make_aware(moment) if timezone.is_naive(moment) else moment
        return aware.astimezone(UTC)
    except (OverflowError, ValueError):
        raise NotTaken(
            _("“%(value)s” is not a date with a time.") % {"value": str(given)[:50]}
        ) from None


def _boolean(field: Field, given: Any) -> bool:
    if not isinstance(given, bool):
        raise NotTaken(_("true or false is needed."))
    return given


def _key(field: Field, given: Any) -> UUID:
    try:
        return UUID(given) if isinstance(given, str) else UUID("")
    except ValueError:
        raise NotTaken(_("“%(value)s” is not a key.") % {"value": str(given)[:50]}) from None


def _choice(field: Field, given: Any) -> str:
    value = _text(field, given)
    if not value and not field.is_required:
        return value
    if value not in dict(field.offered()):
        raise NotTaken(_("“%(value)s” is not among the choices.") % {"value": value[:50]})
    return value


def _choices(field: Field, given: Any) -> list[str]:
    if not isinstance(given, list) or len(given) > MOST_ROWS:
        raise NotTaken(_("A list is needed."))
    return [_choice(field, each) for each in given]


def _rows(field: Field, given: Any) -> list[dict[str, Any]]:
    if not isinstance(given, list) or len(given) > MOST_ROWS:
        raise NotTaken(_("A list is needed."))
    parts = {part.key: part for part in field.parts if part.is_writable}
    rows = []
    for number, each in enumerate(given, start=1):
        if not isinstance(each, dict):
            raise NotTaken(_("Line %(number)d: an object is needed.") % {"number": number})
        row = {}
        for name, value in each.items():
            if name not in parts:
                if any(part.key == name for part in field.parts):
                    continue  # computed here: sent back as it was read
                raise NotTaken(
                    _("Line %(number)d: there is no field “%(field)s”.")
                    % {"number": number, "field": name[:50]}
                )
            try:
                row[name] = taken(parts[name], value)
            except NotTaken as error:
                raise NotTaken(
                    _("Line %(number)d, %(field)s: %(problem)s")
                    % {"number": number, "field": name, "problem": error}
                ) from error
        missing = [part for part in parts.values() if part.is_required and part.key not in row]
        if missing:
            raise NotTaken(_("Line %(number)d: “%(field)s” is required.") % {
                "number": number, "field": missing[0].label
            })  # fmt: skip
        rows.append(row)
    return rows


_EMPTY: dict[str, Any] = {**dict.fromkeys(_TEXTS, ""), "choices": [], "rows": []}
_TAKEN: dict[str, Callable[[Field, Any], Any]] = {
    "number": _number, "quantity": _number, "money": _number, "date": _day, "moment": _moment,
    "boolean": _boolean, "user": _key, "relation": _key, "key": _key, "choice": _choice,
    "choices": _choices,
    "rows": _rows,
}  # fmt: skip

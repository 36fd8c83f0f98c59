"""From the text of a cell to the value of a field; what cannot be is a problem with its code."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.core.validators import EmailValidator, URLValidator
from django.db import models
from django.utils import timezone, translation

from apps.core.folding import fold
from apps.core.objects import Field, ObjectKind

YES = {"1", "true", "yes", "y", "да", "истина", "evet", "dogru", "+", "x", "v", "✓"}
NO = {"0", "false", "no", "n", "нет", "ложь", "hayır", "hayir", "yanlıs", "yanlis", "-", "—"}
_NUMBER = re.compile(r"^-?\d+(\.\d+)?$")
_AROUND = re.compile(r"^[^\d\-(]+|[^\d)]+$")
_DAY = re.compile(r"^(\d{1,4})\s*[./\-]\s*(\d{1,2})\s*[./\-]\s*(\d{1,4})(?:[ T]+(.*))?$")
_SPOKEN = re.compile(r"^(\d{1,2})\s+([^\W\d]+)\.?,?\s+(\d{4})")
_TIME = re.compile(r"^(\d{1,2}):(\d{2})(?::(\d{2}))?")
# A comma before an extension («доб. 12», ext. 12, dahili 12) parts no phones.
_SEVERAL = re.compile(
    r"[;\n]|,(?!\s*(?:доб|вн|внутр|ext|x|dahili|dah)\b\.?\s*\d)|\s/\s", re.IGNORECASE
)
_MONTHS = {
    "янв": 1, "фев": 2, "мар": 3, "апр": 4, "май": 5, "мая": 5, "июн": 6, "июл": 7, "авг": 8,
    "сен": 9, "окт": 10, "ноя": 11, "дек": 12, "jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5,
    "jun": 6, "jul": 7, "aug": 8, "sep": 9, "oct": 10, "nov": 11, "dec": 12, "oca": 1, "sub": 2,
    "nis": 4, "haz": 6, "tem": 7, "agu": 8, "eyl": 9, "eki": 10, "kas": 11, "ara": 12,
}  # fmt: skip
_valid_email = EmailValidator()
_valid_url = URLValidator(schemes=["http", "https"])

Convert = Callable[[str], Any]


class BadValue(Exception):
    """A cell does not say what its field takes; ``code`` names why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def converter(kind: ObjectKind, field: Field, format_: str) -> Convert:
    """Return what turns a filled cell into the value of a field.

    Fields that name other rows (users, relations) and choices are looked up elsewhere: their text
    comes back as it is.
    """
    if field.type in ("number", "quantity", "money"):
        return lambda text: _number(text, format_)
    if field.type == "date":
        return lambda text: _moment(text, format_).date()
    if field.type == "moment":
        return lambda text: _aware(_moment(text, format_))
    if field.type == "boolean":
        return _boolean
    if field.type == "email":
        return _email
    if field.type == "url":
        return _url
    if field.type in ("user", "relation", "choice", "choices"):
        return lambda text: text
    return _text_up_to(_longest(kind, field))


def choices_by_name(field: Field) -> dict[str, str]:
    """Return the values of a choice by every folded name they have in any language."""
    found: dict[str, str] = {}
    for language in ("en", "ru", "tr"):
        with translation.override(language):
            for value, label in field.offered():
                found.setdefault(fold(label), value)
                found.setdefault(fold(value), value)
    return found


def first_of(text: str) -> tuple[str, list[str]]:
    """Return the first of several phones or addresses in a cell, and the others."""
    parts = [each.strip() for each in _SEVERAL.split(text) if each.strip()]
    return (parts[0], parts[1:]) if parts else ("", [])


def as_json(value: Any) -> Any:
    """Return a value as a line keeps it."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal | UUID):
        return str(value)
    return value


def from_json(field: Field, value: Any) -> Any:
    """Return the value of a field that ``as_json`` had written."""
    if not isinstance(value, str):
        return value
    if field.type in ("number", "quantity", "money"):
        return Decimal(value)
    if field.type == "date":
        return date.fromisoformat(value)
    if field.type == "moment":
        return datetime.fromisoformat(value)
    if field.type in ("user", "relation"):
        return UUID(value)
    return value


def _number(text: str, format_: str) -> Decimal:
    bare = _AROUND.sub("", text.replace("\u2212", "-"))
    is_negative = bare.startswith("(") and bare.endswith(")")
    bare = re.sub(r"[\s\u00a0\u202f'’()]", "", bare)
    comma, point = bare.rfind(","), bare.rfind(".")
    if comma >= 0 and point >= 0:
        thousands = "," if point > comma else "."
        bare = bare.replace(thousands, "")
    elif bare.count(",") > 1 or bare.count(".") > 1:
        bare = bare.replace(",", "").replace(".", "")
    elif format_ == "point" and comma >= 0 and len(bare) - comma - 1 == 3:
        bare = bare.replace(",", "")
    elif format_ == "comma" and point >= 0 and len(bare) - point - 1 == 3:
        bare = bare.replace(".", "")
    bare = bare.replace(",", ".")
    if not _NUMBER.match(bare):
        raise BadValue("not_a_number")
    try:
        number = Decimal(bare)
    except InvalidOperation:
        raise BadValue("not_a_number") from None
    return -number if is_negative else number


def _moment(text: str, format_: str) -> datetime:
    found = _DAY.match(text)
    if found is None:
        return _spoken(text)
    first, second, third, rest = found.groups()
    if len(first) == 4:
        year, month, day = int(first), int(second), int(third)
    elif format_ == "mdy":
        month, day, year = int(first), int(second), _year(third)
    else:
        day, month, year = int(first), int(second), _year(third)
    clock = _TIME.match(rest or "")
    hour, minute, second_ = (int(part or 0) for part in clock.groups()) if clock else (0, 0, 0)
    if clock and rest and "pm" in rest.lower() and hour < 12:
        hour += 12
    try:
        return datetime.combine(date(year, month, day), time(hour, minute, second_))
    except ValueError:
        raise BadValue("not_a_date") from None


def _spoken(text: str) -> datetime:
    found = _SPOKEN.match(text)
    month = _MONTHS.get(fold(found.group(2))[:3]) if found else None
    if found is None or month is None:
        raise BadValue("not_a_date")
    try:
        return datetime.combine(date(int(found.group(3)), month, int(found.group(1))), time())
    except ValueError:
        raise BadValue("not_a_date") from None


def _year(text: str) -> int:
    year = int(text)
    if len(text) > 2:
        return year
    return year + (2000 if year < 70 else 1900)


def _aware(moment: datetime) -> datetime:
    return timezone.make_aware(moment).astimezone(UTC)


def _boolean(text: str) -> bool:
    word = fold(text)
    if word in YES:
        return True
    if word in NO:
        return False
    raise BadValue("not_yes_or_no")


def _email(text: str) -> str:
    address, _others = first_of(text)
    address = address.strip("<>").removeprefix("mailto:")
    try:
        _valid_email(address)
    except ValidationError:
        raise BadValue("not_an_email") from None
    return address


def _url(text: str) -> str:
    address = text if "://" in text else f"https://{text}"
    try:
        _valid_url(address)
    except ValidationError:
        raise BadValue("not_a_url") from None
    return address


def _text_up_to(longest: int) -> Convert:
    def convert(text: str) -> str:
        if longest and len(text) > longest:
            raise BadValue("too_long")
        return text

    return convert


def _longest(kind: ObjectKind, field: Field) -> int:
    try:
        stored = kind.model._meta.get_field(field.source)
    except FieldDoesNotExist:
        return 0
    if not isinstance(stored, models.CharField | models.TextField):
        return 0
    return stored.max_length or 0

"""Values of custom fields: as people enter them, as Python has them, as JSON keeps them.

In JSON a text is a text, a number a number (at most 15 digits, so that none is lost), a day
``2026-11-28``, a moment ``2026-11-28T10:00:00Z``, several choices a list, a person or another
object its key. So equality, ranges and order of JSON are those of the values themselves, and one
index on ``custom -> key`` serves all three.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _

LONGEST_TEXT, LONGEST_LONG_TEXT = 500, 20_000
MOST_DIGITS = 15


class NotAValue(ValueError):
    """What was given is none of the field's values; the text is a sentence for the person."""


def stored(type_: str, value: Any) -> Any:
    """Return a Python value as JSON keeps it; ``None`` for nothing.

    :raises NotAValue: it is none of this type.
    """
    if value is None or value == "" or value == []:
        return None
    store: Callable[[Any], Any] = _STORED.get(type_, _text)
    return store(value)


def read(type_: str, kept: Any) -> Any:
    """Return what JSON keeps as a Python value; a value of another type as it stands."""
    if kept is None:
        return None
    try:
        return _READ[type_](kept) if type_ in _READ else kept
    except (ValueError, InvalidOperation, TypeError):
        return kept


def _text(value: Any) -> str:
    text = " ".join(str(value).replace("\0", "").split())
    if len(text) > LONGEST_TEXT:
        raise NotAValue(_("This text is longer than %(most)d letters.") % {"most": LONGEST_TEXT})
    return text


def _long_text(value: Any) -> str:
    text = str(value).replace("\0", "").strip()
    if len(text) > LONGEST_LONG_TEXT:
        raise NotAValue(
            _("This text is longer than %(most)d letters.") % {"most": LONGEST_LONG_TEXT}
        )
    return text


def _number(value: Any) -> int | float:
    if isinstance(value, bool):
        raise NotAValue(_("“%(value)s” is not a number.") % {"value": value})
    try:
        number = Decimal(str(value).replace("\u00a0", "").replace(" ", "").replace(",", "."))
    except InvalidOperation:
        raise NotAValue(_("“%(value)s” is not a number.") % {"value": value}) from None
    if not number.is_finite() or abs(number) >= Decimal(10) ** MOST_DIGITS:
        raise NotAValue(_("A number has at most %(most)d digits.") % {"most": MOST_DIGITS})
    if len(number.normalize().as_tuple().digits) > MOST_DIGITS:
        raise NotAValue(_("A number has at most %(most)d digits.") % {"most": MOST_DIGITS})
    return int(number) if number == number.to_integral_value() else float(number)


def _day(value: Any) -> str:
    if isinstance(value, datetime):
        return timezone.localtime(value).date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    try:
        day = parse_date(str(value))
    except ValueError:
        day = None
    if day is None:
        raise NotAValue(_("“%(value)s” is not a date.") % {"value": value})
    return day.isoformat()


def _moment(value: Any) -> str:
    try:
        moment = value if isinstance(value, datetime) else parse_datetime(str(value))
    except ValueError:
        moment = None
    if moment is None:
        raise NotAValue(_("“%(value)s” is not a date with a time.") % {"value": value})
    if timezone.is_naive(moment):
        moment = timezone.make_aware(moment)
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _boolean(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    word = str(value).strip().casefold()
    if word in {"1", "true", "yes", "on", "да", "evet"}:
        return True
    if word in {"0", "false", "no", "off", "нет", "hayır", "hayir"}:
        return False
    raise NotAValue(_("“%(value)s” is neither yes nor no.") % {"value": value})


def _several(value: Any) -> list[str]:
    values = [value] if isinstance(value, str) else list(value)
    return sorted({str(each) for each in values if str(each)})


def _key(value: Any) -> str:
    try:
        return str(value if isinstance(value, UUID) else UUID(str(value)))
    except ValueError:
        raise NotAValue(_("“%(value)s” is not a key.") % {"value": value}) from None


def _email(value: Any) -> str:
    text = _text(value)
    try:
        validate_email(text)
    except ValidationError:
        raise NotAValue(_("“%(value)s” is not an e-mail address.") % {"value": text}) from None
    return text


def _url(value: Any) -> str:
    text = _text(value)
    text = text if "://" in text else f"https://{text}"
    try:
        URLValidator(schemes=["http", "https"])(text)
    except ValidationError:
        raise NotAValue(_("“%(value)s” is not a web address.") % {"value": text}) from None
    return text


def _to_moment(kept: Any) -> Any:
    return parse_datetime(str(kept)) or kept


_STORED: dict[str, Callable[[Any], Any]] = {
    "long_text": _long_text, "number": _number, "money": _number, "quantity": _number,
    "date": _day, "moment": _moment, "boolean": _boolean, "choices": _several, "user": _key,
    "relation": _key, "email": _email, "url": _url,
}  # fmt: skip
_READ: dict[str, Callable[[Any], Any]] = {
    "number": lambda kept: Decimal(str(kept)), "money": lambda kept: Decimal(str(kept)),
    "date": lambda kept: parse_date(str(kept)) or kept, "moment": _to_moment,
    "user": lambda kept: UUID(str(kept)), "relation": lambda kept: UUID(str(kept)),
}  # fmt: skip

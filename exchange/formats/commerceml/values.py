"""Values as 1C and its relatives write them: numbers, dates, currencies, paths, requisites.

Each function returns what the text says, ``None`` for "nothing", and raises ``ValueError`` for a
text that means nothing (CommerceML reference, chapters 7, 9 to 12).
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation

_BLANKS = re.compile(r"[\s\u00a0\u2007\u2009\u202f]+")
_LIMIT = Decimal(10) ** 15
_PLAIN = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,2})?\Z", re.ASCII)

CURRENCIES = {
    "руб": "RUB", "руб.": "RUB", "рубль": "RUB", "рублей": "RUB", "р.": "RUB", "р": "RUB",
    "rur": "RUB", "810": "RUB", "643": "RUB", "₽": "RUB", "rub": "RUB", "россия": "RUB",
    "грн": "UAH", "грн.": "UAH", "980": "UAH", "₴": "UAH", "гривна": "UAH",
    "дол": "USD", "долл": "USD", "доллар": "USD", "дол.": "USD", "долл.": "USD", "$": "USD",
    "840": "USD", "у.е.": "USD", "уе": "USD", "usd": "USD",
    "евр": "EUR", "евро": "EUR", "978": "EUR", "€": "EUR", "eur": "EUR",
    "тг": "KZT", "тнг": "KZT", "тенге": "KZT", "тен": "KZT", "398": "KZT", "₸": "KZT",
    "бел": "BYN", "byr": "BYR", "974": "BYR", "933": "BYN", "br": "BYN",
    "тл": "TRY", "tl": "TRY", "₺": "TRY", "949": "TRY", "trl": "TRY", "лир": "TRY", "лира": "TRY",
    "сум": "UZS", "860": "UZS", "сом": "KGS", "417": "KGS", "драм": "AMD", "051": "AMD",
    "лари": "GEL", "981": "GEL", "манат": "AZN", "944": "AZN", "156": "CNY", "юань": "CNY",
    "826": "GBP",
    "RUB": "RUB", "USD": "USD", "EUR": "EUR", "KZT": "KZT", "UAH": "UAH", "TRY": "TRY",
}  # fmt: skip
_ISO = re.compile(r"[A-Z]{3}\Z")

# Requisites whose names follow the language of the 1C session (quirk 39), and spellings without
# blanks (quirk 38): the key is folded, the value is the name as Russian 1C writes it.
_REQUISITES = {
    "number by 1c": "Номер по 1С",
    "date by 1c": "Дата по 1С",
    "payment number by 1c": "Номер оплаты по 1С",
    "payments number by 1c": "Номер оплаты по 1С",
    "payment date by 1c": "Дата оплаты по 1С",
    "payments date by 1c": "Дата оплаты по 1С",
    "shipment number by 1c": "Номер отгрузки по 1С",
    "shipments number by 1c": "Номер отгрузки по 1С",
    "shipment date by 1c": "Дата отгрузки по 1С",
    "shipments date by 1c": "Дата отгрузки по 1С",
    "name": "Полное наименование",
    "full name": "Полное наименование",
    "полноенаименование": "Полное наименование",
    "наименованиеполное": "Полное наименование",
    "deletion mark": "ПометкаУдаления",
    "deletionmark": "ПометкаУдаления",
    "posted": "Проведен",
    "canceled": "Отменен",
    "cancelled": "Отменен",
    "order status": "Статус заказа",
    "order status id": "Статуса заказа ИД",
    "paid": "Оплачен",
    "shipped": "Отгружен",
    "weight": "Вес",
    "code": "Код",
}
_KNOWN_REQUISITES = (
    "Номер по 1С", "Дата по 1С", "Номер оплаты по 1С", "Дата оплаты по 1С", "Номер отгрузки по 1С",
    "Дата отгрузки по 1С", "ПометкаУдаления", "Проведен", "Отменен", "Статус заказа",
    "Статуса заказа ИД", "Оплачен", "Отгружен", "Полное наименование", "ВидНоменклатуры",
    "ТипНоменклатуры", "Вес", "Код", "Файл", "ОписаниеФайла", "ОписаниеВФорматеHTML",
    "Метод оплаты", "Метод доставки", "Причина отмены",
)  # fmt: skip
_FOLDED = {_BLANKS.sub("", name).lower(): name for name in _KNOWN_REQUISITES} | {
    _BLANKS.sub("", name): value for name, value in _REQUISITES.items()
}


_KEPT_NUMBERS = 20_000
_known: dict[str, Decimal] = {}  # quantities and prices are the same ones again and again


def number(text: str | None) -> Decimal | None:
    """Read a number with groups, comma or dot; an empty text is no number.

    :raises ValueError: it is not a number, or beyond 10^15.
    """
    if not text:
        return None
    known = _known.get(text)
    if known is not None:
        return known
    if text.isascii() and text.replace(".", "", 1).isdigit() and len(text) < 16:
        value = Decimal(text)
        if len(_known) < _KEPT_NUMBERS:
            _known[text] = value
        return value
    clean = _BLANKS.sub("", text).replace("'", "").replace("\u2212", "-")
    if not clean:
        return None
    if "," in clean:
        clean = clean.replace(",", "") if "." in clean else clean.replace(",", ".")
    if not _PLAIN.match(clean):
        raise ValueError(text)
    try:
        value = Decimal(clean)
    except InvalidOperation:
        raise ValueError(text) from None
    if abs(value) >= _LIMIT:
        raise ValueError(text)
    return value


_DATE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)(?:(\d\d)(\d\d)(\d\d))?\Z")
_DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
_TIME = re.compile(r"(\d{1,2}):(\d\d)(?::(\d\d))?")


def moment(text: str | None) -> datetime | None:
    """Read a wall-clock moment without zone; year 0001 means nothing (quirk 37).

    Forms met: ``2014-12-12T9:51:39``, ``2022-10-31UTC02:25:50``, ``2016-07-01T15:52:34.123+03:00``,
    ``23.11.2026 10:00:00``, ``20261123``, a date alone.

    :raises ValueError: it is none of them, or no such day.
    """
    text = (text or "").strip()
    if not text:
        return None
    compact = _COMPACT.match(text)
    if compact:
        year, month, day, hour, minute, second = (int(part or 0) for part in compact.groups())
        return None if year <= 1 else datetime(year, month, day, hour, minute, second)  # noqa: DTZ001
    found = _DATE.match(text)
    if found:
        year, month, day = map(int, found.groups())
    else:
        found = _DOTTED.match(text)
        if not found:
            raise ValueError(text)
        day, month, year = map(int, found.groups())
    if year <= 1:
        return None
    clock_found = _TIME.search(text, found.end())
    hour, minute, second = (int(p or 0) for p in clock_found.groups()) if clock_found else (0, 0, 0)
    return datetime(year, month, day) + timedelta(  # noqa: DTZ001  (1C has no zones)
        hours=hour, minutes=minute, seconds=second
    )


def day(text: str | None) -> date | None:
    """Read a date; see ``moment``.

    :raises ValueError: it is no date.
    """
    found = moment(text)
    return found.date() if found else None


def clock(text: str | None) -> str:
    """Read a time of day as ``HH:MM:SS``; an empty text stays empty.

    :raises ValueError: it is no time.
    """
    text = (text or "").strip()
    if not text:
        return ""
    found = _TIME.search(text)
    if not found or int(found[1]) > 23 or int(found[2]) > 59:
        raise ValueError(text)
    return f"{int(found[1]):02d}:{found[2]}:{found[3] or '00'}"


def currency(text: str | None) -> str:
    """Return the ISO 4217 code of a currency named by code, number, word or its first letters.

    An empty text stays empty.

    :raises ValueError: nobody knows it.
    """
    text = (text or "").strip()
    if not text:
        return ""
    known = CURRENCIES.get(text.lower())
    if known:
        return known
    if _ISO.match(text.upper()) and text.isascii():
        return text.upper()
    known = CURRENCIES.get(text.lower()[:3]) or CURRENCIES.get(text.lower().rstrip("."))
    if known:
        return known
    raise ValueError(text)


def truth(text: str | None) -> bool | None:
    """Return yes, no, or ``None`` when nothing is said."""
    word = (text or "").strip().lower()
    if word in {"true", "1", "да", "истина", "yes"}:
        return True
    if word in {"false", "0", "нет", "ложь", "no"}:
        return False
    return None


_NO_TAX = ("без", "не обл", "no ", "none", "exempt")


def tax_rate(text: str | None) -> Decimal | None:
    """Return percent, or ``None`` for "no tax": ``20``, ``18%``, ``Без НДС``, ``20/120``.

    :raises ValueError: it says neither.
    """
    text = (text or "").strip()
    if not text or text.lower().startswith(_NO_TAX):
        return None
    first = text.replace("НДС", "").strip().split("/")[0].rstrip("% ")
    return number(first)


_DRIVE = re.compile(r"^[A-Za-z]:")
# What 1C writes nearly always, told at once: names of letters, digits and what does not climb out.
_USUAL_PATH = re.compile(r"\w[\w-]*(/\w[\w-]*)*\.\w+\Z")
_URL = re.compile(r"^https?://[^\s]+\Z", re.IGNORECASE)


def normalise_path(text: str) -> str:
    """Return a path below the upload area with forward slashes, or the web address as it is.

    :raises ValueError: it climbs out, or holds control characters.
    """
    text = text.strip()
    if _USUAL_PATH.match(text):
        return text
    if _URL.match(text):
        return text
    path = _DRIVE.sub("", text.replace("\\", "/")).lstrip("/")
    parts = [part for part in path.split("/") if part not in ("", ".")]
    if ".." in parts or any(ord(letter) < 32 for letter in path) or not parts:
        raise ValueError(text)
    return "/".join(parts)


_seen: dict[str, str] = {}  # a file repeats a dozen names for every product


def canonical_requisite(name: str) -> str:
    """Return the name of a requisite as Russian 1C writes it, whatever the session spoke."""
    found = _seen.get(name)
    if found is None:
        found = _FOLDED.get(_BLANKS.sub("", name).lower(), name)
        if len(_seen) < 5000:
            _seen[name] = found
    return found


def unit_code(text: str | None) -> str:
    """Return a unit's code without padding (``796 `` → ``796``)."""
    return (text or "").strip()


PICTURE_ENDINGS = (".jpg", ".jpeg", ".png", ".gif", ".webp", ".bmp", ".tif", ".tiff", ".svg")


def is_picture(path: str) -> bool:
    """Tell whether a path names a picture, by its ending."""
    return path.lower().split("?")[0].endswith(PICTURE_ENDINGS)

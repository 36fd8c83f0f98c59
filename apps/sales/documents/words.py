"""A sum in words, as papers of the country write it."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from num2words import num2words

from apps.sales.totals import cents


class _Russian(NamedTuple):
    """The three forms of a unit of money and of its hundredth; ``is_feminine``: одна лира."""

    one: str
    few: str
    many: str
    is_feminine: bool = False


_RU: dict[str, tuple[_Russian, _Russian]] = {
    "RUB": (
        _Russian("рубль", "рубля", "рублей"),
        _Russian("копейка", "копейки", "копеек", is_feminine=True),
    ),
    "BYN": (
        _Russian("белорусский рубль", "белорусских рубля", "белорусских рублей"),
        _Russian("копейка", "копейки", "копеек", is_feminine=True),
    ),
    "KZT": (_Russian("тенге", "тенге", "тенге"), _Russian("тиын", "тиына", "тиынов")),
    "TRY": (
        _Russian("турецкая лира", "турецкие лиры", "турецких лир", is_feminine=True),
        _Russian("куруш", "куруша", "курушей"),
    ),
    "USD": (_Russian("доллар США", "доллара США", "долларов США"),
            _Russian("цент", "цента", "центов")),
    "EUR": (_Russian("евро", "евро", "евро"), _Russian("цент", "цента", "центов")),
}  # fmt: skip
_TR = {
    "TRY": ("Türk lirası", "kuruş"),
    "RUB": ("Rus rublesi", "kopek"),
    "USD": ("ABD doları", "sent"),
    "EUR": ("avro", "sent"),
    "KZT": ("Kazakistan tengesi", "tiyn"),
}
_EN = {
    "RUB": (("rouble", "roubles"), ("kopeck", "kopecks")),
    "TRY": (("Turkish lira", "Turkish liras"), ("kuruş", "kuruş")),
    "USD": (("US dollar", "US dollars"), ("cent", "cents")),
    "EUR": (("euro", "euros"), ("cent", "cents")),
    "GBP": (("pound", "pounds"), ("penny", "pence")),
    "KZT": (("tenge", "tenge"), ("tiyn", "tiyn")),
}


def in_words(amount: Decimal, *, currency: str, language: str) -> str:
    """Return a sum in words, beginning with a capital; the hundredths in figures.

    Russian and English leave the hundredths in figures, as accountants write them; Turkish writes
    both in words, each as one word (TDK, rules for sums of money).
    """
    value = cents(abs(amount))
    whole, part = int(value), int(value * 100) % 100
    makers = {"ru": _russian, "tr": _turkish}
    text = makers.get(language, _english)(whole, part, currency)
    sign = {"ru": "минус ", "tr": "eksi "}.get(language, "minus ") if amount < 0 else ""
    return _capital(sign + text, language)


def _russian(whole: int, part: int, currency: str) -> str:
    if currency not in _RU:
        return f"{num2words(whole, lang='ru')} {currency} {part:02d}/100"
    unit, hundredth = _RU[currency]
    words = num2words(whole, lang="ru", gender="f" if unit.is_feminine else "m")
    return f"{words} {_form(whole, unit)} {part:02d} {_form(part, hundredth)}"


def _form(number: int, unit: _Russian) -> str:
    if 10 < number % 100 < 20:
        return unit.many
    return {1: unit.one, 2: unit.few, 3: unit.few, 4: unit.few}.get(number % 10, unit.many)


def _turkish(whole: int, part: int, currency: str) -> str:
    unit, hundredth = _TR.get(currency, (currency, "/100"))
    text = f"{_turkish_number(whole)} {unit}"
    return f"{text} {_turkish_number(part)} {hundredth}" if part else text


def _turkish_number(number: int) -> str:
    return "".join(num2words(number, lang="tr").split())


def _english(whole: int, part: int, currency: str) -> str:
    words = num2words(whole, lang="en").replace(",", "")
    if currency not in _EN:
        return f"{words} {currency} {part:02d}/100"
    unit, hundredth = _EN[currency]
    return f"{words} {unit[whole != 1]} {part:02d} {hundredth[part != 1]}"


def _capital(text: str, language: str) -> str:
    first = "İ" if language == "tr" and text[0] == "i" else text[0].upper()
    return first + text[1:]

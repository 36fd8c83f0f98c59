"""Formulas evaluated in plain Python, beside the SQL they are compiled to: what both must agree on.

``None`` is an empty value. Fractions are exact, so that rounding happens where the language says.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from apps.custom.formulas.compiling import MOST_DAYS
from apps.custom.formulas.syntax import Literal, Name, Node

PLACES = 10


def evaluated(node: Node, values: Mapping[str, Any], today: date) -> Any:
    """Return what a formula comes to; numbers as fractions."""
    found = _of(node, values, today)
    return None if found == "" else found


def _of(node: Node, values: Mapping[str, Any], today: date) -> Any:
    if isinstance(node, Literal | Name):
        value = node.value if isinstance(node, Literal) else values[node.name]
        if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
            return value
        return Fraction(str(value))
    given = [_of(part, values, today) for part in node.parts]
    if node.sign in ("and", "or", "not"):
        return _logic(node.sign, given)
    if node.sign == "if":
        return given[1] if given[0] is True else (given[2] if len(given) == 3 else None)
    if node.sign == "coalesce":
        return next((each for each in given if each is not None), None)
    if node.sign == "empty":
        return given[0] is None or given[0] == ""
    if node.sign == "today":
        return today
    if any(each is None for each in given):
        return None
    return _DONE[node.sign](*given)


def _logic(sign: str, given: list[Any]) -> bool | None:
    if sign == "not":
        return None if given[0] is None else not given[0]
    decides = sign == "or"
    if decides in given:
        return decides
    return None if None in given else not decides


def rounded(value: Fraction, places: int) -> Fraction:
    """Return a number rounded half away from zero."""
    scaled = abs(value) * 10**places
    whole = int(scaled + Fraction(1, 2))
    return Fraction(whole if value >= 0 else -whole, 10**places)


def _plus(first: Any, second: Any = None) -> Any:
    if isinstance(first, date):
        return _moved(first, int(second)) if abs(int(second)) <= MOST_DAYS else None
    return first + second


def _minus(first: Any, *second: Any) -> Any:
    if not second:
        return -first
    if isinstance(first, date) and isinstance(second[0], date):
        return Fraction((first - second[0]).days)
    if isinstance(first, date):
        return _plus(first, -second[0])
    return first - second[0]


def _moved(day: date, days: int) -> date | None:
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return None


def _text(value: Any) -> str:
    if isinstance(value, Fraction):
        return format(_decimal(value).normalize() + 0, "f")
    return value.isoformat() if isinstance(value, date) else str(value)


def _decimal(value: Fraction) -> Decimal:
    return Decimal(value.numerator) / Decimal(value.denominator)


_DONE: dict[str, Callable[..., Any]] = {
    "+": _plus, "-": _minus, "*": lambda a, b: rounded(a * b, PLACES),
    "/": lambda a, b: rounded(a / b, PLACES) if b else None,
    "&": lambda a, b: _text(a) + _text(b),
    "=": lambda a, b: a == b, "<>": lambda a, b: a != b, "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b, ">": lambda a, b: a > b, ">=": lambda a, b: a >= b,
    "round": lambda a, places=Fraction(0): rounded(a, int(places)),
    "min": lambda *given: min(given), "max": lambda *given: max(given),
    "days": lambda a, b: Fraction((b - a).days),
}  # fmt: skip

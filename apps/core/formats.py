"""Numbers and money as each language writes them.

English 1,234,567.89; Russian 1 234 567,89 ₽ (narrow no-break spaces); Turkish 1.234.567,89 ₺.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from django.utils import translation

SIGNS = {
    "RUB": "₽", "TRY": "₺", "USD": "$", "EUR": "€", "GBP": "£", "KZT": "₸", "UAH": "₴", "GEL": "₾",
}  # fmt: skip
_NARROW = "\u202f"
_MINUS = "\u2212"
_STYLES = {"en": (",", "."), "ru": (_NARROW, ","), "tr": (".", ",")}
CENT = Decimal("0.01")


def number_text(number: Decimal, *, places: int | None = 2) -> str:
    """Return a number with groups; ``places`` fixes the digits after the separator."""
    group, point = _STYLES.get(_language(), _STYLES["en"])
    if places is not None:
        number = number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    whole, _, fraction = f"{abs(number):f}".partition(".")
    grouped = f"{int(whole):,}".replace(",", group)
    sign = _MINUS if number < 0 else ""
    return f"{sign}{grouped}{point}{fraction}" if fraction else f"{sign}{grouped}"


def percent_text(share: Decimal | int) -> str:
    """Return a share of a hundred with its sign where the language puts it."""
    text = number_text(Decimal(share).normalize(), places=None)
    return f"%{text}" if _language() == "tr" else f"{text}\N{NO-BREAK SPACE}%"


def money_text(amount: Decimal, currency: str = "") -> str:
    """Return an amount to the minor unit with its currency's sign where the language puts it."""
    text = number_text(amount)
    if not currency:
        return text
    sign = SIGNS.get(currency, currency)
    if _language() == "en":
        gap = "" if len(sign) == 1 else "\u00a0"
        minus = _MINUS if text.startswith(_MINUS) else ""
        return f"{minus}{sign}{gap}{text.removeprefix(_MINUS)}"
    return f"{text}\u00a0{sign}"


def quantity_text(amount: Decimal, unit: str = "") -> str:
    """Return a quantity without trailing zeros, with its unit."""
    text = number_text(amount.normalize(), places=None)
    return f"{text}\u00a0{unit}" if unit else text


def _language() -> str:
    return (translation.get_language() or "en")[:2]

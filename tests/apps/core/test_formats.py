"""Numbers and money as each language writes them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.utils import translation

from apps.core.formats import money_text, number_text, percent_text, quantity_text


@pytest.mark.parametrize(
    ("language", "currency", "text"),
    [
        ("en", "USD", "$1,234,567.89"),
        ("en", "TRY", "₺1,234,567.89"),
        ("en", "CHF", "CHF\u00a01,234,567.89"),
        ("ru", "RUB", "1\u202f234\u202f567,89\u00a0₽"),
        ("tr", "TRY", "1.234.567,89\u00a0₺"),
        ("tr", "", "1.234.567,89"),
    ],
)
def test_money_is_written_as_the_language_writes_it(
    language: str, currency: str, text: str
) -> None:
    with translation.override(language):
        assert money_text(Decimal("1234567.891"), currency) == text


def test_money_keeps_its_two_digits_and_a_real_minus() -> None:
    with translation.override("tr"):
        assert money_text(Decimal("-1200"), "TRY") == "\u22121.200,00\u00a0₺"


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        ("12.500", "12,5"),
        ("1200", "1.200"),
        ("0.000", "0"),
        ("-0.250", "\u22120,25"),
        ("3E+3", "3.000"),
    ],
)
def test_a_quantity_has_no_trailing_zeros(amount: str, text: str) -> None:
    with translation.override("tr"):
        assert quantity_text(Decimal(amount)) == text


def test_english_puts_the_minus_before_the_currency() -> None:
    with translation.override("en"):
        assert money_text(Decimal("-12.5"), "TRY") == "\u2212₺12.50"
        assert money_text(Decimal("-12.5"), "CHF") == "\u2212CHF\u00a012.50"


@pytest.mark.parametrize(("language", "text"), [("en", "₺0.00"), ("tr", "0,00\u00a0₺")])
def test_what_rounds_to_nothing_has_no_minus(language: str, text: str) -> None:
    with translation.override(language):
        assert money_text(Decimal("-0.004"), "TRY") == text


def test_a_quantity_stands_beside_its_unit() -> None:
    with translation.override("ru"):
        assert quantity_text(Decimal("1500.5"), "кг") == "1\u202f500,5\u00a0кг"


@pytest.mark.parametrize(
    ("language", "text"), [("en", "12.5\u00a0%"), ("ru", "12,5\u00a0%"), ("tr", "%12,5")]
)
def test_the_sign_of_a_share_stands_where_the_language_puts_it(language: str, text: str) -> None:
    with translation.override(language):
        assert percent_text(Decimal("12.50")) == text


def test_a_half_is_rounded_up_as_accountants_do() -> None:
    with translation.override("en"):
        assert number_text(Decimal("2.345")) == "2.35"

"""Totals are equal to 1C's to the kopeck (G065)."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.sales.totals import LineTotals, document_totals, line_totals

CENT = Decimal("0.01")
quantities = st.decimals("0.001", "9999", places=3)
prices = st.decimals("0", "99999", places=4)
rates = st.sampled_from([None, Decimal(0), Decimal(10), Decimal(20), Decimal("18.5")])
discounts = st.decimals("0", "100", places=2)
lines = st.tuples(quantities, prices, rates, discounts)


@given(st.lists(lines, max_size=30), st.booleans())
def test_a_document_is_the_sum_of_its_lines(given_lines: list[tuple], included: bool) -> None:
    sums = [
        line_totals(quantity=q, price=p, tax_rate=r, discount_percent=d, is_tax_included=included)
        for q, p, r, d in given_lines
    ]

    assert document_totals(sums) == LineTotals(
        sum((line.total for line in sums), Decimal(0)), sum((line.tax for line in sums), Decimal(0))
    )


@given(lines)
def test_a_line_with_tax_included_follows_1cs_formula(line: tuple) -> None:
    quantity, price, rate, discount = line

    told = line_totals(quantity=quantity, price=price, tax_rate=rate, discount_percent=discount)

    amount = (quantity * price * (100 - discount) / 100).quantize(CENT, ROUND_HALF_UP)
    tax = (amount * (rate or 0) / (100 + (rate or 0))).quantize(CENT, ROUND_HALF_UP)
    assert told == LineTotals(amount, tax)


@given(lines)
def test_tax_on_top_leaves_the_net_amount_as_it_is(line: tuple) -> None:
    quantity, price, rate, discount = line
    asked = {"quantity": quantity, "price": price, "tax_rate": rate, "discount_percent": discount}

    told = line_totals(**asked, is_tax_included=False)

    assert told.total - told.tax == line_totals(**{**asked, "tax_rate": None}).total


@pytest.mark.parametrize(
    ("price", "rate", "included", "total", "tax"),
    [
        ("189.00", "22", True, "189.00", "34.08"),
        ("100.00", "20", False, "120.00", "20.00"),
        ("0.125", None, True, "0.13", "0.00"),
        ("231.7400", "10", True, "231.74", "21.07"),
    ],
    ids=["included", "on top", "half goes up", "four places"],
)
def test_known_sums(price: str, rate: str | None, included: bool, total: str, tax: str) -> None:
    told = line_totals(
        quantity=Decimal(1), price=Decimal(price), tax_rate=Decimal(rate) if rate else None,
        is_tax_included=included,
    )  # fmt: skip

    assert told == LineTotals(Decimal(total), Decimal(tax))

"""The arithmetic of an invoice, equal to 1C's to the kopeck.

Each line is rounded half up to the minor unit; tax is taken out of a line's sum or put on top of
it, line by line; the document is the sum of its lines (CommerceML reference, chapter 9, quirk 33).
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

CENT = Decimal("0.01")
HUNDRED = Decimal(100)
ZERO = Decimal(0)


class LineTotals(NamedTuple):
    """The sum of a line as it is paid, and the tax in it."""

    total: Decimal
    tax: Decimal


def line_totals(
    *, quantity: Decimal, price: Decimal, discount_percent: Decimal = ZERO,
    tax_rate: Decimal | None = None, is_tax_included: bool = True,
) -> LineTotals:  # fmt: skip
    """Return sum and tax of a line, each rounded half up to 0.01.

    ``total`` holds the tax in both cases: taken out of the price, or put on top of it.
    """
    amount = cents(quantity * price * (HUNDRED - discount_percent) / HUNDRED)
    if not tax_rate:
        return LineTotals(amount, ZERO)
    if is_tax_included:
        return LineTotals(amount, cents(amount * tax_rate / (HUNDRED + tax_rate)))
    tax = cents(amount * tax_rate / HUNDRED)
    return LineTotals(amount + tax, tax)


def document_totals(lines: Iterable[LineTotals]) -> LineTotals:
    """Return sum and tax of a document."""
    total = tax = ZERO
    for line in lines:
        total += line.total
        tax += line.tax
    return LineTotals(total, tax)


def cents(amount: Decimal) -> Decimal:
    """Round half up to the minor unit."""
    return amount.quantize(CENT, ROUND_HALF_UP)

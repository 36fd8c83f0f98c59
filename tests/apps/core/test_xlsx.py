"""The workbook of an export: read back by a reader that is not ours."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from unittest.mock import patch

import pytest
from python_calamine import CalamineWorkbook

from apps.core.lists import xlsx


def read(pieces: Iterator[bytes]) -> CalamineWorkbook:
    return CalamineWorkbook.from_filelike(io.BytesIO(b"".join(pieces)))


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (Decimal("1234.50"), 1234.5),
        (Decimal("-0.005"), -0.005),
        (date(2026, 11, 23), date(2026, 11, 23)),
        (datetime(2026, 11, 23, 14, 5, tzinfo=UTC), datetime(2026, 11, 23, 14, 5)),  # noqa: DTZ001
        (True, True),
        (Decimal("12345678901234567"), "12345678901234567"),
        (date(1899, 1, 1), "1899-01-01"),
        ("=1+1", "=1+1"),
        ("00017", "00017"),
        (' <b>"Ёлка" & co\x00 ', ' <b>"Ёлка" & co '),
    ],
    ids=[
        "an amount", "below zero", "a day", "a moment", "a truth", "more digits than fit",
        "a day before spreadsheets", "a formula is a text", "a number with noughts is a text",
        "signs and what XML forbids",
    ],
)  # fmt: skip
def test_a_value_is_read_back_as_what_it_is(value: Any, told: Any) -> None:
    book = read(xlsx.workbook(["Value"], [[[value]]], title="Trial"))

    assert book.get_sheet_by_index(0).to_python() == [["Value"], [told]]


def test_an_empty_table_has_its_heads() -> None:
    book = read(xlsx.workbook(["Name", "Sum"], [[]], title="Счета: [все]"))

    assert book.sheet_names == ["Счета   все"]
    assert book.get_sheet_by_index(0).to_python() == [["Name", "Sum"]]


def test_what_does_not_fit_goes_on_in_a_further_sheet() -> None:
    with patch.object(xlsx, "ROWS_OF_A_SHEET", 4):
        book = read(xlsx.workbook(["n"], [[[n] for n in range(4)]], title="Many"))

    assert book.sheet_names == ["Many", "Many 2"]
    assert book.get_sheet_by_index(1).to_python() == [["n"], [3.0]]


def test_the_first_rows_leave_while_the_last_are_not_read_yet() -> None:
    read_so_far: list[int] = []

    def batches() -> Iterator[list[list[Any]]]:
        for number in range(200):
            read_so_far.append(number)
            yield [[f"row {number} {n * 7919 % 1009}", Decimal(n)] for n in range(500)]

    next(xlsx.workbook(["Name", "Sum"], batches(), title="Long"))

    assert len(read_so_far) < 50

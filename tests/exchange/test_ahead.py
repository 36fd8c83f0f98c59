"""Rows are read ahead of those that are being stored, and nobody notices but the clock."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from exchange.ahead import ahead
from tenants.models import Company


@pytest.mark.usefixtures("company")
def test_rows_come_in_the_order_they_were_read() -> None:
    assert list(ahead(lambda: iter(range(12_345)))) == list(range(12_345))


@pytest.mark.usefixtures("company")
def test_what_the_reader_raises_comes_after_what_was_read_before_it() -> None:
    def broken() -> Iterator[int]:
        yield from range(2000)
        raise ValueError("cut off")

    rows = ahead(broken)

    taken = [next(rows) for _ in range(2000)]
    with pytest.raises(ValueError, match="cut off"):
        next(rows)
    assert taken == list(range(2000))


@pytest.mark.usefixtures("company")
def test_giving_up_ends_the_reader() -> None:
    rows = ahead(lambda: iter(range(10_000_000)))
    next(rows)

    rows.close()  # type: ignore[attr-defined]

    assert "exchange-reader" not in {thread.name for thread in threading.enumerate()}


def test_the_reader_stands_in_the_same_company(company: Company) -> None:
    def companies() -> Iterator[str]:
        from django.db import connection

        yield connection.schema_name

    assert list(ahead(companies)) == [company.schema_name]


@pytest.mark.usefixtures("company")
def test_the_reader_is_kept_out_of_the_database() -> None:
    def curious() -> Iterator[int]:
        yield Company.objects.count()

    with pytest.raises(RuntimeError, match="no business in the database"):
        list(ahead(curious))

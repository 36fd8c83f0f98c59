"""Positions taken apart say of each other what PostgreSQL says."""

from __future__ import annotations

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from replication.positions import NotAPosition, Snapshot, covers, parse, without
from tenants.models import Company


@st.composite
def positions(draw: st.DrawFn) -> str:
    xmin = draw(st.integers(1, 12))
    xmax = draw(st.integers(xmin, 16))
    running = tuple(sorted(draw(st.sets(st.sampled_from(range(xmin, xmax + 1)), max_size=4))))
    running = tuple(each for each in running if each < xmax)
    return str(Snapshot(running[0] if running else xmin, xmax, running))


@settings(
    max_examples=60, deadline=None,
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
@given(first=positions(), second=positions())
def test_covering_is_what_postgresql_sees(company: Company, first: str, second: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT bool_and(pg_visible_in_snapshot(x::text::xid8, %s::pg_snapshot)"
            " OR NOT pg_visible_in_snapshot(x::text::xid8, %s::pg_snapshot))"
            " FROM generate_series(1, 20) AS x",
            [first, second],
        )
        assert covers(first, second) == cursor.fetchone()[0]


@given(position=positions(), transaction=st.integers(1, 20))
def test_a_transaction_taken_out_is_not_seen(position: str, transaction: int) -> None:
    changed = parse(without(position, transaction))

    assert not changed.sees(transaction)
    others = [each for each in range(1, 20) if each != transaction]
    assert [changed.sees(n) for n in others] == [parse(position).sees(n) for n in others]


@pytest.mark.parametrize(
    "text",
    [
        "", "1", "1:2", "a:b:", "2:1:", "1:5:7", "1:5:3,2", "0:5:",
        "1:99999999999999999999:", "1:2:" + "1," * 20_000,
    ],
    ids=[
        "empty", "number", "two parts", "letters", "turned round", "outside", "disorder", "zero",
        "huge", "long",
    ],
)  # fmt: skip
def test_what_is_no_position_is_refused(text: str) -> None:
    with pytest.raises(NotAPosition):
        parse(text)

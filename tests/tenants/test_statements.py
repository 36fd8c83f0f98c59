"""Statements a connection keeps prepared: what they answer is what they answered written out."""

from __future__ import annotations

from datetime import UTC, date
from typing import Any

import psycopg2
import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django_tenants.utils import tenant_context
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.counterparties.models import Counterparty
from tenants.backend.statements import Repeated, Statements
from tenants.models import Company
from tenants.prepared import Prepared

VALUES = st.one_of(
    st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])),
    st.integers(-(2**63), 2**63 - 1), st.booleans(), st.uuids(),
    st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-10**9, max_value=10**9),
    st.dates(date(1900, 1, 1)), st.datetimes(timezones=st.just(UTC)),
)  # fmt: skip


def _asked(statement: Repeated, *values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, list(values))
        return list(cursor.fetchall())


def _prepared() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement FROM pg_prepared_statements")
        return {row[0] for row in cursor.fetchall()}


@pytest.mark.django_db
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(values=st.lists(VALUES, min_size=1, max_size=5))
def test_every_value_arrives_as_it_does_when_written_out(values: list[Any]) -> None:
    text = "SELECT " + ", ".join(["%s"] * len(values)) + " , '100%%' WHERE 7 = 7"
    with connection.cursor() as cursor:
        cursor.execute(text, values)
        plain = cursor.fetchall()

    asked = [_asked(Repeated(text), *values) for _time in range(3)]

    assert asked == [plain] * 3


def test_it_is_prepared_when_it_comes_again(company: Company) -> None:
    statement = Repeated('SELECT id, name FROM "counterparties_counterparty" WHERE name = %s')
    Counterparty.objects.create(name="Northgate")

    first = _asked(statement, "Northgate")
    before = [text for text in _prepared() if statement.numbered in text]
    second = _asked(statement, "Northgate")
    after = [text for text in _prepared() if statement.numbered in text]

    assert first == second
    assert [len(before), len(after)] == [0, 1]


def test_each_company_is_answered_from_its_own_tables(acme: Company, rival: Company) -> None:
    read = Prepared(lambda name: Counterparty.objects.filter(name=name), "an example")
    for each in (acme, rival):
        with tenant_context(each):
            Counterparty.objects.create(name="Northgate", comment=each.slug)

    found = []
    for each in (acme, rival) * 8:
        with tenant_context(each):
            found.append([row.comment for row in read("Northgate")])

    assert found == [[acme.slug], [rival.slug]] * 8


def test_a_column_more_does_not_disturb(company: Company) -> None:
    read = Prepared(lambda name: Counterparty.objects.filter(name=name), "an example")
    Counterparty.objects.create(name="Northgate")
    for _time in range(8):
        read("Northgate")
    from tenants.context import as_schema_owner

    with as_schema_owner(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE counterparties_counterparty ADD COLUMN later integer")

    assert [row.name for row in read("Northgate")] == ["Northgate"]


def test_a_refused_value_harms_only_its_own_request(company: Company) -> None:
    statement = Repeated("SELECT 1 / %s")
    assert _asked(statement, 1) == _asked(statement, 1) == [(1,)]

    with pytest.raises(DatabaseError), transaction.atomic():
        _asked(statement, 0)

    assert _asked(statement, 1) == [(1,)]


def test_a_session_that_lost_its_statements_answers_after_one_refusal(company: Company) -> None:
    statement = Repeated("SELECT 40 + %s")
    for _time in range(3):
        _asked(statement, 2)
    with connection.cursor() as cursor:
        cursor.execute("DEALLOCATE ALL")

    with pytest.raises(DatabaseError), transaction.atomic():
        _asked(statement, 2)

    assert _asked(statement, 2) == [(42,)]


def test_outside_a_transaction_nobody_notices(committed: Company) -> None:
    statement = Repeated("SELECT 40 + %s")
    for _time in range(3):
        _asked(statement, 2)
    with connection.cursor() as cursor:
        cursor.execute("DEALLOCATE ALL")

    assert [_asked(statement, 2) for _time in range(3)] == [[(42,)]] * 3


def test_a_session_keeps_no_more_than_it_may(company: Company) -> None:
    kept, path = Statements(most=3), '"public"'
    with connection.cursor() as cursor:
        raw: psycopg2.extensions.cursor = cursor.cursor
        for number in [*range(6), *range(6)]:
            statement = Repeated(f"SELECT {number} + %s")
            for _time in range(2):
                raw.execute(kept.sent_as(statement, [1], path), [1])
                assert raw.fetchall() == [(number + 1,)]
        raw.execute("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE %s",
                    ["%SELECT _ + $1%"])  # fmt: skip
        assert raw.fetchone() == (3,)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("SELECT a, sum(b) FROM t WHERE c = %s GROUP BY a ORDER BY %s", True),
        ("SELECT coalesce(a, %s) FROM t GROUP BY coalesce(a, %s)", False),
        ("SELECT (SELECT sum(b) FROM t GROUP BY t.a), %s", True),
        ("SELECT DISTINCT ON (coalesce(a, %s)) a FROM t", False),
        ("SELECT DISTINCT ON (coalesce(a, b)) %s FROM t", True),
    ],
)
def test_what_groups_by_a_parameter_is_sent_as_it_is(text: str, expected: bool) -> None:
    assert Repeated(text).can_be_prepared is expected


def test_values_of_other_kinds_are_sent_as_they_are() -> None:
    kept, statement = Statements(), Repeated("SELECT %s")
    for value in ([1, 2], 2**70, object()):
        assert [kept.sent_as(statement, [value], "p") for _time in range(3)] == ["SELECT %s"] * 3


def test_a_log_and_a_test_see_the_statement_with_its_values(company: Company) -> None:
    statement = Repeated("SELECT %s AS told")
    with CaptureQueriesContext(connection) as queries:
        for _time in range(3):
            _asked(statement, "as ever")

    assert [each["sql"] for each in queries] == ["SELECT 'as ever' AS told"] * 3



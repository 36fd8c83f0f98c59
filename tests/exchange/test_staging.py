"""Rows on their way into staging tables: whatever stands in a text arrives as it stood."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import transaction

from exchange import staging
from exchange.staging import Staging
from tenants.models import Company

STAGE = Staging(
    "stage_trial", {"n": "int", "amount": "numeric", "is_new": "boolean", "text": "text"}
)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Nail 50 mm", id="plain"),
        pytest.param("", id="nothing"),
        pytest.param("None", id="the word for nothing"),
        pytest.param(r"\N", id="the sign for nothing"),
        pytest.param("one\ttwo", id="a tab"),
        pytest.param("one\ntwo\r\nthree", id="lines"),
        pytest.param("one\n\\.\ntwo", id="the end of data"),
        pytest.param('19" rack, "new", \'old\'', id="quotes"),
        pytest.param(r"C:\goods\nail.jpg", id="backslashes"),
        pytest.param("a\x01b", id="what quotes"),
        pytest.param("100 %s", id="what formats"),
    ],
)
@transaction.atomic
def test_a_text_arrives_as_it_stood(company: Company, text: str) -> None:
    STAGE.load([(1, None, True, text), (2, Decimal("12.40"), None, "after")])

    found = staging.fetch("SELECT n, amount, is_new, text FROM stage_trial ORDER BY n", {})

    assert found == [(1, None, True, text), (2, Decimal("12.40"), None, "after")]


@transaction.atomic
def test_loading_again_leaves_nothing_of_the_former_rows(company: Company) -> None:
    STAGE.load([(1, None, True, "former")])

    STAGE.load(())

    assert staging.fetch("SELECT count(*) FROM stage_trial", {}) == [(0,)]


@transaction.atomic
def test_keys_made_by_number_are_versioned_distinct_and_rising(company: Company) -> None:
    sql = f"SELECT {staging.numbered_key('n')} FROM generate_series(0, 999) AS n"

    keys = [key for (key,) in staging.fetch(sql, {})]

    assert {key.version for key in keys} == {7}
    assert len(set(keys)) == 1000
    assert keys == sorted(keys)

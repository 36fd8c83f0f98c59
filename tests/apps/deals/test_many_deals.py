"""Twenty thousand open deals: what the board and the list read does not grow with them."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
import uuid_utils.compat
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apps.core import bulk
from apps.deals.models import Deal, Stage
from benchmarks._plans import Scan, scans
from tenants.context import as_schema_owner
from tests.apps.deals.conftest import Funnel
from tests.apps.sales.conftest import NOW

MANY = 20_000
CARDS = 20


@pytest.fixture
def stages(funnel: Funnel) -> list[Stage]:
    """The open stages of the pipeline."""
    return list(Stage.objects.filter(pipeline=funnel.pipeline, kind="open").order_by("position"))


@pytest.fixture
def many(funnel: Funnel, stages: list[Stage]) -> None:
    """Twenty thousand deals, in every open stage as many."""
    bulk.insert(Deal, [a_deal(funnel, stages[n % len(stages)], n) for n in range(MANY)], now=NOW)
    with as_schema_owner(), connection.cursor() as cursor:
        cursor.execute("ANALYZE deals_deal")


def a_deal(funnel: Funnel, stage: Stage, number: int) -> dict[str, Any]:
    key: UUID = uuid_utils.compat.uuid7()
    return {
        "id": key, "name": f"Order {number}", "search_name": f"order {number} romashka",
        "counterparty_id": funnel.shop.customer.pk, "owner_id": funnel.shop.manager.pk,
        "pipeline_id": stage.pipeline_id, "stage_id": stage.pk, "amount": Decimal(number),
        "currency": "RUB", "opened_at": NOW, "stage_since": NOW,
        "touched_at": NOW - timedelta(minutes=number),
    }  # fmt: skip


def statements(client: Client, address: str) -> list[str]:
    """Return what a page that was shown before asks the database."""
    client.get(address)
    with CaptureQueriesContext(connection) as said:
        answer = client.get(address)
    assert answer.status_code == 200
    return [each["sql"] for each in said]


def reads(asked: list[str], table: str) -> list[list[Scan]]:
    """Return how each statement reads a table, for those that do."""
    ours = [sql for sql in asked if "tenants_" not in sql]  # the company's role reads no others
    found = [[scan for scan in scans(sql) if scan.table == table] for sql in ours]
    return [each for each in found if each]


def test_the_board_of_twenty_thousand_deals_asks_what_a_small_one_asks(
    funnel: Funnel, stages: list[Stage], owner_client: Client, request: pytest.FixtureRequest
) -> None:
    """G014: as many statements for 20,000 open deals as for a few, and at most twelve."""
    bulk.insert(Deal, [a_deal(funnel, stages[n % len(stages)], n) for n in range(50)], now=NOW)
    few = len(statements(owner_client, "/deals/"))

    request.getfixturevalue("many")
    thousands = statements(owner_client, "/deals/")

    assert len(thousands) == few <= 12


def test_the_cards_of_a_column_are_read_by_its_index_and_no_more_than_are_shown(
    many: None, stages: list[Stage], owner_client: Client
) -> None:
    """G014: of 20,000 open deals the board reads twenty-one a column; sums are one pass."""
    read = reads(statements(owner_client, "/deals/"), "deals_deal")

    cards = [each for each in read if len(each) == len(stages)]
    assert [{scan.by for scan in each} for each in cards] == [{"deal_by_column"}]
    assert all(scan.rows == CARDS + 1 for scan in cards[0])
    assert sorted(scan.rows for each in read if each not in cards for scan in each) == [MANY]


def test_further_cards_are_read_by_the_same_index(
    many: None, stages: list[Stage], owner_client: Client
) -> None:
    """G014: twenty more on scroll cost what the first twenty cost."""
    column = owner_client.get("/deals/").context["board"].columns[0]
    address = f"/deals/?part=column&stage={column.stage.pk}&after={column.following}".replace(
        "+", "%2B"
    )

    [[scan]] = reads(statements(owner_client, address), "deals_deal")

    assert scan.by == "deal_by_column"
    assert scan.rows <= CARDS + 2  # the card before them, and the one that says there are more


@pytest.mark.parametrize(
    ("sort", "index"),
    [
        ("", "deal_by_touch"), ("?sort=-amount", "deal_by_amount"), ("?sort=name", "deal_by_name"),
        ("?sort=expected_on", "deal_by_expected"),
    ],
    ids=["latest", "amount", "name", "expected"],
)  # fmt: skip
def test_a_page_of_the_list_is_read_by_an_index(
    many: None, owner_client: Client, sort: str, index: str
) -> None:
    """G014: of 20,000 deals a page of fifty reads fifty-one, whatever it is sorted by."""
    [[scan]] = reads(statements(owner_client, f"/deals/list/{sort}"), "deals_deal")

    assert scan.by == index
    assert scan.rows <= 60

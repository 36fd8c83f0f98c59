"""The nightly comparison: what differs is named to the centre and sent again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from apps.counterparties.models import Counterparty
from replication.transports.office import compare_at_night, exchange_once, is_time_to_compare
from tenants.context import acting
from tests.replication.conftest import Offices
from tests.replication.offices import NOW, differences, node_at
from tests.replication.transports.test_line import Wire, meet, pack_first, wire

__all__ = ["wire"]


def test_a_row_that_differs_is_found_told_and_sent_again(offices: Offices, wire: Wire) -> None:
    with offices.centre.entered():
        Counterparty.objects.create(name="Ladoga")
    pack_first(offices, offices.kazan)
    meet(offices.kazan, wire)
    with offices.kazan.entered(), acting(origin=offices.kazan.node_id):
        Counterparty.objects.update(name="Damaged")  # as a fault would: nobody is told
    assert differences(offices.centre, offices.kazan) != []

    with offices.kazan.entered():
        node = node_at(offices.kazan, offices.kazan)
        assert compare_at_night(node=node, now=NOW, transport=wire) == 1

    assert differences(offices.centre, offices.kazan) == []
    with offices.centre.entered():
        told = node_at(offices.centre, offices.kazan).told
        assert (told["differed"], told["compared_at"]) == (1, NOW.isoformat())
    with offices.kazan.entered():
        node = node_at(offices.kazan, offices.kazan)
        assert compare_at_night(node=node, now=NOW, transport=wire) == 0
        exchange_once(node=node, transport=wire)
    with offices.centre.entered():
        assert node_at(offices.centre, offices.kazan).told["differed"] == 0


def test_what_is_under_way_is_no_difference(offices: Offices, wire: Wire) -> None:
    pack_first(offices, offices.kazan)
    meet(offices.kazan, wire)
    with offices.centre.entered():
        Counterparty.objects.create(name="Just now")

    with offices.kazan.entered():
        node = node_at(offices.kazan, offices.kazan)
        assert compare_at_night(node=node, now=NOW, transport=wire) == 0


@pytest.mark.parametrize(
    ("hours_ago", "hour", "is_due"),
    [(1, 2, False), (21, 2, True), (21, 14, False), (49, 14, True)],
    ids=["lately", "last night", "by day", "no night for two days"],
)
def test_it_runs_once_a_night(offices: Offices, hours_ago: int, hour: int, is_due: bool) -> None:
    now = datetime(2026, 11, 24, hour, 30, tzinfo=UTC)
    with offices.kazan.entered():
        node = node_at(offices.kazan, offices.kazan)
        node.told = {"compared_at": (now - timedelta(hours=hours_ago)).isoformat()}

    assert is_time_to_compare(node, now=now, zone="UTC") is is_due

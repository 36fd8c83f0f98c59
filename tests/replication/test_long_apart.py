"""A year without a line, a backup restored at either end, programs one release apart."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from apps.counterparties.models import Counterparty
from replication import care, messages, plan, receiving
from replication.messages import WrongRelease
from replication.models import BranchNode, JournalPurge, NodeState
from replication.packing import pack, waiting
from replication.receiving import receive
from replication.transports import office as line
from replication.transports.office import ExchangeFailed
from tenants.context import acting
from tests.replication.conftest import Offices
from tests.replication.offices import NOW, Place, differences, exchange, messages_of, node_at
from tests.replication.transports.test_line import Wire, meet, names, pack_first, wire

__all__ = ["wire"]


def meet_with_a_new_copy(
    offices: Offices, wire: Wire, monkeypatch: pytest.MonkeyPatch, place: Place
) -> None:
    """Meet, have the copy packed that a worker packs behind the page, and meet again."""
    with monkeypatch.context() as patched:
        patched.setattr(line, "PACKING_TRIES", 0)
        with pytest.raises(ExchangeFailed) as first:
            meet(place, wire)
        assert first.value.code == "cut"
    pack_first(offices, place)
    meet(place, wire)


def test_an_office_away_for_a_year_brings_its_year_and_gets_a_new_copy(
    offices: Offices, wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    pack_first(offices, offices.kazan)
    meet(offices.kazan, wire)
    with offices.kazan.entered():
        Counterparty.objects.create(name="Sold in Kazan")
    with offices.centre.entered():
        Counterparty.objects.create(name="New at the centre")
    year = timezone.now() + timedelta(days=365)
    for place in (offices.kazan, offices.centre):
        care.care_for(company=place.company, now=year)
    with offices.centre.entered():
        assert JournalPurge.objects.exists(), "the centre does not keep a year for one office"
    with offices.kazan.entered():
        waiting_there = waiting(node=node_at(offices.kazan, offices.kazan))
        assert waiting_there == 1, "nobody else has what the office did"

    meet_with_a_new_copy(offices, wire, monkeypatch, offices.kazan)

    everything = {"Sold in Kazan", "New at the centre"}
    assert names(offices.centre) == names(offices.kazan) == everything
    assert differences(offices.centre, offices.kazan) == []
    with offices.centre.entered():
        assert node_at(offices.centre, offices.kazan).state == NodeState.LIVE


@pytest.mark.parametrize("is_old", [False, True], ids=["yesterday", "older than the journal"])
def test_a_restored_centre_gets_back_what_the_office_had_sent(
    offices: Offices, wire: Wire, monkeypatch: pytest.MonkeyPatch, is_old: bool
) -> None:
    pack_first(offices, offices.kazan)
    meet(offices.kazan, wire)
    with offices.centre.entered():
        backup = BranchNode.objects.filter(pk=offices.kazan.node_id).values().get()
    with offices.kazan.entered():
        Counterparty.objects.create(name="Sold in Kazan")
    with offices.centre.entered():
        Counterparty.objects.create(name="After the backup")
    meet(offices.kazan, wire)
    assert names(offices.centre) == {"Sold in Kazan", "After the backup"}
    if is_old:
        for place in (offices.kazan, offices.centre):
            care.care_for(company=place.company, now=timezone.now() + timedelta(days=100))
    with offices.centre.entered():  # the backup knows nothing of what followed
        Counterparty.objects.all().delete()
        BranchNode.objects.filter(pk=offices.kazan.node_id).update(**backup)
        node_at(offices.centre, offices.kazan).messages.filter(number__gt=0).delete()

    meet_with_a_new_copy(offices, wire, monkeypatch, offices.kazan)

    assert "Sold in Kazan" in names(offices.centre)
    assert differences(offices.centre, offices.kazan) == []


@pytest.fixture
def older_plan(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Let one end not know a column and a table that the newest release added."""
    known = plan.of_table
    added, table = "comment", "catalog_productgrouplink"
    entry = known("counterparties_counterparty")
    assert entry is not None

    def begin() -> None:
        monkeypatch.setitem(
            entry.__dict__, "columns", tuple(c for c in entry.columns if c != added)
        )
        monkeypatch.setitem(
            entry.__dict__, "fields", tuple(f for f in entry.fields if f.column != added)
        )
        monkeypatch.setitem(
            entry.__dict__, "compared", tuple(c for c in entry.compared if c != added)
        )
        monkeypatch.setattr(plan, "of_table", lambda name: None if name == table else known(name))

    return begin


def test_an_office_one_release_behind_leaves_out_what_it_does_not_know(
    offices: Offices, older_plan: Any
) -> None:
    exchange(offices.centre, offices.kazan)
    with offices.centre.entered():
        Counterparty.objects.create(name="Ladoga", comment="new here")
        pack(node=node_at(offices.centre, offices.kazan), now=NOW)
        sent = messages_of(node_at(offices.centre, offices.kazan))

    older_plan()
    with offices.kazan.entered():
        for message in sent:
            receive(node=node_at(offices.kazan, offices.kazan), message=message, now=NOW)
        found = Counterparty.objects.get()

    assert (found.name, found.comment) == ("Ladoga", "")


def test_a_centre_one_release_ahead_fills_in_what_an_office_does_not_say(
    offices: Offices, older_plan: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    exchange(offices.centre, offices.kazan)
    with monkeypatch.context():
        older_plan()
        with offices.kazan.entered():
            Counterparty.objects.create(name="Volga")
            pack(node=node_at(offices.kazan, offices.kazan), now=NOW)
            sent = messages_of(node_at(offices.kazan, offices.kazan))
    monkeypatch.undo()

    with offices.centre.entered():
        for message in sent:
            receipt = receive(node=node_at(offices.centre, offices.kazan), message=message, now=NOW)
            assert receipt.parked == 0
        assert Counterparty.objects.get().name == "Volga"


@pytest.mark.parametrize(
    ("ours", "is_taken", "update"),
    [(0, True, ""), (1, True, ""), (2, False, "office"), (-1, False, "centre")],
    ids=["the same", "centre one ahead", "centre two ahead", "office ahead"],
)
def test_programs_further_apart_say_which_one_to_update(
    offices: Offices, monkeypatch: pytest.MonkeyPatch, ours: int, is_taken: bool, update: str
) -> None:
    with offices.kazan.entered():
        Counterparty.objects.create(name="Volga")
        pack(node=node_at(offices.kazan, offices.kazan), now=NOW)
        sent = messages_of(node_at(offices.kazan, offices.kazan))
    monkeypatch.setattr(receiving, "RELEASE", messages.RELEASE + ours)

    with offices.centre.entered():
        node = node_at(offices.centre, offices.kazan)
        if is_taken:
            receive(node=node, message=sent[0], now=NOW)
        else:
            with pytest.raises(WrongRelease) as refused:
                receive(node=node, message=sent[0], now=NOW)
            assert refused.value.values["update"] == update
        assert Counterparty.objects.exists() is is_taken


def test_an_office_that_was_updated_gets_what_its_former_release_could_not_hold(
    offices: Offices, wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(line, "RELEASE", messages.RELEASE - 1)
    pack_first(offices, offices.kazan)
    meet(offices.kazan, wire)
    with offices.centre.entered():
        Counterparty.objects.create(name="Ladoga", comment="new here")
    meet(offices.kazan, wire)
    with offices.kazan.entered(), acting(origin=offices.kazan.node_id):
        Counterparty.objects.update(comment="")  # the older release had no such column

    monkeypatch.setattr(line, "RELEASE", messages.RELEASE)
    meet_with_a_new_copy(offices, wire, monkeypatch, offices.kazan)

    with offices.kazan.entered():
        assert Counterparty.objects.get().comment == "new here"

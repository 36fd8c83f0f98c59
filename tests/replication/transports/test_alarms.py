"""What the centre notices of an office when it calls, so that the screen can warn."""

from __future__ import annotations

from datetime import timedelta

import pytest

from apps.counterparties.models import Counterparty
from replication import meetings, messages
from replication.models import BranchNode
from replication.transports import office as line
from replication.transports.office import ExchangeFailed
from tests.replication.conftest import Offices
from tests.replication.offices import NOW, node_at
from tests.replication.transports.test_line import Wire, meet, names, pack_first, wire

__all__ = ["wire"]


@pytest.fixture
def kazan(offices: Offices, wire: Wire) -> Offices:
    """Kazan has its first copy."""
    pack_first(offices, offices.kazan)
    meet(offices.kazan, wire)
    return offices


def told(offices: Offices) -> dict[str, object]:
    with offices.centre.entered():
        return node_at(offices.centre, offices.kazan).told


def test_two_bases_that_call_as_one_office_are_noticed_though_neither_changes_anything(
    kazan: Offices, wire: Wire
) -> None:
    with kazan.kazan.entered():
        copied = BranchNode.objects.values("told").get()
    seen = []
    for _ in range(4):
        meet(kazan.kazan, wire)
        with kazan.kazan.entered():  # the other machine has the base as it was when it was copied
            other = BranchNode.objects.values("told").get()
            BranchNode.objects.update(**copied)
        copied = other
        seen.append("copied_at" in told(kazan))

    assert seen == [False, False, False, True]


def test_a_lost_answer_is_no_second_base(kazan: Offices, wire: Wire) -> None:
    for _ in range(4):
        wire.left, wire.is_lost_after = 2, True  # the answer to "state" does not arrive
        with pytest.raises(ExchangeFailed):
            meet(kazan.kazan, wire)
    wire.left = None
    meet(kazan.kazan, wire)

    assert "strays" not in told(kazan)


def test_a_restored_base_is_noticed_once_and_not_taken_for_two(
    kazan: Offices, wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    with kazan.kazan.entered():
        backup = BranchNode.objects.values().get()
        Counterparty.objects.create(name="Volga")
    meet(kazan.kazan, wire)
    with kazan.kazan.entered():
        BranchNode.objects.update(**backup)
    monkeypatch.setattr(line, "PACKING_TRIES", 0)  # nobody packs behind the page here
    with pytest.raises(ExchangeFailed):
        meet(kazan.kazan, wire)
    monkeypatch.undo()
    pack_first(kazan, kazan.kazan)
    meet(kazan.kazan, wire)

    assert meetings.is_recent(told(kazan), "restored_at", now=NOW)
    assert "copied_at" not in told(kazan)


def test_a_program_too_far_behind_is_refused_and_the_centre_knows(
    kazan: Offices, wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    with kazan.kazan.entered():
        Counterparty.objects.create(name="Volga")
    monkeypatch.setattr(line, "RELEASE", messages.RELEASE - 2)

    with pytest.raises(ExchangeFailed) as refused:
        meet(kazan.kazan, wire)

    assert refused.value.code == "wrong_release"
    with kazan.centre.entered():
        assert node_at(kazan.centre, kazan.kazan).fault == "wrong_release"
    assert names(kazan.centre) == set()

    monkeypatch.undo()
    meet(kazan.kazan, wire)
    with kazan.centre.entered():
        assert node_at(kazan.centre, kazan.kazan).fault == ""


def test_what_waits_at_each_meeting_is_remembered(kazan: Offices, wire: Wire) -> None:
    with kazan.centre.entered():
        Counterparty.objects.create(name="Ladoga")
    pack_first(kazan, kazan.kazan)

    meet(kazan.kazan, wire)
    meet(kazan.kazan, wire)

    assert told(kazan)["backlogs"][-2:] == [1, 0]  # type: ignore[index]


def test_an_alarm_ends_after_days() -> None:
    at = {"copied_at": (NOW - meetings.SHOWN).isoformat()}

    assert not meetings.is_recent(at, "copied_at", now=NOW)
    assert meetings.is_recent(at, "copied_at", now=NOW - timedelta(minutes=1))

"""Messages on a memory stick: the same as by the line, sealed, mixed freely with it."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from apps.accounts.models import Role, User
from apps.counterparties.models import Counterparty
from replication import nodes
from replication.models import BranchNode, NodeState
from replication.transports import files
from replication.transports.files import Carried, FileRefused
from tests.replication.conftest import Offices
from tests.replication.offices import NOW, Place, differences, node_at
from tests.replication.transports.test_line import Wire, meet, names, pack_first, wire

__all__ = ["wire"]


def written(place: Place, office: Place) -> bytes:
    target = io.BytesIO()
    with place.entered():
        files.export(node=node_at(place, office), target=target, now=NOW)
    return target.getvalue()


def taken(place: Place, office: Place, data: bytes) -> Carried:
    with place.entered():
        return files.take(node=node_at(place, office), source=io.BytesIO(data), now=NOW)


def carry(origin: Place, target: Place, office: Place) -> Carried:
    return taken(target, office, written(origin, office))


def test_an_office_lives_by_files_alone(offices: Offices) -> None:
    with offices.centre.entered():
        Counterparty.objects.create(name="Ladoga")
    pack_first(offices, offices.kazan)
    carry(offices.centre, offices.kazan, offices.kazan)
    with offices.kazan.entered():
        Counterparty.objects.create(name="Volga")
        Counterparty.objects.filter(name="Ladoga").update(phone="1")

    carry(offices.kazan, offices.centre, offices.kazan)
    carry(offices.centre, offices.kazan, offices.kazan)
    carry(offices.kazan, offices.centre, offices.kazan)

    assert names(offices.centre) == {"Ladoga", "Volga"}
    assert differences(offices.centre, offices.kazan) == []
    with offices.centre.entered():
        node = node_at(offices.centre, offices.kazan)
        assert (node.state, node.outgoing.count()) == (NodeState.LIVE, 0)
    with offices.kazan.entered():
        assert node_at(offices.kazan, offices.kazan).outgoing.count() == 0


def test_a_file_taken_twice_and_after_the_line_changes_nothing(
    offices: Offices, wire: Wire
) -> None:
    pack_first(offices, offices.kazan)
    meet(offices.kazan, wire)
    with offices.kazan.entered():
        Counterparty.objects.create(name="Volga")
    stick = written(offices.kazan, offices.kazan)

    first = taken(offices.centre, offices.kazan, stick)
    meet(offices.kazan, wire)
    again = taken(offices.centre, offices.kazan, stick)

    assert (first.messages, first.rows) == (1, 1)
    assert (again.messages, again.rows) == (0, 0)
    assert names(offices.centre) == {"Volga"}
    assert differences(offices.centre, offices.kazan) == []


def test_a_file_that_was_lost_goes_again_with_the_next(offices: Offices, wire: Wire) -> None:
    pack_first(offices, offices.kazan)
    meet(offices.kazan, wire)
    for name in ("First", "Second"):
        with offices.kazan.entered():
            Counterparty.objects.create(name=name)
        stick = written(offices.kazan, offices.kazan)

    taken(offices.centre, offices.kazan, stick)

    assert names(offices.centre) == {"First", "Second"}


def test_an_old_file_with_a_gap_says_what_is_missing(offices: Offices, wire: Wire) -> None:
    pack_first(offices, offices.kazan)
    meet(offices.kazan, wire)
    with offices.kazan.entered():
        Counterparty.objects.create(name="First")
    written(offices.kazan, offices.kazan)
    with offices.kazan.entered():
        Counterparty.objects.create(name="Second")
        node_at(offices.kazan, offices.kazan).outgoing.all().delete()  # what no program does
    stick = written(offices.kazan, offices.kazan)

    with pytest.raises(FileRefused) as refused:
        taken(offices.centre, offices.kazan, stick)

    assert refused.value.code == "gap"


@pytest.mark.parametrize("place", [0, 2, 7, 30, 400, 500, -20, -1])
def test_a_changed_byte_is_found_and_nothing_is_taken(
    offices: Offices, wire: Wire, place: int
) -> None:
    pack_first(offices, offices.kazan)
    meet(offices.kazan, wire)
    with offices.kazan.entered():
        Counterparty.objects.create(name="Volga")
    stick = bytearray(written(offices.kazan, offices.kazan))
    stick[place] ^= 1

    with pytest.raises(FileRefused) as refused:
        taken(offices.centre, offices.kazan, bytes(stick))

    assert refused.value.code in {"not_a_file", "bad_signature", "file_cut", "not_for_us"}
    assert names(offices.centre) == set()


def test_a_file_cut_anywhere_is_refused_and_the_whole_one_goes_on(
    offices: Offices, wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "PIECE", 100)
    pack_first(offices, offices.kazan)
    meet(offices.kazan, wire)
    with offices.kazan.entered():
        Counterparty.objects.create(name="Volga")
    stick = written(offices.kazan, offices.kazan)

    for length in range(0, len(stick), 37):
        with pytest.raises(FileRefused) as refused:
            taken(offices.centre, offices.kazan, stick[:length])
        assert refused.value.code in {"not_a_file", "file_cut"}
    taken(offices.centre, offices.kazan, stick)

    assert names(offices.centre) == {"Volga"}


def test_nobody_else_opens_a_file(offices: Offices, wire: Wire) -> None:
    pack_first(offices, offices.kazan)
    meet(offices.kazan, wire)
    with offices.kazan.entered():
        Counterparty.objects.create(name="A customer's secret")
    stick = written(offices.kazan, offices.kazan)

    assert b"secret" not in stick
    with pytest.raises(FileRefused) as refused:  # of another office
        taken(offices.centre, offices.izmir, stick)
    assert refused.value.code == "not_for_us"
    with offices.centre.entered():  # sealed with another key
        node = node_at(offices.centre, offices.kazan)
        nodes.take_file_key(node, b"x" * 32)
    with pytest.raises(FileRefused) as forged:
        taken(offices.centre, offices.kazan, stick)
    assert forged.value.code in {"bad_signature", "file_cut"}
    with pytest.raises(FileRefused):  # its own file, going the other way
        taken(offices.kazan, offices.kazan, stick)


def test_an_office_of_old_gets_its_key_by_the_line(offices: Offices, wire: Wire) -> None:
    for place in (offices.centre, offices.kazan):
        with place.entered():
            BranchNode.objects.update(file_key=b"")
    with offices.kazan.entered(), pytest.raises(FileRefused) as refused:
        files.export(node=node_at(offices.kazan, offices.kazan), target=io.BytesIO(), now=NOW)
    assert refused.value.code == "no_file_key"

    pack_first(offices, offices.kazan)
    meet(offices.kazan, wire)

    with offices.kazan.entered():
        Counterparty.objects.create(name="Volga")
    carry(offices.kazan, offices.centre, offices.kazan)
    assert names(offices.centre) == {"Volga"}


def test_files_are_made_and_taken_on_the_screen_by_who_may(offices: Offices, wire: Wire) -> None:
    pack_first(offices, offices.kazan)
    meet(offices.kazan, wire)
    with offices.kazan.entered():
        Counterparty.objects.create(name="Volga")
    stick = written(offices.kazan, offices.kazan)
    address = f"/offices/{offices.kazan.node_id}"

    def client(role: str) -> Client:
        with offices.centre.entered():
            user = User.objects.create_user(email=f"{role}@z.example", role=role)
            made = Client(headers={"host": "zentrum.localhost"})
            made.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
            return made

    def post(client: Client, data: bytes) -> Any:
        return client.post(f"{address}/import/", {"file": SimpleUploadedFile("a.kopru", data)},
                           follow=True)  # fmt: skip

    manager, owner = client(Role.MANAGER), client(Role.OWNER)
    assert post(manager, stick).status_code == 403
    assert manager.post(f"{address}/export/").status_code == 403
    assert "no file of an exchange" in post(owner, b"holiday.jpg").content.decode()
    assert "1 message was taken in" in post(owner, stick).content.decode()
    answer = owner.post(f"{address}/export/")

    assert names(offices.centre) == {"Volga"}
    taken(offices.kazan, offices.kazan, answer.getvalue())
    with offices.kazan.entered():
        assert node_at(offices.kazan, offices.kazan).outgoing.count() == 0

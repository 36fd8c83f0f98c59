"""The line between an office and the centre: cut anywhere it goes on, strangers get nothing."""

from __future__ import annotations

import base64
import json
from typing import Any
from uuid import uuid4

import httpx
import pytest
from django.core.cache import cache
from django.test import Client

from apps.counterparties.models import Counterparty
from replication import nodes
from replication.models import BranchNode, NodeState
from replication.packing import pack
from replication.transports import office as line
from replication.transports.office import ExchangeFailed, exchange_once
from tenants.audit.models import SecurityEvent
from tenants.models import Company
from tests.replication.conftest import Offices
from tests.replication.offices import NOW, Place, differences, messages_of, node_at


class Wire(httpx.BaseTransport):
    """Carries requests into the program; may break after so many of them, before or after."""

    def __init__(self, host: str) -> None:
        self.client = Client(headers={"host": host})
        self.left: int | None = None
        self.is_lost_after = False

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if self.left == 0 and not self.is_lost_after:
            raise httpx.ReadError("cut", request=request)
        headers = {
            key: value for key, value in request.headers.items()
            if key in ("authorization", "range")
        }  # fmt: skip
        answer = self.client.generic(
            request.method, request.url.raw_path.decode(), request.read(),
            content_type=request.headers.get("content-type", "application/octet-stream"),
            headers=headers,
        )  # fmt: skip
        if self.left == 0:
            raise httpx.ReadError("cut", request=request)
        if self.left is not None:
            self.left -= 1
        content = answer.getvalue()
        sent = {**dict(answer.items()), "Content-Length": str(len(content))}
        return httpx.Response(answer.status_code, headers=sent, content=content)


@pytest.fixture
def wire(offices: Offices) -> Wire:
    """A line to the centre."""
    cache.clear()
    for place in (offices.kazan, offices.izmir):
        with place.entered():
            BranchNode.objects.update(address="http://zentrum.localhost")
    return Wire("zentrum.localhost")


def meet(place: Place, wire: Wire) -> Any:
    with place.entered():
        return exchange_once(node=node_at(place, place), transport=wire)


def names(place: Place) -> set[str]:
    with place.entered():
        return set(Counterparty.objects.values_list("name", flat=True))


def pack_first(offices: Offices, office: Place) -> None:
    """Pack the first copy, which a worker does behind the page."""
    with offices.centre.entered():
        pack(node=node_at(offices.centre, office), now=NOW)


def test_an_exchange_over_the_line_brings_both_sides_together(offices: Offices, wire: Wire) -> None:
    with offices.centre.entered():
        Counterparty.objects.create(name="Ladoga")
    pack_first(offices, offices.kazan)
    meet(offices.kazan, wire)
    with offices.kazan.entered():
        Counterparty.objects.create(name="Volga")

    outcome = meet(offices.kazan, wire)

    assert names(offices.centre) == {"Ladoga", "Volga"}
    assert (outcome.sent, outcome.rows_sent) == (1, 1)
    assert differences(offices.centre, offices.kazan) == []
    with offices.centre.entered():
        assert node_at(offices.centre, offices.kazan).state == NodeState.LIVE


def test_the_second_exchange_moves_nothing(offices: Offices, wire: Wire) -> None:
    pack_first(offices, offices.kazan)
    meet(offices.kazan, wire)

    outcome = meet(offices.kazan, wire)

    assert (outcome.sent, outcome.received) == (0, 0)


@pytest.mark.parametrize("is_lost_after", [False, True], ids=["request lost", "answer lost"])
def test_a_line_that_breaks_at_any_request_goes_on_where_it_was(
    offices: Offices, wire: Wire, monkeypatch: pytest.MonkeyPatch, is_lost_after: bool
) -> None:
    monkeypatch.setattr(line, "PART", 200)
    pack_first(offices, offices.kazan)
    meet(offices.kazan, wire)
    wire.is_lost_after = is_lost_after
    with offices.kazan.entered():
        Counterparty.objects.bulk_create([Counterparty(name=f"K{n} {uuid4()}") for n in range(30)])
    with offices.centre.entered():
        Counterparty.objects.bulk_create([Counterparty(name=f"Z{n} {uuid4()}") for n in range(30)])

    codes = set()
    for breaks_after in range(40):
        wire.left = breaks_after
        try:
            meet(offices.kazan, wire)
        except ExchangeFailed as failure:
            codes.add(failure.code)
        else:
            break
    wire.left = None
    meet(offices.kazan, wire)

    assert codes == {"cut"}
    assert len(names(offices.centre)) == 60
    assert differences(offices.centre, offices.kazan) == []


def post(place: Company, what: str, content: dict[str, Any], **headers: str) -> Any:
    client = Client(headers={"host": f"{place.slug}.localhost", **headers})
    return client.post(f"/sync/v1/{what}", json.dumps(content), content_type="application/json")


def test_a_code_serves_once(offices: Offices, wire: Wire) -> None:
    with offices.centre.entered():
        _node, code = nodes.add_office(
            name="Omsk", prefix="OM", scope={}, schedule={}, seats=0, now=NOW
        )
    asked = {"code": code, "public_key": base64.b64encode(b"k" * 32).decode()}

    first = post(offices.centre.company, "join", asked)
    second = post(offices.centre.company, "join", asked)

    assert (first.status_code, second.status_code) == (200, 403)
    assert second.json()["code"] == "code"
    with offices.centre.entered():
        assert SecurityEvent.objects.filter(kind="office.code_refused").count() == 1


def test_codes_cannot_be_guessed_by_the_thousand(offices: Offices, wire: Wire) -> None:
    asked = {"code": "aaaaa", "public_key": base64.b64encode(b"k" * 32).decode()}

    answers = [post(offices.centre.company, "join", asked).status_code for _ in range(12)]

    assert answers.count(429) == 2


def test_an_office_of_another_key_is_not_let_in(offices: Offices, wire: Wire) -> None:
    with offices.kazan.entered():
        node = node_at(offices.kazan, offices.kazan)
        private, _public = nodes.new_key_pair()
        BranchNode.objects.filter(pk=node.pk).update(private_key=nodes._sealed(private))

    with pytest.raises(ExchangeFailed) as failure:
        meet(offices.kazan, wire)

    assert failure.value.code == "session"
    with offices.centre.entered():
        assert SecurityEvent.objects.filter(kind="office.session").exists()


def test_an_office_whose_access_was_withdrawn_is_refused(offices: Offices, wire: Wire) -> None:
    with offices.centre.entered():
        nodes.revoke(node=node_at(offices.centre, offices.kazan))

    with pytest.raises(ExchangeFailed) as failure:
        meet(offices.kazan, wire)

    assert failure.value.code == "revoked"


def test_a_token_of_one_company_opens_nothing_of_another(offices: Offices, wire: Wire) -> None:
    with offices.kazan.entered(), line.Line("http://zentrum.localhost", transport=wire) as call:
        call.sign_in(node_at(offices.kazan, offices.kazan))
        token = call.client.headers["Authorization"]

    answer = post(offices.omsk.company, "pack", {}, authorization=token)

    assert answer.status_code == 401


def test_what_is_cut_short_or_changed_is_refused_and_changes_nothing(
    offices: Offices, wire: Wire
) -> None:
    pack_first(offices, offices.kazan)
    meet(offices.kazan, wire)
    with offices.kazan.entered():
        Counterparty.objects.create(name="Volga")
        node = node_at(offices.kazan, offices.kazan)
        pack(node=node, now=NOW)
        data = bytearray(messages_of(node)[0].encode())
        with line.Line("http://zentrum.localhost", transport=wire) as call:
            call.sign_in(node)
            data[-1] ^= 1
            with pytest.raises(ExchangeFailed) as changed:
                call.put(1, bytes(data), 0)
            with pytest.raises(ExchangeFailed) as cut:
                call.put(1, bytes(data[:-10]), 0)

    assert (changed.value.code, cut.value.code) == ("malformed", "malformed")
    assert names(offices.centre) == set()


def test_another_offices_message_is_not_taken(offices: Offices, wire: Wire) -> None:
    for office in (offices.kazan, offices.izmir):
        pack_first(offices, office)
        meet(office, wire)
    with offices.izmir.entered():
        Counterparty.objects.create(name="Ege")
        node = node_at(offices.izmir, offices.izmir)
        pack(node=node, now=NOW)
        foreign = messages_of(node)[0].encode()

    with offices.kazan.entered(), line.Line("http://zentrum.localhost", transport=wire) as call:
        call.sign_in(node_at(offices.kazan, offices.kazan))
        with pytest.raises(ExchangeFailed) as refused:
            call.put(1, foreign, 0)

    assert refused.value.code == "bad_signature"
    assert names(offices.centre) == set()


def test_a_restored_office_gets_a_new_copy_and_loses_nothing_it_has(
    offices: Offices, wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    pack_first(offices, offices.kazan)
    meet(offices.kazan, wire)
    with offices.kazan.entered():
        before = BranchNode.objects.values().get()
    with offices.centre.entered():
        Counterparty.objects.create(name="Ladoga")
    meet(offices.kazan, wire)
    with offices.kazan.entered():  # yesterday's backup, and a change made in it
        Counterparty.objects.all().delete()
        BranchNode.objects.update(
            received_number=before["received_number"], sent_number=before["sent_number"],
            position=before["position"], acknowledged_number=before["acknowledged_number"],
        )  # fmt: skip
        Counterparty.objects.create(name="Volga")

    monkeypatch.setattr(line, "PACKING_TRIES", 0)  # nobody packs behind the page here
    with pytest.raises(ExchangeFailed) as first:
        meet(offices.kazan, wire)
    assert first.value.code == "cut"
    monkeypatch.undo()
    pack_first(offices, offices.kazan)
    meet(offices.kazan, wire)

    assert "Volga" in names(offices.centre)
    assert differences(offices.centre, offices.kazan) == []


def test_the_door_is_closed_to_who_brings_no_token(acme: Company) -> None:
    assert post(acme, "pack", {}).status_code == 401
    assert post(acme, "state", {}).status_code == 401

"""Whoever is not the office he says he is gets nothing, changes nothing, and leaves a trace."""

from __future__ import annotations

import base64
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import zstandard
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from apps.counterparties.models import Counterparty
from replication import messages, nodes, scopes
from replication.messages import Head, Message, sections, sign
from replication.models import BranchNode, MessagePart
from replication.packing import pack
from replication.transports import office as line
from replication.transports import sessions
from replication.transports.office import ExchangeFailed
from replication.transports.parts import LONGEST
from tenants.audit.models import SecurityEvent
from tests.replication.conftest import Offices
from tests.replication.offices import NOW, Place, messages_of, node_at
from tests.replication.transports.test_line import Wire, meet, names, pack_first, post, wire

__all__ = ["wire"]


@pytest.fixture
def kazan(offices: Offices, wire: Wire) -> Offices:
    """Kazan has its first copy and something to send."""
    pack_first(offices, offices.kazan)
    meet(offices.kazan, wire)
    with offices.kazan.entered():
        Counterparty.objects.create(name="Volga")
        pack(node=node_at(offices.kazan, offices.kazan), now=NOW)
    return offices


def waiting_at(place: Place) -> tuple[Message, bytes]:
    """Return what an office is about to send, and its private key."""
    with place.entered():
        node = node_at(place, place)
        return messages_of(node)[0], nodes.private_half(node)


def refused(place: Place, wire: Wire, data: bytes, *, number: int = 1) -> str:
    """Send a message as an office; return the code of the refusal."""
    with place.entered(), line.Line("http://zentrum.localhost", transport=wire) as call:
        call.sign_in(node_at(place, place))
        with pytest.raises(ExchangeFailed) as failure:
            call.put(number, data, 0)
    return failure.value.code


def logged(place: Place, kind: str) -> int:
    with place.entered():
        return SecurityEvent.objects.filter(kind=kind).count()


def token_of(place: Place, wire: Wire) -> str:
    with place.entered(), line.Line("http://zentrum.localhost", transport=wire) as call:
        call.sign_in(node_at(place, place))
        return str(call.client.headers["Authorization"])


def test_a_node_nobody_has_heard_of_gets_a_challenge_and_no_token(kazan: Offices) -> None:
    stranger = uuid4()
    private, _public = nodes.new_key_pair()
    given = post(kazan.centre.company, "challenge", {"node": str(stranger)}).json()["challenge"]
    signed = base64.b64encode(sessions.answer(given, private_key=private)).decode()

    answer = post(
        kazan.centre.company, "session",
        {"node": str(stranger), "challenge": given, "signature": signed},
    )  # fmt: skip

    assert (answer.status_code, answer.json()["code"]) == (401, "session")
    assert logged(kazan.centre, "office.session") == 1


def test_a_signed_challenge_that_was_overheard_serves_nobody_a_second_time(kazan: Offices) -> None:
    private = waiting_at(kazan.kazan)[1]
    node = str(kazan.kazan.node_id)
    given = post(kazan.centre.company, "challenge", {"node": node}).json()["challenge"]
    signed = base64.b64encode(sessions.answer(given, private_key=private)).decode()
    asked = {"node": node, "challenge": given, "signature": signed}

    answers = [post(kazan.centre.company, "session", asked).status_code for _ in range(2)]

    assert answers == [200, 401]


@pytest.mark.parametrize("is_old", [True, False], ids=["a week old", "replaced by a newer one"])
def test_a_stolen_code_that_has_ended_lets_nobody_in(offices: Offices, is_old: bool) -> None:
    with offices.centre.entered():
        node, code = nodes.add_office(name="Omsk", prefix="OM", scope={}, schedule={}, seats=0,
                                      now=timezone.now())  # fmt: skip
        if is_old:
            ended = timezone.now() - timedelta(minutes=1)
            BranchNode.objects.filter(pk=node.pk).update(join_code_until=ended)
        else:
            nodes.new_code(node=node, now=timezone.now())

    answer = post(offices.centre.company, "join",
                  {"code": code, "public_key": base64.b64encode(b"k" * 32).decode()})  # fmt: skip

    assert answer.status_code == 403
    with offices.centre.entered():
        assert bytes(BranchNode.objects.get(pk=node.pk).public_key) == b""
    assert logged(offices.centre, "office.code_refused") == 1


def test_a_code_of_one_company_opens_no_other(offices: Offices) -> None:
    with offices.centre.entered():
        _node, code = nodes.add_office(name="Omsk", prefix="OM", scope={}, schedule={}, seats=0,
                                       now=timezone.now())  # fmt: skip
    asked = {"code": code, "public_key": base64.b64encode(b"k" * 32).decode()}

    assert post(offices.omsk.company, "join", asked).status_code == 403
    assert post(offices.centre.company, "join", asked).status_code == 200


def test_a_message_sent_again_is_acknowledged_and_changes_nothing(
    kazan: Offices, wire: Wire
) -> None:
    data = waiting_at(kazan.kazan)[0].encode()
    meet(kazan.kazan, wire)
    with kazan.centre.entered():
        Counterparty.objects.update(name="Volga and sons")

    with kazan.kazan.entered(), line.Line("http://zentrum.localhost", transport=wire) as call:
        call.sign_in(node_at(kazan.kazan, kazan.kazan))
        receipt = call.put(1, data, 0)

    assert receipt["is_repeat"]
    assert names(kazan.centre) == {"Volga and sons"}


def test_a_message_signed_anew_by_somebody_else_is_refused(kazan: Offices, wire: Wire) -> None:
    message, _private = waiting_at(kazan.kazan)
    stranger, _public = nodes.new_key_pair()
    forged = sign(message.head, message.body, private_key=stranger)

    assert refused(kazan.kazan, wire, forged.encode()) == "bad_signature"
    assert names(kazan.centre) == set()
    assert logged(kazan.centre, "office.bad_signature") == 1


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"company": UUID(int=5)}, "not_for_us"), ({"node": UUID(int=5)}, "not_for_us"),
        ({"sender": "centre"}, "not_for_us"), ({"incarnation": UUID(int=5)}, "not_in_exchange"),
        ({"number": 7}, "wrong_number"),
    ],
    ids=["another company", "another office", "the wrong way", "a former life", "a later number"],
)  # fmt: skip
def test_a_message_that_is_not_for_this_place_is_refused_though_signed(
    kazan: Offices, wire: Wire, changed: dict[str, Any], code: str
) -> None:
    message, private = waiting_at(kazan.kazan)
    head: Head = replace(message.head, **changed)
    data = sign(head, message.body, private_key=private).encode()

    assert refused(kazan.kazan, wire, data, number=head.number) == code
    assert names(kazan.centre) == set()


def test_a_message_larger_than_any_is_refused_before_it_is_sent(kazan: Offices, wire: Wire) -> None:
    token = token_of(kazan.kazan, wire)

    answer = wire.client.put(
        f"/sync/v1/up/1?offset=0&size={LONGEST + 1}", b"x" * 1000,
        content_type="application/octet-stream", headers={"authorization": token},
    )  # fmt: skip

    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
    with kazan.centre.entered():
        assert not MessagePart.objects.exists()
    assert logged(kazan.centre, "office.too_large") == 1


def test_a_small_message_that_unpacks_to_a_huge_one_is_refused(
    kazan: Offices, wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(messages, "LONGEST_PLAIN", 100_000)
    message, private = waiting_at(kazan.kazan)
    body = zstandard.ZstdCompressor().compress(bytes(10_000_000))
    head = replace(message.head, size=len(body), digest=messages.hashlib.sha256(body).hexdigest())

    data = sign(head, body, private_key=private).encode()

    assert refused(kazan.kazan, wire, data) == "too_large"
    assert names(kazan.centre) == set()


def test_a_huge_message_that_does_not_say_so_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(messages, "LONGEST_PLAIN", 100_000)
    packer = zstandard.ZstdCompressor(write_content_size=False).compressobj()
    body = packer.compress(bytes(10_000_000)) + packer.flush()

    with pytest.raises(messages.MessageRefused):
        list(sections(body))


@pytest.fixture
def restricted(kazan: Offices, wire: Wire) -> tuple[Offices, Counterparty]:
    """Kazan may hold its own customers only; Ladoga is none of them."""
    with kazan.centre.entered():
        scopes.change_scope(
            node=node_at(kazan.centre, kazan.kazan),
            scope={"counterparties": {"choice": "office"}, "products": {"choice": "none"}},
        )
        ladoga = Counterparty.objects.create(name="canary-77")
    meet(kazan.kazan, wire)
    return kazan, ladoga


def test_an_office_that_asks_for_rows_out_of_its_scope_gets_none(
    restricted: tuple[Offices, Counterparty], wire: Wire
) -> None:
    offices, ladoga = restricted
    table, token = "counterparties_counterparty", token_of(offices.kazan, wire)
    ranges = [str(n) for n in range(256)]

    hashes = post(offices.centre.company, "hashes", {"table": table, "ranges": ranges},
                  authorization=token)  # fmt: skip
    asked = post(offices.centre.company, "repair", {"table": table, "keys": [str(ladoga.pk)]},
                 authorization=token)  # fmt: skip
    meet(offices.kazan, wire)

    assert str(ladoga.pk) not in hashes.content.decode()
    assert asked.status_code == 200
    assert "canary-77" not in names(offices.kazan)


@pytest.mark.parametrize("table", ["accounts_user", "replication_branchnode", "no_such", "x;--"])
def test_tables_that_do_not_travel_are_nobodys(kazan: Offices, wire: Wire, table: str) -> None:
    token = token_of(kazan.kazan, wire)

    hashes = post(kazan.centre.company, "hashes", {"table": table, "ranges": ["1"]},
                  authorization=token)  # fmt: skip
    repaired = post(kazan.centre.company, "repair", {"table": table, "keys": [str(uuid4())]},
                    authorization=token)  # fmt: skip

    assert hashes.json().get("rows", {}) == {}
    assert repaired.status_code in (200, 400)


def test_a_file_that_no_row_of_the_office_names_is_not_given(
    restricted: tuple[Offices, Counterparty], wire: Wire, settings: Any, tmp_path: Any
) -> None:
    settings.MEDIA_ROOT = str(tmp_path)
    offices, _ladoga = restricted
    digest = messages.hashlib.sha256(b"secret").hexdigest()
    with offices.centre.entered():
        default_storage.save(f"files/{digest}", ContentFile(b"secret"))

    answer = wire.client.get(
        f"/sync/v1/file/{digest}", headers={"authorization": token_of(offices.kazan, wire)}
    )

    assert (answer.status_code, answer.json()["code"]) == (404, "no_file")


def test_one_office_cannot_fetch_what_was_packed_for_another(kazan: Offices, wire: Wire) -> None:
    with kazan.centre.entered():
        pack(node=node_at(kazan.centre, kazan.izmir), now=NOW)
        number = node_at(kazan.centre, kazan.izmir).sent_number

    answer = wire.client.get(
        f"/sync/v1/down/{number + 1000}", headers={"authorization": token_of(kazan.kazan, wire)}
    )
    own = wire.client.get(
        f"/sync/v1/down/{number}", headers={"authorization": token_of(kazan.kazan, wire)}
    )

    assert answer.status_code == 404
    assert own.status_code == 404, "the centre has nothing of this number for Kazan"


def test_the_branch_of_another_company_is_unknown_here(kazan: Offices, wire: Wire) -> None:
    private = waiting_at(kazan.kazan)[1]
    node = str(kazan.kazan.node_id)
    given = post(kazan.omsk.company, "challenge", {"node": node}).json()["challenge"]
    signed = base64.b64encode(sessions.answer(given, private_key=private)).decode()

    answer = post(kazan.omsk.company, "session",
                  {"node": node, "challenge": given, "signature": signed})  # fmt: skip

    assert (answer.status_code, answer.json()["code"]) == (401, "session")
    assert logged(kazan.omsk, "office.session") == 1


def test_a_token_ends_with_the_access(kazan: Offices, wire: Wire) -> None:
    token = token_of(kazan.kazan, wire)
    with kazan.centre.entered():
        nodes.revoke(node=node_at(kazan.centre, kazan.kazan))

    answer = post(kazan.centre.company, "pack", {}, authorization=token)

    assert (answer.status_code, answer.json()["code"]) == (403, "revoked")

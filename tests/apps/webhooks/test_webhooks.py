"""Webhooks against a real receiver: signed, once, tried again, replayed, never to the inside."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.test import Client
from django_tenants.utils import schema_context, tenant_context

from apps.accounts.models import Role, User
from apps.counterparties.models import Counterparty
from apps.counterparties.services import archive_counterparties
from apps.custom import services as custom
from apps.custom.services import FieldValues
from apps.webhooks import reaching, services
from apps.webhooks.models import Webhook, WebhookDelivery
from tenants.models import Company
from tests.serving import SENDS_AT_ONCE, serve

NOW = datetime(2026, 11, 28, 10, tzinfo=UTC)


class Receiver:
    """A program that listens: it notes what it is told, and answers as it is told to."""

    def __init__(self) -> None:
        self.heard: list[tuple[dict[str, str], bytes]] = []
        self.answers: list[int] = []
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            disable_nagle_algorithm = SENDS_AT_ONCE

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.heard.append((dict(self.headers), body))
                self.send_response(receiver.answers.pop(0) if receiver.answers else 200)
                self.end_headers()
                self.wfile.write(b"noted")

            def log_message(self, *args: Any) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        serve(self.server)
        self.url = f"http://127.0.0.1:{self.server.server_port}/hook"


@pytest.fixture
def committed_owner(committed: Company) -> User:
    """Who runs the company of the test."""
    return User.objects.create_user(email="owner@ladoga.example", role=Role.OWNER)


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    """A receiver on this machine, which the operator allows here."""
    settings.WEBHOOKS_MAY_STAY_INSIDE = True
    made = Receiver()
    yield made
    made.server.shutdown()


def a_webhook(receiver: Receiver, by: User, **values: Any) -> tuple[Webhook, str]:
    wanted = {
        "name": "Shop", "url": receiver.url, "kinds": ["counterparties"],
        "operations": ["created", "changed", "deleted"], "by": by, "now": NOW,
    }  # fmt: skip
    return services.save_webhook(**{**wanted, **values})


def send_all(now: datetime = NOW) -> list[int | None]:
    services.gather(now=now)
    return [services.deliver(delivery_id=key, now=now) for key in services.overdue(now=now)]


def test_a_change_is_told_signed_and_once(
    committed: Company, committed_owner: User, receiver: Receiver
) -> None:
    """G070: what changed, how it stands, and a signature the receiver can check."""
    _hook, secret = a_webhook(receiver, committed_owner)
    Counterparty.objects.create(name="Azimuth")

    send_all()
    send_all()

    ((headers, body),) = receiver.heard
    said = json.loads(body)
    assert (said["event"], said["object"]["name"]) == ("counterparties.created", "Azimuth")
    seconds, _comma, signed = headers["Kopru-Signature"].removeprefix("t=").partition(",v1=")
    expected = hmac.new(secret.encode(), f"{seconds}.".encode() + body, hashlib.sha256)
    assert signed == expected.hexdigest()
    assert int(seconds) == int(NOW.timestamp())


def test_what_is_computed_is_told_with_the_row(
    committed: Company, committed_owner: User, receiver: Receiver
) -> None:
    custom.add_field(
        kind="counterparties",
        values=FieldValues("Called", type="formula", formula='[Name] & "!"'),
    )
    a_webhook(receiver, committed_owner)
    Counterparty.objects.create(name="Azimuth")

    send_all()

    ((_headers, body),) = receiver.heard
    assert json.loads(body)["object"]["x_called"] == "Azimuth!"


def test_many_changes_of_one_row_are_one_event(
    committed: Company, committed_owner: User, receiver: Receiver
) -> None:
    partner = Counterparty.objects.create(name="Azimuth")
    a_webhook(receiver, committed_owner)
    for name in ("A", "B", "C"):
        Counterparty.objects.filter(pk=partner.pk).update(name=name, phone=name)

    send_all()

    ((_headers, body),) = receiver.heard
    said = json.loads(body)
    assert (said["object"]["name"], said["fields"]) == ("C", ["name", "phone"])


def test_a_failed_delivery_comes_again_and_then_arrives(
    committed: Company, committed_owner: User, receiver: Receiver
) -> None:
    a_webhook(receiver, committed_owner)
    Counterparty.objects.create(name="Azimuth")
    receiver.answers = [503]

    (pause,) = send_all()
    soon = send_all(NOW + timedelta(seconds=5))
    later = send_all(NOW + timedelta(seconds=31))

    assert (pause, soon, later) == (30, [], [None])
    first, second = receiver.heard
    assert first[0]["Kopru-Delivery"] == second[0]["Kopru-Delivery"]
    delivery = WebhookDelivery.objects.get()
    assert (delivery.state, delivery.attempts, delivery.status) == ("delivered", 2, 200)


def test_a_receiver_that_is_off_is_tried_and_the_reason_is_kept(
    committed: Company, committed_owner: User, receiver: Receiver
) -> None:
    a_webhook(receiver, committed_owner)
    receiver.server.shutdown()
    receiver.server.server_close()
    Counterparty.objects.create(name="Azimuth")

    send_all()

    delivery = WebhookDelivery.objects.get()
    assert (delivery.state, delivery.status) == ("waiting", 0)
    assert "could not be reached" in delivery.answer


def test_a_webhook_that_fails_for_days_is_stopped_and_says_so(
    committed: Company, committed_owner: User, receiver: Receiver
) -> None:
    hook, _secret = a_webhook(receiver, committed_owner)
    receiver.answers = [500] * 20
    Counterparty.objects.create(name="Azimuth")
    for hours in (0, 1, 2, 80):
        send_all(NOW + timedelta(hours=hours))

    hook.refresh_from_db()

    assert not hook.is_active
    assert "three days" in hook.stopped_reason


def test_a_delivery_is_replayed_under_its_own_key(
    committed: Company, committed_owner: User, receiver: Receiver
) -> None:
    """G070: replay by hand."""
    a_webhook(receiver, committed_owner)
    Counterparty.objects.create(name="Azimuth")
    send_all()

    services.replay(delivery_id=WebhookDelivery.objects.get().pk, now=NOW)
    send_all()

    first, second = receiver.heard
    assert first[1] == second[1]


def test_a_worker_that_died_loses_nothing(
    committed: Company, committed_owner: User, receiver: Receiver
) -> None:
    a_webhook(receiver, committed_owner)
    Counterparty.objects.create(name="Azimuth")
    services.gather(now=NOW)
    WebhookDelivery.objects.update(next_at=NOW + services.LEASE, attempts=1)  # taken, then killed

    nothing = send_all(NOW + timedelta(seconds=30))
    again = send_all(NOW + timedelta(seconds=61))

    assert (nothing, again) == ([], [None])
    assert len(receiver.heard) == 1


def test_a_flood_is_told_as_one_event(
    committed: Company, committed_owner: User, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "MOST_AT_ONCE", 3)
    a_webhook(receiver, committed_owner)
    Counterparty.objects.bulk_create([Counterparty(name=str(n)) for n in range(5)])

    send_all()

    ((_headers, body),) = receiver.heard
    said = json.loads(body)
    assert (said["event"], said["count"]) == ("counterparties.many", 5)


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1/", "https://localhost/", "https://10.0.0.7/x", "https://[::1]/",
        "https://169.254.169.254/latest", "http://example.com/", "ftp://example.com/",
        "https://user:pw@example.com/", "https://", "javascript:alert(1)", "https://0x7f000001/",
        "https://example.com:99999/",
    ],
)  # fmt: skip
def test_addresses_of_our_own_network_are_never_called(company: Company, url: str) -> None:
    with pytest.raises(reaching.NotReached) as refusal:
        reaching.require_public(url)

    assert str(refusal.value)


def test_a_redirection_is_not_followed(
    committed: Company, committed_owner: User, receiver: Receiver
) -> None:
    a_webhook(receiver, committed_owner)
    receiver.answers = [302]
    Counterparty.objects.create(name="Azimuth")

    send_all()

    assert len(receiver.heard) == 1
    assert WebhookDelivery.objects.get().state == "waiting"


def test_a_webhook_is_made_on_the_screen(
    administrator_client: Client, company: Company, settings: Any
) -> None:
    settings.WEBHOOKS_MAY_STAY_INSIDE = True
    values = {
        "name": "Shop", "url": "http://127.0.0.1:9/", "kinds": ["counterparties"],
        "operations": ["created"], "is_active": "on",
    }  # fmt: skip

    made = administrator_client.post("/webhooks/new/", values)

    hook = Webhook.objects.get()
    assert "whsec_" in made.content.decode()
    assert "whsec_" not in administrator_client.get(f"/webhooks/{hook.pk}/").content.decode()
    assert bytes(hook.secret)[:6] != b"whsec_"


def test_an_inner_address_is_refused_on_the_screen(
    administrator_client: Client, company: Company
) -> None:
    values = {
        "name": "Shop", "url": "https://10.0.0.1/", "kinds": ["counterparties"],
        "operations": ["created"],
    }  # fmt: skip

    answer = administrator_client.post("/webhooks/new/", values)

    assert answer.status_code == 422
    assert "private network" in answer.content.decode()
    assert not Webhook.objects.exists()


def test_managers_have_no_webhooks(manager_client: Client, company: Company) -> None:
    assert manager_client.get("/webhooks/").status_code == 403
    assert manager_client.post("/webhooks/new/", {}).status_code == 403


def test_what_changes_in_another_company_is_not_told(
    committed: Company, committed_owner: User, receiver: Receiver
) -> None:
    a_webhook(receiver, committed_owner)
    with schema_context("public"):
        rival = Company.objects.get(slug="rival")
    with tenant_context(rival):
        secret = Counterparty.objects.create(name="Secret")

    send_all()

    with tenant_context(rival):
        secret.delete()
    assert receiver.heard == []


def test_what_goes_into_the_trash_is_told_as_deleted(
    committed: Company, committed_owner: User, receiver: Receiver
) -> None:
    """G070: a receiver that hears of deletions alone hears of this one, and how the row stood."""
    partner = Counterparty.objects.create(name="Azimuth")
    a_webhook(receiver, committed_owner, operations=["deleted"])
    Counterparty.objects.update(name="Azimuth 2")
    send_all()
    assert receiver.heard == []

    archive_counterparties(ids=[partner.pk])
    send_all()
    archive_counterparties(ids=[partner.pk], is_archived=False)
    send_all()

    ((_headers, body),) = receiver.heard
    said = json.loads(body)
    assert (said["event"], said["fields"]) == ("counterparties.deleted", ["is_archived"])
    assert (said["object"]["name"], said["object"]["is_archived"]) == ("Azimuth 2", True)

"""Boxes are read over a real line: once each, on the right cards, for the right eyes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django_tenants.utils import tenant_context

from apps.accounts.models import User
from apps.activities import cards, timeline
from apps.counterparties import privacy
from apps.counterparties.models import ContactPerson, Counterparty
from apps.mail import reaching, secrets, services
from apps.mail.models import Mailbox, MailFolder, MailMessage, MailPlace
from apps.mail.words import problem_text
from tenants.models import Company
from tests.apps.mail.server import ImapServer

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.fixture
def server() -> Iterator[ImapServer]:
    """A server of ours on this machine."""
    made = ImapServer()
    yield made
    made.shutdown()
    made.server_close()


@pytest.fixture(autouse=True)
def inside(settings: Any) -> None:
    """The server stands on this machine, which is else not called."""
    settings.MAIL_MAY_STAY_INSIDE = True


@pytest.fixture
def romashka(company: Company) -> Counterparty:
    return Counterparty.objects.create(
        name="Romashka", sort_name="romashka", email="Buh@Romashka.example"
    )


@pytest.fixture
def anna(romashka: Counterparty) -> ContactPerson:
    return ContactPerson.objects.create(
        counterparty=romashka, full_name="Anna", email="anna@romashka.example"
    )


def box(server: ImapServer, **more: Any) -> Mailbox:
    """A shared box on the server."""
    values = {"address": "sales@acme.example", "shares_matched": True, **more}
    return Mailbox.objects.create(
        name="Sales", imap_host="127.0.0.1", imap_port=server.port, is_tls=False, login="sales",
        secret=secrets.locked("correct horse"), **values,
    )  # fmt: skip


def letter(number: int, *, sender: str = "buh@romashka.example", subject: str = "Nails",
           to: str = "sales@acme.example", body: bytes = b"We need nails.") -> bytes:  # fmt: skip
    """A message as it lies on a server."""
    head = (
        f"From: {sender}\r\nTo: {to}\r\nSubject: {subject}\r\nMessage-ID: <{number}@x.example>\r\n"
        "Date: Sun, 22 Nov 2026 10:00:00 +0300\r\n\r\n"
    )
    return head.encode("ascii") + body


def read(mailbox: Mailbox) -> int:
    return services.read_box(mailbox_id=mailbox.pk, now=NOW)


def titles(kind: str, key: Any, user: User) -> list[str]:
    card = timeline.Card(cards.kind_of(kind), key, user)
    return [entry.title for entry in timeline.page(card, only="mail").entries]


def test_a_received_message_stands_on_customer_and_contact(
    server: ImapServer, romashka: Counterparty, anna: ContactPerson, manager: User
) -> None:
    """F119: a received e-mail appears on the card without anybody's entry."""
    server.folders["INBOX"].messages[1] = letter(1, sender="Anna <ANNA@romashka.example>")

    count = read(box(server))

    assert count == 1
    assert titles("counterparties", romashka.pk, manager) == ["Nails"]
    assert titles("contacts", anna.pk, manager) == ["Nails"]


def test_a_sent_message_stands_on_the_card_too(
    server: ImapServer, romashka: Counterparty, manager: User
) -> None:
    """F118, G022: received and sent mail stands in the one timeline, under its own chip."""
    server.folders["Sent"].messages[4] = letter(
        1, sender="sales@acme.example", to="buh@romashka.example", subject="Offer"
    )

    read(box(server))

    assert titles("counterparties", romashka.pk, manager) == ["Offer"]
    assert MailMessage.objects.get().is_outgoing


def test_a_stranger_stands_on_no_card(server: ImapServer, romashka: Counterparty) -> None:
    server.folders["INBOX"].messages[1] = letter(1, sender="who@else.example")

    read(box(server))

    assert MailMessage.objects.get().links.count() == 0


def test_a_box_read_again_keeps_nothing_twice(
    server: ImapServer, romashka: Counterparty
) -> None:
    server.folders["INBOX"].messages[1] = letter(1)
    mailbox = box(server)
    read(mailbox)
    server.folders["INBOX"].messages[2] = letter(2)

    again = read(mailbox)

    assert again == 1
    assert MailMessage.objects.count() == MailPlace.objects.count() == 2


def test_a_message_in_two_boxes_is_one(server: ImapServer, romashka: Counterparty) -> None:
    server.folders["INBOX"].messages[1] = letter(1)
    read(box(server))

    read(box(server, address="info@acme.example"))

    assert MailMessage.objects.get().places.count() == 2


def test_new_numbers_of_a_folder_make_no_second_message(
    server: ImapServer, romashka: Counterparty
) -> None:
    server.folders["INBOX"].messages[7] = letter(1)
    mailbox = box(server)
    read(mailbox)
    server.folders["INBOX"].uidvalidity = 2
    server.folders["INBOX"].messages = {1: letter(1), 2: letter(2)}

    again = read(mailbox)

    assert again == 1
    assert MailMessage.objects.count() == 2
    folder = MailFolder.objects.get(name="INBOX")
    assert (folder.uidvalidity, folder.latest_uid) == (2, 2)


def test_a_line_cut_within_a_message_goes_on_there(
    server: ImapServer, romashka: Counterparty
) -> None:
    server.folders["INBOX"].messages = {n: letter(n) for n in range(1, 61)}
    server.cuts_at = 55
    mailbox = box(server)

    first = read(mailbox)

    mailbox.refresh_from_db()
    assert (first, mailbox.problem, mailbox.read_at) == (0, "line", None)
    assert MailMessage.objects.count() == 50
    read(mailbox)
    mailbox.refresh_from_db()
    assert (mailbox.problem, mailbox.read_at) == ("", NOW)
    assert MailMessage.objects.count() == 60


def test_a_refused_password_is_told_and_nothing_read(
    server: ImapServer, romashka: Counterparty
) -> None:
    server.folders["INBOX"].messages[1] = letter(1)
    server.password = "another"
    mailbox = box(server)

    read(mailbox)

    mailbox.refresh_from_db()
    assert mailbox.problem == "login"
    assert "Invalid credentials" in mailbox.problem_detail
    assert not MailMessage.objects.exists()


def test_a_box_that_refused_us_rests_for_an_hour(
    server: ImapServer, romashka: Counterparty
) -> None:
    server.password = "another"
    refused, paused = box(server), box(server, address="old@acme.example", is_paused=True)
    other = box(server, address="two@acme.example")
    read(refused)

    turns = [
        set(services.boxes_to_read(now=NOW + timedelta(minutes=each))) for each in (5, 59, 61)
    ]

    assert turns == [{other.pk}, {other.pk}, {other.pk, refused.pk}]
    assert paused.pk not in turns[2]


def test_mail_of_a_person_goes_with_the_person(
    server: ImapServer, romashka: Counterparty, anna: ContactPerson
) -> None:
    """G052: erasing a person takes their mail from every card and says so; others' stays."""
    server.folders["INBOX"].messages[1] = letter(1, sender="Anna <anna@romashka.example>")
    server.folders["INBOX"].messages[2] = letter(2)
    read(box(server))

    told = privacy.told_of(anna)
    removed = privacy.erase(subject=anna, by=None, now=NOW)

    assert [row["from_address"] for row in told["messages"]] == ["anna@romashka.example"]
    assert [(each.what, each.count) for each in removed if each.what == "messages"] == [
        ("messages", 1)
    ]
    assert [row.from_address for row in MailMessage.objects.all()] == ["buh@romashka.example"]


def test_cards_of_addresses_are_found_by_index(
    romashka: Counterparty
) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    with CaptureQueriesContext(connection) as queries:
        services._cards({"buh@romashka.example"})

    plans = []
    for each in queries.captured_queries[:2]:
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN {each['sql']}")
            plans.append("\n".join(row[0] for row in cursor.fetchall()))
    assert "counterparty_by_email" in plans[0]
    assert "contact_person_by_email" in plans[1]


def test_a_server_inside_our_network_is_not_called(
    server: ImapServer, company: Company, settings: Any
) -> None:
    settings.MAIL_MAY_STAY_INSIDE = False
    mailbox = box(server)

    read(mailbox)

    mailbox.refresh_from_db()
    assert mailbox.problem == "private"
    assert server.asked == []


def test_a_password_goes_over_no_open_line(
    server: ImapServer, company: Company, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.MAIL_MAY_STAY_INSIDE = False
    monkeypatch.setattr(reaching, "address_of", lambda *_there, may_stay_inside: "127.0.0.1")
    mailbox = box(server)

    read(mailbox)

    mailbox.refresh_from_db()
    assert mailbox.problem == "open"
    assert not any(said.startswith("LOGIN") for said in server.asked)
    assert "offers no encryption" in problem_text(mailbox.problem, mailbox.problem_detail)


def test_the_address_that_was_looked_at_is_called(
    server: ImapServer, romashka: Counterparty, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name that points elsewhere a moment later reaches nothing."""
    server.folders["INBOX"].messages[1] = letter(1)
    monkeypatch.setattr(reaching, "address_of", lambda *_there, may_stay_inside: "127.0.0.1")
    mailbox = box(server)
    Mailbox.objects.update(imap_host="imap.nowhere.invalid")

    assert read(mailbox) == 1


def test_nothing_is_marked_or_deleted(server: ImapServer, romashka: Counterparty) -> None:
    server.folders["INBOX"].messages[1] = letter(1)

    read(box(server))

    verbs = {asked.split(" ")[0] for asked in server.asked}
    assert verbs <= {"CAPABILITY", "LOGIN", "LIST", "EXAMINE", "UID", "LOGOUT"}
    fetched = [asked for asked in server.asked if "BODY" in asked]
    assert fetched
    assert all("BODY.PEEK" in asked for asked in fetched)


def test_a_broken_message_is_kept_as_far_as_it_goes(
    server: ImapServer, romashka: Counterparty, manager: User
) -> None:
    broken = (
        b"From: buh@romashka.example\r\nSubject: Torn\r\nMessage-ID: <torn@x.example>\r\n"
        b"Content-Type: text/plain; charset=no-such\r\n\r\n\xff\xfe\x00half"
    )
    server.folders["INBOX"].messages = {1: broken, 2: letter(2)}

    count = read(box(server))

    assert count == 2
    assert MailMessage.objects.get(subject="Torn").problem == "broken"
    assert set(titles("counterparties", romashka.pk, manager)) == {"Torn", "Nails"}


@pytest.mark.parametrize(
    ("header", "shown"),
    [
        ("=?koi8-r?B?8NLJ18XU?=", "Привет"),
        ("=?windows-1254?Q?Sipari=FE?=", "Sipariş"),
    ],
    ids=["koi8-r", "windows-1254"],
)
def test_headers_of_old_charsets_are_read(
    server: ImapServer, company: Company, header: str, shown: str
) -> None:
    server.folders["INBOX"].messages[1] = letter(1, subject=header)

    read(box(server))

    assert MailMessage.objects.get().subject == shown


def test_a_personal_box_is_read_by_its_owner_alone(
    server: ImapServer, romashka: Counterparty, manager: User, accountant: User
) -> None:
    server.folders["INBOX"].messages[1] = letter(1)

    read(box(server, owner=manager, shares_matched=False))

    assert titles("counterparties", romashka.pk, manager) == ["Nails"]
    assert titles("counterparties", romashka.pk, accountant) == []


def test_mail_of_a_vip_customer_is_closed_like_its_address(
    server: ImapServer, romashka: Counterparty, manager: User, owner: User
) -> None:
    Counterparty.objects.filter(pk=romashka.pk).update(is_vip=True, responsible=owner)
    server.folders["INBOX"].messages[1] = letter(1)

    read(box(server))

    assert titles("counterparties", romashka.pk, manager) == []
    assert titles("counterparties", romashka.pk, owner) == ["Nails"]


def test_boxes_of_one_name_in_two_companies_never_meet(
    server: ImapServer, acme: Company, rival: Company
) -> None:
    server.folders["INBOX"].messages[1] = letter(1)
    with tenant_context(acme):
        box(server)
    with tenant_context(rival):
        read(box(server))

        assert MailMessage.objects.count() == 1
    with tenant_context(acme):
        assert MailMessage.objects.count() == 0

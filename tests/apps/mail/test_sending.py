"""A letter leaves over a real line: once, with all that belongs to it, or it says why not."""

from __future__ import annotations

import email
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.message import Message
from email.policy import default
from typing import Any

import pytest
from django_tenants.utils import tenant_context

from apps.accounts.models import User
from apps.activities import cards, timeline
from apps.counterparties.models import ContactPerson, Counterparty
from apps.mail import delivering, handing, selectors, services, writing
from apps.mail.models import Mailbox, MailMessage, MailSending
from apps.mail.parsing import ReadFile
from apps.mail.tasks import look_at_outbox
from apps.mail.words import sending_text
from tenants.models import Company
from tests.apps.mail.server import ImapServer
from tests.apps.mail.smtp import SmtpServer
from tests.apps.mail.test_reading import (  # noqa: F401
    anna,
    box,
    inside,
    letter,
    read,
    romashka,
    server,
    titles,
)

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
LATER = NOW + timedelta(seconds=11)


@pytest.fixture
def smtp() -> Iterator[SmtpServer]:
    """A server of ours on this machine."""
    made = SmtpServer()
    yield made
    made.shutdown()
    made.server_close()


@pytest.fixture
def sales(server: ImapServer, smtp: SmtpServer, company: Company) -> Mailbox:  # noqa: F811
    """The shared box, which is read and sends."""
    return sending_box(server, smtp)


def sending_box(imap: ImapServer, out: SmtpServer, **more: Any) -> Mailbox:
    """A box on both servers."""
    return box(imap, smtp_host="127.0.0.1", smtp_port=out.port, smtp_is_tls=False, **more)


def draft(mailbox: Mailbox, **more: Any) -> writing.Draft:
    """A letter to Romashka."""
    values = {"to": ["buh@romashka.example"], "cc": [], "subject": "Offer", "text": "Nails."}
    return writing.Draft(mailbox_id=mailbox.pk, **{**values, **more})


def written(mailbox: Mailbox, on: Counterparty, by: User, **more: Any) -> MailSending:
    """A letter from the customer's card."""
    return writing.write(
        draft=draft(mailbox, **more), kind="counterparties", key=on.pk, by=by, now=NOW
    )


def sent(sending: MailSending, *, now: datetime = LATER) -> MailSending:
    """What became of it."""
    delivering.send(sending_id=sending.pk, now=now)
    sending.refresh_from_db()
    return sending


def taken(out: SmtpServer) -> Message:
    """The one message the server has."""
    (only,) = out.taken
    return email.message_from_bytes(only.raw, policy=default)


def test_a_letter_leaves_with_all_that_belongs_to_it(
    sales: Mailbox, smtp: SmtpServer, romashka: Counterparty, manager: User  # noqa: F811
) -> None:
    """F118: what is written from a card is sent from the box, to all it names."""
    made = written(
        sales, romashka, manager, cc=["anna@romashka.example"], subject="Счёт 12",
        text=".hidden\n..lines", attached=[ReadFile("счёт.pdf", b"%PDF-1.4 x")],
    )  # fmt: skip

    state = sent(made).state

    message = taken(smtp)
    (attached,) = message.iter_attachments()  # type: ignore[attr-defined]
    assert state == "sent"
    assert smtp.taken[0].sender == "sales@acme.example"
    assert smtp.taken[0].to == ["buh@romashka.example", "anna@romashka.example"]
    assert (message["Subject"], message["To"]) == ("Счёт 12", "buh@romashka.example")
    assert message["Cc"] == "anna@romashka.example"
    assert message["Message-ID"] == made.message.message_id
    body = message.get_body()  # type: ignore[attr-defined]
    assert body.get_content().split() == [".hidden", "..lines"]
    assert (attached.get_filename(), attached.get_content()) == ("счёт.pdf", b"%PDF-1.4 x")


def test_a_letter_is_sent_once(
    sales: Mailbox, smtp: SmtpServer, romashka: Counterparty, manager: User  # noqa: F811
) -> None:
    made = written(sales, romashka, manager)
    sent(made)

    assert delivering.send(sending_id=made.pk, now=LATER) is None
    assert len(smtp.taken) == 1


def test_nothing_leaves_before_its_moment(
    sales: Mailbox, smtp: SmtpServer, romashka: Counterparty, manager: User  # noqa: F811
) -> None:
    made = written(sales, romashka, manager)

    sent(made, now=NOW + timedelta(seconds=9))

    assert (made.state, smtp.asked) == ("waiting", [])


def test_what_is_taken_back_does_not_leave(
    sales: Mailbox, smtp: SmtpServer, romashka: Counterparty, manager: User  # noqa: F811
) -> None:
    made = written(sales, romashka, manager)

    writing.take_back(sending_id=made.pk, by=manager, now=NOW)

    assert (sent(made).state, smtp.asked) == ("held", [])


def test_what_has_left_is_not_taken_back(
    sales: Mailbox, smtp: SmtpServer, romashka: Counterparty, manager: User  # noqa: F811
) -> None:
    made = sent(written(sales, romashka, manager))

    with pytest.raises(writing.TooLate):
        writing.take_back(sending_id=made.pk, by=manager, now=LATER)

    assert MailSending.objects.get().state == "sent"


def test_a_lost_answer_is_told_and_not_repeated(
    sales: Mailbox, smtp: SmtpServer, romashka: Counterparty, manager: User  # noqa: F811
) -> None:
    smtp.cuts = "."
    made = sent(written(sales, romashka, manager))

    sent(made, now=LATER + timedelta(hours=1))

    assert made.state == "unknown"
    assert len(smtp.taken) == 1
    assert delivering.due(now=LATER + timedelta(hours=1)) == []


def test_a_process_that_died_while_handing_over_leaves_it_unknown(
    sales: Mailbox, smtp: SmtpServer, romashka: Counterparty, manager: User  # noqa: F811
) -> None:
    made = written(sales, romashka, manager)
    assert delivering._begun(made.pk, LATER) is not None

    now = LATER + timedelta(minutes=11)
    repeated = [delivering.send(sending_id=made.pk, now=now), delivering.due(now=now)]

    made.refresh_from_db()
    assert (repeated, made.state, smtp.asked) == ([None, []], "unknown", [])


def test_an_unknown_letter_found_in_the_box_was_sent(
    sales: Mailbox, server: ImapServer, smtp: SmtpServer, romashka: Counterparty,  # noqa: F811
    manager: User,
) -> None:
    smtp.cuts = "."
    made = sent(written(sales, romashka, manager))
    server.folders["Sent"].messages[1] = smtp.taken[0].raw

    read(sales)

    made.refresh_from_db()
    assert made.state == "sent"
    assert titles("counterparties", romashka.pk, manager) == ["Offer"]


def test_a_line_that_breaks_before_is_tried_again(
    sales: Mailbox, smtp: SmtpServer, romashka: Counterparty, manager: User  # noqa: F811
) -> None:
    smtp.cuts = "DATA"
    made = sent(written(sales, romashka, manager))
    first = (made.state, made.problem, made.leaves_at)
    smtp.cuts = ""

    sent(made, now=LATER + timedelta(minutes=2))

    assert first == ("waiting", "line", LATER + timedelta(minutes=2))
    assert (made.state, made.problem, len(smtp.taken)) == ("sent", "", 1)


def test_a_line_that_stays_broken_is_told(
    sales: Mailbox, romashka: Counterparty, manager: User, smtp: SmtpServer  # noqa: F811
) -> None:
    smtp.cuts = "DATA"
    made = written(sales, romashka, manager)

    for hour in range(1, 7):
        sent(made, now=NOW + timedelta(hours=hour))

    assert (made.state, made.attempts) == ("failed", delivering.MOST_ATTEMPTS)


@pytest.mark.parametrize(
    ("change", "code", "told"),
    [
        ({"password": "another"}, "login", "wrong password"),
        ({"answer": "554 5.7.1 spam"}, "refused", "554 5.7.1 spam"),
        ({"refuses": {"buh@romashka.example"}}, "refused", "no such person"),
    ],
    ids=["password", "message", "only recipient"],
)
def test_a_refusal_is_told_in_the_words_of_the_server(
    sales: Mailbox, smtp: SmtpServer, romashka: Counterparty, manager: User,  # noqa: F811
    change: dict[str, Any], code: str, told: str,
) -> None:
    for name, value in change.items():
        setattr(smtp, name, value)

    made = sent(written(sales, romashka, manager))

    assert (made.state, made.problem, smtp.taken) == ("failed", code, [])
    assert told in sending_text(made.problem, made.problem_detail)


def test_a_server_that_asks_to_come_later_is_asked_later(
    sales: Mailbox, smtp: SmtpServer, romashka: Counterparty, manager: User  # noqa: F811
) -> None:
    smtp.answer = "451 4.7.1 greylisted"

    made = sent(written(sales, romashka, manager))

    assert (made.state, made.problem) == ("waiting", "later")


def test_the_one_recipient_that_is_refused_is_named(
    sales: Mailbox, smtp: SmtpServer, romashka: Counterparty, manager: User  # noqa: F811
) -> None:
    smtp.refuses = {"gone@romashka.example"}

    made = sent(written(sales, romashka, manager, cc=["gone@romashka.example"]))

    card = timeline.Card(cards.kind_of("counterparties"), romashka.pk, manager)
    (entry,) = timeline.page(card, only="mail").entries
    assert (made.state, made.refused) == ("sent", ["gone@romashka.example"])
    assert "gone@romashka.example" in entry.details[0].problem


def test_a_failed_letter_is_sent_again_by_its_writer(
    sales: Mailbox, smtp: SmtpServer, romashka: Counterparty, manager: User  # noqa: F811
) -> None:
    smtp.password = "another"
    made = sent(written(sales, romashka, manager))
    smtp.password = "correct horse"

    writing.send_again(sending_id=made.pk, by=manager, now=LATER)

    assert sent(made, now=LATER + timedelta(seconds=11)).state == "sent"
    assert len(smtp.taken) == 1


def test_what_is_sent_stands_once_and_its_copy_lies_in_the_box(
    sales: Mailbox, server: ImapServer, smtp: SmtpServer, romashka: Counterparty,  # noqa: F811
    manager: User,
) -> None:
    """G022: what was written here and found in the box later is one entry."""
    made = written(sales, romashka, manager)
    before = titles("counterparties", romashka.pk, manager)
    sent(made)

    for minute in (1, 6, 11):
        services.read_box(mailbox_id=sales.pk, now=NOW + timedelta(minutes=minute))

    assert before == titles("counterparties", romashka.pk, manager) == ["Offer"]
    assert server.appended == [smtp.taken[0].raw]
    made.refresh_from_db()
    assert made.copied_at is not None
    assert MailMessage.objects.get().places.count() == 1


@pytest.mark.parametrize("keeps", ["said", "found"])
def test_a_server_that_keeps_copies_gets_none(
    sales: Mailbox, server: ImapServer, smtp: SmtpServer, romashka: Counterparty,  # noqa: F811
    manager: User, keeps: str,
) -> None:
    Mailbox.objects.update(keeps_sent=keeps == "said")
    sent(written(sales, romashka, manager))
    if keeps == "found":
        server.folders["Sent"].messages[1] = smtp.taken[0].raw

    services.read_box(mailbox_id=sales.pk, now=NOW + timedelta(minutes=1))

    assert server.appended == []


def test_an_answer_names_what_it_answers(
    sales: Mailbox, server: ImapServer, smtp: SmtpServer, romashka: Counterparty,  # noqa: F811
    manager: User,
) -> None:
    server.folders["INBOX"].messages[1] = letter(1)
    read(sales)
    asked = MailMessage.objects.get()

    made = written(sales, romashka, manager, answers=asked.pk, subject="Re: Nails")
    sent(made)

    message = taken(smtp)
    assert message["In-Reply-To"] == message["References"] == "<1@x.example>"
    assert selectors.conversation(made.message, user=manager) == [asked, made.message]


def test_the_address_that_was_looked_at_is_called(
    sales: Mailbox, smtp: SmtpServer, romashka: Counterparty, manager: User,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A name that points elsewhere a moment later reaches nothing."""
    monkeypatch.setattr(handing, "outside", lambda *_there: "127.0.0.1")
    Mailbox.objects.update(smtp_host="smtp.nowhere.invalid")

    assert sent(written(sales, romashka, manager)).state == "sent"


def test_a_server_inside_our_network_is_not_called(
    sales: Mailbox, smtp: SmtpServer, romashka: Counterparty, manager: User,  # noqa: F811
    settings: Any,
) -> None:
    settings.MAIL_MAY_STAY_INSIDE = False

    made = sent(written(sales, romashka, manager))

    assert (made.state, made.problem, smtp.asked) == ("failed", "private", [])


def test_a_password_goes_over_no_open_line(
    sales: Mailbox, smtp: SmtpServer, romashka: Counterparty, manager: User,  # noqa: F811
    settings: Any, monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings.MAIL_MAY_STAY_INSIDE = False
    monkeypatch.setattr(handing, "outside", lambda *_there: "127.0.0.1")

    made = sent(written(sales, romashka, manager))

    assert (made.state, made.problem) == ("failed", "open")
    assert not any(said.startswith("AUTH") for said in smtp.asked)


def test_a_colleagues_own_box_is_not_written_from(
    server: ImapServer, smtp: SmtpServer, romashka: Counterparty, manager: User,  # noqa: F811
    accountant: User,
) -> None:
    theirs = sending_box(server, smtp, owner=accountant)

    with pytest.raises(writing.NotYourBox):
        written(theirs, romashka, manager)

    assert not MailMessage.objects.exists()


def test_nothing_is_written_to_a_vip_customer_whose_address_is_closed(
    sales: Mailbox, romashka: Counterparty, manager: User, owner: User  # noqa: F811
) -> None:
    Counterparty.objects.filter(pk=romashka.pk).update(is_vip=True, responsible=owner)

    with pytest.raises(writing.CardClosed):
        written(sales, romashka, manager)

    assert not MailMessage.objects.exists()
    assert written(sales, romashka, owner).state == "waiting"


def test_files_above_the_limit_are_refused(
    sales: Mailbox, romashka: Counterparty, manager: User,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("apps.mail.files.LARGEST_OF_ALL", 5)

    with pytest.raises(writing.TooLarge):
        written(sales, romashka, manager, attached=[ReadFile("a.txt", b"123456")])

    assert not MailMessage.objects.exists()


def test_a_letter_of_another_company_is_not_sent(
    server: ImapServer, smtp: SmtpServer, acme: Company, rival: Company,  # noqa: F811
    manager: User,
) -> None:
    with tenant_context(acme):
        partner = Counterparty.objects.create(name="Romashka", sort_name="romashka")
        made = written(sending_box(server, smtp), partner, manager)
    with tenant_context(rival):
        assert delivering.send(sending_id=made.pk, now=LATER) is None
        assert delivering.due(now=LATER) == []

    assert smtp.asked == []


def test_a_letter_from_a_contact_stands_on_both_cards(
    sales: Mailbox, romashka: Counterparty, anna: ContactPerson, manager: User  # noqa: F811
) -> None:
    writing.write(
        draft=draft(sales, to=["somebody@else.example"]), kind="contacts", key=anna.pk,
        by=manager, now=NOW,
    )  # fmt: skip

    assert titles("contacts", anna.pk, manager) == ["Offer"]
    assert titles("counterparties", romashka.pk, manager) == ["Offer"]


def test_what_was_left_behind_is_sent_by_the_clock(
    sales: Mailbox, smtp: SmtpServer, romashka: Counterparty, manager: User  # noqa: F811
) -> None:
    """A task that was lost, with its queue, loses no letter."""
    made = written(sales, romashka, manager)

    look_at_outbox.delay()
    look_at_outbox.delay()

    made.refresh_from_db()
    assert (made.state, len(smtp.taken)) == ("sent", 1)

"""The page of mail: everybody reads what is theirs; strangers are made customers or ignored."""

from __future__ import annotations

from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django_tenants.utils import tenant_context

from apps.accounts.models import User
from apps.counterparties import privacy
from apps.counterparties.files import stored_as
from apps.counterparties.models import ContactPerson, ContactPoint, Counterparty
from apps.mail import selectors, strangers
from apps.mail.models import IgnoredSender, Mailbox, MailFile, MailMessage
from apps.retention import services as retention
from tenants.models import Company
from tests.apps.mail.server import ImapServer
from tests.apps.mail.test_reading import (  # noqa: F401
    NOW,
    anna,
    box,
    inside,
    letter,
    read,
    romashka,
    server,
    titles,
)

STRANGER = "Oleg <oleg@else.example>"


def with_files(number: int, sender: str = "buh@romashka.example") -> bytes:
    """A letter with a PDF and a logo that belongs to its text."""
    message = EmailMessage()
    message["From"], message["To"] = sender, "sales@acme.example"
    message["Subject"], message["Message-ID"] = "With a file", f"<f{number}@x.example>"
    message["Date"] = "Sun, 22 Nov 2026 10:00:00 +0300"
    message.set_content("See the act.")
    message.add_attachment(
        b"%PDF-1.4 act", maintype="application", subtype="pdf", filename="Акт.pdf"
    )
    message.add_attachment(
        b"GIF89a", maintype="image", subtype="gif", filename="logo.gif", disposition="inline",
        cid="<logo>",
    )  # fmt: skip
    return message.as_bytes()


def wrote(mail: ImapServer, mailbox: Mailbox, **more: Any) -> None:
    """A stranger's letter, read."""
    into = mail.folders["INBOX"].messages
    number = max(into, default=0) + 1
    into[number] = letter(number, **{"sender": STRANGER, **more})
    read(mailbox)


def test_the_page_shows_what_came_and_whose_it_is(
    server: ImapServer, romashka: Counterparty, manager_client: Client  # noqa: F811
) -> None:
    """F119: what came stands on one page, known and unknown, received and sent."""
    server.folders["INBOX"].messages = {1: letter(1), 2: letter(2, sender=STRANGER, subject="Hi")}
    server.folders["Sent"].messages[1] = letter(
        3, sender="sales@acme.example", to="buh@romashka.example", subject="Bill"
    )
    mailbox = box(server)
    read(mailbox)

    def shown(asked: str) -> set[str]:
        page = manager_client.get(f"/mail/?{asked}").content.decode()
        return {name for name in ("Nails", "Hi", "Bill") if f">{name} <" in page}

    assert shown("") == {"Nails", "Hi", "Bill"}
    assert shown("direction=out") == {"Bill"}
    assert shown("whose=customer") == {"Nails", "Bill"}
    assert shown("whose=unknown") == {"Hi"}
    assert shown(f"box={mailbox.pk}") == {"Nails", "Hi", "Bill"}
    assert shown("q=oleg") == {"Hi"}


def test_the_page_asks_little(
    server: ImapServer, romashka: Counterparty, manager_client: Client  # noqa: F811
) -> None:
    server.folders["INBOX"].messages = {n: letter(n) for n in range(1, 31)}
    read(box(server))
    manager_client.get("/mail/")

    with CaptureQueriesContext(connection) as queries:
        manager_client.get("/mail/")

    assert len(queries) <= 12


def test_a_letter_is_shown_whole_with_its_conversation(
    server: ImapServer, romashka: Counterparty, manager_client: Client  # noqa: F811
) -> None:
    answer = letter(2, subject="Re: Nails", body=b"When?").replace(
        b"Message-ID:", b"In-Reply-To: <1@x.example>\r\nMessage-ID:"
    )
    server.folders["INBOX"].messages = {1: letter(1), 2: answer, 3: letter(3, subject="Other")}
    read(box(server))
    shown = MailMessage.objects.get(subject="Re: Nails")

    page = manager_client.get(f"/mail/messages/{shown.pk}/").content.decode()

    assert "We need nails." in page
    assert "When?" in page
    assert "Other" not in page
    assert f"/mail/write/counterparties/{romashka.pk}/?reply={shown.pk}" in page


def test_letters_of_strangers_are_for_those_of_the_box(
    server: ImapServer, company: Company, manager: User, accountant: User  # noqa: F811
) -> None:
    """A person's own box is read by that person, shared though it be with customers' cards."""
    wrote(server, box(server, owner=manager))

    assert selectors.readable(manager).count() == selectors.strangers(manager).count() == 1
    assert selectors.readable(accountant).count() == selectors.strangers(accountant).count() == 0


def test_a_letter_of_a_closed_vip_customer_is_not_on_the_page(
    server: ImapServer, romashka: Counterparty, manager: User, owner: User,  # noqa: F811
    manager_client: Client,
) -> None:
    Counterparty.objects.filter(pk=romashka.pk).update(is_vip=True, responsible=owner)
    server.folders["INBOX"].messages[1] = with_files(1)
    read(box(server))
    message, file = MailMessage.objects.get(), MailFile.objects.get()

    answers = [
        manager_client.get(address).status_code
        for address in (f"/mail/messages/{message.pk}/", f"/mail/files/{file.pk}/")
    ]

    assert answers == [404, 404]
    assert b"With a file" not in manager_client.get("/mail/").content
    assert selectors.readable(owner).count() == 1


def test_another_company_reads_nothing(
    server: ImapServer, acme: Company, rival: Company, owner_client: Client,  # noqa: F811
) -> None:
    server.folders["INBOX"].messages[1] = with_files(1, sender=STRANGER)
    with tenant_context(rival):
        read(box(server))
        message, file = MailMessage.objects.get(), MailFile.objects.get()

    for address in (f"/mail/messages/{message.pk}/", f"/mail/files/{file.pk}/"):
        assert owner_client.get(address).status_code == 404
    assert b"With a file" not in owner_client.get("/mail/").content
    assert b"oleg" not in owner_client.get("/mail/strangers/").content


def test_strangers_stand_by_sender_and_machines_only_when_asked(
    server: ImapServer, romashka: Counterparty, manager_client: Client  # noqa: F811
) -> None:
    news = letter(3, sender="news@shop.example").replace(
        b"Message-ID:", b"List-Unsubscribe: <https://shop.example>\r\nMessage-ID:"
    )
    robot = letter(4, sender="no-reply@bank.example")
    server.folders["INBOX"].messages = {
        1: letter(1, sender=STRANGER), 2: letter(2, sender=STRANGER), 3: news, 4: robot,
        5: letter(5),
    }  # fmt: skip
    read(box(server))

    people = manager_client.get("/mail/strangers/").context["senders"]
    everybody = manager_client.get("/mail/strangers/?automatic=yes").context["senders"]

    assert [(each.address, each.name, each.count) for each in people] == [
        ("oleg@else.example", "Oleg", 2)
    ]
    assert {each.address for each in everybody} == {
        "oleg@else.example", "news@shop.example", "no-reply@bank.example"
    }  # fmt: skip


def test_a_stranger_becomes_a_lead_with_the_letters(
    server: ImapServer, company: Company, manager: User, manager_client: Client  # noqa: F811
) -> None:
    """F119: a request by e-mail becomes a lead; what was written stands on its card."""
    wrote(server, box(server))

    answer = manager_client.post("/mail/strangers/lead/", {"address": "oleg@else.example"})

    lead = Counterparty.objects.get()
    assert answer["Location"] == f"/counterparties/{lead.pk}/"
    assert (lead.name, lead.email, lead.status) == ("Oleg", "oleg@else.example", "lead")
    assert lead.responsible == manager
    assert titles("counterparties", lead.pk, manager) == ["Nails"]
    assert not selectors.strangers(manager).exists()


def test_a_strangers_address_is_added_to_a_customer(
    server: ImapServer, romashka: Counterparty, manager: User, manager_client: Client  # noqa: F811
) -> None:
    wrote(server, mailbox := box(server))

    manager_client.post(
        "/mail/strangers/add/",
        {"address": "oleg@else.example", "counterparty": str(romashka.pk)},
    )
    wrote(server, mailbox, subject="Screws")

    romashka.refresh_from_db()
    assert ContactPoint.objects.get().normalized == "oleg@else.example"
    assert romashka.further_contacts == "oleg@else.example"
    assert set(titles("counterparties", romashka.pk, manager)) == {"Nails", "Screws"}


def test_a_strangers_address_is_added_to_a_contact_person(
    server: ImapServer, romashka: Counterparty, anna: ContactPerson, manager: User,  # noqa: F811
    manager_client: Client,
) -> None:
    wrote(server, box(server))

    manager_client.post(
        "/mail/strangers/add/",
        {
            "address": "oleg@else.example", "counterparty": str(romashka.pk),
            "person": str(anna.pk),
        },
    )  # fmt: skip

    assert ContactPoint.objects.get().person == anna
    assert titles("contacts", anna.pk, manager) == ["Nails"]
    assert titles("counterparties", romashka.pk, manager) == ["Nails"]


def test_an_ignored_address_is_left_out_until_it_is_taken_back(
    server: ImapServer, company: Company, manager_client: Client  # noqa: F811
) -> None:
    wrote(server, mailbox := box(server))

    manager_client.post("/mail/strangers/ignore/", {"address": "oleg@else.example"})
    wrote(server, mailbox)
    left_out = MailMessage.objects.count()
    ignored = IgnoredSender.objects.get()
    manager_client.post(f"/mail/ignored/{ignored.pk}/stop/")
    wrote(server, mailbox, subject="Again")

    assert left_out == 0
    assert [row.subject for row in MailMessage.objects.all()] == ["Again"]


def test_an_ignored_address_that_is_a_customers_is_read(
    server: ImapServer, romashka: Counterparty  # noqa: F811
) -> None:
    mailbox = box(server)
    IgnoredSender.objects.create(mailbox=mailbox, address="buh@romashka.example")
    server.folders["INBOX"].messages[1] = letter(1)

    assert read(mailbox) == 1


def test_letters_in_a_colleagues_box_outlive_anothers_ignoring(
    server: ImapServer, company: Company, manager: User, accountant: User  # noqa: F811
) -> None:
    mine, theirs = box(server), box(server, address="b@acme.example", owner=accountant)
    wrote(server, mine)
    read(theirs)

    strangers.ignore(address="oleg@else.example", by=manager)

    assert selectors.readable(accountant).count() == 1
    assert [each.mailbox for each in IgnoredSender.objects.all()] == [mine]


@pytest.mark.parametrize("verb", ["lead", "add", "ignore"])
def test_nobody_acts_on_letters_of_a_colleagues_own_box(
    server: ImapServer, romashka: Counterparty, accountant: User, manager_client: Client,  # noqa: F811
    verb: str,
) -> None:
    wrote(server, box(server, owner=accountant))
    before = Counterparty.objects.count()

    answer = manager_client.post(
        f"/mail/strangers/{verb}/",
        {"address": "oleg@else.example", "counterparty": str(romashka.pk)},
    )

    assert answer.status_code == 404
    assert (Counterparty.objects.count(), ContactPoint.objects.count()) == (before, 0)
    assert not IgnoredSender.objects.exists()


def test_another_persons_ignored_address_is_not_taken_back(
    server: ImapServer, company: Company, accountant: User, manager_client: Client  # noqa: F811
) -> None:
    row = IgnoredSender.objects.create(mailbox=box(server, owner=accountant), address="a@b.example")

    assert manager_client.post(f"/mail/ignored/{row.pk}/stop/").status_code == 404
    assert IgnoredSender.objects.exists()


def test_what_is_attached_is_kept_and_given_to_who_reads_the_letter(
    server: ImapServer, romashka: Counterparty, manager_client: Client  # noqa: F811
) -> None:
    """G022: files stand at the entry they came with."""
    server.folders["INBOX"].messages[1] = with_files(1)
    read(box(server))
    file = MailFile.objects.get()

    card = manager_client.get(f"/counterparties/{romashka.pk}/").content.decode()
    answer = manager_client.get(f"/mail/files/{file.pk}/?as=download")

    assert (file.name, file.size, file.content_type) == ("Акт.pdf", 12, "application/pdf")
    assert f'href="/mail/files/{file.pk}/"' in card
    assert b"".join(answer.streaming_content) == b"%PDF-1.4 act"
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_a_file_that_is_no_picture_is_never_shown_in_place(
    server: ImapServer, romashka: Counterparty, manager_client: Client  # noqa: F811
) -> None:
    raw = with_files(1).replace(b"application/pdf", b"text/html")
    server.folders["INBOX"].messages[1] = raw.replace(b"JVBERi0xLjQgYWN0", b"PHNjcmlwdD4=")
    read(box(server))

    answer = manager_client.get(f"/mail/files/{MailFile.objects.get().pk}/")

    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith("attachment")


def test_files_go_with_the_letters_of_an_erased_person(
    server: ImapServer, romashka: Counterparty, anna: ContactPerson,  # noqa: F811
    django_capture_on_commit_callbacks: Any,
) -> None:
    """G052: erasing takes the bytes of what was attached as well."""
    server.folders["INBOX"].messages[1] = with_files(1, sender="anna@romashka.example")
    read(box(server))
    stored = stored_as(MailFile.objects.get().digest)

    with django_capture_on_commit_callbacks(execute=True):
        privacy.erase(subject=anna, by=None, now=NOW)

    assert not MailFile.objects.exists()
    assert not default_storage.exists(stored)


@pytest.mark.parametrize("address", ["/mail/", "/mail/strangers/", "/mail/ignored/"])
def test_without_boxes_the_pages_lead_to_the_settings(
    company: Company, owner_client: Client, manager_client: Client, address: str
) -> None:
    mine, theirs = owner_client.get(address), manager_client.get(address)

    assert (mine.status_code, theirs.status_code) == (200, 200)
    if address != "/mail/ignored/":
        assert b"/mail/boxes/new/" in mine.content
        assert b"/mail/boxes/new/" not in theirs.content


def test_letters_of_strangers_are_erased_by_the_clock_and_those_of_customers_stay(
    server: ImapServer, romashka: Counterparty, owner: User,  # noqa: F811
    django_capture_on_commit_callbacks: Any,
) -> None:
    """G052: retention; what is attached goes too, and comes not back with the next reading."""
    server.folders["INBOX"].messages = {
        1: with_files(1, sender=STRANGER), 2: letter(2, sender=STRANGER), 3: letter(3),
    }  # fmt: skip
    mailbox = box(server)
    read(mailbox)
    now = NOW
    young = MailMessage.objects.exclude(files=None).get()
    MailMessage.objects.exclude(pk=young.pk).update(sent_at=now - timedelta(days=100))
    kept = {each.subject for each in MailMessage.objects.exclude(links=None)}
    retention.save_rules(months={"strangers_mail": 2}, by=owner)

    assert retention.run(now=now) == {"strangers_mail": 1}
    MailMessage.objects.filter(pk=young.pk).update(sent_at=now - timedelta(days=100))
    digests = list(MailFile.objects.values_list("digest", flat=True))
    with django_capture_on_commit_callbacks(execute=True):
        assert retention.run(now=now) == {"strangers_mail": 1}
    read(mailbox)

    assert {each.subject for each in MailMessage.objects.all()} == kept
    assert digests
    assert not any(default_storage.exists(stored_as(each)) for each in digests)


def test_the_page_finds_words_of_the_text_by_its_index(
    server: ImapServer, romashka: Counterparty, manager_client: Client  # noqa: F811
) -> None:
    """F119, G003: the search of the page looks into the text, whatever the letters."""
    server.folders["INBOX"].messages = {
        1: letter(1, body="Нужны гвозди и çivi.".encode()), 2: letter(2, subject="Hi"),
    }  # fmt: skip
    read(box(server))

    def shown(words: str) -> set[str]:
        page = manager_client.get("/mail/", {"q": words}).content.decode()
        return {name for name in ("Nails", "Hi") if f">{name} <" in page}

    assert [shown(words) for words in ("gvozdi", "civi nails", "nothing")] == [
        {"Nails"}, {"Nails"}, set(),
    ]  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(
            "EXPLAIN SELECT id FROM mail_mailmessage WHERE search_text LIKE '%gvozdi%'"
        )
        assert "mail_message_by_part" in "".join(row[0] for row in cursor.fetchall())


def test_the_search_of_the_text_tells_nobody_of_others_letters(
    server: ImapServer, company: Company, owner: User, manager_client: Client  # noqa: F811
) -> None:
    """F219: what stands in a colleague's own box is not found by its words."""
    server.folders["INBOX"].messages = {1: letter(1, body=b"A secret plan.")}
    read(box(server, owner=owner, shares_matched=False))

    assert ">Nails <" not in manager_client.get("/mail/", {"q": "secret"}).content.decode()


def test_the_open_page_fetches_its_rows_when_letters_come(
    romashka: Counterparty, manager_client: Client  # noqa: F811
) -> None:
    """F119: without reload, as other lists do."""
    page = manager_client.get("/mail/").content.decode()

    assert "live:mail_mailmessage from:body" in page
    assert "live:mail_mailsending from:body" in page

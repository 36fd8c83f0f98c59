"""The form of a letter at the timeline: who may write, to whom, what comes back."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from django_tenants.utils import tenant_context

from apps.accounts.models import User
from apps.counterparties.models import ContactPerson, Counterparty
from apps.mail import delivering, writing
from apps.mail.draft_form import Addresses
from apps.mail.models import Mailbox, MailFile, MailMessage, MailSending
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
)
from tests.apps.mail.test_sending import sales, sending_box, smtp, written  # noqa: F401

HTMX = {"HX-Request": "true"}


def at(partner: Any, kind: str = "counterparties") -> str:
    return f"/mail/write/{kind}/{partner.pk}/"


def filled(mailbox: Mailbox, **more: Any) -> dict[str, Any]:
    return {
        "mailbox": str(mailbox.pk), "chosen": ["buh@romashka.example"], "subject": "Offer",
        "text": "Nails.", **more,
    }  # fmt: skip


def test_the_key_m_opens_the_form_of_a_letter(
    sales: Mailbox, romashka: Counterparty, manager_client: Client  # noqa: F811
) -> None:
    """G023: n, t, l, m open note, task, call and e-mail at the timeline; v the meeting."""
    page = manager_client.get(f"/counterparties/{romashka.pk}/").content.decode()

    form = manager_client.get(at(romashka), headers=HTMX).content.decode()

    assert f'href="{at(romashka)}" data-further="m"' in page
    assert 'value="buh@romashka.example"' in form
    assert "<html" not in form


def test_a_branch_office_offers_no_letter(
    romashka: Counterparty, manager_client: Client, settings: Any  # noqa: F811
) -> None:
    settings.IS_OFFICE = True

    page = manager_client.get(f"/counterparties/{romashka.pk}/").content.decode()

    assert 'data-key="n"' in page
    assert 'data-further="m"' not in page


def test_a_letter_is_written_without_leaving_the_page(
    sales: Mailbox, romashka: Counterparty, manager_client: Client, smtp: SmtpServer  # noqa: F811
) -> None:
    """G023: the letter stands at the timeline at once, and a toast takes it back."""
    answer = manager_client.post(
        at(romashka), filled(sales, to="Anna <anna@romashka.example>; boss@romashka.example"),
        headers=HTMX,
    )  # fmt: skip

    made = MailSending.objects.get()
    told = json.loads(answer["HX-Trigger"])
    timeline = manager_client.get(f"/counterparties/{romashka.pk}/").content.decode()
    assert answer.content == b""
    assert made.to == [
        "buh@romashka.example", "anna@romashka.example", "boss@romashka.example"
    ]  # fmt: skip
    assert told["toast"]["undo"]["url"] == f"/mail/sendings/{made.pk}/hold/"
    assert "Leaves in a moment" in timeline
    assert smtp.asked == []


def test_undo_opens_the_letter_again(
    sales: Mailbox, romashka: Counterparty, manager_client: Client  # noqa: F811
) -> None:
    file = SimpleUploadedFile("offer.txt", b"twelve")
    manager_client.post(at(romashka), filled(sales, uploads=[file]), headers=HTMX)
    made = MailSending.objects.get()

    answer = manager_client.post(f"/mail/sendings/{made.pk}/hold/", headers=HTMX)
    opened = json.loads(answer["HX-Trigger"])["composer-open"]["url"]
    form = manager_client.get(opened, headers=HTMX).content.decode()

    made.refresh_from_db()
    assert made.state == "held"
    assert 'value="Offer"' in form
    assert "offer.txt" in form


def test_what_was_taken_back_is_changed_and_sent_with_its_files(
    sales: Mailbox, romashka: Counterparty, manager_client: Client, manager: User  # noqa: F811
) -> None:
    file = SimpleUploadedFile("offer.txt", b"twelve")
    manager_client.post(at(romashka), filled(sales, uploads=[file]), headers=HTMX)
    before, kept = MailSending.objects.get(), [str(MailFile.objects.get().pk)]
    writing.take_back(sending_id=before.pk, by=manager, now=timezone.now())

    manager_client.post(
        at(romashka), filled(sales, subject="Better", draft=str(before.pk), kept=kept),
        headers=HTMX,
    )  # fmt: skip

    made = MailSending.objects.get()
    assert (made.message.subject, made.state) == ("Better", "waiting")
    assert [file.name for file in made.message.files.all()] == ["offer.txt"]


def test_without_a_script_the_form_leads_back_to_the_card(
    sales: Mailbox, romashka: Counterparty, manager_client: Client  # noqa: F811
) -> None:
    page = manager_client.get(at(romashka)).content.decode()
    answer = manager_client.post(at(romashka), filled(sales))

    assert "<html" in page
    assert (answer.status_code, answer["Location"]) == (302, f"/counterparties/{romashka.pk}/")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"chosen": []}, "to"), ({"to": "anna at home"}, "to"), ({"subject": " "}, "subject"),
        ({"text": ""}, "text"), ({"cc": "nobody@"}, "cc"),
        ({"to": " ".join(f"p{each}@x.example" for each in range(51))}, "to"),
    ],
    ids=["to nobody", "no address", "no subject", "no text", "copy to nobody", "to a crowd"],
)  # fmt: skip
def test_what_is_wrong_with_a_letter_is_said(
    sales: Mailbox, romashka: Counterparty, manager_client: Client,  # noqa: F811
    change: dict[str, Any], field: str,
) -> None:
    answer = manager_client.post(at(romashka), filled(sales, **change), headers=HTMX)

    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert not MailMessage.objects.exists()


def test_addresses_are_taken_as_people_paste_them() -> None:
    found = Addresses().clean('"Ivanova, Anna" <Anna@Почта.рф>, b@x.example')

    assert found == ["Anna@xn--80a1acny.xn--p1ai", "b@x.example"]


def test_a_subject_cannot_smuggle_a_header(
    sales: Mailbox, smtp: SmtpServer, romashka: Counterparty, manager_client: Client  # noqa: F811
) -> None:
    manager_client.post(
        at(romashka), filled(sales, subject="Offer\r\nBcc: thief@x.example"), headers=HTMX
    )
    made = MailSending.objects.get()

    delivering.send(sending_id=made.pk, now=timezone.now() + timedelta(minutes=1))

    assert smtp.taken[0].to == ["buh@romashka.example"]
    assert b"\nBcc:" not in smtp.taken[0].raw


def test_an_answer_to_all_leaves_ourselves_out(
    server: ImapServer, sales: Mailbox, romashka: Counterparty, anna: ContactPerson,  # noqa: F811
    manager_client: Client,
) -> None:
    """G022: an answer goes to the sender, quotes, and to all if one wants."""
    server.folders["INBOX"].messages[1] = letter(
        1, to="sales@acme.example, anna@romashka.example, boss@romashka.example"
    )
    read(sales)
    asked = MailMessage.objects.get()

    one, everybody = (
        manager_client.get(f"{at(romashka)}?reply={asked.pk}{more}").context["form"].initial
        for more in ("", "&all=1")
    )

    assert (one["chosen"], one["to"], one["cc"]) == (["buh@romashka.example"], "", "")
    assert everybody["cc"] == "anna@romashka.example, boss@romashka.example"
    assert one["subject"] == "Re: Nails"
    assert one["text"].endswith("buh@romashka.example wrote:\n> We need nails.")


def test_who_has_no_box_is_told_whom_to_ask(
    romashka: Counterparty, manager_client: Client, owner_client: Client,  # noqa: F811
) -> None:
    asks = manager_client.get(at(romashka), headers=HTMX).content.decode()
    connects = owner_client.get(at(romashka), headers=HTMX).content.decode()

    assert "no mailbox yet" in asks
    assert "Ask for one:" in asks
    assert "/mail/boxes/" not in asks
    assert "/mail/boxes/" in connects


def test_a_box_that_is_only_read_is_not_offered(
    server: ImapServer, romashka: Counterparty, manager_client: Client  # noqa: F811
) -> None:
    box(server)

    form = manager_client.get(at(romashka), headers=HTMX).content.decode()

    assert "no mailbox yet" in form


def test_a_colleagues_own_box_is_neither_offered_nor_taken(
    server: ImapServer, smtp: SmtpServer, sales: Mailbox, romashka: Counterparty,  # noqa: F811
    manager_client: Client, accountant: User,
) -> None:
    theirs = sending_box(server, smtp, address="buh@acme.example", owner=accountant)

    form = manager_client.get(at(romashka), headers=HTMX).content.decode()
    answer = manager_client.post(at(romashka), filled(theirs), headers=HTMX)

    assert "buh@acme.example" not in form
    assert answer.status_code == 422
    assert not MailMessage.objects.exists()


def test_nothing_is_written_to_a_closed_vip_customer(
    sales: Mailbox, romashka: Counterparty, manager_client: Client, owner: User  # noqa: F811
) -> None:
    Counterparty.objects.filter(pk=romashka.pk).update(is_vip=True, responsible=owner)

    form = manager_client.get(at(romashka), headers=HTMX).content.decode()
    answer = manager_client.post(
        at(romashka), filled(sales, chosen=[], to="x@y.example"), headers=HTMX
    )

    assert "not shown to you" in form
    assert "buh@romashka.example" not in form.lower()
    assert "not shown to you" in answer.content.decode()
    assert not MailMessage.objects.exists()


def test_a_letter_of_a_colleagues_own_box_is_not_held_nor_read(
    server: ImapServer, smtp: SmtpServer, romashka: Counterparty, manager_client: Client,  # noqa: F811
    accountant: User,
) -> None:
    theirs = sending_box(server, smtp, owner=accountant, shares_matched=False)
    file = writing.ReadFile("secret.txt", b"secret")
    made = written(theirs, romashka, accountant, attached=[file])

    answers = [
        manager_client.post(f"/mail/sendings/{made.pk}/{verb}/").status_code
        for verb in ("hold", "again", "discard")
    ]
    answers += [
        manager_client.get(address).status_code
        for address in (
            f"/mail/messages/{made.message_id}/", f"/mail/files/{MailFile.objects.get().pk}/",
            f"{at(romashka)}?reply={made.message_id}", f"{at(romashka)}?draft={made.pk}",
        )
    ]  # fmt: skip

    made.refresh_from_db()
    assert answers == [404] * 7
    assert made.state == "waiting"


def test_a_card_of_another_company_is_not_written_from(
    rival: Company, owner_client: Client
) -> None:
    with tenant_context(rival):
        theirs = Counterparty.objects.create(name="Theirs", sort_name="theirs")

    assert owner_client.get(at(theirs)).status_code == 404
    assert owner_client.post(at(theirs)).status_code == 404


def test_a_failed_letter_says_why_and_offers_to_try_again(
    sales: Mailbox, smtp: SmtpServer, romashka: Counterparty, manager: User,  # noqa: F811
    manager_client: Client,
) -> None:
    smtp.answer = "554 5.7.1 looks like spam"
    made = written(sales, romashka, manager)
    delivering.send(sending_id=made.pk, now=timezone.now() + timedelta(minutes=1))
    card = manager_client.get(f"/counterparties/{romashka.pk}/").content.decode()

    manager_client.post(f"/mail/sendings/{made.pk}/again/", headers=HTMX)

    made.refresh_from_db()
    assert "looks like spam" in card
    assert f'action="/mail/sendings/{made.pk}/again/"' in card
    assert made.state == "waiting"


def test_what_is_taken_back_is_deleted(
    sales: Mailbox, romashka: Counterparty, manager: User, manager_client: Client  # noqa: F811
) -> None:
    made = written(sales, romashka, manager)
    refused = manager_client.post(f"/mail/sendings/{made.pk}/discard/", headers=HTMX)
    writing.take_back(sending_id=made.pk, by=manager, now=timezone.now())

    manager_client.post(f"/mail/sendings/{made.pk}/discard/", headers=HTMX)

    assert "Too late" in refused["HX-Trigger"]
    assert not MailMessage.objects.exists()

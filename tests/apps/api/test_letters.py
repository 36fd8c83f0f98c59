"""Letters by the API: those a person may read, and none of anybody else's."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from django_tenants.utils import tenant_context

from apps.accounts.models import Scope, User
from apps.counterparties.models import Counterparty
from apps.mail.models import Mailbox, MailFolder, MailLink, MailMessage, MailPlace
from tenants.models import Company
from tests.apps.custom.asking import ask
from tests.apps.custom.test_computed_rights import narrow

SENT_AT = datetime(2026, 11, 22, 7, tzinfo=UTC)


def a_box(name: str, **more: Any) -> MailFolder:
    made = Mailbox.objects.create(
        name=name, address=f"{name.lower()}@acme.example", imap_host="mail.example", login=name,
        **more,
    )  # fmt: skip
    return MailFolder.objects.create(mailbox=made, name="INBOX")


def a_letter(
    folder: MailFolder, subject: str, *, on: Counterparty | None = None, **more: Any
) -> MailMessage:
    """A letter in a folder, on the card of a customer."""
    made = MailMessage.objects.create(
        message_id=f"<{subject}@x.example>", sent_at=SENT_AT, subject=subject,
        from_address="buh@romashka.example", **more,
    )  # fmt: skip
    number = MailPlace.objects.count()
    MailPlace.objects.create(message=made, folder=folder, uidvalidity=1, uid=number)
    if on is not None:
        MailLink.objects.create(
            message=made, kind="counterparties", key=on.pk, counterparty=on, at=SENT_AT
        )
    return made


@pytest.fixture
def romashka(company: Company, owner: User) -> Counterparty:
    return Counterparty.objects.create(name="Romashka", sort_name="romashka", responsible=owner)


def subjects(user: User, asked: str = "letters") -> list[str]:
    return [each["subject"] for each in ask(user, asked).json()["data"]]


def test_letters_are_listed_with_their_customers(
    romashka: Counterparty, manager: User
) -> None:
    """F119, G049: a program reads the letters of shared boxes, each with its customer."""
    made = a_letter(
        a_box("Sales", shares_matched=True), "Nails", on=romashka, text="We need nails.",
        to_addresses=["sales@acme.example"],
    )  # fmt: skip

    listed = ask(manager, "letters").json()["data"]
    one = ask(manager, f"letters/{made.pk}").json()

    assert listed == [one]
    assert one["counterparties"] == [str(romashka.pk)]
    assert (one["text"], one["to_addresses"], one["is_outgoing"]) == (
        "We need nails.", ["sales@acme.example"], False,
    )  # fmt: skip


def test_a_stranger_reads_no_letter(
    romashka: Counterparty, manager: User, owner: User
) -> None:
    """F219: letters of a colleague's own box are nobody else's, one by one either."""
    made = a_letter(a_box("Own", owner=owner), "Secret")

    assert subjects(manager) == []
    assert ask(manager, f"letters/{made.pk}").status_code == 404
    assert subjects(owner) == ["Secret"]


def test_letters_of_a_customer_one_does_not_see_are_not_told(
    romashka: Counterparty, manager: User
) -> None:
    a_letter(a_box("Sales", shares_matched=True), "Nails", on=romashka)
    narrow(manager, "counterparties", scope=Scope.OWN)

    assert subjects(manager) == []


def test_without_the_right_there_is_no_such_list(romashka: Counterparty, manager: User) -> None:
    a_letter(a_box("Sales", shares_matched=True), "Nails", on=romashka)
    narrow(manager, "activities", scope=Scope.NONE)

    assert ask(manager, "letters").status_code == 403


def test_another_company_has_none_of_it(
    romashka: Counterparty, manager: User, rival: Company
) -> None:
    a_letter(a_box("Sales", shares_matched=True), "Nails", on=romashka)

    with tenant_context(rival):
        assert not MailMessage.objects.exists()
    answer = Client(headers={"host": f"{rival.slug}.localhost"}).get("/api/v1/letters")
    assert answer.status_code == 401


def test_letters_are_found_by_words_of_their_text(
    romashka: Counterparty, manager: User
) -> None:
    """F119, G003: in whatever letters and layout of marks they are written."""
    folder = a_box("Sales", shares_matched=True)
    a_letter(folder, "Order", on=romashka, text="Нужны гвозди, самовывоз из Ижевска")
    a_letter(folder, "Sipariş", on=romashka, text="Işıklı tabela ve çivi")

    found = {
        word: subjects(manager, f"letters?q={word}") for word in ("гвозди", "gvozdi", "isikli civi")
    }

    assert found == {"гвозди": ["Order"], "gvozdi": ["Order"], "isikli civi": ["Sipariş"]}


def test_pages_follow_each_other(romashka: Counterparty, manager: User) -> None:
    folder = a_box("Sales", shares_matched=True)
    for number in range(3):
        a_letter(folder, f"Letter {number}", on=romashka)

    first = ask(manager, "letters?limit=2&sort=sent_at&fields=subject").json()
    second = ask(
        manager, f"letters?limit=2&sort=sent_at&fields=subject&cursor={first['next']}"
    ).json()

    assert len(first["data"]) == 2
    assert [each["subject"] for each in [*first["data"], *second["data"]]] == [
        "Letter 0", "Letter 1", "Letter 2",
    ]  # fmt: skip


def test_letters_are_read_here_not_written(romashka: Counterparty, manager: User) -> None:
    assert ask(manager, "letters", method="POST", body="{}").status_code == 405
    assert "/letters" in ask(manager, "openapi.json").json()["paths"]

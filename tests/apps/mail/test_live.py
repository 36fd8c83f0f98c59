"""The open page of mail hears that letters came, and nobody hears which."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from apps.accounts.models import Role, Scope, User
from apps.core.live import missed
from apps.mail.models import MailMessage
from replication.journal import changes, current_position
from tenants.models import Company
from tests.apps.custom.test_computed_rights import narrow


@pytest.fixture
def person(committed: Company) -> User:
    return User.objects.create_user(
        email="marina@ladoga.example", role=Role.MANAGER, full_name="Marina Manager"
    )


def a_letter_comes() -> None:
    MailMessage.objects.create(
        message_id="<1@x.example>", sent_at=datetime(2026, 11, 22, 7, tzinfo=UTC), subject="Nails"
    )


def test_an_open_page_hears_that_a_letter_came_not_which(person: User) -> None:
    """F119, F219: the rows are fetched anew by the page; no key of a letter is told."""
    before = current_position()

    a_letter_comes()

    assert missed(since=before, user=person)["tables"]["mail_mailmessage"] is None


def test_who_has_no_right_to_letters_hears_nothing(person: User) -> None:
    """F219: not even that something came."""
    narrow(person, "activities", scope=Scope.NONE)
    before = current_position()

    a_letter_comes()

    assert "mail_mailmessage" not in missed(since=before, user=person)["tables"]


def test_the_journal_holds_nothing_of_a_letter(person: User) -> None:
    """F219: keys alone: what stands in a letter is not kept a second time."""
    before = current_position()
    a_letter_comes()
    MailMessage.objects.update(subject="Secret")

    lines = [each for each in changes(before) if each.table == "mail_mailmessage"]

    assert [each.operation for each in lines] == ["I", "U"]
    assert [each.changed for each in lines] == [None, None]

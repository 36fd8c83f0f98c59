"""Reports people keep and pin; the letter with figures; how the company counts."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from smtplib import SMTPDataError
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends import locmem
from django.test import Client
from django_tenants.utils import tenant_context

from apps.accounts.models import Role, User
from apps.reports import letters, services
from apps.reports.models import FiguresLetter, ReportSettings, Rhythm, SavedReport
from tests.apps.sales.conftest import Shop

MORNING = datetime(2026, 11, 24, 8, 5, tzinfo=UTC)  # a Tuesday
TUESDAY = date(2026, 11, 24)


def kept(user: User, **values: Any) -> SavedReport:
    asked = {"name": "November", "report": "sales", "is_pinned": True,
             "asked": "from=2026-11-01&until=2026-11-30&by=customer&currency=RUB"}  # fmt: skip
    return services.save_report(user=user, **(asked | values))


def letter(user: User, **values: Any) -> FiguresLetter:
    asked = {"rhythm": Rhythm.DAILY, "at": time(8), "figures": [], "reports": [],
             "now": datetime(2026, 11, 22, 7, tzinfo=UTC)}  # fmt: skip
    return services.keep_letter(user=user, **(asked | values))


def test_a_report_is_kept_and_stands_on_the_desktop(
    shop: Shop, manager: Any, manager_client: Client
) -> None:
    """F139: a saved report is pinned as a widget, with the figures of the day."""
    shop.issued()
    manager_client.post("/reports/kept/new/", {
        "name": "My November", "report": "sales", "is_pinned": "on",
        "asked": "from=2026-11-01&until=2026-11-30&by=customer&currency=RUB",
    })  # fmt: skip

    start = manager_client.get("/").content.decode()
    widget = manager_client.get("/reports/pinned/").content.decode()

    assert "/reports/pinned/" in start
    assert "My November" in widget
    assert "Romashka" in widget


def test_nobody_sees_or_changes_a_colleagues_report(
    shop: Shop, owner: Any, manager_client: Client
) -> None:
    theirs = kept(owner, name="Of the owner")

    assert "Of the owner" not in manager_client.get("/reports/kept/").content.decode()
    assert "Of the owner" not in manager_client.get("/reports/pinned/").content.decode()
    answer = manager_client.post(f"/reports/kept/{theirs.pk}/", {"do": "remove"})
    assert answer.status_code == 404
    assert SavedReport.objects.filter(pk=theirs.pk).exists()


def test_a_pinned_report_shows_what_its_person_may_see(
    shop: Shop, own_only: User, visitor: Client
) -> None:
    shop.issued()
    kept(own_only)
    visitor.force_login(own_only, backend="allauth.account.auth_backends.AuthenticationBackend")

    assert "Romashka" not in visitor.get("/reports/pinned/").content.decode()


def test_the_letter_tells_the_figures_of_the_day_before(
    shop: Shop, manager: Any, django_capture_on_commit_callbacks: Any
) -> None:
    """F139: figures in the morning mail, and the first rows of a saved report."""
    shop.issued(issued_on=date(2026, 11, 23))
    report = kept(manager, is_pinned=False)
    letter(manager, reports=[report.pk])

    assert letters.due(now=MORNING) == [(manager.pk, TUESDAY)]
    assert letters.mail(user_id=manager.pk, day=TUESDAY, now=MORNING)

    [sent] = mail.outbox
    assert sent.to == [manager.email]
    assert "Nov 23, 2026" in sent.subject
    assert "Invoices issued: ₽20.00 (1)" in sent.body
    assert "November" in sent.body
    assert "http://acme." in sent.body


def test_the_letter_comes_once_a_day(shop: Shop, manager: Any) -> None:
    """F139: run twice there is one letter."""
    letter(manager)

    told = [letters.mail(user_id=manager.pk, day=TUESDAY, now=MORNING) for _time in range(2)]

    assert told == [True, False]
    assert len(mail.outbox) == 1
    assert letters.due(now=MORNING) == []


@pytest.fixture
def breaking(monkeypatch: pytest.MonkeyPatch) -> Callable[[BaseException], None]:
    """A mail server that takes the letter, and of whose answer nothing is heard."""

    def broken(failure: BaseException) -> None:
        class Server(locmem.EmailBackend):
            def send_messages(self, messages: Any) -> int:
                super().send_messages(messages)
                raise failure

        monkeypatch.setattr("apps.core.post.get_connection", Server)

    return broken


class Killed(BaseException):
    """The worker is gone, in the middle of it."""


def test_a_killed_worker_s_letter_is_not_sent_again(
    shop: Shop, manager: Any, manager_client: Client, breaking: Callable[[BaseException], None]
) -> None:
    """F139: a worker that dies while handing it over leaves a note, not a second letter."""
    letter(manager)
    breaking(Killed())
    with pytest.raises(Killed):
        letters.mail(user_id=manager.pk, day=TUESDAY, now=MORNING)
    assert FiguresLetter.objects.get().sending_on == TUESDAY

    meanwhile = letters.mail(user_id=manager.pk, day=TUESDAY, now=MORNING)
    later = letters.mail(user_id=manager.pk, day=TUESDAY, now=MORNING + letters.HANDING)

    assert (meanwhile, later, len(mail.outbox)) == (False, False, 1)
    assert letters.due(now=MORNING) == []
    assert "may be missing" in manager_client.get("/reports/letter/").content.decode()


def test_a_line_that_breaks_before_the_answer_sends_no_second_letter(
    shop: Shop, manager: Any, breaking: Callable[[BaseException], None]
) -> None:
    letter(manager)
    breaking(ConnectionResetError())

    assert not letters.mail(user_id=manager.pk, day=TUESDAY, now=MORNING)

    kept_letter = FiguresLetter.objects.get()
    assert (kept_letter.uncertain_on, kept_letter.sending_on) == (TUESDAY, None)
    assert letters.due(now=MORNING) == []


def test_what_the_mail_server_refuses_is_still_due(
    shop: Shop, manager: Any, breaking: Callable[[BaseException], None]
) -> None:
    letter(manager)
    breaking(SMTPDataError(451, b"later"))

    with pytest.raises(SMTPDataError):
        letters.mail(user_id=manager.pk, day=TUESDAY, now=MORNING)

    assert letters.due(now=MORNING) == [(manager.pk, TUESDAY)]
    assert FiguresLetter.objects.get().uncertain_on is None


def test_the_next_letter_that_arrives_ends_the_note(
    shop: Shop, manager: Any, manager_client: Client
) -> None:
    letter(manager)
    FiguresLetter.objects.update(uncertain_on=date(2026, 11, 23))

    letters.mail(user_id=manager.pk, day=TUESDAY, now=MORNING)

    page = manager_client.get("/reports/letter/").content.decode()
    assert "may be missing" not in page
    [sent] = mail.outbox
    assert sent.extra_headers["Message-ID"].startswith(f"<figures-{manager.pk}-20261124@")


def test_the_letter_speaks_the_language_and_keeps_the_hour_of_its_person(
    shop: Shop, manager: Any
) -> None:
    User.objects.filter(pk=manager.pk).update(language="ru", time_zone="Asia/Vladivostok")
    letter(manager)

    at_eight_there = datetime(2026, 11, 23, 22, 5, tzinfo=UTC)
    assert letters.due(now=datetime(2026, 11, 23, 21, 55, tzinfo=UTC)) == []
    assert letters.due(now=at_eight_there) == [(manager.pk, TUESDAY)]
    letters.mail(user_id=manager.pk, day=TUESDAY, now=MORNING)

    assert "показатели" in mail.outbox[0].subject


@pytest.mark.parametrize(
    ("rhythm", "due_on"),
    [
        (Rhythm.NEVER, set()),
        (Rhythm.DAILY, set(range(23, 30))),
        (Rhythm.WORKDAYS, {23, 24, 25, 26, 27}),
        (Rhythm.WEEKLY, {23}),
    ],
    ids=str,
)
def test_how_often_it_comes(manager: Any, company: Any, rhythm: str, due_on: set[int]) -> None:
    letter(manager, rhythm=rhythm)

    days = {
        day for day in range(23, 30)
        if letters.due(now=datetime(2026, 11, day, 9, tzinfo=UTC))
    }  # fmt: skip

    assert days == due_on


def test_who_begins_late_on_a_day_waits_for_the_next(manager: Any, company: Any) -> None:
    letter(manager, now=MORNING)

    assert letters.due(now=MORNING) == []


def test_the_letter_is_stopped_without_signing_in(
    shop: Shop, manager: Any, visitor: Client
) -> None:
    """F139: unsubscribing takes one press, in the letter or by the mail program itself."""
    letter(manager)
    letters.mail(user_id=manager.pk, day=TUESDAY, now=MORNING)
    address = re.search(r"/reports/letter/stop/[^>]+/", mail.outbox[0].extra_headers[
        "List-Unsubscribe"])  # fmt: skip
    assert address is not None

    asked = visitor.get(address[0])
    assert FiguresLetter.objects.get().rhythm == Rhythm.DAILY
    visitor.post(address[0], {"List-Unsubscribe": "One-Click"})

    assert asked.status_code == 200
    assert FiguresLetter.objects.get().rhythm == Rhythm.NEVER
    assert visitor.get("/reports/letter/stop/token/").status_code == 404


def test_a_stop_of_another_company_stops_nothing(
    shop: Shop, manager: Any, rival: Any
) -> None:
    letter(manager)
    token = letters.stop_token(manager.pk)

    with tenant_context(rival):
        assert letters.read_stop_token(token) is None


def test_who_has_left_or_may_not_gets_no_letter(shop: Shop, manager: Any) -> None:
    letter(manager)
    User.objects.filter(pk=manager.pk).update(is_active=False)

    assert letters.due(now=MORNING) == []
    assert not letters.mail(user_id=manager.pk, day=TUESDAY, now=MORNING)
    assert mail.outbox == []


def test_the_letter_holds_only_what_its_person_may_see(shop: Shop, own_only: User) -> None:
    shop.issued(issued_on=date(2026, 11, 23))
    report = kept(own_only, is_pinned=False)
    letter(own_only, reports=[report.pk])

    letters.mail(user_id=own_only.pk, day=TUESDAY, now=MORNING)

    assert "₽20.00" not in mail.outbox[0].body
    assert "Romashka" not in mail.outbox[0].body


def test_the_letter_is_chosen_on_a_page(shop: Shop, manager: Any, manager_client: Client) -> None:
    report = kept(manager)
    assert manager_client.get("/reports/letter/").status_code == 200

    manager_client.post("/reports/letter/", {
        "rhythm": "weekly", "at": "07:30", "figures": ["issued", "won"],
        "reports": [str(report.pk)],
    })  # fmt: skip

    made = FiguresLetter.objects.get()
    report.refresh_from_db()
    assert (made.rhythm, made.at, made.figures) == ("weekly", time(7, 30), ["issued", "won"])
    assert report.is_mailed


def test_the_company_says_what_the_cost_is(
    shop: Shop, owner_client: Client, manager_client: Client
) -> None:
    from apps.catalog.models import PriceType

    kind = PriceType.objects.create(name="Purchase", currency="RUB")
    asked = {"cost_price_type": str(kind.pk), "sleeping_days": "60", "lost_days": "200"}

    refused = manager_client.post("/reports/settings/", asked)
    owner_client.post("/reports/settings/", asked)
    wrong = owner_client.post("/reports/settings/", asked | {"lost_days": "60"})

    row = ReportSettings.objects.get()
    assert (refused.status_code, wrong.status_code) == (403, 422)
    assert (row.cost_price_type, row.sleeping_days, row.lost_days) == (kind, 60, 200)


def test_an_accountant_sees_no_settings_but_reports(
    shop: Shop, accountant_client: Client
) -> None:
    assert accountant_client.get("/reports/").status_code == 200
    assert accountant_client.get("/reports/settings/").status_code == 403


def test_a_card_of_another_company_is_not_there(
    shop: Shop, rival_owner_client: Client
) -> None:
    assert rival_owner_client.get(f"/reports/customers/{shop.customer.pk}/").status_code == 404


def test_without_the_right_there_are_no_reports(
    shop: Shop, company: Any, visitor: Client
) -> None:
    from apps.accounts.models import AccessRole, RoleRight

    role = AccessRole.objects.create(name="No reports", base=Role.MANAGER)
    RoleRight.objects.create(role=role, object="reports", action="view", scope=0)
    user = User.objects.create_user(email="n@acme.example", role=Role.MANAGER, access_role=role)
    visitor.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")

    for path in ("", "invoices/", "deals/", "customers/", "customers/list/", "promising/",
                 "kept/", "pinned/", "letter/"):  # fmt: skip
        assert visitor.get(f"/reports/{path}").status_code == 403, path

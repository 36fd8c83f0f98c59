"""The calendar and the team's week."""

from __future__ import annotations

import json
import re
from datetime import date, datetime, timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from apps.accounts.models import AccessRole, Role, RoleField, RoleRight, Scope, User
from apps.activities import calendar, quick, selectors
from apps.activities.calendar import Span
from apps.activities.models import Activity
from apps.activities.moments import whole_day
from apps.counterparties.models import ContactPerson, Counterparty, ImportantDate
from apps.deals import next_steps
from apps.deals.models import Deal
from tenants.models import Company
from tests.apps.activities.conftest import NOW, planned
from tests.apps.deals.conftest import Funnel, funnel
from tests.apps.sales.conftest import Shop

__all__ = ["funnel"]

MONDAY = date(2026, 11, 23)


@pytest.fixture
def seller(company: Company) -> User:
    """Another manager, with a role of their own."""
    return User.objects.create_user(
        email="seller@acme.example", role=Role.MANAGER, full_name="Sergey Seller"
    )


def week(user: User, *, person: Any = None) -> list[tuple[str, str, date]]:
    span = Span(MONDAY, MONDAY + timedelta(days=7), user, person, NOW)
    found = calendar.events(span, calendar.layers(user))
    return [(each.layer, each.title, each.first_day) for each in found]


def test_tasks_meetings_absences_and_invoices_are_layers(
    shop: Shop, company: Company, manager: User
) -> None:
    """F157, G019: tasks, meetings, absences and invoices' due dates stand on one calendar."""
    planned(manager, subject="Offer", due_at=NOW)
    planned(manager, kind="meeting", subject="Fair", starts_at=NOW + timedelta(days=1))
    planned(manager, kind="absence", subject="Leave", starts_at=whole_day(date(2026, 11, 21)),
            ends_at=whole_day(date(2026, 11, 25)), is_all_day=True)  # fmt: skip
    invoice = shop.issued(due_on=date(2026, 11, 27))

    assert week(manager) == [
        ("absences", "Leave", date(2026, 11, 21)),
        ("tasks", "Offer", date(2026, 11, 23)),
        ("meetings", "Fair", date(2026, 11, 24)),
        ("invoices", f"{invoice.number} Romashka", date(2026, 11, 27)),
    ]


def test_birthdays_and_important_dates_come_every_year(
    romashka: Counterparty, manager: User
) -> None:
    """F121, F157: on their day of this year, what happens once on its own day alone."""
    ContactPerson.objects.create(
        counterparty=romashka, full_name="Vera Ivanova", born_on=date(1980, 11, 26)
    )
    for label, on, is_yearly in (
        ("Founded", date(2001, 11, 24), True), ("Moves", date(2026, 11, 25), False),
        ("Moved", date(2025, 11, 25), False),
    ):  # fmt: skip
        ImportantDate.objects.create(
            counterparty=romashka, kind="other", label=label, on=on, is_yearly=is_yearly
        )

    assert week(manager) == [
        ("dates", "Romashka: Founded", date(2026, 11, 24)),
        ("dates", "Romashka: Moves", date(2026, 11, 25)),
        ("dates", "Vera Ivanova: Birthday", date(2026, 11, 26)),
    ]


def test_who_was_born_on_february_29_has_a_birthday_each_year(
    romashka: Counterparty, manager: User
) -> None:
    ContactPerson.objects.create(
        counterparty=romashka, full_name="Vera Ivanova", born_on=date(1980, 2, 29)
    )

    days = []
    for year in (2027, 2028):
        span = Span(date(year, 2, 1), date(year, 3, 7), manager, None, NOW)
        days += [each.first_day for each in calendar.events(span, calendar.layers(manager))]

    assert days == [date(2027, 2, 28), date(2028, 2, 29)]


def test_the_calendar_tells_nothing_of_a_vip_s_dates(
    romashka: Counterparty, manager: User, seller: User, owner: User
) -> None:
    """F131: who may not see a VIP customer's details learns neither birthdays nor dates."""
    ContactPerson.objects.create(
        counterparty=romashka, full_name="Vera Ivanova", born_on=date(1980, 11, 26)
    )
    ImportantDate.objects.create(counterparty=romashka, on=date(2001, 11, 24))
    Counterparty.objects.update(is_vip=True, responsible=manager)

    told = {user.email: len(week(user)) for user in (manager, seller, owner)}

    assert told == {manager.email: 2, seller.email: 0, owner.email: 2}


def test_a_layer_leaves_out_what_a_role_hides(
    deals: list[Deal], owner: User, seller: User
) -> None:
    """G077: a date that a role does not see is no way to see it."""
    Deal.objects.update(expected_on=MONDAY)
    role = AccessRole.objects.create(name="Dates off", base=Role.MANAGER)
    RoleRight.objects.create(role=role, object="deals", action="view", scope=Scope.ALL)
    RoleField.objects.create(role=role, object="deals", field="expected_on", access="hidden")
    seller.access_role = role
    seller.save()

    assert [len(week(user)) for user in (owner, seller)] == [4, 0]


def test_an_empty_hour_opens_a_meeting_that_begins_then(
    company: Company, manager_client: Client
) -> None:
    """F157: a press on an empty place of the calendar."""
    page = manager_client.get("/activities/calendar/").content.decode()
    form = manager_client.get("/activities/new/meeting/?day=2026-11-25&at=14:30").context["form"]

    assert 'data-new="/activities/new/meeting/"' in page
    assert f"{form.initial['starts_at']:%Y-%m-%d %H:%M}" == "2026-11-25 14:30"


def test_what_repeats_stands_on_each_of_its_days(company: Company, manager: User) -> None:
    planned(manager, kind="meeting", subject="Round", starts_at=NOW, recurrence="FREQ=DAILY")

    days = [day for _layer, _title, day in week(manager)]

    assert days == [MONDAY + timedelta(days=place) for place in range(7)]


def test_a_task_is_dragged_to_another_hour(
    company: Company, manager: User, manager_client: Client
) -> None:
    """F157: dragging puts a task to another day and time."""
    task = planned(manager, due_at=NOW)

    answer = manager_client.post(
        f"/activities/calendar/tasks/{task.pk}/", {"to": "2026-11-25", "at": "14:30"},
        headers={"HX-Request": "true"},
    )  # fmt: skip

    task.refresh_from_db()
    assert answer.status_code == 204
    assert task.due_at == datetime.fromisoformat("2026-11-25T14:30Z")


def test_an_invoices_due_date_is_dragged(shop: Shop, manager_client: Client) -> None:
    """G019: an invoice's due date is changed by dragging."""
    invoice = shop.issued(due_on=date(2026, 11, 27))

    manager_client.post(f"/activities/calendar/invoices/{invoice.pk}/", {"to": "2026-12-01"})

    invoice.refresh_from_db()
    assert invoice.due_on == date(2026, 12, 1)


def test_a_deals_close_date_stands_on_the_calendar_and_is_dragged(
    funnel: Funnel, manager: User, manager_client: Client
) -> None:
    """G019: deals' close dates stand beside tasks and invoices, and are changed by dragging."""
    deal = funnel.deal("Delivery", expected_on=date(2026, 11, 26))
    assert ("deals-expected_on", "Delivery", date(2026, 11, 26)) in week(manager)

    manager_client.post(
        f"/activities/calendar/deals-expected_on/{deal.pk}/", {"to": "2026-12-02"}
    )

    deal.refresh_from_db()
    assert deal.expected_on == date(2026, 12, 2)


def test_a_meeting_shows_in_each_ones_time(
    company: Company, manager: User, manager_client: Client
) -> None:
    """G074: a meeting shows in each one's time."""
    meeting = planned(manager, kind="meeting", subject="Fair", starts_at=NOW)
    shown = {}

    for zone in ("Europe/Moscow", "Asia/Yekaterinburg"):
        User.objects.filter(pk=manager.pk).update(time_zone=zone, language="ru")
        page = manager_client.get("/activities/calendar/?view=day&day=2026-11-23").content
        shown[zone] = [time for time in ("12:00", "14:00") if f"<time>{time}".encode() in page]

    assert shown == {"Europe/Moscow": ["12:00"], "Asia/Yekaterinburg": ["14:00"]}
    assert meeting.starts_at == NOW


def test_the_team_page_counts_open_late_and_done_of_the_week(
    company: Company, owner: User, manager: User, owner_client: Client
) -> None:
    """F156: a team page shows each person's open, done and overdue items for the week."""
    planned(manager, subject="Late", due_at=NOW - timedelta(hours=1))
    planned(manager, subject="Ahead", due_at=NOW + timedelta(days=1))
    planned(manager, kind="call", subject="Called", is_done=True)

    [_own, his] = selectors.team_week(
        viewer=owner, people=[owner, manager], monday=MONDAY, now=NOW
    )

    assert (his.user, his.open, his.late, his.done) == (manager, 2, 1, 1)
    page = owner_client.get("/activities/team/?week=2026-11-23").content.decode()
    assert "Ahead" in page
    assert "Marina Manager" in page
    lists = re.findall(rf'href="(/activities/list/[^"]*{manager.pk}[^"]*_from=[^"]*)"', page)
    shown = {unescape(a): owner_client.get(unescape(a)).content.decode() for a in lists}
    assert [
        {subject for subject in ("Late", "Ahead", "Called") if f"{subject}</a>" in each}
        for each in shown.values()
    ] == [{"Late", "Ahead"}, {"Called"}]


def test_undo_puts_a_moved_task_back(
    company: Company, manager: User, manager_client: Client
) -> None:
    task = planned(manager, due_at=NOW)
    answer = manager_client.post(
        f"/activities/{task.pk}/reschedule/", {"to": "week"}, headers={"HX-Request": "true"}
    )

    moved = Activity.objects.get().due_at
    manager_client.post(_undo_of(answer))

    assert moved != NOW
    assert Activity.objects.get().due_at == NOW


def test_an_undo_of_another_company_is_none(
    company: Company, manager: User, manager_client: Client, rival_owner_client: Client
) -> None:
    task = planned(manager, due_at=NOW)
    answer = manager_client.post(
        f"/activities/{task.pk}/done/", headers={"HX-Request": "true"}
    )

    assert rival_owner_client.post(_undo_of(answer)).status_code == 404
    assert Activity.objects.get().state == "done"


def test_next_steps_have_four_states(shop: Shop, manager: User) -> None:
    """G016: late, today, later and none, with one query."""
    late, today, later, none = (shop.draft() for _place in range(4))
    for card, moment in (
        (late, NOW - timedelta(hours=1)), (today, NOW + timedelta(hours=1)),
        (later, NOW + timedelta(days=3)),
    ):  # fmt: skip
        planned(manager, due_at=moment, cards_of=[("invoices", card.pk)])
    keys = [each.pk for each in (late, today, later, none)]

    found = selectors.next_steps(kind="invoices", keys=keys, now=NOW)

    assert [found[key].state for key in keys] == ["late", "today", "later", "none"]


@pytest.mark.parametrize(
    ("line", "subject", "when"),
    [
        ("Call Anna tomorrow 10:00", "Call Anna", "2026-11-24T10:00"),
        ("Позвонить Анне завтра в 9", "Позвонить Анне", "2026-11-24T09:00"),
        ("Yarın 14:30 Anna'yı ara", "Anna'yı ara", "2026-11-24T14:30"),
        ("Offer for Romashka on Friday", "Offer for Romashka", "2026-11-27T12:00"),
        ("Отчёт в пятницу", "Отчёт", "2026-11-27T12:00"),
        ("Send the price list 3.12", "Send the price list", "2026-12-03T12:00"),
        ("Answer 08:00", "Answer", "2026-11-24T08:00"),
        ("Buy 5 boxes", "Buy 5 boxes", None),
    ],
)
def test_a_line_of_words_is_a_task(line: str, subject: str, when: str | None) -> None:
    values = quick.read(line, now=NOW, language="en")

    moment = values.due_at or values.starts_at
    assert values.subject == subject
    assert (f"{moment:%Y-%m-%dT%H:%M}" if moment else None) == when


def _undo_of(answer: Any) -> str:
    return str(json.loads(answer["HX-Trigger"])["toast"]["undo"]["url"])


def test_today_is_shown_first_and_one_can_call_it_done(
    company: Company, manager: User, manager_client: Client
) -> None:
    task = planned(manager, due_at=timezone.now(), subject="Offer")

    before = manager_client.get("/activities/").content.decode()
    manager_client.post(f"/activities/{task.pk}/done/", headers={"HX-Request": "true"})
    after = manager_client.get("/activities/?part=body").content.decode()

    assert "Offer" in before
    assert "Offer" not in after


def test_a_deals_next_step_has_four_states(shop: Shop, manager: User, deals: Any) -> None:
    """G016: overdue, today, later and none; each state can be filtered."""
    late, today, later, none = deals
    for deal, moment in (
        (late, timezone.now() - timedelta(days=1)), (today, timezone.now()),
        (later, timezone.now() + timedelta(days=3)),
    ):  # fmt: skip
        planned(manager, due_at=moment, cards_of=[("deals", deal.pk)])
    today_is = timezone.localdate()

    steps = next_steps.of([each.pk for each in deals])
    found = {
        state: list(next_steps.narrow(Deal.objects.all(), state, today_is))
        for state in next_steps.STATES
    }

    assert [steps[each.pk].state(today_is) for each in (late, today, later)] == [
        "overdue", "today", "later"
    ]  # fmt: skip
    assert none.pk not in steps
    assert found == {"overdue": [late], "today": [today], "later": [later], "none": [none]}


def test_a_deals_activity_stands_on_its_customer_too(
    shop: Shop, manager: User, deals: Any, manager_client: Client
) -> None:
    deal = deals[0]
    planned(manager, kind="note", subject="They compare us", cards_of=[("deals", deal.pk)])

    for card in (f"/deals/{deal.pk}/?part=main", f"/counterparties/{shop.customer.pk}/"):
        assert b"They compare us" in manager_client.get(card).content, card

"""Reminders: from an invoice, again until done, and calls about payments."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from apps.accounts.models import User
from apps.activities import services
from apps.activities.models import Activity, ActivityLink
from apps.activities.services import receivables, reminding
from apps.notifications.models import Notification
from tenants.models import Company
from tests.apps.activities.conftest import NOW, planned
from tests.apps.sales.conftest import Shop, payment

DAY = timedelta(days=1)


def reminders(user: User) -> int:
    return Notification.objects.filter(user=user, kind="reminder").count()


def test_remind_me_on_an_invoice_makes_a_reminder_linked_to_it(
    shop: Shop, manager_client: Client
) -> None:
    """F150: from an invoice "Remind me" makes a reminder linked to it."""
    due_on = timezone.localdate() + timedelta(days=10)
    invoice = shop.issued(due_on=due_on)
    page = manager_client.get(f"/invoices/{invoice.pk}/").content.decode()
    form_url = f"/activities/new/?on=invoices:{invoice.pk}&remind=yes"
    initial = manager_client.get(form_url).context["form"].initial

    manager_client.post(form_url, {
        "kind": "task", "subject": initial["subject"], "importance": initial["importance"],
        "remind_at": f"{initial['remind_at']:%Y-%m-%dT%H:%M}",
        "remind_rule": initial["remind_rule"],
        "counterparty": str(initial["counterparty"]), "owner": str(shop.manager.pk),
    })  # fmt: skip

    assert form_url.replace("&", "&amp;") in page
    made = Activity.objects.get()
    assert made.subject == f"Invoice {invoice.number}: payment"
    assert made.remind_at.date() == due_on - timedelta(days=3)
    assert made.counterparty == shop.customer
    link = ActivityLink.objects.get()
    assert (link.activity, link.kind, link.key) == (made, "invoices", invoice.pk)


def test_a_reminder_has_a_start_an_importance_and_repeats_until_closed(
    company: Company, manager: User, django_capture_on_commit_callbacks: Any
) -> None:
    """F151: start date, importance and repeat are set; it repeats until closed."""
    start = NOW + DAY
    task = planned(manager, starts_at=start, importance="high", remind_rule="FREQ=DAILY")

    with django_capture_on_commit_callbacks(execute=True):
        moments = [NOW, start, start + timedelta(hours=1), start + DAY, start + 2 * DAY]
        done = [reminding.remind(activity_id=task.pk, now=moment) for moment in moments]

    assert done == [False, True, False, True, True]
    assert reminders(manager) == 3
    assert Notification.objects.first().values["importance"] == "high"


def test_done_stops_the_reminders_and_stays_in_history(
    company: Company, manager: User, romashka: Any, manager_client: Client
) -> None:
    """F152: "Done" stops repeats and stays in history."""
    task = planned(
        manager, starts_at=NOW + DAY, remind_rule="FREQ=DAILY", counterparty_id=romashka.pk
    )
    reminding.remind(activity_id=task.pk, now=NOW + DAY)

    services.complete(ids=[task.pk], by=manager, now=NOW + DAY)

    assert reminding.remind(activity_id=task.pk, now=NOW + 5 * DAY) is False
    assert reminding.due_until(until=NOW + 90 * DAY) == []
    timeline = manager_client.get(f"/activities/timeline/counterparties/{romashka.pk}/")
    assert b"Call about nails" in timeline.content


def test_three_days_before_an_invoice_falls_due_its_owner_gets_a_call(
    shop: Shop, django_capture_on_commit_callbacks: Any
) -> None:
    """F153: three days before the due date the owner gets a task "call about payment"."""
    invoice = shop.issued(due_on=date(2026, 11, 26))
    shop.issued(due_on=date(2026, 11, 27))

    with django_capture_on_commit_callbacks(execute=True):
        made = receivables.plan_calls(now=NOW, language="en")
        again = receivables.plan_calls(now=NOW + timedelta(hours=1), language="en")

    [task] = made
    assert again == []
    assert task.subject == f"Call about payment: Romashka, invoice {invoice.number}"
    assert (task.owner, task.counterparty) == (shop.manager, shop.customer)
    assert list(task.links.values_list("kind", "key")) == [("invoices", invoice.pk)]
    assert Notification.objects.filter(user=shop.manager, kind="payment_expected").count() == 1


def test_the_call_is_closed_when_the_invoice_is_paid(
    shop: Shop, django_capture_on_commit_callbacks: Any
) -> None:
    """F153: the task is closed when the money has come."""
    invoice = shop.issued(due_on=date(2026, 11, 26))
    [task] = receivables.plan_calls(now=NOW, language="en")

    with django_capture_on_commit_callbacks(execute=True):
        shop.receive(shop.order(invoice), payment("p1", "20", parent_ref="order-1"))

    task.refresh_from_db()
    assert (task.state, task.result) == ("done", "Paid")


def test_a_call_follows_the_date_of_payment(shop: Shop) -> None:
    invoice = shop.issued(due_on=date(2026, 11, 26))
    [task] = receivables.plan_calls(now=NOW, language="en")
    invoice.due_on = date(2026, 12, 20)
    invoice.save()

    receivables.close_settled(now=NOW, language="en")
    later = receivables.plan_calls(now=datetime.fromisoformat("2026-12-18T09:00Z"), language="en")

    task.refresh_from_db()
    assert (task.state, task.result) == ("done", "The date of payment was moved.")
    assert [each.links.get().key for each in later] == [invoice.pk]


def test_what_repeats_is_planned_anew_when_done_and_undone_with_it(
    company: Company, manager: User
) -> None:
    task = planned(manager, due_at=NOW, recurrence="FREQ=WEEKLY")

    services.complete(ids=[task.pk], by=manager, now=NOW + timedelta(hours=2))
    upcoming = Activity.objects.get(state="open")
    services.reopen(ids=[task.pk], now=NOW + timedelta(hours=3))

    assert upcoming.due_at == NOW + 7 * DAY
    assert list(Activity.objects.values_list("pk", "state")) == [(task.pk, "open")]


@pytest.mark.parametrize("hours", [1, 30], ids=["during the hour", "a day later"])
def test_an_absent_reminder_is_told_once(company: Company, manager: User, hours: int) -> None:
    task = planned(manager, remind_at=NOW)

    first = reminding.remind(activity_id=task.pk, now=NOW)
    second = reminding.remind(activity_id=task.pk, now=NOW + timedelta(hours=hours))

    assert (first, second) == (True, False)

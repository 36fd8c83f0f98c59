"""Tasks between people: who may do what, and who hears of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from apps.accounts.models import User
from apps.activities import services
from apps.activities.models import Activity, ActivityState
from apps.activities.services import following, reminding
from apps.core.objects import ChangedMeanwhile, Refused
from apps.history.models import RowChange
from apps.notifications.models import Notification
from tenants.models import Company
from tests.apps.activities.conftest import NOW, planned


def told(user: User) -> list[str]:
    """Return the kinds of notices of a person, the earliest first."""
    found = Notification.objects.filter(user=user).order_by("id")
    return list(found.values_list("kind", flat=True))


def state_of(activity: Activity) -> str:
    return Activity.objects.get(pk=activity.pk).state


def test_the_giver_sees_the_state_of_a_task_change(
    company: Company, owner: User, manager: User
) -> None:
    """F154: a task is given, and the giver sees its state change."""
    task = planned(owner, owner_id=manager.pk)

    services.accept(activity_id=task.pk, by=manager)
    accepted = state_of(task)
    services.complete(ids=[task.pk], by=manager, now=NOW, result="They pay on Friday")

    seen = Activity.objects.get(giver=owner)
    assert accepted == ActivityState.ACCEPTED
    assert (seen.state, seen.result) == ("done", "They pay on Friday")
    assert seen.completed_by == manager


def test_giver_and_watchers_hear_on_accept_done_and_late(
    company: Company, owner: User, manager: User, accountant: User,
    django_capture_on_commit_callbacks: Any,
) -> None:  # fmt: skip
    """F155: giver and watchers get a notice on accept, done and overdue."""
    with django_capture_on_commit_callbacks(execute=True):
        task = planned(
            owner, owner_id=manager.pk, due_at=NOW + timedelta(hours=1), watchers=[accountant.pk]
        )
        services.accept(activity_id=task.pk, by=manager)
        reminding.tell_late(now=NOW + timedelta(hours=2))
        reminding.tell_late(now=NOW + timedelta(hours=3))
        services.complete(ids=[task.pk], by=manager, now=NOW)

    assert told(owner) == ["activity_accepted", "activity_late", "activity_done"]
    assert told(accountant) == ["activity_accepted", "activity_late", "activity_done"]
    assert told(manager) == ["activity_given", "activity_late"]


def test_a_declined_task_tells_the_giver_why(
    company: Company, owner: User, manager: User, django_capture_on_commit_callbacks: Any
) -> None:
    task = planned(owner, owner_id=manager.pk)

    with django_capture_on_commit_callbacks(execute=True):
        services.decline(activity_id=task.pk, by=manager, now=NOW, reason="On holiday")

    notice = Notification.objects.get(user=owner)
    assert (notice.kind, notice.values["result"]) == ("activity_declined", "On holiday")
    assert state_of(task) == ActivityState.DECLINED


def test_only_whoever_is_to_do_it_accepts(company: Company, owner: User, manager: User) -> None:
    task = planned(owner, owner_id=manager.pk)

    with pytest.raises(services.NotYours):
        services.accept(activity_id=task.pk, by=owner)

    assert state_of(task) == ActivityState.OPEN


def test_a_name_in_a_comment_tells_its_person(
    company: Company, owner: User, manager: User, accountant: User,
    django_capture_on_commit_callbacks: Any,
) -> None:  # fmt: skip
    """G024: @name notifies; who takes part hears the comment."""
    task = planned(owner, owner_id=manager.pk)

    with django_capture_on_commit_callbacks(execute=True):
        services.comment(activity_id=task.pk, text="@Anna, have they paid?", by=owner)

    assert told(accountant) == ["mentioned"]
    assert told(manager) == ["activity_comment"]
    assert told(owner) == []


def test_a_follower_of_a_card_hears_what_is_new(
    company: Company, romashka: Any, manager: User, accountant: User,
    django_capture_on_commit_callbacks: Any,
) -> None:  # fmt: skip
    """G024: a follower gets changes."""
    services.follow(kind="counterparties", key=romashka.pk, user=accountant)

    with django_capture_on_commit_callbacks(execute=True):
        planned(manager, kind="note", text="New warehouse", counterparty_id=romashka.pk)

    notice = Notification.objects.get(user=accountant)
    assert (notice.kind, notice.values["card"]) == ("followed_news", romashka.name)


def test_the_second_editor_changes_nothing(company: Company, manager: User) -> None:
    """G029: a version saved meanwhile is not overwritten."""
    task = planned(manager)
    seen = task.updated_at
    change = services.ActivityValues.of(task)
    services.save_activity(
        values=change.__class__(**{**change.__dict__, "subject": "Call about boards"}),
        by=manager, now=NOW, activity_id=task.pk, seen=seen,
    )  # fmt: skip

    with pytest.raises(ChangedMeanwhile):
        services.save_activity(
            values=change, by=manager, now=NOW, activity_id=task.pk,
            seen=seen - timedelta(seconds=1),
        )  # fmt: skip

    task.refresh_from_db()
    assert task.subject == "Call about boards"


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"subject": " "}, "subject"),
        ({"kind": "meeting"}, "starts_at"),
        ({"starts_at": NOW, "ends_at": NOW - timedelta(hours=1)}, "ends_at"),
        ({"starts_at": NOW, "due_at": NOW - timedelta(hours=1)}, "due_at"),
        ({"remind_rule": "every now and then"}, "remind_rule"),
        ({"recurrence": "FREQ=DAILY"}, "recurrence"),
    ],
    ids=["no subject", "a meeting without a time", "ends before", "due before",
         "no rule", "no beginning"],
)  # fmt: skip
def test_what_cannot_be_is_refused(
    company: Company, manager: User, values: dict[str, Any], field: str
) -> None:
    with pytest.raises(Refused) as refused:
        planned(manager, **{"subject": "Visit", **values})

    assert list(refused.value.errors) == [field]
    assert not Activity.objects.exists()


def test_a_follower_hears_what_others_changed_on_the_card(
    company: Company, romashka: Any, manager: User, accountant: User,
    django_capture_on_commit_callbacks: Any,
) -> None:  # fmt: skip
    """G024: a follower gets changes, one's own not, each once."""
    for user in (manager, accountant):
        services.follow(kind="counterparties", key=romashka.pk, user=user)
    RowChange.objects.create(
        line=1, table="counterparties_counterparty", key=romashka.pk, owner=romashka.pk,
        operation="U", changed={"phone": ["", "5"]}, author=manager.pk, moment=NOW,
    )  # fmt: skip

    with django_capture_on_commit_callbacks(execute=True):
        first, second = following.tell_changes(), following.tell_changes()

    notice = Notification.objects.get()
    assert (first, second) == (1, 0)
    assert (notice.user, notice.kind) == (accountant, "followed_change")
    assert notice.values == {"who": str(manager), "card": "Romashka", "fields": "Phone"}


def test_the_second_editor_is_shown_the_difference_and_can_take_over(
    company: Company, manager: User, manager_client: Client
) -> None:
    """F269, G029: the second of two editors is told, sees both values, and nothing is lost."""
    task = planned(manager)
    form = {"kind": "task", "importance": "normal", "owner": str(manager.pk)}
    seen = task.updated_at.isoformat()
    address = f"/activities/{task.pk}/edit/"
    manager_client.post(address, {**form, "subject": "Theirs", "seen": seen})

    refused = manager_client.post(address, {**form, "subject": "Mine", "seen": seen})
    kept = Activity.objects.get().subject
    taken = manager_client.post(
        address, {**form, "subject": "Mine", "seen": refused.context["form"]["seen"].value()}
    )

    assert refused.status_code == 422
    assert ("Subject", "Theirs", "Mine") in refused.context["theirs"]
    assert kept == "Theirs"
    assert (taken.status_code, Activity.objects.get().subject) == (302, "Mine")


def test_an_unknown_customer_is_refused_in_the_form(
    company: Company, manager: User, manager_client: Client
) -> None:
    answer = manager_client.post(
        "/activities/new/",
        {"kind": "task", "subject": "Visit", "importance": "normal", "counterparty": str(uuid4())},
    )

    assert answer.status_code == 422
    assert not Activity.objects.exists()

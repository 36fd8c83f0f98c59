"""Tasks between people: who may do what, and who hears of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from apps.accounts.models import User
from apps.activities import services
from apps.activities.models import Activity, ActivityState
from apps.activities.services import reminding
from apps.core.objects import ChangedMeanwhile, Refused
from apps.notifications.models import Notification
from tenants.models import Company
from tests.apps.activities.conftest import NOW, planned


def told(user: User) -> list[str]:
    """Return the kinds of notices of a person, the earliest first."""
    return list(Notification.objects.filter(user=user).order_by("id").values_list("kind", flat=True))


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
        ({"remind_rule": "every now and then"}, "remind_rule"),
        ({"recurrence": "FREQ=DAILY"}, "recurrence"),
    ],
    ids=["no subject", "a meeting without a time", "ends before", "no rule", "no beginning"],
)
def test_what_cannot_be_is_refused(
    company: Company, manager: User, values: dict[str, Any], field: str
) -> None:
    with pytest.raises(Refused) as refused:
        planned(manager, **{"subject": "Visit", **values})

    assert list(refused.value.errors) == [field]
    assert not Activity.objects.exists()

"""Doing what is planned: done, accepted, declined, put off, thrown away; each can be undone."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import prefetch_related_objects
from django.utils import timezone

from apps.accounts.models import User
from apps.activities import moments, repeating, telling
from apps.activities.models import (
    OPEN_STATES,
    Activity,
    ActivityKind,
    ActivityLink,
    ActivityPerson,
    ActivityState,
    PartRole,
)
from apps.core import bulk, notices

_MOVED = ("starts_at", "due_at", "ends_at", "remind_at")
_COPIED = (
    "kind", "subject", "text", "place", "importance", "is_all_day", "owner_id", "giver_id",
    "counterparty_id", "remind_rule", "recurrence", "custom", "tags",
)  # fmt: skip


class NotYours(Exception):
    """Only who is to do an activity accepts or declines it; nothing was changed."""


@transaction.atomic
def complete(
    *, ids: Collection[UUID], by: User | None, now: datetime, result: str = ""
) -> list[Activity]:
    """Call activities done; return those that were open. Their reminders stop.

    What repeats is planned anew for its next time. The giver and who watches are told.
    """
    done = [each for each in _locked(ids) if each.is_open]
    former = bulk.columns_now(done)
    news = []
    for activity in done:
        activity.state, activity.completed_at, activity.completed_by = ActivityState.DONE, now, by
        activity.at, activity.remind_at = now, None
        activity.result = result or activity.result
        users = telling.interested(activity) - {by.pk if by else None}
        told = activity.result[:200]
        news.append(telling.word(activity, "activity_done", users=users, by=by, result=told))
    bulk.update_changed(Activity, former, done, now=timezone.now())
    _plan_next(done, now=now)
    notices.tell_all(news)
    return done


@transaction.atomic
def reopen(*, ids: Collection[UUID], now: datetime) -> list[Activity]:
    """Take "done" or "declined" back; what was planned in its place goes away untouched."""
    opened = [
        each for each in _locked(ids)
        if each.state not in OPEN_STATES and each.kind != ActivityKind.NOTE
    ]  # fmt: skip
    former = bulk.columns_now(opened)
    for activity in opened:
        activity.state, activity.completed_at = ActivityState.OPEN, None
        activity.completed_by, activity.at = None, activity.created_at
        if activity.remind_rule:
            activity.remind_at = _next_reminder(activity, now=now)
    bulk.update_changed(Activity, former, opened, now=timezone.now())
    planned = [_source_of_next(activity) for activity in opened]
    if planned:
        Activity.objects.filter(source__in=planned, state__in=OPEN_STATES).delete()
    return opened


@transaction.atomic
def accept(*, activity_id: UUID, by: User) -> Activity:
    """Take on what somebody gave; the giver and who watches are told.

    :raises NotYours: it is somebody else's.
    """
    activity = _mine(activity_id, by)
    if activity.state == ActivityState.OPEN:
        activity.state = ActivityState.ACCEPTED
        activity.save(update_fields=["state", "updated_at"])
        users = telling.interested(activity) - {by.pk}
        telling.tell(activity, "activity_accepted", users=users, by=by)
    return activity


@transaction.atomic
def decline(*, activity_id: UUID, by: User, now: datetime, reason: str = "") -> Activity:
    """Give back what somebody gave; the giver and who watches are told why.

    :raises NotYours: it is somebody else's.
    """
    activity = _mine(activity_id, by)
    if activity.is_open:
        activity.state, activity.at, activity.remind_at = ActivityState.DECLINED, now, None
        activity.result = reason or activity.result
        activity.save()
        users = telling.interested(activity) - {by.pk}
        telling.tell(activity, "activity_declined", users=users, by=by, result=reason[:200])
    return activity


@transaction.atomic
def reschedule(
    *,
    ids: Collection[UUID],
    by: User | None,
    to: date,
    at: time | None = None,
    is_all_day: bool | None = None,
    minutes: int | None = None,
) -> list[Activity]:
    """Put activities on another day; the time of day stays unless ``at`` names one.

    ``is_all_day`` makes a whole day of one with a time, and the other way round; ``minutes`` is the
    new length. Who takes part in a meeting is told.
    """
    found = _locked(ids)
    former = bulk.columns_now(found)
    changed, news = [], []
    for activity in found:
        if not _move(activity, to=to, at=at, is_all_day=is_all_day, minutes=minutes):
            continue
        activity.late_told_at = None
        users = {activity.owner_id, *telling.taking_part(activity)} - {by.pk if by else None}
        news.append(telling.word(activity, "activity_moved", users=users, by=by))
        changed.append(activity)
    bulk.update_changed(Activity, former, changed, now=timezone.now())
    notices.tell_all(news)
    return changed


@transaction.atomic
def put_back(*, plans: Iterable[tuple[UUID, dict[str, Any]]]) -> int:
    """Give activities the moments they had; what undoing a move needs."""
    known = dict(plans)
    rows = _locked(known)
    former = bulk.columns_now(rows)
    for activity in rows:
        for name, value in known[activity.pk].items():
            setattr(activity, name, value)
    bulk.update_changed(Activity, former, rows, now=timezone.now())
    return len(rows)


def plan_of(activity: Activity) -> dict[str, Any]:
    """Return the moments of an activity, as ``put_back`` takes them."""
    return {name: getattr(activity, name) for name in (*_MOVED, "planned_at", "is_all_day")}


@transaction.atomic
def archive(*, ids: Collection[UUID], is_archived: bool) -> int:
    """Throw activities away, or bring them back; return how many."""
    found = Activity.objects.filter(pk__in=ids, is_archived=not is_archived)
    return found.update(is_archived=is_archived, updated_at=timezone.now())


def _locked(ids: Collection[UUID]) -> list[Activity]:
    rows = Activity.objects.select_for_update(of=("self",)).filter(pk__in=ids)
    rows = rows.select_related("owner", "giver", "counterparty").prefetch_related("people")
    return list(rows.order_by("pk"))


def _mine(activity_id: UUID, by: User) -> Activity:
    activity = Activity.objects.select_for_update(of=("self",)).get(pk=activity_id)
    if activity.owner_id != by.pk:
        raise NotYours(activity)
    return activity


def _move(
    activity: Activity, *, to: date, at: time | None, is_all_day: bool | None, minutes: int | None
) -> bool:
    before = plan_of(activity)
    whole = activity.is_all_day if is_all_day is None else is_all_day
    if activity.planned_at is None:
        whole = at is None
        activity.is_all_day = whole
        activity.due_at = moments.whole_day(to)
        if at is not None:
            activity.due_at = timezone.make_aware(datetime.combine(to, at))
        activity.planned_at = activity.due_at
        return True
    old = activity.planned_at
    if whole != activity.is_all_day and not whole:
        at = at or time(9)
    new = moments.moved(old, to=to, is_all_day=whole, at=at)
    activity.is_all_day = whole
    if new != old:
        for name in _MOVED:
            value = getattr(activity, name)
            if value is not None:
                setattr(activity, name, value + (new - old))
        activity.planned_at = new
    if minutes is not None and activity.starts_at is not None and not whole:
        activity.ends_at = activity.starts_at + timedelta(minutes=max(minutes, 15))
    return before != plan_of(activity)


def _source_of_next(activity: Activity) -> str:
    return f"repeat:{activity.pk}"


def _plan_next(activities: Sequence[Activity], *, now: datetime) -> None:
    """Plan what repeats for its next time after now; a second one is never made."""
    planned = [(each, made) for each in activities if (made := _next(each, now=now)) is not None]
    if not planned:
        return
    prefetch_related_objects([each for each, _made in planned], "links")
    Activity.objects.bulk_create([made for _each, made in planned])
    ActivityLink.objects.bulk_create(
        ActivityLink(activity=made, kind=link.kind, key=link.key)
        for each, made in planned for link in each.links.all()
    )  # fmt: skip
    ActivityPerson.objects.bulk_create(
        ActivityPerson(activity=made, user_id=person.user_id, role=PartRole(person.role))
        for each, made in planned for person in each.people.all()
    )  # fmt: skip


def _next(activity: Activity, *, now: datetime) -> Activity | None:
    if not activity.recurrence or activity.planned_at is None:
        return None
    start = activity.planned_at
    upcoming = repeating.following(activity.recurrence, start=start, after=max(start, now))
    if upcoming is None:
        return None
    values = {name: getattr(activity, name) for name in _COPIED}
    shift = upcoming - start
    if activity.is_all_day:
        shift = moments.whole_day(timezone.localtime(upcoming).date()) - start
    for name in _MOVED:
        value = getattr(activity, name)
        values[name] = value + shift if value is not None else None
    return Activity(
        **values, planned_at=start + shift, at=now, series=activity.series or activity.pk,
        source=_source_of_next(activity),
    )  # fmt: skip


def _next_reminder(activity: Activity, *, now: datetime) -> datetime | None:
    start = activity.starts_at or activity.due_at or now
    return start if start > now else repeating.following(
        activity.remind_rule, start=start, after=now
    )  # fmt: skip

"""Entering activities and changing them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.activities import cards, repeating, telling
from apps.activities.models import (
    Activity,
    ActivityKind,
    ActivityLink,
    ActivityPerson,
    ActivityState,
    Importance,
    PartRole,
)
from apps.core import bulk, notices
from apps.core.notices import Told
from apps.core.objects import ChangedMeanwhile, Refused

AN_HOUR = timedelta(hours=1)
CardKey = tuple[str, UUID]


@dataclass(frozen=True)
class ActivityValues:
    """What a person may say of an activity."""

    kind: str = ActivityKind.TASK
    subject: str = ""
    text: str = ""
    place: str = ""
    importance: str = Importance.NORMAL
    starts_at: datetime | None = None
    due_at: datetime | None = None
    ends_at: datetime | None = None
    is_all_day: bool = False
    owner_id: UUID | None = None
    counterparty_id: UUID | None = None
    remind_at: datetime | None = None
    remind_rule: str = ""
    recurrence: str = ""
    result: str = ""
    tags: Sequence[str] = ()

    @classmethod
    def of(cls, activity: Activity) -> ActivityValues:
        """Return the values as they stand now."""
        return cls(**{each.name: getattr(activity, each.name) for each in fields(cls)})


_COLUMNS = tuple(each.name for each in fields(ActivityValues))


@transaction.atomic
def save_activity(
    *,
    values: ActivityValues,
    by: User | None,
    now: datetime,
    activity_id: UUID | None = None,
    seen: datetime | None = None,
    cards_of: Collection[CardKey] | None = None,
    participants: Collection[UUID] | None = None,
    watchers: Collection[UUID] | None = None,
    is_done: bool = False,
    done_at: datetime | None = None,
    source: str = "",
) -> Activity:
    """Enter an activity, or bring one to these values; people and cards stay when not named.

    Whoever gets it from somebody else is told, and so are those who take part. ``is_done`` enters
    it as done, at ``done_at`` or now: a call that was made. Notes are always done. The same again
    writes nothing.

    :raises Refused: with sentences by field.
    :raises ChangedMeanwhile: it is newer than ``seen``.
    """
    if activity_id is None:
        activity = Activity(giver=by, at=done_at or now, source=source)
    else:
        activity = Activity.objects.select_for_update(of=("self",)).get(pk=activity_id)
        if seen is not None and activity.updated_at > seen:
            raise ChangedMeanwhile(activity)
    before = None if activity_id is None else ActivityValues.of(activity)
    wanted = _completed(values, cards_of or (), by=by)
    _require_right(wanted)
    _put(activity, wanted)
    if activity_id is None and (is_done or wanted.kind == ActivityKind.NOTE):
        activity.state, activity.completed_at = ActivityState.DONE, done_at or now
        activity.completed_by = by
    _follow(activity, before, by=by, now=now)
    if before is None or before != ActivityValues.of(activity):
        activity.save(force_insert=activity_id is None)
    if cards_of is not None:
        put_links(activity, cards_of)
    invited = _put_people(activity, participants, watchers, but=activity.owner_id)
    _tell(activity, before, invited, by=by)
    return activity


@transaction.atomic
def change_activities(
    *, changes: Mapping[UUID, Mapping[str, Any]], by: User | None, now: datetime
) -> dict[UUID, bool | Refused]:
    """Bring activities to values by column, each as ``save_activity`` would.

    Returns by key whether one differed, or why it stays as it is; the others are written.
    """
    found = Activity.objects.select_for_update(of=("self",)).prefetch_related("people")
    known = {each.pk: each for each in found.filter(pk__in=list(changes)).order_by("pk")}
    former = bulk.columns_now(known.values())
    told: dict[UUID, bool | Refused] = {
        key: Refused({"": [_("It is gone.")]}) for key in changes if key not in known
    }
    kept: list[Activity] = []
    news: list[Told] = []
    for key, activity in known.items():
        before = ActivityValues.of(activity)
        wanted = _completed(replace(before, **changes[key]), (), by=by)
        try:
            _require_right(wanted)
        except Refused as refused:
            told[key] = refused
            continue
        _put(activity, wanted)
        _follow(activity, before, by=by, now=now)
        told[key] = before != ActivityValues.of(activity)
        if told[key]:
            kept.append(activity)
            news += _news(activity, before, set(), by=by)
            _tell_mentioned(activity, before, by=by)
    bulk.update_changed(Activity, former, kept, now=now)
    notices.tell_all(news)
    return told


def _put(activity: Activity, values: ActivityValues) -> None:
    for name in _COLUMNS:
        setattr(activity, name, getattr(values, name))
    activity.tags = list(values.tags)
    activity.planned_at = _planned_at(values)


def _follow(
    activity: Activity, before: ActivityValues | None, *, by: User | None, now: datetime
) -> None:
    """Bring along what follows from the values: the reminder, and what a new owner begins with."""
    _look_at_reminder(activity, before, now=now)
    if before is None:
        return
    if before.owner_id != activity.owner_id and activity.is_open:
        activity.state, activity.giver = ActivityState.OPEN, by
    if before.due_at != activity.due_at:
        activity.late_told_at = None


def put_links(activity: Activity, cards_of: Collection[CardKey]) -> None:
    """Bring the cards an activity stands on to these."""
    wanted = {(kind, key) for kind, key in cards_of if kind != cards.CUSTOMERS}
    known = {(each.kind, each.key): each.pk for each in activity.links.all()}
    gone = [pk for card, pk in known.items() if card not in wanted]
    if gone:
        ActivityLink.objects.filter(pk__in=gone).delete()
    ActivityLink.objects.bulk_create(
        ActivityLink(activity=activity, kind=kind, key=key)
        for kind, key in sorted(wanted - known.keys())
    )


def _completed(
    values: ActivityValues, cards_of: Collection[CardKey], *, by: User | None
) -> ActivityValues:
    """Add what follows from the rest: the customer of a card, the owner, an end."""
    more: dict[str, Any] = {}
    if values.counterparty_id is None:
        more["counterparty_id"] = next(
            (found for kind, key in cards_of if (found := cards.customer_of(kind, key))), None
        )
    if values.owner_id is None and by is not None:
        more["owner_id"] = by.pk
    if not values.subject.strip() and values.text.strip():
        more["subject"] = values.text.strip().splitlines()[0][:250]
    if values.kind == ActivityKind.MEETING and values.starts_at and not values.ends_at:
        more["ends_at"] = values.starts_at + (timedelta() if values.is_all_day else AN_HOUR)
    if values.kind == ActivityKind.ABSENCE:
        more |= {"is_all_day": True, "ends_at": values.ends_at or values.starts_at}
    held = {name: getattr(values, name) for name in _COLUMNS}
    return ActivityValues(**(held | more))


def _require_right(values: ActivityValues) -> None:
    errors: dict[str, Sequence[str]] = {}
    if not values.subject.strip():
        errors["subject"] = [_("Say in a few words what it is about.")]
    if values.kind not in ActivityKind.values:
        errors["kind"] = [_("There is no such kind of activity.")]
    if values.kind in (ActivityKind.MEETING, ActivityKind.ABSENCE) and values.starts_at is None:
        errors["starts_at"] = [_("Say when it begins.")]
    if values.ends_at and values.starts_at and values.ends_at < values.starts_at:
        errors["ends_at"] = [_("It ends before it begins.")]
    if _is_due_before_it_begins(values):
        errors["due_at"] = [_("It is due before it begins.")]
    for name in ("remind_rule", "recurrence"):
        try:
            repeating.checked(getattr(values, name))
        except repeating.NotARule:
            errors[name] = [_("This rule of repetition is not understood.")]
    if values.recurrence and _planned_at(values) is None:
        errors["recurrence"] = [_("What repeats needs a date to begin with.")]
    if errors:
        raise Refused(errors)


def _is_due_before_it_begins(values: ActivityValues) -> bool:
    """Tell it of what has both on the form; a meeting keeps only when it begins and ends."""
    if values.kind not in (ActivityKind.TASK, ActivityKind.CALL):
        return False
    return bool(values.due_at and values.starts_at and values.due_at < values.starts_at)


def _planned_at(values: ActivityValues) -> datetime | None:
    if values.kind == ActivityKind.NOTE:
        return None
    if values.kind in (ActivityKind.MEETING, ActivityKind.ABSENCE):
        return values.starts_at
    return values.due_at or values.starts_at


def _look_at_reminder(
    activity: Activity, before: ActivityValues | None, *, now: datetime
) -> None:
    """A task that begins later and names no reminder reminds when it begins."""
    is_new = before is None or before.starts_at != activity.starts_at
    if (
        activity.kind == ActivityKind.TASK
        and activity.is_open
        and activity.remind_at is None
        and activity.starts_at is not None
        and activity.starts_at > now
        and is_new
    ):
        activity.remind_at = activity.starts_at
    if activity.remind_rule and activity.remind_at is None and activity.is_open:
        activity.remind_at = activity.starts_at or activity.due_at


def _put_people(
    activity: Activity,
    participants: Collection[UUID] | None,
    watchers: Collection[UUID] | None,
    *,
    but: UUID | None,
) -> set[UUID]:
    """Bring those who take part or watch to these; return who takes part anew."""
    if participants is None and watchers is None:
        return set()
    known = {each.user_id: each for each in activity.people.all()}
    wanted = {user: each.role for user, each in known.items()}
    for role, people in ((PartRole.WATCHER, watchers), (PartRole.PARTICIPANT, participants)):
        if people is None:
            continue
        wanted = {user: kept for user, kept in wanted.items() if kept != role}
        wanted |= {user: role for user in people if user != but}
    gone = [each.pk for user, each in known.items() if wanted.get(user) != each.role]
    if gone:
        ActivityPerson.objects.filter(pk__in=gone).delete()
    made = {user: role for user, role in wanted.items() if known.get(user) is None
            or known[user].role != role}  # fmt: skip
    ActivityPerson.objects.bulk_create(
        ActivityPerson(activity=activity, user_id=user, role=role)
        for user, role in sorted(made.items())
    )
    return {user for user, role in made.items() if role == PartRole.PARTICIPANT}


def _tell(
    activity: Activity, before: ActivityValues | None, invited: set[UUID], *, by: User | None
) -> None:
    notices.tell_all(_news(activity, before, invited, by=by))
    _tell_mentioned(activity, before, by=by)
    if before is None and activity.kind != ActivityKind.ABSENCE:
        telling.tell_followers(activity, by=by)


def _news(
    activity: Activity, before: ActivityValues | None, invited: set[UUID], *, by: User | None
) -> list[Told]:
    me = by.pk if by else None
    news = []
    if activity.is_open and activity.owner_id != (before.owner_id if before else None):
        users = {activity.owner_id} - {me}
        news.append(telling.word(activity, "activity_given", users=users, by=by))
    news.append(telling.word(activity, "activity_invited", users=invited - {me}, by=by))
    if before is not None and activity.is_open and telling.is_moved(before, activity):
        others = telling.taking_part(activity) - invited - {me}
        news.append(telling.word(activity, "activity_moved", users=others, by=by))
    return news


def _tell_mentioned(
    activity: Activity, before: ActivityValues | None, *, by: User | None
) -> None:
    is_said_anew = before is None or (before.subject, before.text) != (
        activity.subject, activity.text
    )
    if activity.kind != ActivityKind.ABSENCE and is_said_anew:
        telling.tell_mentioned(activity, telling.said_in(activity), by=by)

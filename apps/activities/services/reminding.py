"""Reminders whose moment has come, and what has become late."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from apps.activities import moments, repeating, telling
from apps.activities.models import OPEN_STATES, PLANNED_KINDS, Activity

AT_ONCE = 500


def due_until(*, until: datetime) -> list[tuple[UUID, datetime]]:
    """Return the reminders whose moment comes before ``until``, the earliest first."""
    rows = Activity.objects.filter(
        remind_at__lte=until, state__in=OPEN_STATES, is_archived=False
    ).order_by("remind_at", "pk")
    return list(rows.values_list("pk", "remind_at")[:AT_ONCE])  # type: ignore[arg-type]


@transaction.atomic
def remind(*, activity_id: UUID, now: datetime) -> bool:
    """Remind who is to do it and who takes part; tell whether it was time.

    With a rule the next reminder is planned: it goes on until the activity is done.
    """
    rows = Activity.objects.select_for_update(of=("self",)).filter(pk=activity_id)
    activity = rows.select_related("owner").first()
    if activity is None or not activity.is_open or activity.is_archived:
        return False
    if activity.remind_at is None or activity.remind_at > now:
        return False
    with timezone.override(activity.owner.time_zone or None if activity.owner else None):
        upcoming = (
            repeating.following(activity.remind_rule, start=activity.remind_at, after=now)
            if activity.remind_rule
            else None
        )
    activity.remind_at = upcoming
    activity.save(update_fields=["remind_at", "updated_at"])
    users = {activity.owner_id, *telling.taking_part(activity)}
    telling.tell(
        activity, "reminder", users=users, by=None, importance=activity.importance,
        at=activity.planned_at.isoformat() if activity.planned_at else "",
        all_day=activity.is_all_day,
    )  # fmt: skip
    return True


@transaction.atomic
def tell_late(*, now: datetime) -> Sequence[Activity]:
    """Tell owner, giver and who watches of what has become late; once for each date."""
    rows = (
        Activity.objects.select_for_update(of=("self",), skip_locked=True)
        .filter(
            moments.late(now), state__in=OPEN_STATES, kind__in=PLANNED_KINDS,
            is_archived=False, late_told_at__isnull=True,
        )
        .select_related("owner", "giver")
        .order_by("pk")[:AT_ONCE]
    )  # fmt: skip
    late = list(rows)
    for activity in late:
        users = {activity.owner_id} | telling.interested(activity)
        telling.tell(activity, "activity_late", users=users, by=activity.owner)
    Activity.objects.filter(pk__in=[each.pk for each in late]).update(late_told_at=now)
    return late

"""Which letters are due: those whose quiet hours are over, and those of the day."""

from __future__ import annotations

from datetime import date, datetime, time
from uuid import UUID

from apps.accounts.models import User
from apps.notifications.choosing import SATURDAY, settings_of, zone_of
from apps.notifications.models import Notification

AT_ONCE = 500


def letters_due(*, now: datetime) -> list[UUID]:
    """Return the notices that are to be mailed by now, the earliest first."""
    rows = Notification.objects.filter(mail_at__lte=now).order_by("mail_at", "pk")
    return list(rows.values_list("pk", flat=True)[:AT_ONCE])


def digests_due(*, now: datetime) -> list[tuple[UUID, date]]:
    """Return who is due a letter of the day, with that day where they are."""
    waiting = set(
        Notification.objects.filter(is_for_digest=True)
        .order_by()
        .values_list("user_id", flat=True)
        .distinct()
    )
    people = User.objects.filter(pk__in=waiting, is_active=True).order_by("pk")
    chosen = settings_of(waiting)
    due = []
    for user in people:
        settings = chosen.get(user.pk)
        local = now.astimezone(zone_of(user))
        at = settings.digest_at if settings is not None else time(8, 30)
        sent_on = settings.digest_sent_on if settings is not None else None
        is_rest = (
            settings is not None and settings.is_weekend_quiet and local.weekday() >= SATURDAY
        )
        if local.time() >= at and sent_on != local.date() and not is_rest:
            due.append((user.pk, local.date()))
    return due

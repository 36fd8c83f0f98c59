"""When: whole days, what is late, the days of a calendar, all in the time zone in force."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from django.db.models import Q
from django.utils import timezone


def whole_day(day: date) -> datetime:
    """Return how a whole day is kept: noon in UTC, the same date for everybody."""
    return datetime.combine(day, time(12), tzinfo=UTC)


def day_of(moment: datetime, *, is_all_day: bool) -> date:
    """Return the date a person sees for a moment."""
    return moment.astimezone(UTC).date() if is_all_day else timezone.localtime(moment).date()


def midnight(day: date) -> datetime:
    """Return the beginning of a day in the time zone in force."""
    return timezone.make_aware(datetime.combine(day, time.min))


def is_late(moment: datetime | None, *, is_all_day: bool, now: datetime) -> bool:
    """Tell whether a plan's moment has passed; a whole day passes with its end."""
    if moment is None:
        return False
    if is_all_day:
        return day_of(moment, is_all_day=True) < timezone.localtime(now).date()
    return moment < now


def late(now: datetime, *, prefix: str = "") -> Q:
    """Return the condition for what is late."""
    today = timezone.localtime(now).date()
    return Q(**{f"{prefix}is_all_day": False, f"{prefix}planned_at__lt": now}) | Q(
        **{f"{prefix}is_all_day": True, f"{prefix}planned_at__lt": whole_day(today)}
    )


def on_days(first: date, until: date, *, prefix: str = "") -> Q:
    """Return the condition for what is planned from ``first`` on, before ``until``."""
    timed = {
        f"{prefix}is_all_day": False,
        f"{prefix}planned_at__gte": midnight(first),
        f"{prefix}planned_at__lt": midnight(until),
    }
    whole = {
        f"{prefix}is_all_day": True,
        f"{prefix}planned_at__gte": whole_day(first),
        f"{prefix}planned_at__lt": whole_day(until),
    }
    # The first condition is one an index can answer; it leaves a day of room for time zones.
    near = Q(
        **{
            f"{prefix}planned_at__gte": midnight(first) - timedelta(days=1),
            f"{prefix}planned_at__lt": midnight(until) + timedelta(days=1),
        }
    )
    return near & (Q(**timed) | Q(**whole))


def moved(moment: datetime, *, to: date, is_all_day: bool, at: time | None = None) -> datetime:
    """Return a moment on another day; the time of day stays unless ``at`` names one."""
    if is_all_day:
        return whole_day(to)
    local = timezone.localtime(moment)
    return timezone.make_aware(datetime.combine(to, at or local.time()))

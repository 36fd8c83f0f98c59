"""Activities as sentences: when, how often, what became of them."""

from __future__ import annotations

from datetime import date, datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from apps.activities import moments, repeating
from apps.activities.models import Activity, ActivityKind

ICONS = {
    ActivityKind.NOTE: "message",
    ActivityKind.TASK: "circle-check",
    ActivityKind.CALL: "phone",
    ActivityKind.MEETING: "users",
    ActivityKind.ABSENCE: "sun",
}


def icon(kind: str) -> str:
    """Return the icon of a kind of activity."""
    return ICONS.get(ActivityKind(kind), "circle") if kind in ActivityKind.values else "circle"


def when_text(activity: Activity) -> str:
    """Return when an activity is planned, near days by their names: «tomorrow, 10:00»."""
    if activity.planned_at is None:
        return ""
    text = moment_text(activity.planned_at, is_all_day=activity.is_all_day)
    if activity.ends_at is None or activity.starts_at is None:
        return text
    if activity.is_all_day:
        last = moments.day_of(activity.ends_at, is_all_day=True)
        first = moments.day_of(activity.starts_at, is_all_day=True)
        return text if last == first else f"{text} – {date_format(last, 'SHORT_DATE_FORMAT')}"
    return f"{text}–{date_format(timezone.localtime(activity.ends_at), 'TIME_FORMAT')}"


def moment_text(moment: datetime, *, is_all_day: bool) -> str:
    """Return a moment as people say it, counted from today."""
    day = day_text(moments.day_of(moment, is_all_day=is_all_day))
    if is_all_day:
        return day
    return f"{day}, {date_format(timezone.localtime(moment), 'TIME_FORMAT')}"


def day_text(day: date) -> str:
    """Return a day: yesterday, today, tomorrow, the name of the weekday, or the date."""
    away = (day - timezone.localdate()).days
    if away in (-1, 0, 1):
        return {-1: _("yesterday"), 0: _("today"), 1: _("tomorrow")}[away]
    if 1 < away < 7:
        return date_format(day, "l").lower() if _lower_weekdays() else date_format(day, "l")
    return date_format(day, "SHORT_DATE_FORMAT")


def repeat_text(rule: str) -> str:
    """Return how often something repeats; a rule of somebody else's as it is written."""
    return next((str(label) for key, label in repeating.RULES if key and key == rule), rule)


def reminder_text(rule: str) -> str:
    """Return how often a reminder comes back until it is done."""
    return next((str(label) for key, label in repeating.REMINDERS if key == rule), rule)


def _lower_weekdays() -> bool:
    return (get_language() or "en")[:2] == "ru"

"""Timelines and activities on any card: ``{% timeline "deals" deal.pk %}``."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django import template
from django.utils import timezone
from django.utils.formats import date_format

from apps.accounts.rights import can
from apps.activities import cards, moments, showing, words
from apps.activities.models import Activity

register = template.Library()


@register.inclusion_tag("activities/timeline/_tag.html", takes_context=True)
def timeline(context: dict[str, Any], kind: str, key: UUID, row: Any = None) -> dict[str, Any]:
    """Show a card's timeline with its composer; nothing to who may not see activities.

    ``row`` is that of the card when the page has it.
    """
    request = context["request"]
    if not can(request.user, "activities.view"):
        return {"is_shown": False}
    try:
        card = cards.kind_of(kind)
    except cards.NoSuchCard:
        return {"is_shown": False}
    shown = showing.timeline_of(request, showing.Shown(card, key, row))
    passed = {name: context.get(name) for name in ("csrf_token", "rights", "request", "theme")}
    return {**passed, **shown, "is_shown": True}


@register.filter
def when(activity: Activity) -> str:
    """Return when an activity is planned."""
    return words.when_text(activity)


@register.filter
def begins(activity: Activity) -> str:
    """Return when what is due later begins; nothing where it is planned for its beginning."""
    if activity.starts_at is None or activity.starts_at == activity.planned_at:
        return ""
    return words.moment_text(activity.starts_at, is_all_day=activity.is_all_day)


@register.filter
def clock(activity: Activity) -> str:
    """Return the time of day of an activity; nothing for a whole day."""
    if activity.planned_at is None or activity.is_all_day:
        return ""
    return date_format(timezone.localtime(activity.planned_at), "TIME_FORMAT")


@register.filter
def kind_icon(kind: str) -> str:
    """Return the icon of a kind of activity."""
    return words.icon(kind)


@register.filter
def day_name(day: date) -> str:
    """Return a day by its name near today, else its date."""
    return words.day_text(day)


@register.filter
def repeats(rule: str) -> str:
    """Return how often something repeats."""
    return words.repeat_text(rule)


@register.filter
def reminds(rule: str) -> str:
    """Return how often a reminder comes back."""
    return words.reminder_text(rule)


@register.filter
def is_late(activity: Activity, now: datetime) -> bool:
    """Tell whether an open activity is late."""
    return activity.is_open and moments.is_late(
        activity.planned_at, is_all_day=activity.is_all_day, now=now
    )

"""How people want to be told: channels by topic, quiet hours in their own time zone."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction

from apps.accounts.models import User
from apps.core import notices
from apps.core.notices import BELL, CHANNELS
from apps.notifications.models import NoticeSettings
from tenants.current import current_company

SATURDAY = 5


@transaction.atomic
def choose(
    *,
    user: User,
    channels: Mapping[str, Collection[str]],
    quiet_from: time | None,
    quiet_until: time | None,
    is_weekend_quiet: bool,
    digest_at: time,
) -> NoticeSettings:
    """Keep how a person wants to be told; unknown topics and channels are left out."""
    known = {topic.key for topic in notices.topics()}
    kept = {
        topic: sorted(set(ways) & set(CHANNELS))
        for topic, ways in channels.items()
        if topic in known
    }
    values = {
        "channels": kept, "quiet_from": quiet_from, "quiet_until": quiet_until,
        "is_weekend_quiet": is_weekend_quiet, "digest_at": digest_at,
    }  # fmt: skip
    saved, _made = NoticeSettings.objects.update_or_create(user=user, defaults=values)
    return saved


def channels_for(settings: NoticeSettings | None, topic: str) -> frozenset[str]:
    """Return the channels of a topic: those chosen, else the usual ones."""
    known = notices.topic(topic)
    usual = known.channels if known is not None else frozenset({BELL})
    if settings is None or topic not in settings.channels:
        return usual
    return frozenset(settings.channels[topic])


def quiet_until(settings: NoticeSettings | None, *, zone: ZoneInfo, now: datetime) -> (
    datetime | None
):  # fmt: skip
    """Return when a person's quiet hours end; ``None`` when it is not quiet."""
    if settings is None:
        return None
    local = now.astimezone(zone)
    until = _end_of_quiet_hours(settings, local)
    if until is None and not (settings.is_weekend_quiet and local.weekday() >= SATURDAY):
        return None
    until = until or local
    while settings.is_weekend_quiet and until.weekday() >= SATURDAY:
        morning = settings.quiet_until or time(0)
        until = datetime.combine(until.date() + timedelta(days=1), morning, tzinfo=zone)
    return until


def zone_of(user: User) -> ZoneInfo:
    """Return a person's time zone, the company's when they have none."""
    company = current_company()
    return ZoneInfo(user.time_zone or company.time_zone or "UTC")


def settings_of(users: Collection[UUID]) -> dict[UUID, NoticeSettings]:
    """Return what people have chosen, by person; who has chosen nothing is absent."""
    return {each.user_id: each for each in NoticeSettings.objects.filter(user__in=users)}


def _end_of_quiet_hours(settings: NoticeSettings, local: datetime) -> datetime | None:
    begin, end = settings.quiet_from, settings.quiet_until
    if begin is None or end is None or begin == end:
        return None
    now = local.time()
    is_quiet = begin <= now < end if begin < end else now >= begin or now < end
    if not is_quiet:
        return None
    day = local.date() + timedelta(days=1 if begin > end and now >= begin else 0)
    return datetime.combine(day, end, tzinfo=local.tzinfo)

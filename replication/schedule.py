"""When an office exchanges: every so many minutes, at times of the day, or by hand."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

LONGEST_PAUSE = timedelta(days=1)


def next_exchange(
    schedule: Mapping[str, Any], *, after: datetime | None, now: datetime, zone: str
) -> datetime | None:
    """Return when the next exchange is due; ``None``: only by hand, or when the line returns.

    ``schedule`` is ``{"every": minutes}``, ``{"at": ["09:00", "18:30"]}`` in the company's time
    zone, or empty. ``after`` is the moment of the latest exchange that came to its end.
    """
    if every := schedule.get("every"):
        return after + timedelta(minutes=float(every)) if after else now
    times = sorted(schedule.get("at") or [])
    if not times:
        return None
    local = (after or now - LONGEST_PAUSE).astimezone(ZoneInfo(zone))
    for day in range(3):
        for text in times:
            hour, minute = text.split(":")
            moment = (local + timedelta(days=day)).replace(
                hour=int(hour), minute=int(minute), second=0, microsecond=0
            )
            if moment > local:
                return moment.astimezone(now.tzinfo)
    return None


def period(schedule: Mapping[str, Any]) -> timedelta | None:
    """Return the longest pause a schedule leaves; ``None``: there is none by hand."""
    if every := schedule.get("every"):
        return timedelta(minutes=float(every))
    times = schedule.get("at") or []
    return LONGEST_PAUSE if times else None

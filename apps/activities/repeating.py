"""Rules of repetition: a part of RFC 5545 (FREQ, INTERVAL, BYDAY, COUNT, UNTIL)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import islice

from dateutil.rrule import rrule, rruleset, rrulestr  # type: ignore[import-untyped]
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

DAILY, WORKDAYS, WEEKLY, MONTHLY, YEARLY = (
    "FREQ=DAILY", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "FREQ=WEEKLY", "FREQ=MONTHLY", "FREQ=YEARLY",
)  # fmt: skip
RULES = (
    ("", _("does not repeat")),
    (DAILY, _("every day")),
    (WORKDAYS, _("every working day")),
    (WEEKLY, _("every week")),
    ("FREQ=WEEKLY;INTERVAL=2", _("every two weeks")),
    (MONTHLY, _("every month")),
    ("FREQ=MONTHLY;INTERVAL=3", _("every quarter")),
    (YEARLY, _("every year")),
)
REMINDERS = (
    ("", _("once")),
    ("FREQ=HOURLY", _("every hour until done")),
    (DAILY, _("every day until done")),
    (WORKDAYS, _("every working day until done")),
    (WEEKLY, _("every week until done")),
)
_ALLOWED = {"FREQ", "INTERVAL", "BYDAY", "BYMONTHDAY", "COUNT", "UNTIL", "WKST"}
MOST = 400


class NotARule(ValueError):
    """The text is not a rule this program follows."""


def checked(rule: str) -> str:
    """Return a rule as it is kept.

    :raises NotARule: it is none, or uses parts that are not supported.
    """
    text = rule.strip().upper().removeprefix("RRULE:")
    if not text:
        return ""
    parts = dict(part.partition("=")[::2] for part in text.split(";"))
    if not parts.keys() <= _ALLOWED or parts.get("FREQ") in (None, "", "SECONDLY", "MINUTELY"):
        raise NotARule(rule)
    try:
        rrulestr(text, dtstart=datetime(2026, 1, 1))  # noqa: DTZ001 (only read)
    except (ValueError, TypeError, KeyError) as error:
        raise NotARule(rule) from error
    return text


def following(rule: str, *, start: datetime, after: datetime) -> datetime | None:
    """Return the first moment of a rule after another one; ``None`` when it has ended.

    Counted in the time of day of the zone in force: nine o'clock stays nine o'clock when the
    clocks change.
    """
    found = _rule(rule, start).after(_plain(after))
    return timezone.make_aware(found) if found is not None else None


def moments(rule: str, *, start: datetime, since: datetime, until: datetime) -> list[datetime]:
    """Return the moments of a rule from ``since`` on, before ``until``; at most ``MOST``."""
    found: Iterator[datetime] = _rule(rule, start).xafter(_plain(since), inc=True)
    last = _plain(until)
    return [timezone.make_aware(each) for each in islice(found, MOST) if each < last]


def _rule(rule: str, start: datetime) -> rrule | rruleset:
    return rrulestr(rule, dtstart=_plain(start))


def _plain(moment: datetime) -> datetime:
    return timezone.localtime(moment).replace(tzinfo=None)

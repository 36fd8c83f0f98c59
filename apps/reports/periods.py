"""Periods by name («last month»), so that a saved report speaks of its own day each time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

LONGEST = timedelta(days=5 * 366)
A_DAY = timedelta(days=1)

PERIODS: dict[str, str | Promise] = {
    "today": _("Today"), "yesterday": _("Yesterday"), "week": _("This week"),
    "last_week": _("Last week"), "month": _("This month"), "last_month": _("Last month"),
    "quarter": _("This quarter"), "last_quarter": _("Last quarter"), "year": _("This year"),
    "last_year": _("Last year"), "30": _("The last 30 days"), "90": _("The last 90 days"),
    "365": _("The last 365 days"), "own": _("From … to …"),
}  # fmt: skip
COMPARISONS: dict[str, str | Promise] = {
    "before": _("the period before"), "year": _("the same days a year before"),
}  # fmt: skip


@dataclass(frozen=True)
class Period:
    """Days from one to another, both included."""

    from_on: date
    until_on: date

    @property
    def days(self) -> int:
        """Return how many days it has."""
        return (self.until_on - self.from_on).days + 1

    def before(self, comparison: str) -> Period:
        """Return what it is compared with: as many days before it, or the same a year earlier."""
        if comparison == "year":
            return Period(_a_year_before(self.from_on), _a_year_before(self.until_on))
        if self.from_on.day == 1:  # whole months, or months up to a day of the last one
            months = (self.until_on.year - self.from_on.year) * 12
            months += self.until_on.month - self.from_on.month + 1
            first = _months_before(self.from_on, months)
            if (self.until_on + A_DAY).day == 1:
                return Period(first, self.from_on - A_DAY)
            last = _months_before(self.until_on.replace(day=1), months)
            end = _months_before(last, -1) - A_DAY
            return Period(first, last.replace(day=min(self.until_on.day, end.day)))
        return Period(self.from_on - timedelta(days=self.days), self.from_on - A_DAY)

    @property
    def unit(self) -> str:
        """Return by what it is drawn: day, week or month."""
        return "day" if self.days <= 31 else "week" if self.days <= 120 else "month"


def named(name: str, *, today: date) -> Period:
    """Return a period by its name; the month up to now where there is no such name."""
    monday = today - timedelta(days=today.weekday())
    month = today.replace(day=1)
    quarter = _months_before(month, (month.month - 1) % 3)
    year = month.replace(month=1)
    if name.isdecimal() and name in PERIODS:
        return Period(today - timedelta(days=int(name) - 1), today)
    known = {
        "today": (today, today), "yesterday": (today - A_DAY, today - A_DAY),
        "week": (monday, today), "last_week": (monday - timedelta(days=7), monday - A_DAY),
        "month": (month, today), "last_month": (_months_before(month, 1), month - A_DAY),
        "quarter": (quarter, today),
        "last_quarter": (_months_before(quarter, 3), quarter - A_DAY), "year": (year, today),
        "last_year": (_months_before(year, 12), year - A_DAY),
    }  # fmt: skip
    return Period(*known.get(name, known["month"]))


def asked(values: Mapping[str, str], *, today: date, usual: str) -> tuple[str, Period]:
    """Return the name of the period an address asks for, and its days.

    ``from`` and ``until`` are the period's own ends; ends in the wrong order are put right, and
    nobody waits for more than five years.
    """
    name = values.get("period", "")
    first, last = _day(values.get("from", "")), _day(values.get("until", ""))
    if name in ("", "own") and (first or last):
        last = last or today
        first = first or last.replace(day=1)
        first, last = min(first, last), max(first, last)
        return "own", Period(max(first, last - LONGEST), last)
    if name not in PERIODS or name == "own":
        name = usual
    return name, named(name, today=today)


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if 1990 <= found.year <= 2100 else None


def _months_before(first: date, number: int) -> date:
    at = first.year * 12 + first.month - 1 - number
    return date(at // 12, at % 12 + 1, 1)


def _a_year_before(day: date) -> date:
    try:
        return day.replace(year=day.year - 1)
    except ValueError:  # the 29th of February
        return day.replace(year=day.year - 1, day=28)

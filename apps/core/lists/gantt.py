"""A list of anything dated as bars over time: ``?show=gantt``, with the list's own filters.

Which two dates a bar lies between, and how much time is seen, stand in the address like all of a
list's state: a saved view opens as it was saved, beginning today. A bar's end (or beginning) is
moved where its date is a field that people edit in its cell, through the same door.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import F, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from apps.core import computed, objects
from apps.core.lists import conditions, fields
from apps.core.lists.columns import Column
from apps.core.lists.screen import ListScreen
from apps.core.objects import Field

NAME = "gantt"
NAMES = ("show", "bar_from", "bar_to", "scale", "at")  # of the address
PAGE, MOST = 100, 500
MISSING_CAP = 1_000
_DAY = timedelta(days=1)
_NEVER_FIRST = ("updated_at", "created_at", "touched_at", "completed_at", "closed_at", "remind_at")


@dataclass(frozen=True)
class Scale:
    """How much time is seen at once, in ``months`` or ``weeks``, and how far one goes on."""

    key: str
    label: str | Promise
    length: int
    step: int
    is_of_weeks: bool = False

    def begin(self, day: date) -> date:
        """Return the first day that is seen when ``day`` is of interest: some time before it."""
        if self.is_of_weeks:
            return day - timedelta(days=day.weekday() + 7)
        return conditions.months_later(day, -(self.length // 6))

    def moved(self, first: date, count: int) -> date:
        """Return the first day some lengths or steps later."""
        if self.is_of_weeks:
            return first + timedelta(weeks=count)
        return conditions.months_later(first, count)

    def behind(self, first: date) -> date:
        """Return the first day that is not seen any more."""
        return self.moved(first, self.length)


SCALES = (
    Scale("weeks", gettext_lazy("Six weeks"), 6, 3, is_of_weeks=True),
    Scale("months", gettext_lazy("Six months"), 6, 3),
    Scale("years", gettext_lazy("Two years"), 24, 12),
)


@dataclass(frozen=True)
class Tick:
    """A line of the scale with its name; ``at`` is its place in percent of the width."""

    at: str
    label: str


@dataclass(frozen=True)
class Edge:
    """The beginning or end of a bar: its day, and its place among the days that are seen."""

    day: date
    text: str
    time: str = ""  # of day, kept when the day is moved: "14:30"
    number: int = 0  # of the day, from 0
    at: str = ""  # in percent; the end of a day for the end of a bar
    may_move: bool = False


@dataclass
class Bar:
    """A row over time; where one of its dates is missing it is a point."""

    key: str
    name: str
    url: str
    seen: str
    begin: Edge | None
    end: Edge | None
    x: str = "0"
    width: str = "0"
    is_point: bool = False
    is_past: bool = False  # or done with: won, lost, closed
    begins_before: bool = False
    ends_behind: bool = False


@dataclass
class Gantt:
    """What the chart shows."""

    begins: Field
    ends: Field
    dated: list[Field]
    scale: Scale
    first: date
    behind: date
    ticks: list[Tick]
    today: str  # its place in percent; "" when it is not seen
    groups: list[tuple[str, list[Bar]]] = field(default_factory=list)
    has_groups: bool = False
    count: int = 0
    is_cut: bool = False  # more rows than are shown
    missing: int = 0  # rows without either date
    may_move: bool = False

    @property
    def most_missing(self) -> int:
        """Return how many rows without a date are counted."""
        return MISSING_CAP

    @property
    def has_many_missing(self) -> bool:
        """Tell whether there are more of them than are counted."""
        return self.missing > MISSING_CAP

    @property
    def days(self) -> int:
        """Return how many days are seen."""
        return (self.behind - self.first).days


def is_offered(screen: ListScreen) -> bool:
    """Tell whether the list says how its rows lie in time, or a field of the company's own does."""
    return bool(screen.kind) and any(
        each.is_custom or each.key in screen.bars for each in dated(screen)
    )  # fmt: skip


def is_asked(request: HttpRequest, screen: ListScreen) -> bool:
    """Tell whether the address asks for bars."""
    return request.GET.get("show") == NAME and bool(screen.kind) and bool(dated(screen))


def dated(screen: ListScreen) -> list[Field]:
    """Return the dates of the rows that the person may filter by."""
    closed = objects.rights().unseen(screen.request.user, screen.of.model).closed
    return [
        each
        for each in conditions.fields(screen.of, screen.request.user)
        if each.type in ("date", "moment") and each.key not in closed
    ]


def drawn(
    screen: ListScreen, columns: Sequence[Column], *, by: Field | None,
    editable: Mapping[str, Field],
) -> Gantt:  # fmt: skip
    """Return the chart a person asked for; two queries, and those of ``prepare``."""
    asked, offered = screen.request.GET, dated(screen)
    begins, ends = _between(screen, offered)
    scale = next((each for each in SCALES if each.key == asked.get("scale")), SCALES[1])
    today = timezone.localdate()
    first = _day_of(asked.get("at", "")) or scale.begin(today)
    chart = Gantt(
        begins, ends, offered, scale, first, scale.behind(first), _ticks(scale, first), "",
        has_groups=by is not None, may_move=bool({begins.key, ends.key} & set(editable)),
    )  # fmt: skip
    if chart.first <= today < chart.behind:
        chart.today = _percent((today - first).days + 0.5, chart.days)
    link = next((each for each in columns if each.is_link), columns[0])
    shown = [link, fields.column_of(by)] if by is not None else [link]
    rows = _seen(screen.joined(shown), chart, screen.request.user)
    size = _size(asked.get("size", ""))
    found = list(rows[: size + 1])
    chart.is_cut, found = len(found) > size, found[:size]
    known = [each for each in (begins, ends, by) if each is not None]
    computed.give(found, known, kind=screen.of, user=screen.request.user)
    screen.prepare(found)
    fields.name_related(found, shown, screen.of, screen.request.user)
    chart.count = len(found)
    chart.missing = screen.matched().order_by().filter(
        conditions.is_empty(begins, user=screen.request.user)
        & conditions.is_empty(ends, user=screen.request.user)
    )[: MISSING_CAP + 1].count()  # fmt: skip
    bars: dict[str, list[Bar]] = {}
    for row in found:
        bar = _bar(screen, row, link, chart, editable)
        label = str(fields.shown(row, by)) if by is not None else ""
        if bar is not None:
            bars.setdefault(label, []).append(bar)
    chart.groups = sorted(bars.items(), key=lambda group: (not group[0], group[0].casefold()))
    return chart


def _between(screen: ListScreen, offered: Sequence[Field]) -> tuple[Field, Field]:
    known = {each.key: each for each in offered}
    planned = [each for each in offered if each.key not in _NEVER_FIRST] or list(offered)
    usual = [known[key] for key in screen.bars if key in known] or planned
    begins = known.get(screen.request.GET.get("bar_from", ""), usual[0])
    ends = known.get(screen.request.GET.get("bar_to", ""), usual[1 if len(usual) > 1 else 0])
    return begins, ends


def _seen(rows: QuerySet[Any], chart: Gantt, user: Any) -> QuerySet[Any]:
    """Return the rows whose bar or point lies in the time that is seen, the earliest end first."""
    begins, ends = chart.begins, chart.ends
    across = conditions.lies_between(
        ends, chart.first, None, user=user
    ) & conditions.lies_between(begins, None, chart.behind, user=user)
    either = Q()  # what has one date alone, or its dates the wrong way round, is seen, too
    for each in (begins, ends):
        either |= conditions.lies_between(each, chart.first, chart.behind, user=user)
    place = ends.computed(user, "") if ends.computed is not None else F(ends.source)
    order = ends.source if ends.is_custom else place.asc(nulls_last=True)
    return rows.filter(across | either).order_by(order, "pk")


def _bar(
    screen: ListScreen, row: Any, link: Column, chart: Gantt, editable: Mapping[str, Field]
) -> Bar | None:
    begin = _edge(row, chart.begins, chart, editable, is_end=False)
    end = _edge(row, chart.ends, chart, editable, is_end=True)
    if chart.begins.key == chart.ends.key:
        begin = None
    known = [each for each in (begin, end) if each is not None]
    if not known:
        return None
    low, high = min(each.day for each in known), max(each.day for each in known)
    left = max((low - chart.first).days, 0)
    right = min((high - chart.first).days + 1, chart.days)
    changed = getattr(row, "updated_at", None)
    return Bar(
        str(row.pk), link.cell(row), screen.url(row), changed.isoformat() if changed else "",
        begin, end, _percent(left, chart.days), _percent(max(right - left, 0), chart.days),
        is_point=len(known) == 1,
        is_past=high < timezone.localdate() or not getattr(row, "is_open", True),
        begins_before=low < chart.first, ends_behind=high >= chart.behind,
    )  # fmt: skip


def _edge(
    row: Any, of: Field, chart: Gantt, editable: Mapping[str, Field], *, is_end: bool
) -> Edge | None:
    value = fields.value_of(row, of)
    if isinstance(value, str):
        value = parse_date(value) if of.type == "date" else parse_datetime(value)
    if not value:
        return None
    clock = ""
    if isinstance(value, datetime):
        local = timezone.localtime(value) if timezone.is_aware(value) else value
        value, clock = local.date(), local.strftime("%H:%M")
    number = (value - chart.first).days
    is_seen = chart.first <= value < chart.behind
    return Edge(
        value, date_format(value, "SHORT_DATE_FORMAT"), clock, number,
        _percent(number + (1 if is_end else 0), chart.days),
        may_move=is_seen and of.key in editable,
    )  # fmt: skip


def _ticks(scale: Scale, first: date) -> list[Tick]:
    behind = scale.behind(first)
    days = (behind - first).days
    every = 3 if scale.length > 12 else 1
    found, day = [], first
    while day < behind:
        told = date_format(day, "MONTH_DAY_FORMAT" if scale.is_of_weeks else "YEAR_MONTH_FORMAT")
        found.append(Tick(_percent((day - first).days, days), told))
        day = scale.moved(day, every)
    return found


def _percent(days: float, of: int) -> str:
    return f"{days * 100 / of:.3f}"


def _day_of(text: str) -> date | None:
    try:
        day = parse_date(text)
    except ValueError:
        return None
    return day if day is not None and 1900 < day.year < 2200 else None


def _size(text: str) -> int:
    return max(PAGE, min(int(text), MOST)) if text.isdecimal() and len(text) < 5 else PAGE

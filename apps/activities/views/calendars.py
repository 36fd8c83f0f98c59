"""The calendar: day, week and month, layers, and moving what stands in it."""

from __future__ import annotations

import calendar as months
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_time
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.rights import can, needs, require
from apps.activities import calendar as layering
from apps.activities import selectors
from apps.activities.calendar import Event, Layer, Move, NotMovable, Span
from apps.activities.views.common import done, key_of, person
from apps.core import preferences
from apps.core.objects import ChangedMeanwhile, Refused
from apps.sales.services import SalesError

VIEWS = ("day", "week", "month")
EARLIEST, LATEST = 8, 19  # hours that are shown when nothing is earlier or later
MOST_LANES = 4
IN_MONTH = 4


@dataclass
class Placed:
    """An event in a column of hours: its first half-hour, length, and place among those beside."""

    event: Event
    slot: int
    length: int
    lane: int = 0
    lanes: int = 1


@dataclass
class Column:
    """A day: what lasts all of it, and what has a time."""

    day: date
    whole: list[Event] = field(default_factory=list)
    timed: list[Placed] = field(default_factory=list)

    @property
    def all(self) -> list[Event]:
        """Return everything of the day, in its order."""
        return [*self.whole, *(each.event for each in self.timed)]

    @property
    def rest(self) -> int:
        """Return how many a month leaves out of a day."""
        return max(len(self.whole) + len(self.timed) - IN_MONTH, 0)


@require_safe
@needs("activities.view")
def calendar(request: HttpRequest) -> HttpResponse:
    """Show a day, a week or a month; ``?part=body`` without the shell."""
    me = person(request)
    view = _view(request)
    day = _day(request.GET.get("day", ""))
    first, until = _days(view, day)
    known = layering.layers(me)
    hidden = _hidden(request, known)
    whose = _whose(request)
    span = Span(first, until, me, whose, timezone.now())
    found = layering.events(span, [each for each in known if each.key not in hidden])
    columns = [Column(first + timedelta(days=place)) for place in range((until - first).days)]
    hours = _place(columns, found)
    before, after = _around(view, day)
    context = {
        "view": view, "day": day, "columns": columns, "hours": hours, "today": timezone.localdate(),
        "weeks": [columns[place : place + 7] for place in range(0, len(columns), 7)],
        "layers": [(each, each.key not in hidden) for each in known],
        "people": selectors.active_people() if can(me, "team.view") else [me],
        "whose": whose, "everybody": whose is None, "before": before, "after": after,
        "title": _title(view, first, until, day),
        "may_change": can(me, "activities.change"),
    }  # fmt: skip
    is_part = request.GET.get("part") == "body"
    template = "activities/calendar/_body.html" if is_part else "activities/calendar/page.html"
    return render(request, template, context)


@require_POST
@needs("activities.view")
def layers(request: HttpRequest) -> HttpResponse:
    """Keep which layers a person looks at, and whether by day, week or month."""
    me = person(request)
    shown = set(request.POST.getlist("layer"))
    hidden = [each.key for each in layering.layers(me) if each.key not in shown]
    preferences.keep(user_id=me.pk, key="calendar:hidden", value=hidden)
    return redirect(_address(request))


@require_POST
@needs("activities.view")
def move(request: HttpRequest, layer: str, pk: UUID) -> HttpResponse:
    """Put something of a layer to another day (``to``) and time (``at``); ``minutes`` its length.

    When the room it belongs to refuses, the page says so and shows it where it was.
    """
    me = person(request)
    found = next((each for each in layering.layers(me) if each.key == layer), None)
    if found is None or found.move is None:
        raise Http404(layer)
    require(me, _right_to_move(found))
    try:
        to = parse_date(request.POST.get("to", ""))
        at = parse_time(request.POST["at"]) if request.POST.get("at") else None
    except ValueError as error:
        raise Http404 from error
    minutes = request.POST.get("minutes", "")
    if to is None:
        raise Http404
    whole = True if request.POST.get("all_day") == "yes" else False if at is not None else None
    asked = Move(pk, to, at, whole, int(minutes) if minutes.isdecimal() else None, me)
    try:
        found.move(asked)
    except NotMovable as error:
        raise Http404(str(pk)) from error
    except (SalesError, Refused, ChangedMeanwhile):
        text = _("This cannot be moved: it is done, locked or was changed meanwhile.")
        return done(request, text)
    when = date_format(to, "SHORT_DATE_FORMAT")
    if at is not None:
        when = f"{when}, {date_format(datetime.combine(to, at), 'TIME_FORMAT')}"
    return done(request, _("Moved to %(when)s.") % {"when": when})


def _right_to_move(layer: Layer) -> str:
    name = layer.right.partition(".")[0] or "activities"
    return f"{name}.change"


def _view(request: HttpRequest) -> str:
    me = person(request)
    asked = request.GET.get("view", "")
    kept = preferences.read(user_id=me.pk, key="calendar:view")
    if asked in VIEWS:
        if asked != (kept or "week"):
            preferences.keep(user_id=me.pk, key="calendar:view", value=asked)
        return asked
    return str(kept) if kept in VIEWS else "week"


def _day(text: str) -> date:
    try:
        return parse_date(text) or timezone.localdate()
    except ValueError:
        return timezone.localdate()


def _days(view: str, day: date) -> tuple[date, date]:
    if view == "day":
        return day, day + timedelta(days=1)
    monday = day - timedelta(days=day.weekday())
    if view == "week":
        return monday, monday + timedelta(days=7)
    first = day.replace(day=1)
    first -= timedelta(days=first.weekday())
    last = day.replace(day=months.monthrange(day.year, day.month)[1])
    return first, last + timedelta(days=7 - last.weekday())


def _around(view: str, day: date) -> tuple[date, date]:
    if view == "month":
        first = day.replace(day=1)
        before = (first - timedelta(days=1)).replace(day=1)
        return before, (first + timedelta(days=32)).replace(day=1)
    step = timedelta(days=1 if view == "day" else 7)
    return day - step, day + step


def _title(view: str, first: date, until: date, day: date) -> str:
    if view == "day":
        return date_format(day, "l, j E Y")
    if view == "month":
        return date_format(day, "F Y")
    last = until - timedelta(days=1)
    return f"{date_format(first, 'j E')} – {date_format(last, 'j E Y')}"


def _hidden(request: HttpRequest, known: Sequence[Layer]) -> set[str]:
    kept = preferences.read(user_id=person(request).pk, key="calendar:hidden")
    if isinstance(kept, list):
        return {str(each) for each in kept}
    return {each.key for each in known if not each.is_shown}


def _whose(request: HttpRequest) -> UUID | None:
    """Return whose calendar is asked for: one's own, another's, or everybody's."""
    text = request.GET.get("person", "")
    if not can(request.user, "team.view"):
        return person(request).pk
    return None if text == "all" else key_of(text) or person(request).pk


def _place(columns: Sequence[Column], found: Sequence[Event]) -> list[int]:
    """Put events into their days; return the hours that are shown."""
    by_day = {column.day: column for column in columns}
    earliest, latest = EARLIEST, LATEST
    timed: list[tuple[Column, Event, datetime, datetime]] = []
    for event in found:
        day = event.first_day
        while day <= event.last_day:
            column = by_day.get(day)
            if column is not None and (event.is_all_day or event.first_day != event.last_day):
                column.whole.append(event)
            elif column is not None:
                starts, ends = timezone.localtime(event.starts), timezone.localtime(event.ends)
                earliest = min(earliest, starts.hour)
                hour = 24 if ends.date() > starts.date() else ends.hour + (ends.minute > 0)
                latest = max(latest, hour)
                timed.append((column, event, starts, ends))
            day += timedelta(days=1)
    for column, event, starts, ends in timed:
        slot = (starts.hour - earliest) * 2 + starts.minute // 30
        length = max(1, -(-int((ends - starts).total_seconds()) // 1800))
        column.timed.append(Placed(event, slot, min(length, (latest - earliest) * 2 - slot)))
    for column in columns:
        _give_lanes(column.timed)
    return list(range(earliest, latest))


def _give_lanes(placed: Sequence[Placed]) -> None:
    """Give events that overlap lanes beside each other."""
    group: list[Placed] = []
    end = 0
    for each in sorted(placed, key=lambda one: (one.slot, -one.length)):
        if group and each.slot >= end:
            _close(group)
            group, end = [], 0
        taken = {one.lane for one in group if one.slot + one.length > each.slot}
        each.lane = min(lane for lane in range(len(group) + 1) if lane not in taken)
        group.append(each)
        end = max(end, each.slot + each.length)
    _close(group)


def _close(group: Sequence[Placed]) -> None:
    lanes = min(max((each.lane for each in group), default=0) + 1, MOST_LANES)
    for each in group:
        each.lane, each.lanes = min(each.lane, MOST_LANES - 1), lanes


def _address(request: HttpRequest) -> str:
    query = request.GET.urlencode()
    return reverse("activities:calendar") + (f"?{query}" if query else "")

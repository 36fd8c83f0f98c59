"""*Today*, the list of activities, entering one by a line of words, the team's week."""

from __future__ import annotations

from datetime import date, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.rights import can, needs
from apps.activities import quick, selectors, services, words
from apps.activities.lists import ActivityList
from apps.activities.views.common import done, person
from apps.core.lists import show_list


@require_safe
@needs("activities.view")
def today(request: HttpRequest) -> HttpResponse:
    """Show what a person has to do: late, today, soon; ``?part=body`` without the shell."""
    now = timezone.now()
    context = {
        "day": selectors.day_of(user=person(request), viewer=request.user, now=now),
        "now": now,
        "may_change": can(request.user, "activities.change"),
    }
    is_part = request.GET.get("part") == "body"
    template = "activities/_today.html" if is_part else "activities/today.html"
    return render(request, template, context)


@require_safe
@needs("activities.view")
def activity_list(request: HttpRequest) -> HttpResponse:
    """Show activities, the next first; with ``?part=`` the body, rows or count alone."""
    return show_list(request, ActivityList(request), template="activities/list.html")


@require_POST
@needs("activities.create")
def quick_add(request: HttpRequest) -> HttpResponse:
    """Enter a task from one line: «Call Anna tomorrow 10:00»."""
    line = request.POST.get("line", "")[:500]
    values = quick.read(line, now=timezone.now(), language=get_language() or "en")
    if not values.subject:
        return done(request, _("Say in a few words what it is about."))
    saved = services.save_activity(values=values, by=person(request), now=timezone.now())
    when = words.when_text(saved)
    text = _("“%(subject)s” is planned: %(when)s.") if when else _("“%(subject)s” is noted.")
    return done(
        request, text % {"subject": saved.subject, "when": when},
        undo={"do": "archive", "ids": [str(saved.pk)]},
    )  # fmt: skip


@require_safe
@needs("team.view")
def team(request: HttpRequest) -> HttpResponse:
    """Show the week of everybody one may see: open, late and done (F156)."""
    monday = _monday(request.GET.get("week", ""))
    people = list(selectors.active_people())
    context = {
        "week": selectors.team_week(
            viewer=request.user, people=people, monday=monday, now=timezone.now()
        ),
        "days": [monday + timedelta(days=place) for place in range(7)],
        "monday": monday,
        "before": monday - timedelta(days=7),
        "after": monday + timedelta(days=7),
        "today": timezone.localdate(),
        "now": timezone.now(),
    }
    is_part = request.GET.get("part") == "body"
    template = "activities/_team.html" if is_part else "activities/team.html"
    return render(request, template, context)


def _monday(text: str) -> date:
    try:
        day = parse_date(text) or timezone.localdate()
    except ValueError:
        day = timezone.localdate()
    return day - timedelta(days=day.weekday())

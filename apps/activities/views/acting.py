"""What is done with one activity or many: each answer can undo itself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime, parse_time
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from apps.accounts.rights import needs
from apps.activities import services, words
from apps.activities.lists import ActivityList
from apps.activities.models import Activity
from apps.activities.services.doing import plan_of, put_back
from apps.activities.views.common import activity_or_404, chosen, done, opened, person
from apps.core.lists import chosen_rows

MOST = 5000


@require_POST
@needs("activities.change")
def complete(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Call an activity done."""
    activity_or_404(request, pk, action="change")
    return _complete(request, [pk])


@require_POST
@needs("activities.change")
def reopen(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take "done" back."""
    activity = activity_or_404(request, pk, action="change")
    services.reopen(ids=[pk], now=timezone.now())
    return done(request, _("“%(subject)s” is open again.") % {"subject": activity.subject})


@require_POST
@needs("activities.change")
def accept(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take on what somebody gave."""
    activity_or_404(request, pk)
    try:
        services.accept(activity_id=pk, by=person(request))
    except services.NotYours:
        raise PermissionDenied from None
    return done(request, _("Accepted; who gave it knows."))


@require_POST
@needs("activities.change")
def decline(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Give back what somebody gave, with a reason."""
    activity_or_404(request, pk)
    try:
        services.decline(
            activity_id=pk, by=person(request), now=timezone.now(),
            reason=request.POST.get("reason", "")[:2000],
        )  # fmt: skip
    except services.NotYours:
        raise PermissionDenied from None
    return done(
        request, _("Declined; who gave it knows."), undo={"do": "reopen", "ids": [str(pk)]}
    )


@require_POST
@needs("activities.change")
def reschedule(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Put an activity to ``to``: tomorrow, week, a date or a moment; ``minutes`` is its length."""
    activity = activity_or_404(request, pk, action="change")
    to, at, whole = _asked_moment(request)
    minutes = request.POST.get("minutes", "")
    return _reschedule(
        request, [activity], to=to, at=at, is_all_day=whole,
        minutes=int(minutes) if minutes.isdecimal() else None,
    )  # fmt: skip


@require_POST
@needs("activities.delete")
def throw_away(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Throw an activity away."""
    activity = activity_or_404(request, pk, action="delete")
    services.archive(ids=[pk], is_archived=True)
    return done(
        request, _("“%(subject)s” is in the bin.") % {"subject": activity.subject},
        undo={"do": "restore", "ids": [str(pk)]},
    )  # fmt: skip


@require_POST
@needs("activities.change")
def bulk(request: HttpRequest) -> HttpResponse:
    """Do the same with the chosen activities of the list: done, tomorrow, week, trash."""
    rows = list(chosen_rows(ActivityList(request)).values_list("pk", flat=True)[:MOST])
    action = request.POST.get("action", "")
    ids = chosen(request, rows, action="delete" if action == "trash" else "change")
    if action == "done":
        answer = _complete(request, ids)
    elif action in ("tomorrow", "week"):
        found = Activity.objects.filter(pk__in=ids).order_by("pk")
        answer = _reschedule(request, list(found), to=_named_day(action))
    elif action == "trash":
        count = services.archive(ids=ids, is_archived=True)
        text = ngettext("%(count)d is in the bin.", "%(count)d are in the bin.", count)
        answer = done(
            request, text % {"count": count}, undo={"do": "restore", "ids": [str(e) for e in ids]}
        )
    else:
        raise Http404(action)
    return answer if answer.status_code == 204 else redirect("activities:list")


@require_POST
@needs("activities.change")
def undo(request: HttpRequest) -> HttpResponse:
    """Undo what a toast offers to undo."""
    asked = opened(request.GET.get("token", "") or request.POST.get("token", ""))
    if asked["do"] == "plan":
        plans = {UUID(key): _revived(plan) for key, plan in asked["plans"].items()}
        allowed = set(chosen(request, list(plans)))
        put_back(plans=[(key, plan) for key, plan in plans.items() if key in allowed])
    else:
        ids = chosen(request, [UUID(key) for key in asked["ids"]])
        if asked["do"] == "reopen":
            services.reopen(ids=ids, now=timezone.now())
        else:
            services.archive(ids=ids, is_archived=asked["do"] == "archive")
    return done(request, _("Undone."))


def _complete(request: HttpRequest, ids: Sequence[UUID]) -> HttpResponse:
    result = request.POST.get("result", "")[:2000]
    found = services.complete(ids=ids, by=person(request), now=timezone.now(), result=result)
    if len(found) == 1:
        text = _("“%(subject)s” is done.") % {"subject": found[0].subject}
    else:
        text = ngettext("%(count)d is done.", "%(count)d are done.", len(found))
        text %= {"count": len(found)}
    return done(request, text, undo={"do": "reopen", "ids": [str(each.pk) for each in found]})


def _reschedule(
    request: HttpRequest, rows: Sequence[Activity], *, to: date, at: time | None = None,
    is_all_day: bool | None = None, minutes: int | None = None,
) -> HttpResponse:  # fmt: skip
    plans = {str(each.pk): plan_of(each) for each in rows}
    changed = services.reschedule(
        ids=[each.pk for each in rows], by=person(request), to=to, at=at, is_all_day=is_all_day,
        minutes=minutes,
    )  # fmt: skip
    text = _("Moved to %(when)s.") % {
        "when": words.when_text(changed[0]) if len(changed) == 1 else words.day_text(to)
    }
    return done(request, text, undo={"do": "plan", "plans": plans})


def _asked_moment(request: HttpRequest) -> tuple[date, time | None, bool | None]:
    text = request.POST.get("to", "")
    if text in ("tomorrow", "week"):
        return _named_day(text), None, None
    try:
        moment = parse_datetime(text)
        day = parse_date(text[:10])
        at = parse_time(request.POST.get("at", "")) if request.POST.get("at") else None
    except ValueError as error:
        raise Http404(text[:40]) from error
    if day is None:
        raise Http404(text[:40])
    if moment is not None and len(text) > 10:
        return moment.date(), moment.time(), False
    if request.POST.get("all_day") == "yes":
        return day, None, True
    return day, at, False if at is not None else None


def _named_day(name: str) -> date:
    today = timezone.localdate()
    if name == "tomorrow":
        return today + timedelta(days=1)
    return today + timedelta(days=7 - today.weekday())


def _revived(plan: dict[str, Any]) -> dict[str, Any]:
    return {
        name: datetime.fromisoformat(value.replace("Z", "+00:00"))
        if isinstance(value, str) else value
        for name, value in plan.items()
    }  # fmt: skip

"""What this room offers for the start page: one's day first of all."""

from __future__ import annotations

from typing import Any, cast

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.accounts.rights import can
from apps.activities import selectors
from apps.activities.models import ActivityKind
from apps.core.start import Section, register


def day(request: HttpRequest) -> dict[str, Any]:
    """Return one's day; read once for all widgets of a page."""
    kept = getattr(request, "_activities_day", None)
    if kept is None:
        now = timezone.now()
        found = selectors.day_of(user=cast(User, request.user), viewer=request.user, now=now)
        kept = {
            "day": found, "now": now, "may_change": can(request.user, "activities.change"),
        }  # fmt: skip
        request._activities_day = kept  # type: ignore[attr-defined]
    return cast("dict[str, Any]", kept)


def soon(request: HttpRequest) -> dict[str, Any] | None:
    """Return what comes in the next days; nothing when nothing does."""
    context = day(request)
    return context if context["day"].soon else None


def given(request: HttpRequest) -> dict[str, Any] | None:
    """Return what others do for one; nothing when nobody does."""
    context = day(request)
    return context if context["day"].given else None


def latest(request: HttpRequest) -> dict[str, Any] | None:
    """Return what was noted and done latest, by everybody one may see."""
    rows = selectors.seen_by(request.user).filter(state="done", is_archived=False)
    rows = rows.exclude(kind=ActivityKind.ABSENCE).order_by("-at", "-pk")
    found = list(rows[:8])
    return {"rows": found} if found else None


_RIGHT = "activities.view"
for _section in (
    Section("activities.today", "activities/widgets/today.html", day, 1, _RIGHT,
            label=_("My day"), is_wide=False),
    Section("activities.soon", "activities/widgets/soon.html", soon, 2, _RIGHT,
            label=_("Next days"), is_wide=False),
    Section("activities.given", "activities/widgets/given.html", given, 30, _RIGHT,
            label=_("Given by me"), is_wide=False),
    Section("activities.latest", "activities/widgets/latest.html", latest, 40, _RIGHT,
            label=_("Latest notes and calls"), is_wide=False, is_default=False),
):  # fmt: skip
    register(_section)

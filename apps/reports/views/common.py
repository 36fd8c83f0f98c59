"""What the screens of reports share."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Literal, cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from apps.accounts.models import User
from apps.accounts.rights import can
from apps.core.lists.export import export_table
from apps.reports import asking, periods, showing
from apps.reports.bounded import TooMuch
from apps.reports.models import ReportKind

View = Callable[..., HttpResponse]


def person(request: HttpRequest) -> User:
    """Return who is signed in; the views are guarded."""
    return cast(User, request.user)


def file_of(request: HttpRequest, report: str) -> HttpResponse | None:
    """Answer with the report as a file where ``?part=csv`` or ``xlsx`` asks for one.

    :raises PermissionDenied: the person may not take reports out.
    """
    part: Literal["csv", "xlsx"]
    match request.GET.get("part", ""):
        case "csv":
            part = "csv"
        case "xlsx":
            part = "xlsx"
        case _:
            return None
    if not can(request.user, "reports.export"):
        raise PermissionDenied
    table = showing.table_of(request.user, report, request.GET, today=timezone.localdate())
    if not table.heads:  # it cannot be counted: the page says why
        return None
    answer = export_table(
        request, table.heads, table.values, key=f"reports.{report}",
        title=str(ReportKind(report).label), kind="csv" if part == "csv" else "xlsx",
    )  # fmt: skip
    return cast(HttpResponse, answer)


def bounded(view: View) -> View:
    """Say what to do where a question takes too long, in place of its figures."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except TooMuch:
            context = shared(request, ReportKind.SALES) | {"tab": ""}
            return render(request, "reports/too_much.html", context, status=503)

    return guarded


def shared(request: HttpRequest, report: str) -> dict[str, Any]:
    """Return what every report shows around its figures."""
    return {
        "tab": report, "report": report, "kept": asking.kept(report, request.GET),
        "periods": list(periods.PERIODS.items()), "comparisons": list(periods.COMPARISONS.items()),
        "currencies": asking.currencies(), "may_export": can(request.user, "reports.export"),
        "may_see_cost": can(request.user, "reports.cost"),
        "may_set": can(request.user, "settings.change"),
    }  # fmt: skip

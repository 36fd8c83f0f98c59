"""Screens of lists as files: what is being made, what can be fetched, what is sent by the clock."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.core import saved
from apps.core.lists import exporting
from apps.core.lists.columns import Column
from apps.core.lists.export import CONTENT_TYPES, FileKind
from apps.core.lists.screen import ListScreen, screen_of
from apps.core.models import Every, ExportJob, ExportSchedule, ExportState
from tenants.audit.services import record

SHOWN = 50
LONGEST_ADDRESS = 2000


class ScheduleForm(forms.Form):
    """When a list is sent."""

    kind = forms.ChoiceField(
        label=gettext_lazy("File"), choices=[("xlsx", "XLSX"), ("csv", "CSV")]
    )
    every = forms.ChoiceField(label=gettext_lazy("How often"), choices=Every.choices)
    weekday = forms.TypedChoiceField(
        label=gettext_lazy("Day of the week"), coerce=int, choices=list(WEEKDAYS.items()),
        help_text=gettext_lazy("Only when it is sent every week."),
    )  # fmt: skip
    hour = forms.IntegerField(label=gettext_lazy("Hour"), min_value=0, max_value=23, initial=7)


@login_required
@require_GET
def exports(request: HttpRequest) -> HttpResponse:
    """Show one's own exports, ``?part=body`` alone while one of them is at work."""
    jobs = list(exporting.jobs_of(request.user)[:SHOWN])
    person: Any = request.user
    schedules = ExportSchedule.objects.filter(user_id=person.pk, is_active=True)
    context = {
        "jobs": [(job, _portion(job)) for job in jobs],
        "schedules": [
            (each, WEEKDAYS[each.weekday] if each.every == Every.WEEK else "")
            for each in schedules.order_by("pk")
        ],
        "is_active": any(job.is_active for job in jobs),
        "kept_days": exporting.KEPT.days,
    }  # fmt: skip
    is_part = request.GET.get("part") == "body"
    return render(request, "core/_exports.html" if is_part else "core/exports.html", context)


@login_required
@require_GET
def export_file(request: HttpRequest, pk: UUID) -> FileResponse:
    """Send a file to whoever asked for it, as long as they may take such rows out."""
    return fetched(_mine(request, pk), by=request.user, address=request.META.get("REMOTE_ADDR"))


def fetched(job: ExportJob, *, by: Any, address: str | None) -> FileResponse:
    """Return the file of a job to its owner, and note it in the security log.

    :raises Http404: it is not made, or gone by now.
    :raises PermissionDenied: its owner may not take such rows out any more.
    """
    if job.state != ExportState.DONE or not default_storage.exists(job.file):
        raise Http404(str(job.pk))
    if not screen_for(by, job.list_key, "").may_export:
        raise PermissionDenied
    record(
        kind="list.export_fetched", login=by.email, address=address, list=job.list_key,
        rows=job.total,
    )  # fmt: skip
    answer = FileResponse(
        default_storage.open(job.file), as_attachment=True, filename=job.file_name,
        content_type=CONTENT_TYPES[job.kind],
    )  # fmt: skip
    answer["Cache-Control"] = "private, no-store"
    return answer


@login_required
@require_POST
def remove_export(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take one's own file away."""
    job = _mine(request, pk)
    if job.state == ExportState.RUNNING:
        messages.error(request, _("It is still being made."))
    else:
        exporting.remove(job)
    return redirect("core:exports")


@login_required
@require_http_methods(["GET", "POST"])
def schedule_export(request: HttpRequest) -> HttpResponse:
    """Let a list be sent to oneself by the clock: ``?list=``, ``?address=``, ``?view=``."""
    if request.method == "GET" and "list" not in request.GET:
        return redirect("core:exports")
    address = request.GET.get("address", "")[:LONGEST_ADDRESS]
    screen = screen_for(request.user, request.GET.get("list", ""), address)
    if not screen.may_export:
        raise PermissionDenied
    view = saved.seen_by(request.user).filter(pk=_uuid(request.GET.get("view", ""))).first()
    form = ScheduleForm(request.POST or None, label_suffix="", initial={"every": Every.WEEK})
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            exporting.schedule(
                screen=screen, kind=cast(FileKind, told["kind"]), by=request.user,
                when=exporting.When(told["every"], told["weekday"], told["hour"]),
                view_id=view.pk if view else None, now=timezone.now(), columns=columns_of(screen),
            )  # fmt: skip
        except exporting.TooManyExports:
            messages.error(request, _("You have %(most)d lists sent to you already.")
                           % {"most": exporting.MOST_SCHEDULES})  # fmt: skip
        else:
            messages.success(request, _("The list will be sent to you."))
        return redirect("core:exports")
    context = {"form": form, "screen": screen, "view": view}
    return render(request, "core/export_form.html", context, status=422 if form.is_bound else 200)


@login_required
@require_POST
def stop_schedule(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Let a list be sent no more."""
    try:
        exporting.stop(schedule_id=pk, by=request.user)
    except ExportSchedule.DoesNotExist:
        raise Http404(str(pk)) from None
    messages.success(request, _("The list is not sent to you any more."))
    return redirect("core:exports")


def _mine(request: HttpRequest, pk: UUID) -> ExportJob:
    found = exporting.jobs_of(request.user).filter(pk=pk).first()
    if found is None:
        raise Http404(str(pk))
    return found


def screen_for(user: Any, key: str, address: str) -> ListScreen:
    """Return a list as a person may take it out.

    :raises Http404: there is none.
    """
    try:
        screen = screen_of(key, user=user, address=address)
    except KeyError:
        raise Http404(key[:60]) from None
    screen.leave_out()
    return screen


def columns_of(screen: ListScreen) -> list[Column]:
    """Return the columns of the address, else those the person chose, else the usual ones."""
    known = {column.key: column for column in screen.columns}
    named: Any = [each for each in screen.asked.get("cols", "").split(",") if each]
    chosen = named or screen.furnishing.columns or []
    links = [column.key for column in screen.columns if column.is_link]
    kept = [known[key] for key in dict.fromkeys([*links, *chosen]) if key in known]
    return kept if chosen else [c for c in screen.columns if c.is_default or c.is_link]


def _portion(job: ExportJob) -> int:
    return min(100, round(100 * job.done / job.total)) if job.total else 0


def _uuid(text: str) -> Any:
    try:
        return UUID(text)
    except ValueError:
        return None

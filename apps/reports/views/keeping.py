"""Reports one keeps, those on the desktop, the letter, and how the company counts."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.rights import needs
from apps.notifications.choosing import zone_of
from apps.reports import letters, services, showing
from apps.reports.forms import KeepForm, LetterForm, SettingsForm
from apps.reports.models import FiguresLetter, SavedReport
from apps.reports.selectors import customers
from apps.reports.views.common import bounded, person, shared

MOST_PINNED, ROWS = 4, 6


@require_safe
@needs("reports.view")
def kept(request: HttpRequest) -> HttpResponse:
    """Show the reports one keeps."""
    mine = SavedReport.objects.filter(user=person(request)).order_by("name", "pk")
    rows = [(each, showing.url_of(each)) for each in mine]
    return render(request, "reports/kept.html", shared(request, "sales") | {
        "rows": rows, "tab": "kept",
    })  # fmt: skip


@require_POST
@needs("reports.view")
def keep(request: HttpRequest) -> HttpResponse:
    """Keep the report one looks at under a name."""
    form = KeepForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Give the report a name."))
        return redirect("reports:kept")
    try:
        made = services.save_report(user=person(request), **form.cleaned_data)
    except services.TooManyReports:
        text = _("You keep %(count)d reports already: remove one first.")
        messages.error(request, text % {"count": services.MOST_SAVED})
        return redirect("reports:kept")
    messages.success(request, _("“%(name)s” is kept.") % {"name": made.name})
    return redirect(showing.url_of(made))


@require_POST
@needs("reports.view")
def change(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Pin a report, unpin it or remove it (``do=pin|unpin|remove``)."""
    what = request.POST.get("do", "")
    if not SavedReport.objects.filter(pk=pk, user=person(request)).exists():
        raise Http404(str(pk))
    try:
        if what == "remove":
            services.remove_report(user=person(request), report_id=pk)
        elif what in ("pin", "unpin"):
            services.change_report(
                user=person(request), report_id=pk, is_pinned=what == "pin"
            )
        else:
            SavedReport.objects.get(user=person(request), pk=pk)
    except SavedReport.DoesNotExist:
        raise Http404(str(pk)) from None
    return redirect("reports:kept")


@require_safe
@needs("reports.view")
@bounded
def pinned(request: HttpRequest) -> HttpResponse:
    """Show the reports one has pinned: the part of the desktop."""
    mine = SavedReport.objects.filter(user=person(request), is_pinned=True)
    tables = []
    for each in mine.order_by("created_at", "pk")[:MOST_PINNED]:
        table = showing.table_of(
            request.user, each.report, QueryDict(each.asked), today=timezone.localdate(), size=ROWS
        )
        rows = [
            (table.shown(row), share) for row, share in zip(table.rows, table.shares, strict=True)
        ]
        tables.append((each, showing.url_of(each), table, rows))
    return render(request, "reports/_pinned.html", {"tables": tables})


@require_http_methods(["GET", "POST"])
@needs("reports.view")
def letter(request: HttpRequest) -> HttpResponse:
    """Choose what one gets by mail, and how often."""
    form = LetterForm(request.POST or None, user=person(request))
    if request.method == "POST" and form.is_valid():
        services.keep_letter(user=person(request), now=timezone.now(), **form.values())
        messages.success(request, _("The letter is as you chose."))
        return redirect("reports:letter")
    context: dict[str, Any] = shared(request, "sales") | {
        "form": form, "tab": "letter", "zone": zone_of(person(request)).key,
        "kept": FiguresLetter.objects.filter(user=person(request)).first(),
    }  # fmt: skip
    return render(request, "reports/letter_form.html", context, status=422 if form.errors else 200)


@csrf_exempt  # mail programs end it by themselves (RFC 8058); the token is the proof
@require_http_methods(["GET", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """Ask whether the letters shall end; POST ends them, without signing in."""
    user_id = letters.read_stop_token(token)
    if user_id is None:
        return render(request, "reports/stop.html", {"is_known": False}, status=404)
    if request.method == "POST":
        services.stop_letter(user_id=user_id)
    context = {"is_known": True, "is_done": request.method == "POST"}
    return render(request, "reports/stop.html", context)


@require_http_methods(["GET", "POST"])
@needs("settings.change")
def settings(request: HttpRequest) -> HttpResponse:
    """Say what the cost is, and when customers sleep and are lost."""
    form = SettingsForm(request.POST or None, instance=customers.settings())
    if request.method == "POST" and form.is_valid():
        services.keep_settings(**form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("reports:settings")
    context = shared(request, "sales") | {"form": form, "tab": "settings"}
    status = 422 if form.errors else 200
    return render(request, "reports/settings.html", context, status=status)

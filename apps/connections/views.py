"""Pages of the exchange: connections, the way to connect, settings, runs and their problems."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.cache import cache
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.accounts.rights import can, needs
from apps.connections import guides, selectors
from apps.connections.forms import ConnectForm, FileForm, SettingsForm
from apps.connections.lists import RunList
from apps.core.lists import show_list
from exchange import files as stored_files
from exchange import names, orders_out, services, tasks
from exchange.models import ExchangeSession, Node, UploadedFile

PASSWORD_SHOWN = 600  # seconds in which the page of a new password may be reloaded


@require_GET
@needs("exchange.view")
def home(request: HttpRequest) -> HttpResponse:
    """Connections with their health, and the latest runs."""
    part = request.GET.get("part", "")
    if part == "mark":
        return render(
            request, "components/_mark.html", {"mark": selectors.mark(now=timezone.now())}
        )
    context: dict[str, Any] = {"may_change": can(request.user, "exchange.change")}
    if part in ("", "nodes"):
        context["nodes"] = selectors.nodes(now=timezone.now())
    if part == "nodes":
        return render(request, "exchange/_nodes.html", context)
    context["state"] = request.GET.get("state", "")
    return show_list(request, RunList(request), template="exchange/home.html", context=context)


@require_http_methods(["GET", "POST"])
@needs("exchange.change")
def connect(request: HttpRequest) -> HttpResponse:
    """Choose the configuration; a login and a password are made for it."""
    form = ConnectForm(request.POST or None, initial={"kind": "ut"})
    if request.method == "POST" and form.is_valid():
        node, password = services.connect(
            name=form.cleaned_data["name"],
            kind=form.cleaned_data["kind"],
            login=services.free_login(),
            now=timezone.now(),
        )
        _show_once(request, node, password)
        return redirect("exchange:guide", node.pk)
    status = 422 if form.is_bound else 200
    return render(request, "exchange/connect.html", {"form": form}, status=status)


@require_GET
@needs("exchange.view")
def guide(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What to enter and tick in 1C, and whether it has called."""
    node = get_object_or_404(Node, pk=pk)
    may_change = can(request.user, "exchange.change")
    context = {
        "node": node,
        "steps": guides.guide(node.kind),
        "address": request.build_absolute_uri("/").rstrip("/"),
        "path": "bitrix/admin/1c_exchange.php",
        "password": cache.get(_password_key(request, node)) if may_change else None,
        "may_change": may_change,
    }
    is_part = request.GET.get("part") == "contact"
    return render(request, "exchange/_contact.html" if is_part else "exchange/guide.html", context)


@require_POST
@needs("exchange.change")
def new_password(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Replace the password and show the new one on the connection page."""
    node = get_object_or_404(Node, pk=pk)
    _show_once(request, node, services.renew_password(node=node, now=timezone.now()))
    return redirect("exchange:guide", node.pk)


@require_http_methods(["GET", "POST"])
@needs("exchange.change")
def settings(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What a connection exchanges and how."""
    node = get_object_or_404(Node, pk=pk)
    form = SettingsForm.of(node, request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.change_settings(
            node=node,
            name=form.cleaned_data["name"],
            file_limit=form.cleaned_data["file_limit"],
            accepts_zip=form.cleaned_data["accepts_zip"],
            is_active=form.cleaned_data["is_active"],
            options=form.options(node.options),
        )
        messages.success(request, _("The settings of “%(name)s” are saved.") % {"name": node.name})
        return redirect("exchange:settings", node.pk)
    status = 422 if form.is_bound else 200
    return render(request, "exchange/settings.html", {"form": form, "node": node}, status=status)


@require_http_methods(["GET", "POST"])
@needs("exchange.change")
def by_hand(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Bring a file that was exported from 1C, or take the orders along as a file (F026)."""
    node = get_object_or_404(Node, pk=pk)
    form = FileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            session = services.upload_by_hand(
                node=node,
                name=file.name,
                source=file,
                size=file.size,
                by=request.user.pk,
                now=timezone.now(),
            )
        except (stored_files.Refused, names.HostileName):
            form.add_error(
                "file", _("This file cannot be taken: it is empty or its name is not allowed.")
            )
        else:
            tasks.start_runs()
            return redirect("exchange:session", session.pk)
    status = 422 if form.is_bound else 200
    return render(request, "exchange/by_hand.html", {"form": form, "node": node}, status=status)


@require_GET
@needs("exchange.change")
def orders_file(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The orders 1C has not confirmed, as a CommerceML file to carry by hand."""
    node = get_object_or_404(Node, pk=pk)
    now = timezone.now()
    answer = HttpResponse(orders_out.write_file(node=node, now=now), content_type="application/xml")
    answer["Content-Disposition"] = f'attachment; filename="orders-{now:%Y%m%d-%H%M}.xml"'
    return answer


@require_GET
@needs("exchange.view")
def session(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The card of a run: progress, counts, files, problems in plain words."""
    run = get_object_or_404(ExchangeSession.objects.select_related("node", "repeats"), pk=pk)
    code = request.GET.get("code", "")
    context: dict[str, Any] = {
        "session": run,
        "columns": selectors.COLUMNS,
        "may_change": can(request.user, "exchange.change"),
        "code": code,
    }
    part = request.GET.get("part", "")
    if part in ("", "body"):
        context |= {
            "cause_sentence": selectors.cause_sentence(run),
            "counts": selectors.count_rows(session=run),
            "files": selectors.files(session=run),
        }
    if part in ("", "body", "problems"):
        context |= {
            "codes": selectors.problem_codes(session=run),
            "page": selectors.problems(session=run, code=code, after=_mark(request, "after")),
        }
    parts = {"body": "exchange/_session_body.html", "problems": "exchange/_problems.html"}
    return render(request, parts.get(part, "exchange/session.html"), context)


@require_POST
@needs("exchange.change")
def run_again(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take the stored files of a run once more."""
    former = get_object_or_404(ExchangeSession.objects.select_related("node"), pk=pk)
    try:
        again = services.run_again(session=former, by=request.user.pk, now=timezone.now())
    except services.NothingToRepeat:
        messages.error(
            request,
            _("The files of this run are no longer kept. Start the exchange in 1C instead."),
        )
        return redirect("exchange:session", former.pk)
    tasks.start_runs()
    return redirect("exchange:session", again.pk)


@require_POST
@needs("exchange.change")
def cancel(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Stop a run that is under way."""
    run = get_object_or_404(ExchangeSession, pk=pk)
    services.cancel(session=run, now=timezone.now())
    return redirect("exchange:session", run.pk)


@require_GET
@needs("exchange.view")
def raw_file(request: HttpRequest, pk: UUID) -> FileResponse:
    """A file exactly as 1C sent it; never shown by the browser, always saved."""
    file = get_object_or_404(UploadedFile, pk=pk)
    try:
        source = stored_files.open_file(file)
    except FileNotFoundError:
        raise Http404(file.name) from None
    name = file.name.rsplit("/", 1)[-1]
    return FileResponse(
        source, as_attachment=True, filename=name, content_type="application/octet-stream"
    )


@require_GET
@needs("exchange.view")
def problems_csv(request: HttpRequest, pk: UUID) -> HttpResponse:
    """All problems of a run as a table for a spreadsheet."""
    run = get_object_or_404(ExchangeSession, pk=pk)
    table = selectors.problem_table(session=run, code=request.GET.get("code", ""))
    answer = HttpResponse("".join(_csv(table)), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = (
        f'attachment; filename="problems-{run.created_at:%Y%m%d-%H%M}.csv"'
    )
    return answer


class _Line:
    """Where the csv module writes one line to."""

    def write(self, text: str) -> str:
        return text


def _csv(table: Iterator[tuple[str, ...]]) -> Iterator[str]:
    writer = csv.writer(_Line(), delimiter=";")
    yield "\ufeff"  # spreadsheets read UTF-8 only with this mark
    for row in table:
        yield writer.writerow([_plain(cell) for cell in row])


def _plain(cell: str) -> str:
    """Keep a spreadsheet from running a value of 1C as a formula."""
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell


def _mark(request: HttpRequest, name: str) -> str:
    value = request.GET.get(name, "")
    try:
        return str(UUID(value)) if value else ""
    except ValueError:
        raise Http404(name) from None


def _show_once(request: HttpRequest, node: Node, password: str) -> None:
    cache.set(_password_key(request, node), password, timeout=PASSWORD_SHOWN)


def _password_key(request: HttpRequest, node: Node) -> str:
    return f"exchange:shown:{node.pk}:{request.user.pk}"

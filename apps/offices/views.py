"""Pages of branch offices and conflicts; the strip that an office shows on top."""

from __future__ import annotations

from tempfile import TemporaryFile
from typing import IO, Any, cast
from uuid import UUID

from django.contrib import messages
from django.core.cache import cache
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.rights import can, needs, signed_in
from apps.core.lists import chosen_rows, show_list
from apps.offices import selectors, words
from apps.offices.forms import OfficeForm
from apps.offices.lists import ConflictList, MessageList
from replication import conflicts, nodes, parking, retrying, scopes
from replication.models import (
    BranchNode,
    Conflict,
    ConflictKind,
    NodeState,
    ParkedChange,
    Side,
)
from replication.tasks import pack_for_office
from replication.transports import files
from replication.transports.centre import PACKING_SECONDS
from replication.transports.office import ask_now
from replication.transports.sentences import sentence
from tenants.audit.services import record
from tenants.current import current_schema

CODE_SHOWN = 3600  # seconds in which the page of a new code may be reloaded


@require_safe
@needs("offices.view")
def home(request: HttpRequest) -> HttpResponse:
    """Every office with its health; at an office the link to the centre."""
    here = nodes.this_office()
    if here is not None:
        return redirect("offices:card", here.pk)
    context = {
        "offices": selectors.offices(now=timezone.now()),
        "may_change": can(request.user, "offices.change"),
    }
    is_part = request.GET.get("part") == "offices"
    template = "offices/_offices.html" if is_part else "offices/home.html"
    return render(request, template, context)


@require_http_methods(["GET", "POST"])
@needs("offices.change")
def new(request: HttpRequest) -> HttpResponse:
    """Add an office; its code is shown on the next page."""
    _require_centre()
    form = OfficeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            node, code = nodes.add_office(
                name=form.cleaned_data["name"], prefix=form.cleaned_data["prefix"],
                scope=form.scope(), schedule=form.schedule(),
                seats=form.cleaned_data["seats"] or 0, now=timezone.now(),
            )  # fmt: skip
        except nodes.OfficeRefused as refused:
            form.add_error("prefix", str(words.ERRORS.get(refused.code, refused.code)))
        else:
            _show_once(request, node, code)
            return redirect("offices:card", node.pk)
    status = 422 if form.is_bound else 200
    return render(request, "offices/form.html", {"form": form}, status=status)


@require_http_methods(["GET", "POST"])
@needs("offices.change")
def edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Change what an office holds and when it exchanges."""
    node = _office(pk)
    form = OfficeForm(request.POST or None, node=node)
    if request.method == "POST" and form.is_valid():
        scopes.change_scope(node=node, scope=form.scope())
        BranchNode.objects.filter(pk=node.pk).update(
            name=form.cleaned_data["name"], schedule=form.schedule(),
            seats=form.cleaned_data["seats"] or 0,
        )  # fmt: skip
        messages.success(request, _("Saved. The next exchange brings the difference."))
        return redirect("offices:card", node.pk)
    status = 422 if form.is_bound else 200
    return render(request, "offices/form.html", {"form": form, "node": node}, status=status)


@require_http_methods(["GET", "POST"])
@needs("offices.change")
def preview(request: HttpRequest) -> HttpResponse:
    """How much an office with this scope would hold, while it is being chosen."""
    form = OfficeForm(request.POST or request.GET)
    form.is_valid()
    counts = scopes.preview(scope=form.scope())
    rows = sum(each.rows for each in counts)
    largest = sorted(counts, key=lambda each: -each.rows)[:6]
    context = {
        "rows": rows,
        "megabytes": sum(each.bytes for each in counts) / 1e6,
        "counts": [(words.thing(each.entry.table), each.rows) for each in largest if each.rows],
    }
    return render(request, "offices/_preview.html", context)


@require_safe
@needs("offices.view")
def card(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One office: how it does, what waits, its messages; a code while it has one."""
    node = get_object_or_404(BranchNode, pk=pk)
    may_change = can(request.user, "offices.change") and node.side == Side.CENTRE
    context: dict[str, Any] = {
        "node": node,
        "office": selectors.office(node=node, now=timezone.now()),
        "may_change": may_change,
        "is_here": node.side == Side.BRANCH,
        "may_carry": can(request.user, "offices.change")
        and node.state not in (NodeState.WAITING, NodeState.REVOKED),
        "join_code": cache.get(_code_key(request, node)) if may_change else None,
        "address": request.build_absolute_uri("/").rstrip("/"),
        "parked": [
            (each, words.thing(each.table), words.called(each.row), words.reason(each))
            for each in node.parked.order_by("-created_at", "-pk")[:100]
        ],
    }
    if request.GET.get("part") == "state":
        return render(request, "offices/_state.html", context)
    return show_list(request, MessageList(request, node), template="offices/card.html",
                     context=context)  # fmt: skip


@require_POST
@needs("offices.change")
def new_code(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Make a new one-time code; the former one ends."""
    node = _office(pk)
    _show_once(request, node, nodes.new_code(node=node, now=timezone.now()))
    return redirect("offices:card", node.pk)


@require_POST
@needs("offices.change")
def withdraw(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Withdraw an office's access."""
    node = _office(pk)
    nodes.revoke(node=node)
    messages.success(request, _("“%(name)s” is not let in any more.") % {"name": node.name})
    return redirect("offices:card", node.pk)


@require_POST
@needs("offices.change")
def export_file(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """Give what waits for the other end as a sealed file."""
    node = get_object_or_404(BranchNode, pk=pk)
    if node.side == Side.CENTRE and (not node.position or node.state == NodeState.NEEDS_IMAGE):
        if cache.add(f"sync.packing.{node.pk}", 1, PACKING_SECONDS):
            pack_for_office.delay(schema=current_schema(), node_id=str(node.pk))
        messages.info(request, _("The first copy is being packed. Try again in a minute."))
        return redirect("offices:card", node.pk)
    now = timezone.now()
    made = TemporaryFile()  # noqa: SIM115  (the answer closes it)
    try:
        files.export(node=node, target=made, now=now)
    except files.FileRefused as refused:
        made.close()
        messages.error(request, str(sentence(refused.code)))
        return redirect("offices:card", node.pk)
    made.seek(0)
    name = f"{node.prefix}-{node.side}-{timezone.localtime(now):%Y%m%d-%H%M}.kopru"
    return FileResponse(made, as_attachment=True, filename=name)


@require_POST
@needs("offices.change")
def import_file(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take in a sealed file that the other end made."""
    node = get_object_or_404(BranchNode, pk=pk)
    sent = request.FILES.get("file")
    if sent is None:
        messages.error(request, _("Choose a file first."))
        return redirect("offices:card", node.pk)
    try:
        carried = files.take(node=node, source=cast("IO[bytes]", sent), now=timezone.now())
    except files.FileRefused as refused:
        record(
            kind="office.file_refused", address=request.META.get("REMOTE_ADDR") or None,
            office=str(node.pk), code=refused.code,
        )  # fmt: skip
        messages.error(request, str(sentence(refused.code)))
    else:
        text = ngettext(
            "%(count)d message was taken in, with %(rows)d rows.",
            "%(count)d messages were taken in, with %(rows)d rows.", carried.messages,
        )  # fmt: skip
        values = {"count": carried.messages, "rows": carried.rows}
        messages.success(request, text % values)
    return redirect("offices:card", node.pk)


@require_POST
@needs("conflicts.resolve")
def parked(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Try a parked change again, or give it up."""
    found = get_object_or_404(ParkedChange, pk=pk)
    if request.POST.get("what") == "discard":
        parking.discard(parked=found, by=signed_in(request).pk, now=timezone.now())
        messages.success(request, _("Given up; the other side is told what stands here."))
    elif retrying.retry(parked=found, now=timezone.now()):
        messages.success(request, _("It went in."))
    else:
        messages.warning(request, _("It still cannot go in."))
    return redirect("offices:card", found.node_id)


@require_safe
@needs("conflicts.view")
def conflict_list(request: HttpRequest) -> HttpResponse:
    """What both sides changed."""
    if request.GET.get("part") == "mark":
        return render(request, "components/_mark.html", {"mark": selectors.mark()})
    return show_list(request, ConflictList(request))


@require_safe
@needs("conflicts.view")
def conflict(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Both versions side by side."""
    found = get_object_or_404(Conflict.objects.select_related("node"), pk=pk)
    selectors.sides([found])
    context = {
        "conflict": found,
        "may_resolve": can(request.user, "conflicts.resolve"),
        "is_field": found.kind == ConflictKind.FIELD and found.column,
        "is_same": found.kind == ConflictKind.SAME_KEY and found.policy == "ask",
        "other": words.name_of(found.table, found.other_key) if found.other_key else "",
        "other_address": words.address_of(found.table, found.other_key) if found.other_key else "",
        "whole": _whole(found),
    }
    return render(request, "offices/conflict.html", context)


@require_POST
@needs("conflicts.resolve")
def decide(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take the other version, join two rows, or leave it as it is."""
    found = get_object_or_404(Conflict, pk=pk)
    what, by, now = request.POST.get("what", ""), signed_in(request).pk, timezone.now()
    try:
        if what == "other":
            conflicts.take_other(conflict=found, by=by, now=now)
            messages.success(request, _("The other version is taken; all sides hear of it."))
        elif what in ("keep_first", "keep_second") and found.other_key:
            keep, away = found.key, found.other_key
            if what == "keep_second":
                keep, away = away, keep
            conflicts.join(table=found.table, keep=keep, away=away, by=by, now=now)
            messages.success(request, _("Joined: everything now belongs to the one that stays."))
        else:
            conflicts.settle(conflict=found, by=by, now=now)
            messages.success(request, _("It stays as it is."))
    except conflicts.CannotTake:
        messages.error(request, _("That cannot be taken: it is no longer there. Nothing changed."))
    return redirect("offices:conflicts")


@require_POST
@needs("conflicts.resolve")
def settle(request: HttpRequest) -> HttpResponse:
    """Leave the chosen conflicts as they were decided."""
    chosen = [each for each in chosen_rows(ConflictList(request)) if isinstance(each, Conflict)]
    for each in chosen:
        conflicts.settle(conflict=each, by=signed_in(request).pk, now=timezone.now())
    text = ngettext("%(count)d stays as it is.", "%(count)d stay as they are.", len(chosen))
    messages.success(request, text % {"count": len(chosen)})
    return redirect("offices:conflicts")


@require_safe
@needs("notifications.view")
def strip(request: HttpRequest) -> HttpResponse:
    """How an office stands with the centre, on top of its pages."""
    return render(request, "offices/_strip.html", {"strip": selectors.strip()})


@require_POST
@needs("notifications.view")
def sync(request: HttpRequest) -> HttpResponse:
    """Exchange at once: anybody at an office may ask for it."""
    if nodes.this_office() is None:
        raise Http404("not an office")
    ask_now()
    return render(request, "offices/_strip.html", {"strip": selectors.strip(), "is_asked": True})


def _whole(found: Conflict) -> list[tuple[str, str, str]]:
    """Both versions of a whole row, where that is what is in conflict."""
    ours, theirs = found.centre, found.branch
    if found.column or not isinstance(ours, dict) or not isinstance(theirs, dict):
        return []
    return [
        (words.column(found.table, name), words.value(found.table, name, ours.get(name)),
         words.value(found.table, name, theirs.get(name)))
        for name in sorted(ours)
        if name in theirs and ours[name] != theirs[name] and name not in ("id", "updated_at")
    ]  # fmt: skip


def _office(pk: UUID) -> BranchNode:
    return get_object_or_404(BranchNode, pk=pk, side=Side.CENTRE)


def _require_centre() -> None:
    if nodes.this_office() is not None:
        raise Http404("offices are added at the centre")


def _code_key(request: HttpRequest, node: BranchNode) -> str:
    return f"office.code.{request.user.pk}.{node.pk}"


def _show_once(request: HttpRequest, node: BranchNode, code: str) -> None:
    cache.set(_code_key(request, node), code, CODE_SHOWN)

"""Screens: pairs that look like one, rows side by side, merges, the state of the base, the bin."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.models import User
from apps.accounts.rights import needs
from apps.core import objects
from apps.core.lists import chosen_rows, show_list
from apps.core.objects import ObjectKind
from apps.duplicates import bin as bin_
from apps.duplicates import comparing, selectors, services, tasks
from apps.duplicates.lists import BinList, ReportList, chosen_kind
from apps.duplicates.models import Merge, Search
from apps.duplicates.services.merging import MOST, SURE, what_moves

PAGE = 50
MOST_AT_ONCE = 5_000


@require_safe
@needs("duplicates.view")
def pair_list(request: HttpRequest) -> HttpResponse:
    """Show the pairs of a kind, the surest first; ``?part=body`` while a search is running."""
    kinds = selectors.mergeable_kinds(request.user)
    if not kinds:
        return render(request, "duplicates/none.html")
    kind = chosen_kind(request, kinds)
    place = request.GET.get("from", "0")
    begin = min(int(place), 100_000) if place.isdecimal() else 0
    pairs = selectors.pairs(kind, request.user)
    found = list(pairs[begin : begin + PAGE + 1])
    context = {
        "kind": kind, "kinds": kinds,
        "told": selectors.with_rows(kind, found[:PAGE], by=request.user),
        "following": begin + PAGE if len(found) > PAGE else None, "is_first": begin == 0,
        "sure": pairs.filter(score__gte=SURE).count(), "count": pairs.count(),
        "search": Search.objects.filter(kind=kind.key).first(), "least_sure": SURE,
    }  # fmt: skip
    is_part = request.GET.get("part") == "body"
    return render(request, "duplicates/_pairs.html" if is_part else "duplicates/list.html", context)


@require_POST
@needs("duplicates.merge")
def find(request: HttpRequest) -> HttpResponse:
    """Search all rows of a kind, as a job."""
    kind = chosen_kind(request, selectors.mergeable_kinds(request.user))
    services.start(kind=kind.key)
    tasks.go(tasks.find_duplicates, kind=kind.key)
    return _to_pairs(kind)


@require_POST
@needs("duplicates.merge")
def decide(request: HttpRequest) -> HttpResponse:
    """Dismiss, or merge where it is sure, the pairs that are ticked, or all sure ones."""
    kind = chosen_kind(request, selectors.mergeable_kinds(request.user))
    what = request.POST.get("what", "")
    keys = [key for key in map(_key, request.POST.getlist("pair")[:MOST_AT_ONCE]) if key]
    mine = selectors.pairs(kind, request.user)
    chosen = mine.filter(score__gte=SURE) if what == "all_sure" else mine.filter(pk__in=keys)
    if what != "dismiss":
        chosen = selectors.of_mergeable(kind, chosen, request.user)
    found = list(chosen.values_list("pk", flat=True)[:MOST_AT_ONCE])
    user = cast(User, request.user)
    if what == "dismiss":
        count = services.dismiss(pairs=found, by=user, now=timezone.now())
        text = ngettext(
            "%(count)d pair will not be shown again.", "%(count)d pairs will not be shown again.",
            count,
        )  # fmt: skip
        messages.success(request, text % {"count": count})
    elif found:
        tasks.go(
            tasks.merge_sure_pairs, kind=kind.key, pairs=[str(key) for key in found],
            by=str(user.pk),
        )  # fmt: skip
        messages.success(request, _("Sure pairs are being merged; each can be undone."))
    return _to_pairs(kind)


@require_http_methods(["GET", "POST"])
@needs("duplicates.merge")
def compare(request: HttpRequest) -> HttpResponse:
    """Show two to five rows side by side; a POST merges them."""
    kind = chosen_kind(request, selectors.mergeable_kinds(request.user))
    keys = [key for key in map(_key, request.GET.getlist("key")[: MOST + 1]) if key]
    mine = selectors.mergeable(kind, request.user).filter(pk__in=keys)
    found = {row.pk: row for row in mine}
    rows = [found[key] for key in dict.fromkeys(keys) if key in found]
    if not 2 <= len(rows) <= MOST:
        raise Http404("two to five rows")
    moves = what_moves(kind, [row.pk for row in rows])
    asked = _key(request.POST.get("kept", "") or request.GET.get("kept", ""))
    kept = asked if asked and asked in found else comparing.proposed_kept(rows, moves)
    if request.method == "POST":
        done = _merge(request, kind, found, kept)
        if done is not None:
            return done
    context = {
        "kind": kind, "rows": [(row, _facts(row)) for row in rows], "kept": kept,
        "lines": comparing.side_by_side(kind, rows, kept),
        "moves": [(name, [counts.get(row.pk, 0) for row in rows]) for name, counts in moves],
    }  # fmt: skip
    return render(request, "duplicates/compare.html", context)


@require_safe
@needs("duplicates.view")
def merge_list(request: HttpRequest) -> HttpResponse:
    """Show the merges of the last 30 days."""
    found = selectors.merges(request.user, now=timezone.now())[:200]
    told = [(each, objects.kind(each.kind)) for each in found]
    return render(request, "duplicates/merges.html", {"merges": told})


@require_POST
@needs("duplicates.merge")
def part(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Undo a merge."""
    now = timezone.now()
    found = selectors.merges(request.user, now=now).filter(pk=pk).first()
    if found is None:
        raise Http404(str(pk))
    try:
        services.part(merge=found, by=cast(User, request.user), now=now)
    except services.CannotPart as error:
        messages.error(request, _why_not(error.code, found))
    else:
        messages.success(request, _("“%(name)s” is parted again.") % {"name": found.title})
    return redirect("duplicates:merges")


@require_safe
@needs("duplicates.view")
def like(request: HttpRequest) -> HttpResponse:
    """Say while somebody types who is entered already: ``?kind=…&but=…`` and the fields."""
    kind = chosen_kind(request, selectors.mergeable_kinds(request.user))
    but = _key(request.GET.get("but", ""))
    found = selectors.like(kind, request.GET, by=request.user, but=but)
    return render(request, "duplicates/_like.html", {"found": found, "kind": kind})


@require_safe
@needs("duplicates.view")
def report(request: HttpRequest) -> HttpResponse:
    """Show incomplete or dead rows of a kind."""
    if not selectors.mergeable_kinds(request.user):
        return render(request, "duplicates/none.html")
    screen = ReportList(request)
    context: dict[str, Any] = {
        "kind": screen.rows_kind, "what": screen.what,
        "kinds": selectors.mergeable_kinds(request.user),
    }  # fmt: skip
    if not request.GET.get("part"):
        now = timezone.now()
        context["figures"] = {
            "duplicates": selectors.pairs(screen.rows_kind, request.user).count(),
            "incomplete": selectors.incomplete(screen.rows_kind, request.user).order_by().count(),
            "dead": selectors.dead(screen.rows_kind, request.user, now=now).order_by().count(),
        }
    return show_list(request, screen, template="duplicates/report.html", context=context)


@require_POST
@needs("trash.change")
def discard(request: HttpRequest) -> HttpResponse:
    """Put the chosen rows of the report into the bin."""
    screen = ReportList(request)
    keys = list(chosen_rows(screen).values_list("pk", flat=True))
    count = bin_.delete(kind=screen.rows_kind, keys=keys, by=cast(User, request.user))
    text = ngettext("%(count)d is in the bin.", "%(count)d are in the bin.", count)
    messages.success(request, text % {"count": count})
    query = urlencode({"kind": screen.rows_kind.key, "what": screen.what})
    return redirect(f"{reverse('duplicates:report')}?{query}")


@require_safe
@needs("trash.view")
def bin_list(request: HttpRequest) -> HttpResponse:
    """Show the deleted rows of a kind."""
    kinds = bin_.kinds_with_bin(request.user)
    if not kinds:
        return render(request, "duplicates/none.html")
    screen = BinList(request)
    context = {"kind": screen.rows_kind, "kinds": kinds}
    return show_list(request, screen, template="duplicates/bin.html", context=context)


@require_POST
@needs("trash.change")
def restore(request: HttpRequest) -> HttpResponse:
    """Bring the chosen rows back."""
    screen = BinList(request)
    keys = list(chosen_rows(screen).values_list("pk", flat=True))
    count = bin_.restore(kind=screen.rows_kind, keys=keys, by=cast(User, request.user))
    text = ngettext("%(count)d is back in use.", "%(count)d are back in use.", count)
    messages.success(request, text % {"count": count})
    return _to_bin(screen.rows_kind)


@require_POST
@needs("settings.change")
def purge(request: HttpRequest) -> HttpResponse:
    """Delete the chosen rows for good; what documents hold stays, and is named."""
    screen = BinList(request)
    keys = list(chosen_rows(screen).values_list("pk", flat=True)[:MOST_AT_ONCE])
    try:
        count, held = bin_.purge(
            kind=screen.rows_kind, keys=keys, by=cast(User, request.user), now=timezone.now(),
            address=request.META.get("REMOTE_ADDR"),
        )  # fmt: skip
    except bin_.TooEarly:
        messages.error(
            request,
            _("Rows are deleted for good 30 days after they went into the bin. None was deleted."),
        )
        return _to_bin(screen.rows_kind)
    text = ngettext("%(count)d was deleted for good.", "%(count)d were deleted for good.", count)
    messages.success(request, text % {"count": count})
    if held:
        names = ", ".join(f"“{name}”" for name in held[:5])
        messages.warning(
            request, _("Kept, because documents name them: %(names)s.") % {"names": names}
        )
    return _to_bin(screen.rows_kind)


# Helpers ------------------------------------------------------------------------------------------


def _merge(
    request: HttpRequest, kind: ObjectKind, found: dict[UUID, Any], kept: UUID
) -> HttpResponse | None:
    said = {
        name.removeprefix("field-"): value for name, value in request.POST.items()
        if name.startswith("field-")
    }  # fmt: skip
    try:
        done = services.merge(
            kind=kind, kept=kept, away=[key for key in found if key != kept],
            values=comparing.chosen_values(kind, found, cast(Any, said)),
            by=cast(User, request.user),
        )  # fmt: skip
    except services.NotMergeable:
        raise Http404("rows") from None
    except services.CannotMerge as error:
        for sentences in error.refused.errors.values():
            for sentence in sentences:
                messages.error(request, sentence)
        return None
    messages.success(
        request,
        _("Merged into “%(name)s”. It can be undone for 30 days, under Merged.")
        % {"name": done.title},
    )
    return _to_pairs(kind)


def _facts(row: Any) -> dict[str, Any]:
    return {
        "created_at": getattr(row, "created_at", None),
        "updated_at": getattr(row, "updated_at", None),
        "is_in_1c": bool(getattr(row, "node_id", None)),
    }


def _why_not(code: str, merge: Merge) -> str:
    sentences = {
        "undone": _("It was undone already."),
        "too_old": _("A merge can be undone for 30 days."),
        "merged_on": _("“%(name)s” was merged on into another one. Undo that first."),
        "gone": _("“%(name)s” is not there any more."),
    }
    return sentences[code] % {"name": merge.title}


def _to_pairs(kind: ObjectKind) -> HttpResponse:
    return redirect(f"{reverse('duplicates:list')}?{urlencode({'kind': kind.key})}")


def _to_bin(kind: ObjectKind) -> HttpResponse:
    return redirect(f"{reverse('duplicates:bin')}?{urlencode({'kind': kind.key})}")


def _key(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None

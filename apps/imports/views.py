"""Screens of imports: the list, a file, its columns, its check, what became of it."""

from __future__ import annotations

from typing import Any, BinaryIO, cast
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.models import User
from apps.accounts.rights import NotAllowed, needs
from apps.core import objects
from apps.core.lists import show_list
from apps.imports import selectors, sentences, services, tasks
from apps.imports.lists import TONES, ImportList
from apps.imports.models import ImportRun, Outcome, RunState
from apps.imports.sources import ENCODINGS, Unreadable
from apps.imports.targets import Target, importable_kinds, may_import, targets
from tenants.current import company_of

MARKS = {";": ";", ",": ",", "\t": "Tab", "|": "|", "^": "^", "~": "~", "#": "#", ":": ":"}
FORMATS: dict[str, str | Promise] = {
    "dmy": gettext_lazy("day.month.year"), "mdy": gettext_lazy("month/day/year"),
    "ymd": gettext_lazy("year-month-day"), "comma": "1 234,56", "point": "1,234.56",
}  # fmt: skip
_MOST_MEANINGS = 50
_WRITTEN = ("date", "moment", "number", "quantity", "money")


class FileForm(forms.Form):
    """A file and what its rows are."""

    kind = forms.ChoiceField(label=pgettext_lazy("of an import", "What is in the file"))
    file = forms.FileField(label=gettext_lazy("File"), allow_empty_file=True)

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        kinds = [(kind.key, kind.label_plural) for kind in importable_kinds(user)]
        cast("forms.ChoiceField", self.fields["kind"]).choices = kinds


@require_safe
@needs("imports.view")
def import_list(request: HttpRequest) -> HttpResponse:
    """Show the imports, the latest first."""
    return show_list(request, ImportList(request))


@require_http_methods(["GET", "POST"])
@needs("imports.change")
def import_new(request: HttpRequest) -> HttpResponse:
    """Bring a file; what its columns mean is asked next."""
    initial = {"kind": request.GET.get("kind", "counterparties")}
    if request.method != "POST":
        return _ask_file(request, FileForm(initial=initial, user=request.user))
    form = FileForm(request.POST, request.FILES, user=request.user)
    if not form.is_valid():
        return _ask_file(request, form)
    upload = cast("UploadedFile[bytes]", form.cleaned_data["file"])
    try:
        run = services.begin(
            kind=form.cleaned_data["kind"], file_name=upload.name or "",
            source=cast(BinaryIO, upload.open()), size=upload.size or 0,
            by=cast(User, request.user),
        )  # fmt: skip
    except Unreadable as error:
        form.add_error("file", sentences.unreadable(error.code, line=error.line, what=error.what))
        return _ask_file(request, form)
    return redirect("imports:card", run.pk)


def _ask_file(request: HttpRequest, form: FileForm) -> HttpResponse:
    status = 422 if form.is_bound else 200
    return render(request, "imports/new.html", {"form": form}, status=status)


@require_safe
@needs("imports.view")
def import_card(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show an import at the step it has come to; ``?part=body`` without the shell."""
    run = _found(request, pk)
    is_mapping = run.state in (RunState.MAPPING, RunState.FAILED)
    is_going_back = request.GET.get("step") == "columns" and run.state == RunState.CHECKED
    context = _context(request, run)
    if is_mapping or is_going_back:
        return render(request, "imports/columns.html", {**context, **_columns(run)})
    template = "imports/_body.html" if request.GET.get("part") == "body" else "imports/card.html"
    return render(request, template, {**context, **_result(run)})


@require_POST
@needs("imports.change")
def import_look(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Read the file in another way."""
    run = _mine(request, pk)
    head = request.POST.get("head", "")
    chosen = {
        "encoding": request.POST.get("encoding", "")
        if request.POST.get("encoding") in ENCODINGS else "",
        "delimiter": delimiter_named(request.POST.get("delimiter", "")),
        "table": request.POST.get("table", ""),
        "head": _head(head),
    }  # fmt: skip
    try:
        services.look_again(run=run, chosen=chosen)
    except Unreadable as error:
        messages.error(request, sentences.unreadable(error.code, line=error.line, what=error.what))
    except services.NotReady:
        messages.error(request, _("The import has gone on meanwhile."))
    return redirect("imports:card", pk)


@require_POST
@needs("imports.change")
def import_choose(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Say what the columns mean; the check begins."""
    run = _mine(request, pk)
    mapping = [
        {
            "field": request.POST.get(f"field-{place}", ""),
            "format": request.POST.get(f"format-{place}", each["format"])[:8],
        }
        for place, each in enumerate(run.mapping)
    ]
    settings = {
        "match": request.POST.getlist("match"),
        "mode": _one_of(request, "mode", ("both", "new", "update")),
        "empty": _one_of(request, "empty", ("keep", "clear")),
        "missing": _one_of(request, "missing", ("make", "refuse")),
    }
    return _check(request, run, mapping=mapping, settings=settings, meanings=run.meanings)


@require_POST
@needs("imports.change")
def import_meanings(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Say what words of the file mean that nothing here answers to; the check begins anew."""
    run = _mine(request, pk)
    meanings = {field: dict(said) for field, said in run.meanings.items()}
    for place, (field, text) in enumerate(_unknown_words(run)):
        said = request.POST.get(f"meaning-{place}", "?")
        if said != "?":
            meanings.setdefault(field, {})[text] = said
    return _check(
        request, run, mapping=run.mapping, settings=run.settings, meanings=meanings
    )  # fmt: skip


@require_POST
@needs("imports.change")
def import_write(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Write what the check has shown."""
    run = _mine(request, pk)
    try:
        services.start_writing(
            run=run, now=timezone.now(), login=getattr(request.user, "email", ""),
            address=request.META.get("REMOTE_ADDR"),
        )  # fmt: skip
    except services.NotReady:
        messages.error(request, _("The import has gone on meanwhile."))
    else:
        tasks.go_on(run)
    return redirect("imports:card", pk)


@require_POST
@needs("imports.change")
def import_undo(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take an import back."""
    run = _mine(request, pk)
    try:
        services.start_undo(run=run)
    except services.NotReady:
        messages.error(request, _("The import has gone on meanwhile."))
    else:
        tasks.go_on(run)
    return redirect("imports:card", pk)


@require_safe
@needs("imports.view")
def import_errors(request: HttpRequest, pk: UUID) -> StreamingHttpResponse:
    """Answer with the lines that were not taken, each with its reason, to be brought in again."""
    run = _found(request, pk)
    answer = StreamingHttpResponse(
        selectors.error_file(run, company_of(request)),
        content_type="text/csv; charset=utf-8",
    )
    answer["Content-Disposition"] = f'attachment; filename="errors-{run.pk}.csv"'
    answer["Cache-Control"] = "no-store"
    return answer


# Helpers ------------------------------------------------------------------------------------------


def _found(request: HttpRequest, pk: UUID) -> ImportRun:
    run = selectors.found(request.user, pk)
    if run is None:
        raise Http404(str(pk))
    return run


def _mine(request: HttpRequest, pk: UUID) -> ImportRun:
    """Return a run whose kind the person may write.

    :raises NotAllowed: they may not.
    """
    run = _found(request, pk)
    if not may_import(request.user, objects.kind(run.kind)):
        raise NotAllowed(f"{run.kind}.change")
    return run


def _check(request: HttpRequest, run: ImportRun, **said: Any) -> HttpResponse:
    if not any(each["field"] for each in said["mapping"]):
        messages.error(request, _("No column means anything yet: choose at least one field."))
        return redirect("imports:card", run.pk)
    try:
        services.choose(run=run, **said)
    except services.NotReady:
        messages.error(request, _("The import has gone on meanwhile."))
    else:
        tasks.go_on(run)
    return redirect("imports:card", run.pk)


def _one_of(request: HttpRequest, name: str, values: tuple[str, ...]) -> str:
    said = request.POST.get(name, "")
    return said if said in values else values[0]


def delimiter_named(said: str) -> str:
    """Return the sign that the screen calls so."""
    return "\t" if said == "Tab" else said[:1]


def _head(said: str) -> int:
    """Return the row of headings: 0 finds it out, -1 says there is none."""
    if not said.isdecimal() or int(said) > 999:
        return 0
    return int(said) or -1


def _context(request: HttpRequest, run: ImportRun) -> dict[str, Any]:
    kind = objects.kind(run.kind)
    step = {
        RunState.MAPPING: 2, RunState.FAILED: 2, RunState.CHECKING: 3, RunState.CHECKED: 3,
        RunState.RUNNING: 4, RunState.DONE: 5, RunState.UNDOING: 5, RunState.UNDONE: 5,
    }[RunState(run.state)]  # fmt: skip
    failure = run.failure and sentences.unreadable(
        run.failure.get("code", ""), line=run.failure.get("line", 0),
        what=run.failure.get("what", ""),
    )  # fmt: skip
    return {
        "run": run, "kind": kind, "step": step, "failure": failure,
        "tone": TONES[RunState(run.state)], "may_change": may_import(request.user, kind),
    }  # fmt: skip


def _columns(run: ImportRun) -> dict[str, Any]:
    kind = objects.kind(run.kind)
    offered = targets(kind)
    groups = [
        (kind.label, [each for each in offered if not each.is_child]),
        *[
            (label, [each for each in offered if each.is_child and each.kind.label == label])
            for label in dict.fromkeys(each.kind.label for each in offered if each.is_child)
        ],
    ]
    known = {each.key: each for each in offered}
    rows = []
    for place, heading in enumerate(run.headings):
        meant = run.mapping[place] if place < len(run.mapping) else {"field": "", "format": ""}
        rows.append(
            {
                "place": place, "heading": heading or _("Column %(n)s") % {"n": place + 1},
                "samples": run.samples[place] if place < len(run.samples) else [],
                "field": meant["field"], "format": meant["format"],
                "formats": _formats(meant["format"], known.get(meant["field"])),
            }
        )  # fmt: skip
    return {
        "rows": rows, "groups": groups, "encodings": ENCODINGS, "marks": MARKS.values(),
        "mark": MARKS.get(run.options.get("delimiter", ""), run.options.get("delimiter", "")),
        "matching": [each for each in offered if _is_offered_for_match(each)],
        "has_relations": any(each.field.type == "relation" for each in offered),
        "head": max(run.options.get("head", 0), 0),
    }  # fmt: skip


def _formats(told: str, target: Target | None) -> list[tuple[str, Any]]:
    """Return the ways in which a column may be written, where that makes a difference."""
    if target is not None and target.field.type not in _WRITTEN:
        return []
    days, numbers = ("dmy", "mdy", "ymd"), ("comma", "point")
    names = days if told in days else numbers if told in numbers else ()
    return [(name, FORMATS[name]) for name in names]


def _is_offered_for_match(target: Target) -> bool:
    if not target.may_match:
        return False
    is_title = bool(target.kind.title) and target.field.source == target.kind.title
    return target.is_strong or is_title or target.field.type in ("email", "phone")


def _result(run: ImportRun) -> dict[str, Any]:
    kind = objects.kind(run.kind)
    counts = [(Outcome(name), run.counts.get(name, 0)) for name in Outcome.values]
    words = []
    known = {each.key: each for each in targets(kind)}
    for place, (field, text) in enumerate(_unknown_words(run)):
        target = known.get(field)
        if target is not None:
            words.append(
                {"place": place, "target": target, "text": text, "offered": meant_by(target),
                 "times": run.unknown[field][text]}
            )  # fmt: skip
    return {
        "counts": counts,
        "to_write": run.counts.get("new", 0) + run.counts.get("update", 0),
        "not_taken": run.counts.get("error", 0) + run.counts.get("skip", 0),
        "errors": selectors.examples(run, Outcome.ERROR) if run.counts.get("error") else [],
        "skipped": selectors.examples(run, Outcome.SKIP) if run.counts.get("skip") else [],
        "fresh": selectors.examples(run, Outcome.NEW)
        if run.state == RunState.CHECKED and run.counts.get("new") else [],
        "kept": selectors.kept_rows(run, kind) if run.counts.get("kept") else [],
        "words": words if run.state == RunState.CHECKED else [],
        "headings": run.headings[:6],
    }  # fmt: skip


def _unknown_words(run: ImportRun) -> list[tuple[str, str]]:
    """Return the words a person may explain, those that stand most often first."""
    told = [
        (-times, field, text) for field, words in run.unknown.items()
        for text, times in words.items()
    ]  # fmt: skip
    return [(field, text) for _times, field, text in sorted(told)[:_MOST_MEANINGS]]


def meant_by(target: Target) -> list[tuple[str, str]]:
    """Return what a word of the file may mean: people here, or the choices of the field."""
    if target.field.type == "user":
        people = User.objects.filter(is_active=True).order_by("full_name", "email", "id")
        return [(str(person.pk), str(person)) for person in people]
    return target.field.offered()

"""Imports as programs take their steps: bring a file, say what it means, check, write, undo.

The steps, their order and who may take them are those of the screen; ``apps.api.imported`` takes
the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, BinaryIO
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core import objects
from apps.core.objects import Action, ChangedMeanwhile, Content, ObjectKind, Refused
from apps.imports import selectors, sentences, services, tasks
from apps.imports.models import ImportRun, RunState
from apps.imports.services import files
from apps.imports.sources import Unreadable
from apps.imports.targets import Target, by_key, may_import, usual_match
from apps.imports.told import FIELDS, SETTINGS
from apps.imports.views import delimiter_named, meant_by
from tenants.current import current_company

SIGN = r'Tab|[^\w\s"]'  # what may part columns
MOST_HEAD = 999
NO_HEAD = -1  # as the sources say it; programs say 0
_READING = ("encoding", "delimiter", "table", "head")
_MEANING = frozenset({"columns", "match", "meanings", *SETTINGS})
_TOLD = (RunState.CHECKED, RunState.RUNNING, RunState.DONE, RunState.UNDOING, RunState.UNDONE)


class _Runs(ObjectKind):
    """Imports: a person's own; who runs the company sees all."""

    def rows(self, user: Any, *, action: str = "view") -> QuerySet[Any]:
        """Return the imports a person may look at."""
        return selectors.runs(user)


# Steps --------------------------------------------------------------------------------------------


def bring(
    *, values: Mapping[str, Any], file_name: str, source: BinaryIO, size: int, by: Any
) -> ImportRun:
    """Keep a file and guess what its columns mean, but for what ``values`` say.

    :raises Refused: with sentences by field; nothing was kept.
    :raises PermissionDenied: the person may not write rows of this kind.
    """
    kind = _kind_of(str(values.get("kind", "")))
    if not may_import(by, kind):
        raise PermissionDenied(kind.key)
    reading = _reading(values)
    try:
        run = services.begin(
            kind=kind.key, file_name=file_name, source=source, size=size, by=by, chosen=reading
        )
    except Unreadable as error:
        raise Refused({"file": [_unreadable(error)]}) from error
    try:
        _require_table(run, reading)
        _arrange(run, values)
    except Refused:
        files.remove(run.stored_as)
        raise
    return run


def change(
    *, values: Mapping[str, Any], by: Any, key: UUID | None = None, seen: datetime | None = None
) -> ImportRun:
    """Read a file in another way, or say what its columns mean; a former check is void then.

    :raises Refused: with sentences by field.
    :raises PermissionDenied: the person may not write rows of this kind.
    :raises ChangedMeanwhile: the row is newer than ``seen``.
    """
    assert key is not None  # noqa: S101  (the kind is not creatable)
    run = _mine(key, by)
    if seen is not None and run.updated_at > seen:
        raise ChangedMeanwhile(run)
    reading = _reading(values)
    with _refusing(run):
        if reading:
            now = {name: run.options.get(name, "") for name in _READING if name != "head"}
            services.look_again(run=run, chosen={**now, **reading})
            _require_table(run, reading)
        _arrange(run, values)
    return run


def _check(*, key: UUID, values: Mapping[str, Any], by: Any) -> None:
    """Have every line of the file checked; nothing is written."""
    run = _mine(key, by)
    if not any(each["field"] for each in run.mapping):
        sentence = _("No column means anything yet: choose at least one field.")
        raise Refused({"columns": [sentence]})
    with _refusing(run):
        services.choose(
            run=run, mapping=run.mapping, settings=run.settings, meanings=run.meanings
        )
    tasks.go_on(run)


def _write(*, key: UUID, values: Mapping[str, Any], by: Any) -> None:
    """Have written what the check has shown."""
    run = _mine(key, by)
    with _refusing(run):
        services.start_writing(run=run, now=timezone.now(), login=by.email)
    tasks.go_on(run)


def _undo(*, key: UUID, values: Mapping[str, Any], by: Any) -> None:
    """Have everything taken back that nobody has changed since."""
    run = _mine(key, by)
    with _refusing(run):
        services.start_undo(run=run)
    tasks.go_on(run)


def _errors(*, row: ImportRun, user: Any, language: str) -> StreamingHttpResponse:
    """Send the lines that were not taken, each with its reason.

    :raises FileNotFoundError: the file was not checked yet.
    """
    if row.state not in _TOLD or not row.stored_as:
        raise FileNotFoundError(str(row.pk))
    answer = StreamingHttpResponse(
        selectors.error_file(row, current_company()), content_type="text/csv; charset=utf-8"
    )
    answer["Content-Disposition"] = f'attachment; filename="errors-{row.pk}.csv"'
    return answer


def _mine(key: UUID, by: Any) -> ImportRun:
    """Return a run, locked, whose kind the person may write.

    :raises PermissionDenied: they may not.
    """
    run = selectors.runs(by).select_for_update(of=("self",)).get(pk=key)
    if not may_import(by, objects.kind(run.kind)):
        raise PermissionDenied(run.kind)
    return run


@contextmanager
def _refusing(run: ImportRun) -> Iterator[None]:
    """Say why a step cannot be taken as the other doors say it."""
    try:
        yield
    except Unreadable as error:
        raise Refused({"": [_unreadable(error)]}) from error
    except services.Forgotten as error:
        sentence = _("Its file was removed after a month. Bring it again.")
        raise Refused({"": [sentence]}) from error
    except services.NotReady as error:
        sentence = _("This step does not follow “%(state)s”.")
        raise Refused({"": [sentence % {"state": run.get_state_display()}]}) from error


def _unreadable(error: Unreadable) -> str:
    return sentences.unreadable(error.code, line=error.line, what=error.what)


# How the file is read -----------------------------------------------------------------------------


def _kind_of(key: str) -> ObjectKind:
    try:
        kind = objects.kind(key)
    except KeyError:
        kind = None
    if kind is None or kind.save is None:
        sentence = _("“%(value)s” is not among the choices.") % {"value": key[:50]}
        raise Refused({"kind": [sentence]})
    return kind


def _reading(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is said of how a file is read, as the sources take it; the rest is found out."""
    told: dict[str, Any] = {
        name: str(values[name] or "") for name in ("encoding", "table") if name in values
    }
    if "delimiter" in values:
        sign = str(values["delimiter"] or "")
        if sign and not re.fullmatch(SIGN, sign):
            raise Refused({"delimiter": [_("It is a sign, or Tab.")]})
        told["delimiter"] = delimiter_named(sign)
    head = values.get("head")
    if head is not None:
        if head != int(head) or not 0 <= head <= MOST_HEAD:
            sentence = _("It is a number from 0 to %(most)d.") % {"most": MOST_HEAD}
            raise Refused({"head": [sentence]})
        told["head"] = int(head) or NO_HEAD
    elif "head" in values:
        told["head"] = 0
    return told


def _require_table(run: ImportRun, reading: Mapping[str, Any]) -> None:
    wanted = reading.get("table", "")
    if wanted and wanted not in run.options.get("tables", ()):
        sentence = _("There is no table “%(name)s” in the file.") % {"name": wanted[:60]}
        raise Refused({"table": [sentence]})


# What the columns mean ----------------------------------------------------------------------------


def _arrange(run: ImportRun, values: Mapping[str, Any]) -> None:
    if not values.keys() & _MEANING:
        return
    kind = objects.kind(run.kind)
    known = by_key(kind)
    mapping = _mapping(run, values["columns"], known) if "columns" in values else run.mapping
    fields = [each["field"] for each in mapping if each["field"]]
    meanings = run.meanings
    if "meanings" in values:
        meanings = _meanings(values["meanings"], known, fields)
    settings = {**run.settings, "match": _match(run, values, known, kind, fields)}
    settings |= {
        name: values[name] or usual for name, usual in SETTINGS.items() if name in values
    }
    services.arrange(run=run, mapping=mapping, settings=settings, meanings=meanings)


def _mapping(
    run: ImportRun, told: Sequence[Mapping[str, Any]], known: Mapping[str, Target]
) -> list[dict[str, str]]:
    """Return what each column means; those that are not named are left out."""
    mapping = [{**each, "field": ""} for each in run.mapping]
    named: set[int] = set()
    for line, each in enumerate(told, start=1):
        number, field = each["number"], each.get("field", "")
        if number != int(number) or not 1 <= number <= len(mapping):
            raise _refused_line("columns", line, _("There is no such column."))
        if number in named:
            raise _refused_line("columns", line, _("The column is named twice."))
        if field and field not in known:
            sentence = _("There is no field “%(name)s”.") % {"name": field[:50]}
            raise _refused_line("columns", line, sentence)
        named.add(int(number))
        mapping[int(number) - 1] = {
            "field": field, "format": each.get("format") or mapping[int(number) - 1]["format"],
        }  # fmt: skip
    return mapping


def _match(
    run: ImportRun, values: Mapping[str, Any], known: Mapping[str, Target], kind: ObjectKind,
    fields: list[str],
) -> list[str]:  # fmt: skip
    """Return by what rows are recognised: as said, else as before, else by what is usual."""
    if "match" not in values:
        before = [each["field"] for each in run.mapping if each["field"]]
        now: list[str] = run.settings.get("match", [])
        return usual_match(kind, fields) if now == usual_match(kind, before) else now
    wanted = [each.strip() for each in values["match"].split(",") if each.strip()]
    for key in wanted:
        if key not in fields or not known[key].may_match:
            sentence = _("Rows cannot be recognised by “%(field)s”.") % {"field": key[:50]}
            raise Refused({"match": [sentence]})
    return list(dict.fromkeys(wanted))


def _meanings(
    told: Sequence[Mapping[str, Any]], known: Mapping[str, Target], fields: Sequence[str]
) -> dict[str, dict[str, str]]:
    """Return what words of the file mean, by field; ``""`` leaves the field as it is."""
    offered: dict[str, set[str]] = {}
    meanings: dict[str, dict[str, str]] = {}
    for line, each in enumerate(told, start=1):
        field, value = each["field"], each.get("value", "")
        if field not in fields:
            sentence = _("No column means “%(field)s”.") % {"field": field[:50]}
            raise _refused_line("meanings", line, sentence)
        if field not in offered:
            offered[field] = {key for key, _label in meant_by(known[field])}
        if value and value not in offered[field]:
            sentence = _("“%(value)s” is not among the choices.") % {"value": value[:50]}
            raise _refused_line("meanings", line, sentence)
        meanings.setdefault(field, {})[each["text"]] = value
    return meanings


def _refused_line(field: str, line: int, problem: str) -> Refused:
    sentence = _("Line %(line)s: %(sentence)s") % {"line": line, "sentence": problem}
    return Refused({field: [sentence]})


RUNS = _Runs(
    key="imports", label=gettext_lazy("Import"), label_plural=gettext_lazy("Imports"),
    icon="upload", model=ImportRun, save=change, is_creatable=False,
    rights_to={"view": "imports.view", "change": "imports.change"}, related=("by",),
    has_version=False,  # a worker tells how far it is without it
    fields=FIELDS,
    actions=(
        Action("check", gettext_lazy("Check"), "imports.change", _check),
        Action("write", gettext_lazy("Write what the check has shown"), "imports.change", _write),
        Action("undo", gettext_lazy("Undo the import"), "imports.change", _undo),
    ),
    contents=(Content("errors", gettext_lazy("With errors"), "text/csv", _errors),),
)  # fmt: skip
objects.register_for_programs(RUNS)

"""The writing: a batch is one transaction with the place up to which the file is done.

A worker that is killed leaves whole batches behind; whoever goes on begins after them. What each
row was before stands beside it, so that all of it can be undone.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models, transaction
from django.utils import timezone

from apps.core import bulk, objects
from apps.core.folding import fold
from apps.core.objects import ObjectKind, Refused
from apps.imports.models import ImportedRow, ImportLine, ImportRun, Outcome, RunState
from apps.imports.services.claims import claimed
from apps.imports.services.understanding import FURTHER, MADE, Line, Understanding
from apps.imports.targets import ENTERED, REF, kind_named
from exchange.models import Node
from exchange.staging import Staging
from tenants.context import acting

BATCH = 2_500
_TAKEN = (Outcome.NEW, Outcome.UPDATE)
_STAGED = Staging(
    "imported_rows",
    {
        "run_id": "uuid", "kind": "text", "key": "uuid", "number": "int", "is_new": "boolean",
        "before": "jsonb", "written_at": "timestamptz",
    },
)  # fmt: skip
_NOT_KEPT = {"updated_at", "created_at"}


def write(*, run: ImportRun) -> None:
    """Write the lines of a checked file; of a run in another state nothing is done."""
    with claimed(run) as is_mine:
        run.refresh_from_db()
        if not is_mine or run.state != RunState.RUNNING:
            return
        meant = Understanding(run)
        with acting(author=run.by_id, cause="import"):
            while _write_batch(run, meant):
                pass
        run.counts = {**run.counts, **_counted(run)}
        run.after_count = meant.kind.model._default_manager.count()
        run.state, run.finished_at, run.position = RunState.DONE, timezone.now(), run.row_count
        run.save()


def _counted(run: ImportRun) -> dict[str, int]:
    outcomes = ImportLine.objects.filter(run=run).values_list("outcome")
    told = dict(outcomes.annotate(n=models.Count("pk")).order_by())
    return {each: told.get(each, 0) for each in Outcome.values}


@transaction.atomic
def _write_batch(run: ImportRun, meant: Understanding) -> bool:
    """Write the next lines; ``False`` when there are none."""
    done = run.settings.get("written_to", 0)
    stored = list(
        ImportLine.objects.filter(run=run, number__gt=done, outcome__in=_TAKEN)
        .order_by("number")[:BATCH]
    )  # fmt: skip
    if not stored:
        return False
    lines = [Line(each.number, each.cells, dict(each.values or {})) for each in stored]
    _make_missing(run, meant, lines)
    meant.recognise(lines, is_check=False)
    taken = [line for line in lines if line.outcome in _TAKEN]
    _save(run, meant, taken)
    _note_outcomes(stored, lines)
    run.settings["written_to"] = lines[-1].number
    run.position = _position(run, lines[-1].number)
    ImportRun.objects.filter(pk=run.pk).update(settings=run.settings, position=run.position)
    return True


def _position(run: ImportRun, number: int) -> int:
    return min(run.row_count, number)


def _save(run: ImportRun, meant: Understanding, lines: Sequence[Line]) -> None:
    rows = [(line.target, meant.own_values(line)) for line in lines]
    former = _columns_of(meant.kind, [key for key, _values in rows if key])
    answers = objects.save_many(meant.kind, rows=rows, by=run.by)
    written: list[tuple[Line, UUID, bool]] = []
    for line, answer in zip(lines, answers, strict=True):
        if answer.refused is not None:
            line.outcome = Outcome.ERROR
            line.problems += _told(answer.refused)
            continue
        if answer.key is None:
            continue
        line.target = answer.key
        line.outcome = Outcome.NEW if answer.is_new else Outcome.UPDATE
        written.append((line, answer.key, answer.is_new))
    _write_direct(meant, written)
    _remember(run, meant.kind, written, former)
    _save_children(run, meant, written)
    _save_further(run, meant.kind, written)


def _told(refused: Refused) -> list[list[str]]:
    return [
        ["refused", field, sentence[:250]]
        for field, sentences in refused.errors.items()
        for sentence in sentences
    ]


# What stands beside the service's values ----------------------------------------------------------


def _write_direct(meant: Understanding, written: Sequence[tuple[Line, UUID, bool]]) -> None:
    """Write the day a row was entered elsewhere, and the identifier it has in 1C."""
    table = meant.kind.model._meta.db_table
    entered = [
        (str(key), line.values[ENTERED])
        for line, key, is_new in written
        if is_new and _is_direct(meant, ENTERED) and line.values.get(ENTERED)
    ]
    _set_entered(meant.kind, entered)
    node = _only_node() if _is_direct(meant, REF) else None
    if node is None:
        return
    named = [
        (str(key), line.values[REF][:120]) for line, key, _new in written if line.values.get(REF)
    ]
    if named:
        with connection.cursor() as cursor:
            cursor.execute(
                f'UPDATE "{table}" t SET ref = d.value, node_id = %s'  # noqa: S608 - our own names
                " FROM jsonb_to_recordset(%s::jsonb) AS d (key uuid, value text)"
                " WHERE t.id = d.key AND t.node_id IS NULL AND NOT EXISTS"
                f' (SELECT 1 FROM "{table}" o WHERE o.node_id = %s AND o.ref = d.value)',
                [str(node), json.dumps([{"key": k, "value": v} for k, v in named]), str(node)],
            )


def _set_entered(kind: ObjectKind, pairs: Sequence[tuple[str, Any]]) -> None:
    """Write the days of entry, also where what happened was told to be now."""
    if not pairs:
        return
    happened = "".join(
        f', "{name}" = CASE WHEN t."{name}" >= t.created_at - interval \'1 minute\''
        f' THEN d.value ELSE t."{name}" END'
        for name in kind.happened
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f'UPDATE "{kind.model._meta.db_table}" t SET created_at = d.value{happened}'  # noqa: S608 - names of our own
            " FROM jsonb_to_recordset(%s::jsonb) AS d (key uuid, value timestamptz)"
            " WHERE t.id = d.key",
            [json.dumps([{"key": key, "value": value} for key, value in pairs])],
        )


def _is_direct(meant: Understanding, key: str) -> bool:
    target = meant.known.get(key)
    return target is not None and meant.is_direct(target)


def _only_node() -> UUID | None:
    """Return the connection to 1C when there is one: whose identifiers they are, is clear then."""
    keys = list(Node.objects.order_by("pk").values_list("pk", flat=True)[:2])
    return keys[0] if len(keys) == 1 else None


# What undo needs ----------------------------------------------------------------------------------


def _columns_of(kind: ObjectKind, keys: Sequence[UUID]) -> dict[UUID, dict[str, Any]]:
    names = list(bulk.columns_of(kind.model))
    rows = kind.model._base_manager.filter(pk__in=keys).values(*names)
    return {row["id"]: row for row in rows}


def _remember(
    run: ImportRun, kind: ObjectKind, written: Iterable[tuple[Line, UUID, bool]],
    former: Mapping[UUID, Mapping[str, Any]],
) -> None:  # fmt: skip
    written = list(written)
    altered = [key for _line, key, is_new in written if not is_new]
    latest = _columns_of(kind, altered)
    moments = _moments(kind, [key for _line, key, is_new in written if is_new])
    rows = []
    for line, key, is_new in written:
        before = None
        if not is_new:
            now = latest.get(key, {})
            before = {
                name: value for name, value in former.get(key, {}).items()
                if name not in _NOT_KEPT and now.get(name) != value
            }  # fmt: skip
            if not before:
                continue  # the line said what stood there already
        moment = moments.get(key) if is_new else latest[key].get("updated_at")
        rows.append(
            (str(run.pk), kind.key, str(key), line.number, is_new,
             None if before is None else json.dumps(before, cls=DjangoJSONEncoder),
             moment.isoformat() if moment else None)
        )  # fmt: skip
    _STAGED.load(rows)
    names = ", ".join(f'"{name}"' for name in _STAGED.columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO imports_importedrow ({names}, is_kept)"  # noqa: S608 - names of our own
            f" SELECT {names}, false FROM pg_temp.imported_rows ON CONFLICT DO NOTHING"
        )


def _moments(kind: ObjectKind, keys: Sequence[UUID]) -> dict[UUID, datetime]:
    if "updated_at" not in bulk.columns_of(kind.model):
        return {}
    rows = kind.model._base_manager.filter(pk__in=keys)
    return dict(rows.values_list("pk", "updated_at"))


# Rows that a line's row refers to, and rows that belong to it -------------------------------------


def _make_missing(run: ImportRun, meant: Understanding, lines: Sequence[Line]) -> None:
    """Make the rows that lines name and nobody has made: the company of a contact person."""
    for target in {target.key: target for _p, target, _c in meant.columns}.values():
        if target.field.type != "relation":
            continue
        naming = [
            line for line in lines if str(line.values.get(target.key) or "").startswith(MADE)
        ]
        if not naming:
            continue
        related = objects.kind(target.field.related)
        names = dict.fromkeys(line.values[target.key].removeprefix(MADE) for line in naming)
        known = meant._rows_named(target.field)(set(names))
        title = next(each.key for each in related.fields if each.source == related.title)
        fresh = [name for name in names if name not in known]
        answers = objects.save_many(
            related, rows=[(None, {title: name}) for name in fresh], by=run.by
        )
        refused: dict[str, Refused] = {}
        made = []
        for name, answer in zip(fresh, answers, strict=True):
            if answer.key is not None and answer.refused is None:
                known[name] = answer.key
                made.append((naming[0], answer.key, True))
            elif answer.refused is not None:
                refused[name] = answer.refused
        _remember(run, related, made, {})
        for line in naming:
            name = line.values[target.key].removeprefix(MADE)
            if name in known:
                line.values[target.key] = str(known[name])
            else:
                line.problems += _told(refused[name]) if name in refused else []
                line.outcome = Outcome.ERROR
        meant.forget_names()


def _save_children(
    run: ImportRun, meant: Understanding, written: Sequence[tuple[Line, UUID, bool]]
) -> None:
    """Save the rows that stand on the same lines: the contact person beside the company."""
    by_kind: dict[str, list[tuple[Line, UUID, dict[str, Any]]]] = {}
    for line, key, _is_new in written:
        for name, values in meant.child_values(line.values).items():
            by_kind.setdefault(name, []).append((line, key, values))
    for name, told in by_kind.items():
        kind, link = kind_named(name), meant.links[name]
        known = _known_children(kind, [key for _line, key, _values in told])
        title = next((each.key for each in kind.fields if each.source == kind.title), "")
        rows = []
        for _line, key, values in told:
            child = known.get((key, _named(kind, values.get(title, ""))))
            rows.append((child, {**values, link.key: key} if child is None else values))
        former = _columns_of(kind, [child for child, _values in rows if child])
        answers = objects.save_many(kind, rows=rows, by=run.by)
        saved = []
        for (line, _key, _values), answer in zip(told, answers, strict=True):
            if answer.refused is not None:
                line.problems += _told(answer.refused)
            elif answer.key is not None:
                saved.append((line, answer.key, answer.is_new))
        _remember(run, kind, saved, former)
        _save_further(run, kind, saved)
    _note_moments(run, meant.kind, {key for told in by_kind.values() for _l, key, _v in told})


def _save_further(
    run: ImportRun, kind: ObjectKind, saved: Sequence[tuple[Line, UUID, bool]]
) -> None:
    """Keep the further phones and e-mails of the lines beside the rows they are of."""
    lines: dict[UUID, Line] = {}
    wanted: dict[UUID, list[tuple[str, str]]] = {}
    for line, key, _is_new in saved:
        told = [(of, value) for name, of, value in line.values.get(FURTHER, ()) if name == kind.key]
        if told:
            lines[key] = line
            wanted.setdefault(key, []).extend(told)
    if not wanted or kind.further is None:
        return
    made = kind.further(wanted)
    for part in objects.parts():
        rows = [(lines[owner], row.pk, True) for owner, row in made
                if isinstance(row, part.kind.model)]  # fmt: skip
        if rows:
            _remember(run, part.kind, rows, {})


def _note_moments(run: ImportRun, kind: ObjectKind, keys: set[UUID]) -> None:
    """Note the moments of rows anew: saving what belongs to a row may have touched the row."""
    moments = _moments(kind, list(keys))
    rows = list(ImportedRow.objects.filter(run=run, kind=kind.key, key__in=keys))
    moved = [row for row in rows if row.written_at != moments.get(row.key)]
    for row in moved:
        row.written_at = moments.get(row.key)
    ImportedRow.objects.bulk_update(moved, ["written_at"], batch_size=1_000)


def _known_children(kind: ObjectKind, keys: Sequence[UUID]) -> dict[tuple[UUID, str], UUID]:
    path = kind.parent[0] if kind.parent else ""
    rows = kind.model._default_manager.filter(**{f"{path}__in": keys})
    if any(each.name == "is_archived" for each in kind.model._meta.concrete_fields):
        rows = rows.filter(is_archived=False)
    names = rows.values_list(path, kind.title or "pk", "pk")
    return {(owner, _named(kind, title)): key for owner, title, key in names}


def _named(kind: ObjectKind, title: Any) -> str:
    """Return what names a row among those of its owner; accounts are written with any blanks."""
    text = fold(str(title))
    return "".join(text.split()) if objects.part(kind.key) is not None else text


def _note_outcomes(stored: Sequence[ImportLine], lines: Sequence[Line]) -> None:
    """Keep what became of lines where it is not what the check had said; all get their row."""
    changed = []
    for each, line in zip(stored, lines, strict=True):
        problems = [*each.problems, *line.problems]
        if (each.outcome, each.problems) != (line.outcome, problems):
            each.outcome, each.problems, each.target = line.outcome, problems, line.target
            changed.append(each)
    ImportLine.objects.bulk_update(changed, ["outcome", "problems", "target"], batch_size=500)



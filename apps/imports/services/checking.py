"""The check: every line is read, understood and recognised; nothing but its own table is written.

Started again after it was cut short, it begins anew.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from apps.core.objects import ObjectKind
from apps.imports import sources
from apps.imports.models import ImportLine, ImportRun, Outcome, RunState
from apps.imports.services import files
from apps.imports.services.claims import claimed
from apps.imports.services.understanding import Line, Understanding
from apps.imports.sources import Options, Unreadable
from exchange.staging import Staging

BATCH = 5_000
_COLUMNS = ("run_id", "number", "cells", "values", "outcome", "target", "problems")
_STAGED = Staging(
    "import_lines",
    {
        "run_id": "uuid", "number": "int", "cells": "text[]", "values": "jsonb", "outcome": "text",
        "target": "uuid", "problems": "jsonb",
    },
)  # fmt: skip


def check(*, run: ImportRun) -> None:
    """Check a file that is to be checked; of one in another state nothing is done."""
    with claimed(run) as is_mine:
        run.refresh_from_db()
        if not is_mine or run.state != RunState.CHECKING:
            return
        ImportLine.objects.filter(run=run).delete()
        try:
            with files.at_hand(run.stored_as) as path:
                _check(run, path)
        except Unreadable as error:
            run.failure = {"code": error.code, "line": error.line, "what": error.what}
            run.state = RunState.FAILED
            run.save()


def _check(run: ImportRun, path: str) -> None:
    meant = Understanding(run)
    counts: Counter[str] = Counter()
    options = Options(**run.options)
    total = 0
    for batch in _batches(sources.rows(path, options)):
        with transaction.atomic():
            meant.understand(batch)
            meant.recognise(batch, is_check=True)
            _find_unchanged(meant, batch)
            _store(run, batch)
        counts.update(line.outcome for line in batch)
        total += len(batch)
        ImportRun.objects.filter(pk=run.pk).update(position=total, counts=dict(counts))
    if not total:
        raise Unreadable("empty")
    run.row_count, run.position, run.counts, run.unknown = total, total, dict(counts), meant.unknown
    run.before_count = meant.kind.model._default_manager.count()
    run.state = RunState.CHECKED
    run.save()


def _batches(rows: Iterator[tuple[int, list[str]]]) -> Iterator[list[Line]]:
    batch: list[Line] = []
    for number, cells in rows:
        batch.append(Line(number, cells))
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _find_unchanged(meant: Understanding, batch: Sequence[Line]) -> None:
    """Tell lines that say nothing new from those that change their row."""
    known = {line.target: line for line in batch if line.outcome == Outcome.UPDATE}
    paths = {
        target.key: target.field.source
        for _place, target, _convert in meant.columns
        if not target.is_child and not target.field.is_custom and not target.field.read
    }
    stored = {name for name in paths.values() if _is_stored(meant.kind, name)}
    compared = {key: path for key, path in paths.items() if path in stored}
    if not known:
        return
    manager = meant.kind.model._default_manager
    for row in manager.filter(pk__in=known).values("pk", *stored):
        line = known[row["pk"]]
        own = meant.own_values(line)
        rest = line.values.keys() - compared.keys() - {"id", "ref"}
        if not rest and all(
            _is_same(row[path], own[key]) for key, path in compared.items() if key in own
        ):
            line.outcome = Outcome.SAME


def _is_same(stored: Any, wanted: Any) -> bool:
    """Tell whether a column holds a value; of choices that are rows, lines name the key."""
    return bool(stored == wanted or (isinstance(stored, UUID) and str(stored) == wanted))


def _is_stored(kind: ObjectKind, path: str) -> bool:
    return any(path in (each.name, each.attname) for each in kind.model._meta.concrete_fields)


def _store(run: ImportRun, batch: Sequence[Line]) -> None:
    names = ", ".join(f'"{name}"' for name in _COLUMNS)
    _STAGED.load([_row(run, line) for line in batch])
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO imports_importline ({names})"  # noqa: S608 - names of our own
            f" SELECT {names} FROM pg_temp.import_lines"
        )


def _row(run: ImportRun, line: Line) -> tuple[Any, ...]:
    return (
        str(run.pk), line.number, _array(line.cells), json.dumps(line.values, ensure_ascii=False),
        line.outcome, str(line.target) if line.target else None,
        json.dumps(line.problems, ensure_ascii=False),
    )  # fmt: skip


def _array(cells: Sequence[str]) -> str:
    inside = ",".join(
        '"' + cell.replace("\\", "\\\\").replace('"', '\\"') + '"' for cell in cells
    )
    return "{" + inside + "}"

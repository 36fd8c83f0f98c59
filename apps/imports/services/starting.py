"""The steps a person takes: each leaves the run in the state in which a job goes on with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, BinaryIO

from django.db import transaction

from apps.accounts.models import User
from apps.core import objects
from apps.imports import guessing, sources
from apps.imports.models import ImportLine, ImportRun, KnownMapping, RunState
from apps.imports.services import files
from apps.imports.sources import Options, Unreadable
from apps.imports.targets import by_key, usual_match
from tenants.audit.services import record

MOST_BYTES = 300 << 20
SAMPLED = 1_000
SHOWN = 4
KEPT = timedelta(days=30)  # so long an import can be undone, and its errors be fetched


class NotReady(Exception):
    """The run is in a state in which this is not done; nothing was changed."""


class Forgotten(NotReady):
    """File, lines and what undo needs were removed after a month; nothing was changed."""


def begin(
    *, kind: str, file_name: str, source: BinaryIO, size: int, by: User,
    chosen: Mapping[str, Any] | None = None,
) -> ImportRun:  # fmt: skip
    """Keep a file, look into it, and guess what its columns mean.

    ``chosen`` says how it is read, as in ``look_again``; the rest is found out.

    :raises Unreadable: it is too large, empty, broken, hostile, or of no form that is known.
    """
    if size > MOST_BYTES:
        raise Unreadable("too_large")
    run = ImportRun(kind=kind, file_name=file_name[:250], size=size, by=by)
    run.stored_as = files.store(source)
    try:
        _look(run, Options(**(chosen or {})))
    except Unreadable:
        files.remove(run.stored_as)
        raise
    run.save()
    return run


def look_again(*, run: ImportRun, chosen: Mapping[str, Any]) -> ImportRun:
    """Read the file in another way: another encoding, sign, sheet, or row of headings.

    :raises Unreadable: it cannot be read that way; the run stays as it was.
    """
    _require(run, RunState.MAPPING, RunState.CHECKED, RunState.FAILED)
    kept = {name: value for name, value in run.options.items() if name in ("form", "tables")}
    _look(run, replace(Options(**kept), **chosen))
    run.state = RunState.MAPPING
    run.save()
    return run


@transaction.atomic
def choose(
    *, run: ImportRun, mapping: Sequence[Mapping[str, str]], settings: Mapping[str, Any],
    meanings: Mapping[str, Mapping[str, str]],
) -> None:  # fmt: skip
    """Say what the columns mean, and let the file be checked; nothing is written yet.

    The same headings mean the same the next time.
    """
    _arrange(run, mapping, settings, meanings, state=RunState.CHECKING)
    _remember(run)


@transaction.atomic
def arrange(
    *, run: ImportRun, mapping: Sequence[Mapping[str, str]], settings: Mapping[str, Any],
    meanings: Mapping[str, Mapping[str, str]],
) -> None:  # fmt: skip
    """Say what the columns mean, and no more yet; what an earlier check has told is void."""
    _arrange(run, mapping, settings, meanings, state=RunState.MAPPING)


@transaction.atomic
def start_writing(
    *, run: ImportRun, now: datetime, login: str = "", address: str | None = None
) -> None:
    """Let what the check has shown be written; the security log says by whom."""
    _require(run, RunState.CHECKED)
    run.state, run.position, run.begun_at = RunState.RUNNING, 0, now
    run.settings = {**run.settings, "written_to": 0}
    run.save()
    record(
        kind="import.started", login=login, address=address, object=run.kind,
        file=run.file_name, lines=run.row_count,
    )  # fmt: skip


@transaction.atomic
def start_undo(*, run: ImportRun) -> None:
    """Let everything be taken back that the import wrote and nobody has changed since."""
    _require(run, RunState.DONE)
    run.state, run.position = RunState.UNDOING, 0
    run.save()


def remove_old(*, now: datetime) -> int:
    """Forget lines, rows and bytes of imports of more than a month ago; return how many runs."""
    old = ImportRun.objects.filter(created_at__lt=now - KEPT).exclude(stored_as="")
    count = 0
    for run in old.order_by("pk")[:500]:
        files.remove(run.stored_as)
        ImportLine.objects.filter(run=run).delete()
        run.rows.all().delete()
        ImportRun.objects.filter(pk=run.pk).update(stored_as="")
        count += 1
    return count


def _arrange(
    run: ImportRun, mapping: Sequence[Mapping[str, str]], settings: Mapping[str, Any],
    meanings: Mapping[str, Mapping[str, str]], *, state: RunState,
) -> None:  # fmt: skip
    _require(run, RunState.MAPPING, RunState.CHECKED, RunState.FAILED)
    known = by_key(objects.kind(run.kind))
    run.mapping = [
        {"field": each["field"] if each["field"] in known else "", "format": each["format"]}
        for each in mapping
    ]
    run.settings = {**settings, "match": _match(run, settings.get("match"))}
    run.meanings = {field: dict(said) for field, said in meanings.items()}
    run.state, run.position, run.counts, run.unknown = state, 0, {}, {}
    run.failure = {}
    run.save()


def _look(run: ImportRun, options: Options) -> None:
    with files.at_hand(run.stored_as) as path:
        options = sources.look(path, options)
        headings = sources.headings(path, options)
        rows = []
        for number, (_line, row) in enumerate(sources.rows(path, options)):
            rows.append(row)
            if number + 1 == SAMPLED:
                break
    width = max([len(headings), *(len(row) for row in rows)], default=0)
    headings = [*headings, *[""] * (width - len(headings))]
    columns = [[row[n] if n < len(row) else "" for row in rows] for n in range(width)]
    known = KnownMapping.objects.filter(
        kind=run.kind, fingerprint=guessing.fingerprint(headings)
    ).first()
    kind = objects.kind(run.kind)
    run.options, run.headings = options.stored(), headings
    run.samples = [_samples(values) for values in columns]
    run.mapping = guessing.guess(kind, headings, columns, known.mapping if known else None)
    run.meanings = known.meanings if known else {}
    run.settings = known.settings if known else {}
    run.settings = {**run.settings, "match": _match(run, run.settings.get("match"))}


def _samples(values: Sequence[str]) -> list[str]:
    """Return the first different values of a column, as the screen shows them."""
    return list(dict.fromkeys(value[:120] for value in values if value))[:SHOWN]


def _match(run: ImportRun, wanted: Sequence[str] | None) -> list[str]:
    known = by_key(objects.kind(run.kind))
    mapped = [each["field"] for each in run.mapping if each["field"]]
    if wanted is None:
        return usual_match(objects.kind(run.kind), mapped)
    found = [key for key in wanted if key in mapped and key in known and known[key].may_match]
    return found or ([] if not wanted else usual_match(objects.kind(run.kind), mapped))


def _remember(run: ImportRun) -> None:
    mapping = {
        guessing.plain(heading): dict(each)
        for heading, each in zip(run.headings, run.mapping, strict=False)
        if heading
    }
    KnownMapping.objects.update_or_create(
        kind=run.kind, fingerprint=guessing.fingerprint(run.headings),
        defaults={"mapping": mapping, "meanings": run.meanings, "settings": run.settings},
    )  # fmt: skip


def _require(run: ImportRun, *states: str) -> None:
    if run.state not in states:
        raise NotReady(run.state)
    if not run.stored_as:
        raise Forgotten(run.state)

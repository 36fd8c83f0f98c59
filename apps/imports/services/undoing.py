"""Taking an import back: what it made goes, what it changed is as before, what people have touched
since stays and is listed.

The latest written comes first, so that rows go before those they refer to. A batch is one
transaction and takes its own lines off the list: started again, it goes on.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from django.db import models, transaction
from django.utils import timezone

from apps.core import bulk, links, objects
from apps.core.objects import ObjectKind
from apps.imports.models import ImportedRow, ImportRun, RunState
from apps.imports.services.claims import claimed
from apps.imports.targets import kind_named
from tenants.context import acting

BATCH = 1_000


def undo(*, run: ImportRun) -> None:
    """Take back what the run wrote; of a run in another state nothing is done."""
    with claimed(run) as is_mine:
        run.refresh_from_db()
        if not is_mine or run.state != RunState.UNDOING:
            return
        with acting(author=run.by_id, cause="import undone"):
            while _undo_batch(run):
                pass
        kept = ImportedRow.objects.filter(run=run, is_kept=True).count()
        kind = objects.kind(run.kind)
        run.counts = {**run.counts, "kept": kept}
        run.after_count = kind.model._default_manager.count()
        run.state, run.finished_at = RunState.UNDONE, timezone.now()
        run.save()


@transaction.atomic
def _undo_batch(run: ImportRun) -> bool:
    rows = list(ImportedRow.objects.filter(run=run, is_kept=False).order_by("-pk")[:BATCH])
    if not rows:
        return False
    kinds = list(dict.fromkeys(row.kind for row in rows))
    for name in kinds:
        kind = kind_named(name)
        same = [row for row in rows if row.kind == name]
        kept = _undo_rows(kind, same)
        ImportedRow.objects.filter(pk__in=[row.pk for row in same if row.key in kept]).update(
            is_kept=True
        )
        ImportedRow.objects.filter(
            pk__in=[row.pk for row in same if row.key not in kept]
        ).delete()  # fmt: skip
    run.position = min(run.row_count, run.position + len(rows))
    ImportRun.objects.filter(pk=run.pk).update(position=run.position)
    return True


def _undo_rows(kind: ObjectKind, rows: Sequence[ImportedRow]) -> set[UUID]:
    """Take rows of one kind back and return the keys of those that stay."""
    now = bulk.current(kind.model, [row.key for row in rows])
    touched = {
        row.key for row in rows
        if row.key in now and row.written_at and now[row.key]["updated_at"] != row.written_at
    }  # fmt: skip
    made = [row.key for row in rows if row.is_new and row.key in now and row.key not in touched]
    used = _referred_to(kind, made)
    _take_away(kind, [key for key in made if key not in used])
    fields = bulk.columns_of(kind.model)
    back = [
        {**now[row.key], **{n: _value(fields[n], v) for n, v in row.before.items() if n in fields}}
        for row in rows
        if not row.is_new and row.before and row.key in now and row.key not in touched
    ]
    bulk.update(kind.model, back, now=timezone.now())
    return touched | used


def _take_away(kind: ObjectKind, keys: Sequence[UUID]) -> None:
    part = objects.part(kind.key)
    if part is not None and part.take_away is not None:
        part.take_away(keys)
        return
    kind.model._base_manager.filter(pk__in=keys).delete()


def _value(field: models.Field[Any, Any], value: Any) -> Any:
    if isinstance(field, models.JSONField) or value is None:
        return value
    return field.to_python(value)


def _referred_to(kind: ObjectKind, keys: Collection[UUID]) -> set[UUID]:
    """Return those of the keys that other rows refer to."""
    found: set[UUID] = set()
    for other, own in links.own_references(kind) if keys else ():
        leading = links.rows_by_own(other, own, keys).values_list(own.source, flat=True)
        found |= {UUID(each) for each in leading}
    for related, field in links.references(kind.model) if keys else ():
        rows = related._base_manager.filter(**{f"{field.name}__in": keys})
        found |= set(rows.values_list(field.attname, flat=True))
    return found

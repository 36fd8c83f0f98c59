"""Undoing a merge within 30 days: rows, references and values are as they were before it."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models, transaction

from apps.accounts.models import User
from apps.core import bulk, objects
from apps.core.objects import ObjectKind
from apps.duplicates.models import DuplicatePair, Merge, MergedRow, PairState
from apps.duplicates.services.merging import OWN, lead_own
from replication.models import Alias
from tenants.context import acting

UNDOABLE = timedelta(days=30)


class CannotPart(Exception):
    """It was undone already, is too long ago, or one of the rows is not there any more.

    ``code``: ``undone``, ``too_old``, ``gone``, ``merged_on`` (the one that stayed went on into
    another). Nothing was changed.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@transaction.atomic
def part(*, merge: Merge, by: User, now: datetime) -> None:
    """Part what a merge had made one.

    What was added to the one that stayed since then stays there; a field that somebody has
    changed since keeps its value.

    :raises CannotPart: see there.
    """
    merge = Merge.objects.select_for_update().get(pk=merge.pk)
    if merge.undone_at is not None:
        raise CannotPart("undone")
    if not merge.rows:  # whoever it was has been erased
        raise CannotPart("gone")
    if merge.created_at < now - UNDOABLE:
        raise CannotPart("too_old")
    kind = objects.kind(merge.kind)
    if MergedRow.objects.filter(kind=merge.kind, key=merge.kept).exists():
        raise CannotPart("merged_on")
    kept = bulk.current(kind.model, [merge.kept]).get(merge.kept)
    if kept is None:
        raise CannotPart("gone")
    with acting(author=by.pk, cause="merge undone"):
        _bring_back(kind, merge, now)
        _move_back(merge)
        _put_back(merge)
        _take_back(merge)
        _former_values(kind, merge, kept, now)
    keys = [merge.kept, *(UUID(row["id"]) for row in merge.rows)]
    MergedRow.objects.filter(merge=merge).delete()
    DuplicatePair.objects.filter(
        kind=merge.kind, first__in=keys, second__in=keys, state=PairState.MERGED
    ).update(state=PairState.OPEN, decided_by=None, decided_at=None)
    merge.undone_at = now
    merge.save()


def _bring_back(kind: ObjectKind, merge: Merge, now: datetime) -> None:
    """Bring the rows back that went: out of the archive, or from their copies."""
    table = kind.model._meta.db_table
    there = set(
        kind.model._base_manager.filter(pk__in=[row["id"] for row in merge.rows])
        .values_list("pk", flat=True)
    )  # fmt: skip
    for row in merge.rows:
        key = UUID(row["id"])
        if key in there and "is_archived" in row:
            rows = kind.model._base_manager.filter(pk=key)
            rows.update(is_archived=row["is_archived"], updated_at=now)
        elif key not in there:
            Alias.objects.filter(table=table, former=key).delete()
            _insert(table, _by_column(kind.model, row))


def _move_back(merge: Merge) -> None:
    """Let what had been moved refer to its former row, unless somebody has moved it on since."""
    with connection.cursor() as cursor:
        for table, pk, key, column, former, *now in reversed(merge.moved):
            if column.startswith(OWN):
                name = column.removeprefix(OWN)
                lead_own(table, pk, key, name, former=merge.kept, to=former)
                continue
            cursor.execute(
                f'UPDATE "{table}" SET "{column}" = %s WHERE "{pk}" = %s AND "{column}" = %s',
                [former, key, *(now or [str(merge.kept)])],
            )


def _put_back(merge: Merge) -> None:
    """Put back what had stood at both rows, with the row it stood at."""
    for table, row in merge.removed:
        _insert(table, row)


def _take_back(merge: Merge) -> None:
    """Remove what the merge had kept beside the one that stayed: it stands at its own row again."""
    with connection.cursor() as cursor:
        for table, pk, key in merge.before.get("@made", ()):
            cursor.execute(f'DELETE FROM "{table}" WHERE "{pk}" = %s', [key])


def _former_values(
    kind: ObjectKind, merge: Merge, kept: dict[str, Any], now: datetime
) -> None:  # fmt: skip
    """Give the one that stayed its values back where the merge had changed them."""
    fields = bulk.columns_of(kind.model)
    given = merge.before.get("@given") or {}
    row = dict(kept)
    for name, field in fields.items():
        if name in ("id", "created_at", "updated_at") or name not in merge.before:
            continue
        former = _value(field, merge.before[name])
        if name in given and kept[name] == _value(field, given[name]):
            row[name] = former
    bulk.update(kind.model, [row], now=now)


def _value(field: models.Field[Any, Any], value: Any) -> Any:
    if isinstance(field, models.JSONField) or value is None:
        return value
    return field.to_python(value)


def _by_column(model: type[models.Model], row: dict[str, Any]) -> dict[str, Any]:
    fields = bulk.columns_of(model)
    return {str(fields[name].column): value for name, value in row.items() if name in fields}


def _insert(table: str, row: dict[str, Any]) -> None:
    """Insert a row as ``to_jsonb`` had told it; one that is there stays as it is."""
    columns = ", ".join(f'"{name}"' for name in row)
    with connection.cursor() as cursor:
        cursor.execute(
            f'INSERT INTO "{table}" ({columns}) SELECT {columns}'
            f' FROM jsonb_populate_record(NULL::"{table}", %s::jsonb) ON CONFLICT DO NOTHING',
            [json.dumps(row, cls=DjangoJSONEncoder)],
        )

"""Writing thousands of rows of one model: by COPY, in two statements, only what differs.

For the ``save_many`` of rooms whose fields are columns of the row itself. Columns are read from the
model, so a column added to it is written without a word here. Nothing but the database's own rules
is looked at: the room's rules are the caller's.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from copy import deepcopy
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, models

from exchange.staging import Staging

_STAGED = "bulk_rows"
_NOT_COMPARED = {"created_at", "updated_at"}


def columns_of(model: type[models.Model]) -> dict[str, models.Field[Any, Any]]:
    """Return the stored columns of a model by attribute name (``responsible_id``)."""
    return {
        each.attname: each
        for each in model._meta.concrete_fields
        if not isinstance(each, models.GeneratedField)
    }


def current(model: type[models.Model], keys: Sequence[UUID]) -> dict[UUID, dict[str, Any]]:
    """Return rows as they stand, locked in the order of their keys, by attribute name."""
    names = list(columns_of(model))
    rows = model._base_manager.filter(pk__in=keys).order_by("pk").select_for_update()
    return {row["id"]: row for row in rows.values(*names)}


def insert(model: type[models.Model], rows: Sequence[Mapping[str, Any]], *, now: datetime) -> None:
    """Insert rows; columns that are not named get their defaults."""
    if not rows:
        return
    fields = columns_of(model)
    whole = [{**_defaults(fields, row), **_stamps(fields, now), **row} for row in rows]
    _stage(fields, whole)
    names = ", ".join(f'"{each.column}"' for each in fields.values())
    with connection.cursor() as cursor:
        cursor.execute(
            f'INSERT INTO "{model._meta.db_table}" ({names})'  # noqa: S608 - names of our own model
            f" SELECT {names} FROM pg_temp.{_STAGED}"
        )


def update(
    model: type[models.Model], rows: Sequence[Mapping[str, Any]], *, now: datetime,
    names: Collection[str] | None = None,
) -> set[Any]:  # fmt: skip
    """Bring rows into the table: whole (as ``current`` gave them, with changes), or ``names``.

    Named columns alone are copied and compared: what the database computes of others stays as it
    is. Returns the keys of those that differed; the others are not touched.
    """
    if not rows or names == set():
        return set()
    fields = columns_of(model)
    if names is not None:
        taken = {"id", "updated_at", *names}
        fields = {name: each for name, each in fields.items() if name in taken}
    _stage(fields, [{**row, "updated_at": now} for row in rows])
    compared = [f.column for name, f in fields.items() if name not in {*_NOT_COMPARED, "id"}]
    sets = ", ".join(f'"{name}" = s."{name}"' for name in compared)
    stamp = ', "updated_at" = s."updated_at"' if "updated_at" in fields else ""
    mine = ", ".join(f't."{name}"' for name in compared)
    theirs = ", ".join(f's."{name}"' for name in compared)
    with connection.cursor() as cursor:
        cursor.execute(
            f'UPDATE "{model._meta.db_table}" t SET {sets}{stamp}'  # noqa: S608 - names of our own
            f" FROM pg_temp.{_STAGED} s WHERE t.id = s.id"
            f" AND ({mine}) IS DISTINCT FROM ({theirs}) RETURNING t.id"
        )
        return {row[0] for row in cursor.fetchall()}


def update_changed(
    model: type[models.Model], former: Mapping[UUID, Mapping[str, Any]],
    rows: Sequence[models.Model], *, now: datetime,
) -> set[UUID]:  # fmt: skip
    """Write what rows in memory have changed since ``columns_now`` took down their columns.

    Rows that changed carry ``now`` as their ``updated_at`` then. Returns their keys.
    """
    names: set[str] = set()
    changed = []
    for row in rows:
        before = former[row.pk]
        differing = {name for name, value in before.items() if getattr(row, name) != value}
        if differing:
            names |= differing
            changed.append(row)
    for row in changed:
        if hasattr(row, "updated_at"):
            row.updated_at = now
    told = [{"id": row.pk, **{name: getattr(row, name) for name in names}} for row in changed]
    return update(model, told, now=now, names=names)


def columns_now(rows: Iterable[models.Model]) -> dict[UUID, dict[str, Any]]:
    """Return the columns of rows as they stand, to be compared with by ``update_changed``."""
    found: dict[UUID, dict[str, Any]] = {}
    for row in rows:
        names = columns_of(type(row)).keys() - {*_NOT_COMPARED, "id"}
        found[row.pk] = {name: _copied(getattr(row, name)) for name in names}
    return found


def _copied(value: Any) -> Any:
    return deepcopy(value) if isinstance(value, list | dict) else value


def _stage(
    fields: Mapping[str, models.Field[Any, Any]], rows: Sequence[Mapping[str, Any]]
) -> None:
    kinds = {str(each.column): _type_of(each) for each in fields.values()}
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS pg_temp.{_STAGED}")
    columns = list(fields.items())
    Staging(_STAGED, kinds).load(
        [[_plain(each, row[name]) for name, each in columns] for row in rows]
    )


def _type_of(field: models.Field[Any, Any]) -> str:
    kind = field.db_type(connection) or "text"
    is_text = isinstance(field, models.CharField | models.TextField)
    return "text" if is_text and not field.null else kind


def _plain(field: models.Field[Any, Any], value: Any) -> Any:
    if isinstance(field, models.JSONField):
        return json.dumps(value)
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, list):
        return "{" + ",".join(_quoted(str(each)) for each in value) + "}"
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _quoted(text: str) -> str:
    inside = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{inside}"'


def _defaults(
    fields: Mapping[str, models.Field[Any, Any]], row: Mapping[str, Any]
) -> dict[str, Any]:
    return {name: each.get_default() for name, each in fields.items() if name not in row}


def _stamps(fields: Mapping[str, models.Field[Any, Any]], now: datetime) -> dict[str, Any]:
    return {name: now for name in ("created_at", "updated_at") if name in fields}

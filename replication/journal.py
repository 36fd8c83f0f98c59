"""Reading the change journal: a position is a PostgreSQL snapshot, never a number.

Numbers are given out before transactions commit, so a reader that goes by ``id > last`` loses what
commits late. The difference of two snapshots is exactly what has become visible between them
(``docs/protocol/journal.md``).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

BLOCK = 2000
_FIELDS = "id, table_name, key, route, operation, changed, author, origin, cause, moment"


class Change(NamedTuple):
    """One line of the journal."""

    id: int
    table: str
    key: UUID
    route: UUID | None  # the parent row's key, where the capture names one
    operation: str  # "I", "U", "D"
    changed: dict[str, list[Any]] | None  # {column: [old, new]}, only for captures of kind "rows"
    author: UUID | None
    origin: UUID | None
    cause: str
    moment: datetime


def current_position() -> str:
    """Return the position of now: everything committed so far lies before it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_snapshot()::text")
        return str(cursor.fetchone()[0])


def changes(
    after: str, until: str | None = None, tables: Sequence[str] | None = None,
    limit: int | None = None,
) -> Iterator[Change]:  # fmt: skip
    """Yield what became visible after one position and until another (by default now).

    Lines of a transaction that was still running at ``after`` and has committed since are among them.
    Changes of the reader's own unfinished transaction are not.
    """
    sql, values = _query(after, until, tables)
    if limit is not None:
        sql, values = f"{sql} LIMIT %s", [*values, limit]
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        while block := cursor.fetchmany(BLOCK):
            for row in block:
                yield Change(*row[:5], json.loads(row[5]) if row[5] else None, *row[6:])


def changed_keys(
    after: str, until: str | None = None, tables: Sequence[str] | None = None,
    *, at_most: int = 200,
) -> dict[str, list[tuple[UUID, UUID | None]] | None]:  # fmt: skip
    """Return (key, route) by table of what changed; ``None`` for a table with more than ``at_most``."""
    sql, values = _query(after, until, tables, fields="DISTINCT table_name, key, route", order="")
    counted = (
        "SELECT table_name, key, route FROM (SELECT *, row_number() OVER (PARTITION BY table_name)"
        f" AS place FROM ({sql}) AS found) AS numbered WHERE place <= %s"
    )
    found: dict[str, list[tuple[UUID, UUID | None]]] = {}
    with connection.cursor() as cursor:
        cursor.execute(counted, [*values, at_most + 1])
        for table, key, route in cursor.fetchall():
            found.setdefault(table, []).append((key, route))
    return {table: keys if len(keys) <= at_most else None for table, keys in found.items()}


def _query(
    after: str, until: str | None, tables: Sequence[str] | None, *, fields: str = _FIELDS,
    order: str = " ORDER BY id",
) -> tuple[str, list[Any]]:  # fmt: skip
    # The two ranges can use the index: what began after, and the few that were running then.
    sql = (
        f"SELECT {fields} FROM replication_journal,"  # noqa: S608  (fixed texts)
        " (SELECT %s::pg_snapshot AS a, coalesce(%s::pg_snapshot, pg_current_snapshot()) AS b) AS p"
        " WHERE (xid >= pg_snapshot_xmax(%s::pg_snapshot)"
        " OR xid = ANY(ARRAY(SELECT pg_snapshot_xip(%s::pg_snapshot))))"
        " AND pg_visible_in_snapshot(xid, b) AND NOT pg_visible_in_snapshot(xid, a)"
    )
    values: list[Any] = [after, until, after, after]
    if tables is not None:
        sql += " AND table_name = ANY(%s)"
        values.append(list(tables))
    return sql + order, values

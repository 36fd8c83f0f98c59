"""Reading the change journal: a position is a PostgreSQL snapshot, never a number.

Numbers are given out before transactions commit, so a reader that goes by ``id > last`` loses what
commits late. The difference of two snapshots is exactly what has become visible between them
(``docs/protocol/journal.md``).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from replication.models import JournalPurge
from replication.positions import parse, without

BLOCK = 2000
# The snapshot a statement reads by and its own transaction, as a JSON array: see ``position_of``.
POSITION = (
    "json_build_array(pg_current_snapshot()::text, pg_current_xact_id_if_assigned()::text)"
)
_FIELDS = "id, table_name, key, route, operation, changed, author, origin, cause, moment"
_LINE = (  # of one row, or of all the rows of a statement
    "id, xid, table_name, operation, changed AS told, keys IS NULL AS is_row,"
    " author, origin, cause, moment,"
    " coalesce(keys, ARRAY[key]) AS keys, coalesce(routes, ARRAY[route]) AS routes"
)

# A line of many rows holds {column: [[old, …], [new, …]]} in the order of its keys.
_OF_ROW = (
    "(SELECT jsonb_object_agg(name, jsonb_build_array(old, new)) FROM (SELECT e.key AS name,"
    " e.value -> 0 -> (place - 1)::int AS old, e.value -> 1 -> (place - 1)::int AS new"
    " FROM jsonb_each(told) e) values WHERE old IS DISTINCT FROM new)"
)

# What a line ``l`` tells of one of its rows, the ``place``-th: (name, old, new) of each column.
TOLD = (
    "CROSS JOIN LATERAL (SELECT e.key AS name,"
    " CASE WHEN l.keys IS NULL THEN e.value -> 0 ELSE e.value -> 0 -> (place - 1)::int END AS old,"
    " CASE WHEN l.keys IS NULL THEN e.value -> 1 ELSE e.value -> 1 -> (place - 1)::int END AS new"
    " FROM jsonb_each(l.changed) e) told"
)
IS_TOLD = "(l.keys IS NULL OR told.old IS DISTINCT FROM told.new)"
ROWS_OF_LINE = (
    "CROSS JOIN LATERAL unnest(coalesce(l.keys, ARRAY[l.key])) WITH ORDINALITY AS r (k, place)"
)

Keys = list[tuple[UUID | None, UUID | None]]


class PositionTooOld(ValueError):
    """Lines after the position are purged: the reader has to begin from the rows themselves."""


class Change(NamedTuple):
    """A changed row; a line of the journal tells of one, or of all that a statement changed."""

    id: int
    table: str
    key: UUID
    route: UUID | None  # the parent row's key, where the capture names one
    operation: str  # "I", "U", "D"
    changed: dict[str, list[Any]] | None  # {column: [old, new]}, for captures that keep values
    author: UUID | None
    origin: UUID | None
    cause: str
    moment: datetime


def current_position() -> str:
    """Return the position of now: everything committed so far lies before it.

    What the caller's own unfinished transaction changes lies behind it.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {POSITION}::text")
        return position_of(*json.loads(cursor.fetchone()[0]))


def position_and_readers() -> tuple[str, frozenset[str]]:
    """Return the position of now with the names of who has begun to read, by one statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {POSITION}::text,"  # noqa: S608 - our own expression
            " ARRAY(SELECT name::text FROM replication_reader)"
        )
        position, readers = cursor.fetchone()
    return position_of(*json.loads(position)), frozenset(readers)


def position_of(snapshot: str, own: str | None) -> str:
    """Return the position that ``POSITION`` tells when a statement reads it beside other things."""
    # A snapshot leaves out the transaction that takes it, as if it had ended.
    return snapshot if own is None else without(snapshot, int(own))


def changes(
    after: str, until: str | None = None, tables: Sequence[str] | None = None,
    limit: int | None = None,
) -> Iterator[Change]:  # fmt: skip
    """Yield what became visible after one position and until another (by default now).

    Lines of a transaction that was still running at ``after`` and has committed since are among
    them; those of the caller's own unfinished transaction are not. ``until`` must have been taken
    by a transaction that sees no more than this one.
    """
    sql, values = _query(after, until, tables)
    if limit is not None:
        sql, values = f"{sql} LIMIT %s", [*values, limit]
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        while block := cursor.fetchmany(BLOCK):
            for row in block:
                yield Change._make((*row[:5], _changed(row[5]), *row[6:]))


def changed_keys(
    after: str, until: str | None = None, tables: Sequence[str] | None = None,
    *, at_most: int = 200,
) -> dict[str, Keys | None]:  # fmt: skip
    """Return (key, route) by table of what changed.

    A table with more than ``at_most`` rows has (``None``, route) for each parent, one with more
    parents than that, or rows without one, ``None``.
    """
    sql, values = _query(after, until, tables, fields="DISTINCT table_name, key, route", order="")
    found: dict[str, Keys | None] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, key, route FROM (SELECT *, row_number() OVER (PARTITION BY"  # noqa: S608
            f" table_name) AS place FROM ({sql}) AS found) AS numbered WHERE place <= %s",
            [*values, at_most + 1],
        )
        for table, key, route in cursor.fetchall():
            found.setdefault(table, []).append((key, route))  # type: ignore[union-attr]
    for table, keys in found.items():
        if len(keys or ()) > at_most:
            found[table] = _routes(after, until, table, at_most)
    return found


def window(after: str, until: str) -> tuple[str, list[Any]]:
    """Return the SQL condition, with its values, of lines between two positions.

    For statements over ``replication_journal`` itself; both positions as ``changes`` takes them.
    """
    begun = parse(after)
    # The two ranges use the index: what began after, and the few that were running then.
    return (
        "(xid >= %s::text::xid8 AND xid < pg_snapshot_xmax(%s::pg_snapshot)"
        " OR xid = ANY(%s::text[]::xid8[]))"
        " AND pg_visible_in_snapshot(xid, %s::pg_snapshot)"
        " AND NOT pg_visible_in_snapshot(xid, %s::pg_snapshot)"
    ), [str(begun.xmax), until, [str(each) for each in begun.running], until, after]


def require_kept(position: str) -> None:
    """Refuse a position from which lines are missing.

    :raises PositionTooOld: lines that a reader at the position has not seen have been purged.
    :raises NotAPosition: the text is no position.
    """
    seen = parse(position)
    purged = JournalPurge.objects.order_by("-through").values_list("through", flat=True).first()
    if purged is None:
        return
    if purged >= seen.xmax or any(each <= purged for each in seen.running):
        raise PositionTooOld(position[:50])


def is_kept(position: str) -> bool:
    """Tell whether a reader at the position can go on: every line it has not seen is there."""
    try:
        require_kept(position)
    except PositionTooOld:
        return False
    return True


def _routes(after: str, until: str | None, table: str, at_most: int) -> Keys | None:
    sql, values = _query(after, until, [table], fields="DISTINCT route", order="")
    with connection.cursor() as cursor:
        cursor.execute(f"{sql} LIMIT %s", [*values, at_most + 1])
        routes = [row[0] for row in cursor.fetchall()]
    if len(routes) > at_most or None in routes:
        return None
    return [(None, route) for route in routes]


def _changed(text: str | None) -> dict[str, list[Any]] | None:
    return json.loads(text, parse_float=Decimal) if text else None


def _query(
    after: str, until: str | None, tables: Sequence[str] | None, *, fields: str = _FIELDS,
    order: str = " ORDER BY id",
) -> tuple[str, list[Any]]:  # fmt: skip
    condition, values = window(after, until or current_position())
    sql = (
        f"SELECT {fields} FROM (SELECT line.*, key, route,"  # noqa: S608
        f" CASE WHEN is_row THEN told ELSE {_OF_ROW} END AS changed"
        f" FROM (SELECT {_LINE}"
        " FROM replication_journal) line"
        " CROSS JOIN LATERAL unnest(keys, routes) WITH ORDINALITY AS row (key, route, place)) found"
        f" WHERE {condition}"
    )
    if tables is not None:
        sql += " AND table_name = ANY(%s)"
        values.append(list(tables))
    return sql + order, values

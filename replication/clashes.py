"""Rows that cannot both be: unique values given out twice, keys that were joined, deleted parents.

The row of lower rank gives way, and is never lost: the comer at the centre, the row of its own at
an office. A name or number that has to be unique gets an addition; two rows that are the same by
everything unique become one, and the key that went remains known as an alias.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import psycopg2.errors
from django.db import connection

from replication import conflicts, plan
from replication.journal import IS_TOLD, ROWS_OF_LINE, TOLD, current_position, window
from replication.models import (
    Alias,
    BranchNode,
    Conflict,
    ConflictKind,
    Membership,
    Side,
    Winner,
)
from replication.plan import Travelling
from replication.staged import references_to
from tenants.context import acting, current_actor

_TRIES = 99
_UNIQUE_COLUMNS = """
SELECT array_agg(a.attname::text) FROM pg_index i
JOIN pg_class c ON c.oid = i.indexrelid
JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY(i.indkey)
WHERE c.relname = %s AND i.indrelid = %s::regclass
"""


def give_way(
    *, node: BranchNode, entry: Travelling, operation: str, row: Mapping[str, Any],
    error: Exception, number: int, now: datetime,
) -> dict[str, Any] | None:  # fmt: skip
    """Return the row as it can go in, after whoever ranks lower gave way; ``None``: it cannot.

    Notes the conflict; rows that somebody has to be told of are sent with the next message.
    """
    columns = _unique_columns(entry, error)
    if columns is None or operation not in ("new", "row", "change"):
        return None
    holder = _holder(entry, columns, row)
    if holder is None:
        return None
    if entry.renames in columns:
        return _renamed(node, entry, row, holder, number)
    if operation == "change":
        return None
    return _joined(node, entry, row, holder, number)


def _unique_columns(entry: Travelling, error: Exception) -> list[str] | None:
    cause = error.__cause__
    if not isinstance(cause, psycopg2.errors.UniqueViolation):
        return None
    with connection.cursor() as cursor:
        cursor.execute(_UNIQUE_COLUMNS, [cause.diag.constraint_name, f'"{entry.table}"'])
        found = cursor.fetchone()[0]
    known = [each for each in found or () if each in entry.columns]
    return known if known and entry.columns[0] not in known else None


def _holder(entry: Travelling, columns: list[str], row: Mapping[str, Any]) -> UUID | None:
    """Return the row that has the same unique values."""
    key = entry.columns[0]
    names = ", ".join(f't."{c}"' for c in columns)
    wanted = ", ".join(f'v."{c}"' for c in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f'SELECT t."{key}" FROM "{entry.table}" t,'
            f' jsonb_populate_record(NULL::"{entry.table}", %s::jsonb) v'
            f' WHERE t."{key}" <> %s AND ROW({names}) IS NOT DISTINCT FROM ROW({wanted})'
            f' ORDER BY t."{key}" LIMIT 1',
            [json.dumps({c: row.get(c) for c in columns}), row[key]],
        )
        found = cursor.fetchone()
    return found[0] if found else None


def _renamed(
    node: BranchNode, entry: Travelling, row: Mapping[str, Any], holder: UUID, number: int
) -> dict[str, Any]:
    """Give the one that ranks lower another name: the comer at the centre, ours at an office."""
    column, former = entry.renames, str(row[entry.renames])
    name = _free_name(entry, former)
    is_centre = node.side == Side.CENTRE
    key = UUID(row[entry.columns[0]]) if is_centre else holder
    Conflict.objects.create(
        node=node, kind=ConflictKind.RENAMED, table=entry.table, key=key,
        other_key=holder if is_centre else UUID(row[entry.columns[0]]), column=column,
        base=former, centre=former, branch=name, winner=Winner.CENTRE, policy="renamed",
        branch_author=current_actor().author if is_centre else None, number=number,
    )  # fmt: skip
    if is_centre:
        conflicts.tell_again(node=node, table=entry.table, keys=[key])
        return {**row, column: name}
    with acting(cause="renamed"), connection.cursor() as cursor:
        cursor.execute(
            f'UPDATE "{entry.table}" SET "{column}" = %s WHERE "{entry.columns[0]}" = %s',
            [name, holder],
        )
    return dict(row)


def _free_name(entry: Travelling, former: str) -> str:
    field = next(each for each in entry.fields if str(each.column) == entry.renames)
    longest = getattr(field, "max_length", None) or 1000
    with connection.cursor() as cursor:
        for n in range(2, _TRIES):
            addition = f"/{n}"
            name = former[: longest - len(addition)] + addition
            cursor.execute(
                f'SELECT EXISTS (SELECT FROM "{entry.table}" WHERE "{entry.renames}" = %s)',
                [name],
            )
            if not cursor.fetchone()[0]:
                return name
    return former  # a hundred of the same name: it is parked, and a person decides


def _joined(
    node: BranchNode, entry: Travelling, row: Mapping[str, Any], holder: UUID, number: int
) -> dict[str, Any]:
    """Make one of two rows that are the same by all that is unique."""
    key = entry.columns[0]
    comer = UUID(row[key])
    is_centre = node.side == Side.CENTRE
    keep, away = (holder, comer) if is_centre else (comer, holder)
    local = _row(entry, holder)
    plain = {name: value for name, value in row.items() if not name.startswith("@")}
    Conflict.objects.create(
        node=node, kind=ConflictKind.SAME_KEY, table=entry.table, key=keep, other_key=away,
        centre=local if is_centre else plain, branch=plain if is_centre else local,
        winner=Winner.CENTRE, policy="joined", number=number,
        branch_author=current_actor().author if is_centre else None,
    )  # fmt: skip
    if not is_centre:
        follow_alias(node=node, entry=entry, former=holder, key=comer)
        return dict(row)
    conflicts.remember_alias(entry.table, former=comer, key=holder)
    conflicts.tell_again(node=node, table=entry.table, keys=[holder])
    Membership.objects.filter(node=node, table=entry.table, key=comer).delete()
    return {**row, key: str(holder)}


def follow_alias(*, node: BranchNode, entry: Travelling, former: UUID, key: UUID) -> None:
    """Make one row of two at an office, as the centre did; the second time nothing is changed."""
    table, pk = entry.table, entry.columns[0]
    Alias.objects.update_or_create(table=table, former=former, defaults={"key": key})
    with connection.cursor() as cursor:
        cursor.execute(
            f'SELECT "{pk}" FROM "{table}" WHERE "{pk}" IN (%s, %s)',
            [former, key],
        )
        present = {row[0] for row in cursor.fetchall()}
        if former not in present:
            return
        if key in present:
            _carry_over(node, entry, former, key)
            conflicts.move_references(table, former, key)
            cursor.execute(f'DELETE FROM "{table}" WHERE "{pk}" = %s', [former])
            return
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        for each in references_to(table):
            cursor.execute(
                f'UPDATE "{each.table}" SET "{each.column}" = %s WHERE "{each.column}" = %s',
                [key, former],
            )
        cursor.execute(
            f'UPDATE "{table}" SET "{pk}" = %s WHERE "{pk}" = %s',
            [key, former],
        )


def _carry_over(node: BranchNode, entry: Travelling, former: UUID, key: UUID) -> None:
    """What was changed here in the row that goes, and not sent yet, goes on in the one that stays.

    As a change of this office's own, so that the centre decides about it like about any other.
    """
    condition, values = window(node.acknowledged_position, current_position())
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT DISTINCT told.name FROM replication_journal l {ROWS_OF_LINE} {TOLD}"
            f" WHERE {condition} AND l.table_name = %s AND r.k = %s AND l.operation = 'U'"
            f" AND l.origin IS DISTINCT FROM %s AND {IS_TOLD}",
            [*values, entry.table, former, node.pk],
        )
        named = {row[0] for row in cursor.fetchall()}
        columns = [c for c in entry.compared if c in named and c not in entry.derived]
        if not columns:
            return
        sets = ", ".join(f'"{c}" = f."{c}"' for c in columns)
        pk = entry.columns[0]
        with acting(author=current_actor().author, cause="joined"):
            cursor.execute(
                f'UPDATE "{entry.table}" t SET {sets} FROM "{entry.table}" f'
                f' WHERE t."{pk}" = %s AND f."{pk}" = %s',
                [key, former],
            )


def bring_back(
    *, node: BranchNode, entry: Travelling, key: UUID, limited: Mapping[str, Travelling]
) -> bool:
    """Bring a deleted row back as the journal remembers it, its parents first.

    Returns whether it was brought back: not where it is there, or not remembered. Everybody who
    is entitled to it is told.
    """
    pk = entry.columns[0]
    with connection.cursor() as cursor:
        cursor.execute(
            f'SELECT EXISTS (SELECT FROM "{entry.table}" WHERE "{pk}" = %s),'
            " (SELECT changed FROM replication_journal WHERE key = %s AND table_name = %s"
            " AND operation = 'D' AND changed IS NOT NULL ORDER BY id DESC LIMIT 1)",
            [key, key, entry.table],
        )
        is_there, changed = cursor.fetchone()
        if is_there or changed is None:
            return False
        found = json.loads(changed) if isinstance(changed, str) else changed
        row = {name: pair[0] for name, pair in found.items() if name in entry.columns}
        for column, table in entry.parents:
            parent = plan.of_table(table)
            if row.get(column) and parent is not None:
                bring_back(node=node, entry=parent, key=UUID(row[column]), limited=limited)
        columns = ", ".join(f'"{name}"' for name in row)
        with acting(cause=current_actor().cause):
            cursor.execute(
                f'INSERT INTO "{entry.table}" ({columns}) SELECT {columns}'
                f' FROM jsonb_populate_record(NULL::"{entry.table}", %s::jsonb)',
                [json.dumps(row)],
            )
    if entry.table in limited:
        Membership.objects.get_or_create(node=node, table=entry.table, key=key)
    conflicts.tell_again(node=node, table=entry.table, keys=[key])
    return True


def _row(entry: Travelling, key: UUID) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(
            f'SELECT to_jsonb(t) FROM "{entry.table}" t WHERE "{entry.columns[0]}" = %s',
            [key],
        )
        found = cursor.fetchone()
    if found is None:
        return None
    return json.loads(found[0]) if isinstance(found[0], str) else found[0]

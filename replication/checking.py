"""Comparing an office with the centre: is everything there, and which rows differ.

Rows are hashed by the database, table by table in 256 ranges of the key; only ranges that differ
are looked at row by row. At the centre the rows count that the office holds. What is not compared
of a row (``updated_at``) is a matter of each base. Source: replication reference, chapter 6.9.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from django.db import connection, transaction

from replication import plan, scopes
from replication.models import BranchNode, Side
from replication.plan import Travelling

Ranges = dict[str, list[str]]  # range → [rows, sum of hashes]
RANGE = 'get_byte(uuid_send(t."{key}"), 15)'


class Difference(NamedTuple):
    """A row that is not the same on both sides."""

    table: str
    key: str
    what: str  # "missing" here, "extra" here, "differs"


@transaction.atomic
def fingerprints(*, node: BranchNode) -> dict[str, Ranges]:
    """Return rows and hashes of each table by range, as this end of the link holds them."""
    limited = _limited(node)
    found: dict[str, Ranges] = {}
    with connection.cursor() as cursor:
        for entry in plan.all_travelling():
            held, values = _held(node, entry, limited)
            cursor.execute(
                f"SELECT {_range(entry)}, count(*), sum({_hash(entry)})"
                f' FROM "{entry.table}" t {held} GROUP BY 1',
                values,
            )
            found[entry.table] = {
                str(place): [str(rows), str(total)] for place, rows, total in cursor.fetchall()
            }
    return found


@transaction.atomic
def hashes(*, node: BranchNode, table: str, ranges: Sequence[str]) -> dict[str, str]:
    """Return the hash of each row of some ranges of a table, by key."""
    entry = plan.of_table(table)
    if entry is None:
        return {}
    held, values = _held(node, entry, _limited(node))
    with connection.cursor() as cursor:
        cursor.execute(
            f'SELECT t."{entry.columns[0]}", {_hash(entry)} FROM "{entry.table}" t {held}'
            + (" AND" if "WHERE" in held else " WHERE")
            + f" {_range(entry)} = ANY(%(ranges)s)",
            {**values, "ranges": [int(each) for each in ranges]},
        )
        return {str(key): str(value) for key, value in cursor.fetchall()}


def unequal(ours: Mapping[str, Ranges], theirs: Mapping[str, Ranges]) -> dict[str, list[str]]:
    """Return the ranges of each table that are not the same."""
    found: dict[str, list[str]] = {}
    for table in sorted({*ours, *theirs}):
        mine, other = ours.get(table, {}), theirs.get(table, {})
        ranges = [r for r in sorted({*mine, *other}, key=int) if mine.get(r) != other.get(r)]
        if ranges:
            found[table] = ranges
    return found


def compare(table: str, ours: Mapping[str, str], theirs: Mapping[str, str]) -> list[Difference]:
    """Name the rows of a table that differ."""
    found = []
    for key in sorted({*ours, *theirs}):
        if ours.get(key) != theirs.get(key):
            what = "missing" if key not in ours else "extra" if key not in theirs else "differs"
            found.append(Difference(table, key, what))
    return found


def _limited(node: BranchNode) -> Mapping[str, Travelling]:
    return scopes.restricted(node.scope) if node.side == Side.CENTRE else {}


def _held(
    node: BranchNode, entry: Travelling, limited: Mapping[str, Travelling]
) -> tuple[str, dict[str, Any]]:
    if entry.table not in limited:
        return "", {}
    return (
        "WHERE EXISTS (SELECT FROM replication_membership m WHERE m.node_id = %(node)s"
        f' AND m."table" = %(table)s AND m.key = t."{entry.columns[0]}")'
    ), {"node": str(node.pk), "table": entry.table}


def _range(entry: Travelling) -> str:
    return RANGE.format(key=entry.columns[0])


def _hash(entry: Travelling) -> str:
    columns = ", ".join(f't."{c}"' for c in (entry.columns[0], *entry.compared))
    return f"hashtextextended(ROW({columns})::text, 0)::numeric"

"""What a statement reads of each table, asked of the database itself."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

from django.db import connection

_READING = ("SELECT", "WITH", "(", "EXECUTE")


class Scan(NamedTuple):
    """What of a table was read for a statement: how, by what, how many rows."""

    table: str
    how: str
    by: str  # the index
    rows: int


def scans(sql: str, parameters: Any = None) -> list[Scan]:
    """Run a reading statement again and return what it reads of the company's own tables."""
    if not sql.lstrip().upper().startswith(_READING) or "tenants_" in sql:
        return []  # the company's own role reads no table of the others' room
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}", parameters)
        row = cursor.fetchone()
    plan = json.loads(row[0]) if row and isinstance(row[0], str) else row and row[0]
    if not isinstance(plan, list):  # several statements in one: the answer is that of the last
        return []
    return [scan for each in plan if "Plan" in each for scan in _of(each["Plan"])]


def _of(node: dict[str, Any]) -> Iterator[Scan]:
    if "Relation Name" in node:
        read = (node["Actual Rows"] + node.get("Rows Removed by Filter", 0)) * node["Actual Loops"]
        yield Scan(
            node["Relation Name"], node["Node Type"], node.get("Index Name", ""), int(read)
        )
    for each in node.get("Plans", ()):
        yield from _of(each)

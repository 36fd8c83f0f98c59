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
    """Run a reading statement again and return what it reads; nothing of one that writes."""
    if not sql.lstrip().upper().startswith(_READING):
        return []
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}", parameters)
        found = cursor.fetchone()[0]
    plan = json.loads(found) if isinstance(found, str) else found
    return list(_of(plan[0]["Plan"]))


def _of(node: dict[str, Any]) -> Iterator[Scan]:
    if "Relation Name" in node:
        read = (node["Actual Rows"] + node.get("Rows Removed by Filter", 0)) * node["Actual Loops"]
        yield Scan(
            node["Relation Name"], node["Node Type"], node.get("Index Name", ""), int(read)
        )
    for each in node.get("Plans", ()):
        yield from _of(each)

"""The SQL of a company's schema as the migrations of one day make it, for a first start.

A new installation, and every office that joins, would wait for Django to reckon 120 migrations; it
replays what they came to, and runs those that were added since. ``./kopru manage write_baseline``
writes the file anew; nothing depends on its being new. A test compares a schema made of it with one
made by migrations alone (``docs/adr/0002-spares-by-replayed-sql.md``).
"""

from __future__ import annotations

import json
from collections.abc import Collection
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from tenants.provisioning.rendering import TEMPLATE, render

PATH = Path(__file__).with_name("baseline.sql")
_BEGIN = "-- "
_MAJOR = 10_000  # 180006 is PostgreSQL 18
Name = tuple[str, str]


def write() -> int:
    """Write the file from this installation's template; return how many migrations it holds."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f'SELECT app, name FROM "{TEMPLATE}".django_migrations ORDER BY id')  # noqa: S608
        migrations = cursor.fetchall()
        statements = render(TEMPLATE)
    head = {"server": _server(), "migrations": migrations}
    text = f"{_BEGIN}{json.dumps(head)}\n" + ";\n".join(statements) + ";\n"
    PATH.write_text(text, encoding="utf-8")
    return len(migrations)


def lay(schema: str, *, known: Collection[Name]) -> bool:
    """Make the tables of a new, empty schema; ``False`` when the file is not for this program.

    It is for servers of the version that rendered it, and for programs that ``known`` migrations of
    which hold all of its own.
    """
    if not PATH.exists():
        return False
    head, _, sql = PATH.read_text(encoding="utf-8").partition("\n")
    told: dict[str, Any] = json.loads(head.removeprefix(_BEGIN))
    migrations = [(app, name) for app, name in told["migrations"]]
    if told["server"] != _server() or not set(migrations) <= set(known):
        return False
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('search_path', %s, true)", [f'"{schema}", public'])
        cursor.execute(sql)
        cursor.executemany(
            "INSERT INTO django_migrations (app, name, applied) VALUES (%s, %s, now())", migrations
        )
    return True


def _server() -> int:
    return int(connection.pg_version) // _MAJOR  # type: ignore[attr-defined]

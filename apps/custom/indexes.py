"""Indexes by which lists filter and sort by custom fields, made and dropped as the fields are.

One for each field in use: ``(custom -> key), id``. It serves equality, ranges and the order of a
list (``docs/adr/0009``).
"""

from __future__ import annotations

import zlib

from django.db import connection

from apps.core import objects
from apps.custom.models import COMPUTED, CustomField
from tenants.context import as_schema_owner

_NAME = "custom_value_"


def bring() -> tuple[int, int]:
    """Make what is missing, drop what nobody needs; return how many of each.

    Each is made beside running writers (``CONCURRENTLY``); one that was cut short is made anew.
    """
    wanted = {}
    for field in CustomField.objects.filter(is_archived=False).exclude(type__in=COMPUTED):
        try:
            kind = objects.kind(field.kind)
        except KeyError:
            continue
        if field.type not in {"long_text", "choices"}:
            wanted[_name_of(kind.model._meta.db_table, field.key)] = (
                kind.model._meta.db_table, field.key,
            )  # fmt: skip
    with as_schema_owner():
        known = _known()
        missing = sorted(name for name in wanted if not known.get(name))
        extra = sorted(name for name in known if name not in wanted or not known[name])
        for name in extra:
            _run(f'DROP INDEX CONCURRENTLY IF EXISTS "{name}"')
        for name in missing:
            table, key = wanted[name]
            _run(
                f'CREATE INDEX CONCURRENTLY IF NOT EXISTS "{name}" ON "{table}"'
                f" ((custom -> '{key}'), id)"
            )
    return len(missing), len(extra)


def _name_of(table: str, key: str) -> str:
    return f"{_NAME}{zlib.crc32(f'{table}.{key}'.encode()):08x}"


def _known() -> dict[str, bool]:
    """Return the indexes that are there, and whether each is whole."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, i.indisvalid FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid"
            " WHERE c.relnamespace = current_schema()::regnamespace AND c.relname LIKE %s",
            [f"{_NAME}%"],
        )
        return dict(cursor.fetchall())


def _run(statement: str) -> None:
    with connection.cursor() as cursor:
        if connection.in_atomic_block:  # CONCURRENTLY cannot: whoever asks inside one waits
            statement = statement.replace(" CONCURRENTLY", "")
        cursor.execute(statement)

"""Indexes by which lists filter and sort by custom fields, made and dropped as the fields are.

One for each field in use: ``(custom -> key), id``. It serves equality, ranges and the order of a
list (``docs/adr/0009``). A formula of stored values has one of its expression: ``(expression), id``
(``docs/adr/0012``); its name follows from the expression, so that another formula is another index.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models.sql import Query

from apps.core import objects
from apps.core.objects import ObjectKind
from apps.custom.models import COMPUTED, CustomField
from tenants.context import as_schema_owner

_NAME = "custom_value_"


@dataclass(frozen=True)
class _Wanted:
    """An index: its table, its expression as SQL, and the values in it."""

    table: str
    sql: str
    values: Sequence[Any] = ()


def bring() -> tuple[int, int]:
    """Make what is missing, drop what nobody needs; return how many of each.

    Each is made beside running writers (``CONCURRENTLY``); one that was cut short is made anew.
    """
    wanted = dict(_wanted())
    with as_schema_owner():
        known = _known()
        missing = sorted(name for name in wanted if not known.get(name))
        extra = sorted(name for name in known if name not in wanted or not known[name])
        for name in extra:
            _run(f'DROP INDEX CONCURRENTLY IF EXISTS "{name}"')
        for name in missing:
            index = wanted[name]
            _run(
                f'CREATE INDEX CONCURRENTLY IF NOT EXISTS "{name}" ON "{index.table}"'
                f" (({index.sql}), id)",
                index.values,
            )
    return len(missing), len(extra)


def _wanted() -> Iterator[tuple[str, _Wanted]]:
    """Return the indexes of the fields in use by name."""
    formulas: dict[str, set[str]] = {}
    for field in CustomField.objects.filter(is_archived=False):
        try:
            kind = objects.kind(field.kind)
        except KeyError:
            continue
        table = kind.model._meta.db_table
        if field.type in COMPUTED:
            formulas.setdefault(kind.key, set()).add(field.key)
        elif field.type not in {"long_text", "choices"}:
            name = _name_of(f"{table}.{field.key}")
            yield name, _Wanted(table, f"custom -> '{field.key}'")
    for key, keys in formulas.items():
        yield from _of_formulas(objects.kind(key), keys)


def _of_formulas(kind: ObjectKind, keys: set[str]) -> Iterator[tuple[str, _Wanted]]:
    table = kind.model._meta.db_table
    query = Query(kind.model, alias_cols=False)
    for field in objects.fields_of(kind):
        if field.computed is None or field.key not in keys:
            continue
        made = field.computed(None, "")
        if getattr(made, "is_indexed", False):
            expression = made.resolve_expression(query)
            sql, values = query.get_compiler(connection=connection).compile(expression)
            yield _name_of(f"{table}.{field.key}.{sql}.{values}"), _Wanted(table, sql, values)


def _name_of(what: str) -> str:
    return f"{_NAME}{zlib.crc32(what.encode()):08x}"


def _known() -> dict[str, bool]:
    """Return the indexes that are there, and whether each is whole."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, i.indisvalid FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid"
            " WHERE c.relnamespace = current_schema()::regnamespace AND c.relname LIKE %s",
            [f"{_NAME}%"],
        )
        return dict(cursor.fetchall())


def _run(statement: str, values: Sequence[Any] = ()) -> None:
    with connection.cursor() as cursor:
        if connection.in_atomic_block:  # CONCURRENTLY cannot: whoever asks inside one waits
            statement = statement.replace(" CONCURRENTLY", "")
        cursor.execute(statement, values or None)

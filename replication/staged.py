"""Rows of a section in a temporary table, typed like the table they are meant for."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import DataError, connection, models

from replication import plan
from replication.messages import Malformed
from replication.plan import Travelling, Whole

NAME = "staged"
AT, MASK, BASE = "@at", "@mask", "@base"
_OWN = {AT: "timestamptz", MASK: "text", BASE: "jsonb"}


class Staged:
    """The temporary table of one section; ``columns`` are those the table really has."""

    def __init__(self, cursor: Any, entry: Travelling | Whole, columns: Sequence[str]) -> None:
        self.cursor, self.entry = cursor, entry
        known = set(entry.columns)
        self.key = entry.columns[0]
        if columns[:1] != (self.key,) and list(columns[:1]) != [self.key]:
            raise Malformed(f"rows of {entry.table} without their key")
        self.columns = [each for each in columns if each in known]
        # A mask speaks of the changed columns by name, in whatever order they stand here.
        self.masked = sorted(c for c in columns if c != self.key and not c.startswith("@"))
        self._names: list[str] = []
        kinds: list[str] = []
        for number, column in enumerate(columns):
            name, kind = _column(column, known, entry.table, number)
            self._names.append(name)
            kinds.append(f'{kind} AS "{name}"')
        cursor.execute(
            f"DROP TABLE IF EXISTS pg_temp.{NAME};"
            f" CREATE TEMP TABLE {NAME} ON COMMIT DROP AS SELECT {', '.join(kinds)}"
            f' FROM "{entry.table}" t WITH NO DATA'
        )

    def load(self, data: bytes) -> None:
        """Fill it with rows as COPY writes them.

        :raises Malformed: they are not of this shape.
        """
        names = ", ".join(f'"{name}"' for name in self._names)
        try:
            self.cursor.copy_expert(f"COPY pg_temp.{NAME} ({names}) FROM STDIN", io.BytesIO(data))
        except DataError as error:
            raise Malformed(f"rows of {self.entry.table} do not fit") from error

    def load_row(self, row: Mapping[str, Any]) -> None:
        """Fill it with one row that was parked."""
        self.cursor.execute(
            f"INSERT INTO pg_temp.{NAME} SELECT * FROM"
            f" jsonb_populate_record(NULL::pg_temp.{NAME}, %s::jsonb)",
            [json.dumps(row)],
        )

    def rows(self) -> list[dict[str, Any]]:
        """Return all rows as they would be parked."""
        self.cursor.execute(f'SELECT to_jsonb(s) FROM pg_temp.{NAME} s ORDER BY s."{self.key}"')
        return [_loaded(row[0]) for row in self.cursor.fetchall()]

    def take_away(self, condition: str, values: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Remove rows, ``s``, that meet a condition and return them."""
        self.cursor.execute(
            f"DELETE FROM pg_temp.{NAME} s WHERE {condition} RETURNING to_jsonb(s)",
            values or None,
        )
        return [_loaded(row[0]) for row in self.cursor.fetchall()]

    def take_doubles(self) -> list[dict[str, Any]]:
        """Remove all but the first row of each key and return them, those changed first first."""
        order = f's."{AT}", s.ctid' if AT in self._names else "s.ctid"
        found = self.take_away(
            "s.ctid IN (SELECT place FROM (SELECT s.ctid AS place, row_number() OVER"
            f' (PARTITION BY s."{self.key}" ORDER BY {order}) AS turn FROM pg_temp.{NAME} s) d'
            " WHERE turn > 1)",
            {},
        )
        return sorted(found, key=lambda row: str(row.get(AT) or ""))

    def keys(self) -> list[UUID]:
        """Return the keys of the rows."""
        self.cursor.execute(f'SELECT "{self.key}" FROM pg_temp.{NAME}')
        return [row[0] for row in self.cursor.fetchall()]


def _column(column: str, known: set[str], table: str, number: int) -> tuple[str, str]:
    if column in known:
        return column, f't."{column}"'
    if column in _OWN:
        return column, f"NULL::{_OWN[column]}"
    if column.startswith(f"{BASE}.") and column[len(BASE) + 1 :] in known:
        return column, f't."{column[len(BASE) + 1 :]}"'
    return f"@unknown{number}", "NULL::text"  # of a newer program: left out


def _loaded(value: Any) -> dict[str, Any]:
    return dict(json.loads(value)) if isinstance(value, str) else dict(value)


class Reference:
    """A foreign key of another model to a table."""

    def __init__(self, field: models.Field[Any, Any]) -> None:
        model = field.model
        self.table = str(model._meta.db_table)
        self.key = str(model._meta.pk.column)
        self.column = str(field.column)
        on_delete = field.remote_field.on_delete if field.remote_field is not None else None
        self.on_delete = str(getattr(on_delete, "__name__", ""))
        self.travels = plan.of_table(self.table) is not None


def references_to(table: str) -> list[Reference]:
    """Return every foreign key of the company's models that points to a table."""
    found = []
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            related = field.related_model if field.is_relation else None
            if related is not None and related._meta.db_table == table:
                found.append(Reference(field))
    return found


def defaults_for(entry: Travelling | Whole, present: Sequence[str]) -> dict[str, Any]:
    """Return values of the columns that are not sent, for new rows."""
    return {
        str(each.column): each.get_db_prep_save(each.get_default(), connection)
        for each in entry.model._meta.concrete_fields
        if str(each.column) not in present
        and not each.null
        and not isinstance(each, models.GeneratedField)
    }

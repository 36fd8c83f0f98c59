"""Set-based writing: rows are copied into a temporary table and merged with one statement.

Knows no room of the CRM: adapters name their tables. A merge compares every row with what is
stored and touches only what is new or different, so that a file that changes nothing writes
nothing: no row version, no lock, no journal entry. What a run named is remembered beside it
(``SeenKeys``), because only the end of the run knows whether it was full.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache, cached_property
from itertools import combinations
from typing import Any, NamedTuple
from uuid import UUID

from django.db import IntegrityError, connection, transaction

from exchange.models import SeenKeys
from exchange.registry import StoreContext

_FORGOTTEN_AFTER = timedelta(days=7)
_MANY = 500  # new rows of one merge after which the planner's numbers may be out of date
_WORK_MEMORY = "64MB"  # for the joins of a merge; within the transaction only

_REMEMBERED = """,
            remembered AS (
                INSERT INTO exchange_seenkeys
                    (id, created_at, node_id, session_id, kind, catalog_ref, keys)
                SELECT {key}, %(now)s, %(node)s, %(session)s, %(kind)s, %(catalog)s,
                    array({keys}))"""
# Values as Python writes them, divided by tabs: a third of the time that quoting takes. Quotes are
# letters like others then; what quotes instead stands in no value.
_NEVER = b"\x01"
_PLAIN = r", DELIMITER E'\t', QUOTE E'\x01', NULL 'None'"
_WITH_UUIDV7 = 180000
# Before PostgreSQL 18 a UUIDv7 is put together from the clock and a random UUID.
_KEY_BEFORE_18 = (
    "encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid()) PLACING substring("
    "int8send(floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint) FROM 3)"
    " FROM 1 FOR 6), 52, 1), 53, 1), 'hex')::uuid"
)


class Encoded(NamedTuple):
    """Rows as ``Staging.load`` takes them; ``has_rows`` tells whether there are any."""

    data: bytes
    is_plain: bool  # tabs and line feeds only between values
    has_rows: bool


@dataclass(frozen=True)
class Staging:
    """A temporary table: its columns and their types, text columns never null."""

    name: str
    columns: Mapping[str, str]

    def encode(self, rows: Iterable[Sequence[Any]]) -> Encoded:
        """Return the rows as ``load`` takes them, values in column order; needs no database.

        ``None`` is null in columns that are not text.
        """
        listed = list(map(tuple, rows))
        line = "\t".join(["%s"] * len(self.columns))
        data = "\n".join([line % row for row in listed]).encode()
        if self._is_plain(data, len(listed)):
            return Encoded(data, True, bool(listed))
        text = io.StringIO()
        # CRLF ends lines so that the writer quotes both characters inside values.
        csv.writer(text, lineterminator="\r\n").writerows(listed)
        return Encoded(text.getvalue().encode(), False, bool(listed))

    def _is_plain(self, data: bytes, count: int) -> bool:
        """Tell whether no value holds what ends a value or a line, or may be read as an escape."""
        return (
            data.count(b"\t") == count * (len(self.columns) - 1)
            and data.count(b"\n") == max(count - 1, 0)
            and not any(letter in data for letter in (b"\r", b"\\", _NEVER))
        )

    def load(self, rows: Iterable[Sequence[Any]] | Encoded) -> None:
        """Fill the table with rows, or encoded ones, instead of what stood there.

        Lives until the transaction ends.
        """
        encoded = rows if isinstance(rows, Encoded) else self.encode(rows)
        data = encoded.data
        if not encoded.is_plain and rb"\." in data and _server_version() < _WITH_UUIDV7:
            data = data.replace(b"\n\\.", b"\n \\.")  # read as the end of data when alone on a line
        with connection.cursor() as cursor:
            cursor.execute(self._prepare)
            if encoded.has_rows:
                cursor.copy_expert(self._copy(encoded), io.BytesIO(data), size=1 << 18)

    def fill(self, select: str, parameters: Mapping[str, Any]) -> None:
        """Fill the table with what a query gives, in column order."""
        with connection.cursor() as cursor:
            cursor.execute(self._prepare)
            cursor.execute(f"INSERT INTO pg_temp.{self.name} {select}", parameters)

    @cached_property
    def _prepare(self) -> str:
        columns = ", ".join(f'"{name}" {kind}' for name, kind in self.columns.items())
        return (
            f"SET LOCAL work_mem = '{_WORK_MEMORY}';"
            f"CREATE TEMP TABLE IF NOT EXISTS {self.name} ({columns}) ON COMMIT DROP;"
            f"TRUNCATE pg_temp.{self.name}"
        )

    def _copy(self, encoded: Encoded) -> str:
        names = ", ".join(f'"{name}"' for name in self.columns)
        texts = ", ".join(f'"{name}"' for name, kind in self.columns.items() if kind == "text")
        force = f", FORCE_NOT_NULL ({texts})" if texts else ""
        plain = _PLAIN if encoded.is_plain else ""
        return f"COPY pg_temp.{self.name} ({names}) FROM STDIN WITH (FORMAT csv{plain}{force})"


class Fault(NamedTuple):
    """A staged row that was not merged: its number and the name of the reason."""

    number: int
    reason: str


@dataclass(frozen=True)
class Merged:
    """What became of the staged rows."""

    created: int
    changed: int
    faults: list[Fault]


@dataclass(frozen=True, eq=False)
class Merge:
    """One statement that brings a table to the state of the staged rows.

    ``source`` is a SELECT that gives a column ``n`` (number of the row, another for each), the
    ``key`` columns and what ``columns`` speak of; parameters are ``%(node)s``, ``%(now)s`` and what
    the caller hands over. Values of ``columns`` are expressions over ``i`` (the source) and ``t``
    (the row stored, null when there is none). ``defaults`` are for new rows only. ``faults`` keep a
    row out, the first reason wins.
    """

    table: str
    source: str
    key: tuple[str, ...]
    columns: Mapping[str, str]
    arbiter: str  # what stands behind ON CONFLICT
    defaults: Mapping[str, str] = field(default_factory=dict)
    faults: Mapping[str, str] = field(default_factory=dict)
    nullable_key: tuple[str, ...] = ()

    def run(
        self, context: StoreContext, *, seen: str = "", parameters: Mapping[str, Any] | None = None
    ) -> Merged:
        """Merge the staged rows; ``seen`` is the kind under which their keys are remembered."""
        values = {
            "node": str(context.node_id),
            "session": str(context.session_id),
            "catalog": context.catalog_ref[:120],
            "kind": seen,
            "now": context.now,
            **(parameters or {}),
        }
        with connection.cursor() as cursor:
            try:
                with transaction.atomic():
                    cursor.execute(self._statement(seen=bool(seen), guarded=False), values)
            except IntegrityError:  # somebody has made one of the rows since it was looked for
                cursor.execute(self._statement(seen=bool(seen), guarded=True), values)
            created, changed, numbers, reasons = cursor.fetchone()
            if created >= _MANY:
                _count_anew(cursor, self.table)
        return Merged(created, changed, list(map(Fault, numbers, reasons)))

    def _same(self, alias: str, empty: set[str]) -> str:
        """Return the condition that a stored row has the key of ``i``, these columns being null."""
        return " AND ".join(
            f'{alias}."{name}" IS NULL' if name in empty else f'{alias}."{name}" = i."{name}"'
            for name in self.key
        )

    @cache  # noqa: B019 - merges are made once and live as long as the program
    def _statement(self, *, seen: bool, guarded: bool) -> str:
        """Return the statement; ``guarded`` also against rows that others insert meanwhile."""
        reasons = "".join(
            f" WHEN {condition} THEN '{reason}'" for reason, condition in self.faults.items()
        )
        fault = f"CASE{reasons} END" if reasons else "NULL::text"
        names = list(self.columns)
        mine = ", ".join(f't."{name}"' for name in names)
        theirs = ", ".join(self.columns.values())
        named = ", ".join(f'{value} AS "{name}"' for name, value in self.columns.items())
        keys = ", ".join(f'i."{name}"' for name in self.key)
        # «IS NOT DISTINCT FROM» uses no index: look up whole keys, then those with a null. Row by
        # row: the table is large, the rows few, whatever the planner believes.
        parts = [self._same("t", set())]
        parts += [
            f"{' AND '.join(f'i.{name} IS NULL' for name in empty)}"
            f" AND {self._same('t', set(empty))}"
            for empty in _choices(self.nullable_key)
        ]
        looked_up = " UNION ALL ".join(
            f"SELECT t.* FROM {self.table} t WHERE {part}"  # noqa: S608
            for part in parts
        )
        inserted = [*self.key, *names]
        quoted = ", ".join(f'"{name}"' for name in inserted)
        defaults = "".join(f', "{name}"' for name in self.defaults)
        default_values = "".join(f", {value}" for value in self.defaults.values())
        insert = f"""
                INSERT INTO {self.table} (id, created_at, updated_at, {quoted}{defaults})
                SELECT key, %(now)s, %(now)s, {quoted}{default_values}
                FROM compared WHERE is_news"""  # noqa: S608
        if guarded:
            assigned = ", ".join(f'"{name}" = EXCLUDED."{name}"' for name in names)
            stored = ", ".join(f'{self.table}."{name}"' for name in names)
            excluded = ", ".join(f'EXCLUDED."{name}"' for name in names)
            seen_keys = """
                    SELECT former FROM compared WHERE former IS NOT NULL
                    UNION ALL SELECT id FROM written WHERE is_new"""
            writing = f"""
            written AS ({insert}
                ON CONFLICT {self.arbiter} DO UPDATE
                SET {assigned}, updated_at = EXCLUDED.updated_at
                WHERE ({stored}) IS DISTINCT FROM ({excluded})
                RETURNING id, xmax = 0 AS is_new)"""  # noqa: S608
            created = "(SELECT count(*) FROM written WHERE is_new)"
            changed = "(SELECT count(*) FROM written WHERE NOT is_new)"
        else:
            assigned = ", ".join(f'"{name}" = c."{name}"' for name in names)
            seen_keys = "SELECT COALESCE(former, key) FROM compared WHERE fault IS NULL"
            writing = f"""
            added AS ({insert} AND former IS NULL),
            altered AS (
                UPDATE {self.table} t SET {assigned}, updated_at = %(now)s FROM compared c
                WHERE t.id = c.former AND c.is_news AND t.id = ANY(array(
                    SELECT former FROM compared WHERE is_news AND former IS NOT NULL))
                RETURNING 1)"""  # noqa: S608
            created = "(SELECT count(*) FROM compared WHERE is_news AND former IS NULL)"
            changed = "(SELECT count(*) FROM altered)"
        key = numbered_key("i.n")
        key = key if guarded else f"CASE WHEN t.id IS NULL THEN {key} END"
        remembered = _REMEMBERED.format(key=new_key(), keys=seen_keys) if seen else ""
        # OFFSET 0: whatever the source joins is joined first, whole, and costs no copy of it.
        return f"""
            WITH compared AS MATERIALIZED (
                SELECT i.n, i.fault, {keys}, {named}, t.id AS former,
                    i.fault IS NULL AND (t.id IS NULL OR ({mine}) IS DISTINCT FROM ({theirs}))
                        AS is_news,
                    {key} AS key
                FROM (SELECT i.*, {fault} AS fault FROM ({self.source}) i OFFSET 0) i
                LEFT JOIN LATERAL ({looked_up} OFFSET 0) t ON true),{writing}{remembered}
            SELECT {created}, {changed},
                array(SELECT n FROM compared WHERE fault IS NOT NULL ORDER BY n),
                array(SELECT fault FROM compared WHERE fault IS NOT NULL ORDER BY n)"""  # noqa: S608 - names of our own


def _choices(names: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Return every way in which some of the names may be empty."""
    sizes = range(1, len(names) + 1)
    return [chosen for size in sizes for chosen in combinations(names, size)]


def _count_anew(cursor: Any, table: str) -> None:
    """Let the planner count a table that has doubled: an import grows it within one transaction."""
    cursor.execute(
        "SELECT pg_relation_size(oid) / 8192 > 8 * greatest(relpages, 8) FROM pg_class"
        " WHERE oid = %s::regclass",
        [table],
    )
    if cursor.fetchone()[0]:
        cursor.execute(f"ANALYZE {table}")


def _server_version() -> int:
    return int(connection.pg_version)  # type: ignore[attr-defined]


def new_key() -> str:
    """Return the SQL expression that makes a UUIDv7."""
    return "uuidv7()" if _server_version() >= _WITH_UUIDV7 else _KEY_BEFORE_18


def numbered_key(number: str) -> str:
    """Return the SQL expression that makes UUIDv7s of one statement's rows, by their number.

    The moment and the random bits are those of the statement (a random UUID for each row costs
    twice the look-up of the row); the last 32 bits are the number, which is another for each row.
    """
    begin = f"(SELECT left(replace(({new_key()})::text, '-', ''), 24))"
    return f"({begin} || lpad(to_hex({number}), 8, '0'))::uuid"


def derive(name: str, select: str, parameters: Mapping[str, Any]) -> None:
    """Make a temporary table of a query and let the planner count it; lives like a staging table.

    For what later statements compare with: joined within them, its size would be guessed, and a
    guess too low turns an anti-join of thousands into millions of comparisons.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS pg_temp.{name}")
        cursor.execute(f"CREATE TEMP TABLE {name} ON COMMIT DROP AS {select}", parameters)
        cursor.execute(f"ANALYZE {name}")


def gather_seen(context: StoreContext, kind: str, *, own_catalog: bool = False) -> None:
    """Gather the keys that the run named under this kind in the temporary table ``seen(key)``.

    ``own_catalog``: those named under the context's catalogue alone stand in ``seen_here(key)``.
    """
    parameters = {
        "node": str(context.node_id),
        "session": str(context.session_id),
        "kind": kind,
        "catalog": context.catalog_ref[:120],
    }
    derive("seen", _SEEN, parameters)
    if own_catalog:
        derive("seen_here", f"{_SEEN} AND catalog_ref = %(catalog)s", parameters)


_SEEN = (
    "SELECT DISTINCT unnest(keys) AS key FROM exchange_seenkeys"
    " WHERE node_id = %(node)s AND session_id = %(session)s AND kind = %(kind)s"
)


def has_seen(context: StoreContext, kind: str) -> bool:
    """Tell whether the run named any row of this kind."""
    return SeenKeys.objects.filter(
        node_id=context.node_id, session_id=context.session_id, kind=kind, keys__len__gt=0
    ).exists()


def forget_seen(*, node_id: UUID, now: datetime) -> None:
    """Drop what the node's runs of more than a week ago had named."""
    SeenKeys.objects.filter(node_id=node_id, created_at__lt=now - _FORGOTTEN_AFTER).delete()


def execute(sql: str, parameters: Mapping[str, Any]) -> int:
    """Run one statement and return how many rows it touched."""
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return int(cursor.rowcount)


def fetch(sql: str, parameters: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """Run one query and return its rows."""
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return list(cursor.fetchall())

"""Care of a company's journal: parts by month made ahead, readers watched, read lines removed.

Tables are made and dropped by the owner of the schema, never by the company's own role, so
everything here runs outside the company and names the schema. Nothing depends on its being done in
time: lines without a part of their own go into the default part and are moved when theirs is made.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import structlog
from django.db import connection, transaction
from django_tenants.utils import schema_context, tenant_context
from psycopg2 import sql

from replication.models import JournalPurge, Reader
from replication.positions import parse
from replication.registry import held_places, lasting_places
from tenants.current import current_schema
from tenants.models import Company

KEPT = timedelta(days=14)  # lines stay for pages and readers that were away, read or not
ALARM_AFTER, RELEASE_AFTER = timedelta(days=3), timedelta(days=60)
ALARM_LINES, RELEASE_LINES = 1_000_000, 20_000_000
LOCK_TIMEOUT = "2s"
_JOURNAL = "replication_journal"
_DEFAULT = "replication_journal_default"
_PARTS = """
SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
WHERE i.inhparent = to_regclass(%s) AND c.relname <> 'replication_journal_default'
ORDER BY c.relname
"""
log = structlog.get_logger(__name__)


class Lag(NamedTuple):
    """How far a reader is behind."""

    lines: int
    oldest: datetime | None


def care_for(*, company: Company, now: datetime) -> None:
    """Make parts for this month and the next, look after the readers, purge what all have read."""
    for moment in (now, _next_month(now)):
        make_part(schema=company.schema_name, moment=moment)
    with tenant_context(company):
        watch_readers(now=now)
        places = _places(now)
    purge(schema=company.schema_name, places=places, before=now - KEPT, now=now)


# Parts -----------------------------------------------------------------------------------------
def make_part(*, schema: str, moment: datetime) -> bool:
    """Make the part for a month, with the lines of that month; tell whether it was missing."""
    start = datetime(moment.year, moment.month, 1, tzinfo=UTC)
    name = f"{_JOURNAL}_{start:%Y_%m}"
    with schema_context("public"), transaction.atomic(), connection.cursor() as cursor:
        if name in _parts(cursor, schema):
            return False
        _be_short(cursor)
        names = {
            "part": sql.Identifier(schema, name), "journal": sql.Identifier(schema, _JOURNAL),
            "rest": sql.Identifier(schema, _DEFAULT), "start": sql.Literal(start),
            "end": sql.Literal(_next_month(start)),
        }  # fmt: skip
        for statement in (
            # Writers wait until the lines have moved; there are few of them, made since sign-up.
            "LOCK TABLE {journal}, {rest} IN SHARE ROW EXCLUSIVE MODE",
            "CREATE TABLE {part} (LIKE {journal} INCLUDING DEFAULTS INCLUDING GENERATED"
            " INCLUDING CONSTRAINTS)",
            "WITH moved AS (DELETE FROM {rest} WHERE moment >= {start} AND moment < {end}"
            " RETURNING *) INSERT INTO {part} SELECT * FROM moved",
            "ALTER TABLE {journal} ATTACH PARTITION {part} FOR VALUES FROM ({start}) TO ({end})",
        ):
            cursor.execute(sql.SQL(statement).format(**names))
    return True


def _parts(cursor: Any, schema: str) -> list[str]:
    cursor.execute(_PARTS, [f'"{schema}".{_JOURNAL}'])
    return [row[0] for row in cursor.fetchall()]


def _next_month(moment: datetime) -> datetime:
    year, month = divmod(moment.year * 12 + moment.month, 12)
    return datetime(year, month + 1, 1, tzinfo=UTC)


def _be_short(cursor: Any) -> None:
    cursor.execute("SELECT set_config('lock_timeout', %s, true)", [LOCK_TIMEOUT])


# Readers ---------------------------------------------------------------------------------------
def watch_readers(*, now: datetime) -> None:
    """Measure how far each reader of the company in force is behind; alarm and release.

    An alarm says that a reader holds the journal back; a released one holds it no longer.
    """
    for reader in Reader.objects.filter(released_at=None):
        lag = lag_of(reader.position)
        away = now - lag.oldest if lag.oldest else timedelta(0)
        reader.lines_behind, reader.oldest_unread_at = lag
        is_late = away > ALARM_AFTER or lag.lines > ALARM_LINES
        is_lost = away > RELEASE_AFTER or lag.lines > RELEASE_LINES
        reader.alarmed_at = (reader.alarmed_at or now) if is_late else None
        reader.released_at = now if is_lost else None
        Reader.objects.filter(pk=reader.pk).update(
            lines_behind=lag.lines, oldest_unread_at=lag.oldest,
            alarmed_at=reader.alarmed_at, released_at=reader.released_at,
        )  # fmt: skip
        if is_late:
            log.warning(
                "journal reader is behind", reader=reader.name, lines=lag.lines,
                oldest=lag.oldest, released=is_lost, tenant=_schema(),
            )  # fmt: skip
    for name, position in held_places():
        lag = lag_of(position)
        if lag.oldest and (now - lag.oldest > ALARM_AFTER or lag.lines > ALARM_LINES):
            log.warning(
                "journal reader is behind", reader=name, lines=lag.lines, oldest=lag.oldest,
                released=_is_lost(lag, now), tenant=_schema(),
            )  # fmt: skip


def lag_of(position: str) -> Lag:
    """Return how many lines a position has not seen, and the moment of the oldest."""
    seen = parse(position)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(*), min(moment) FROM {_JOURNAL}"  # noqa: S608
            " WHERE (xid >= %s::text::xid8 OR xid = ANY(%s::text[]::xid8[]))"
            " AND NOT pg_visible_in_snapshot(xid, %s::pg_snapshot)",
            [str(seen.xmax), [str(each) for each in seen.running], position],
        )
        return Lag(*cursor.fetchone())


def _schema() -> str:
    return current_schema()


def _is_lost(lag: Lag, now: datetime) -> bool:
    return lag.lines > RELEASE_LINES or bool(lag.oldest and now - lag.oldest > RELEASE_AFTER)


def _places(now: datetime) -> list[str]:
    """Return the positions that hold lines back in the company in force."""
    kept = list(Reader.objects.filter(released_at=None).values_list("position", flat=True))
    held = {position for _name, position in held_places()}
    kept += lasting_places()
    return kept + sorted(each for each in held if not _is_lost(lag_of(each), now))


# Purge -----------------------------------------------------------------------------------------
def purge(*, schema: str, places: list[str], before: datetime, now: datetime) -> int:
    """Remove lines older than ``before`` that every place has seen; return how many.

    A part that has nothing else is dropped whole; of the default part single lines go.
    """
    removed = 0
    with schema_context("public"), connection.cursor() as cursor:
        parts = _parts(cursor, schema)
    for name in [*parts, _DEFAULT]:
        with schema_context("public"), transaction.atomic(), connection.cursor() as cursor:
            _be_short(cursor)
            removed += _purge_part(cursor, schema, name, places, before, now)
    return removed


def _purge_part(
    cursor: Any, schema: str, name: str, places: list[str], before: datetime, now: datetime
) -> int:
    part = sql.Identifier(schema, name)
    seen = sql.SQL(" AND ").join(
        [sql.SQL("moment < {}").format(sql.Literal(before))]
        + [sql.SQL("pg_visible_in_snapshot(xid, {}::pg_snapshot)").format(sql.Literal(place))
           for place in places]
    )  # fmt: skip
    if name == _DEFAULT:
        taken = sql.SQL("WITH gone AS (DELETE FROM {} WHERE {} RETURNING xid)").format(part, seen)
        taken += sql.SQL(" SELECT count(*), max(xid)::text::bigint FROM gone")
        cursor.execute(taken)
        lines, through = cursor.fetchone()
    else:
        ends = datetime.strptime(name[-7:], "%Y_%m").replace(tzinfo=UTC)
        if _next_month(ends) > before:
            return 0
        cursor.execute(sql.SQL("LOCK TABLE {} IN ACCESS EXCLUSIVE MODE").format(part))
        cursor.execute(sql.SQL("SELECT EXISTS (SELECT FROM {} WHERE NOT ({}))").format(part, seen))
        if cursor.fetchone()[0]:
            return 0
        cursor.execute(sql.SQL("SELECT count(*), max(xid)::text::bigint FROM {}").format(part))
        lines, through = cursor.fetchone()
        cursor.execute(sql.SQL("DROP TABLE {}").format(part))
    if lines:
        table = sql.Identifier(schema, JournalPurge._meta.db_table)
        cursor.execute(
            sql.SQL("INSERT INTO {} (through, lines, purged_at) VALUES (%s, %s, %s)").format(table),
            [through, lines, now],
        )
    return int(lines)

"""Packing: what the journal has of interest to the other end becomes numbered messages.

Many edits of a row travel once, as its present state. A centre sends rows; an office sends what it
did to them: new rows, changed columns with the values they were based on, deletions with the row
that was deleted, so that the centre can merge field by field. Parents come before children,
deletions come last and the other way round. All messages of one packing are one batch: its end is
a state the other end can be in (``docs/protocol/replication.md``, 4).
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import psycopg2.extensions
from django.db import OperationalError, connection, transaction
from django.utils import timezone

from replication import nodes, plan, scopes
from replication.journal import IS_TOLD, ROWS_OF_LINE, TOLD, current_position, window
from replication.messages import Head, Section, compress, sign
from replication.models import (
    BranchNode,
    Direction,
    MessageLog,
    NodeState,
    OutgoingMessage,
    Side,
)
from replication.nodes import company_of, private_half
from replication.plan import Travelling
from replication.retrying import retry_all
from tenants.context import acting

ROWS = 20_000  # of a section; also of a message, a little more when sections meet
TRIES = 5
ALIASES = "replication_alias"

_KEYS = """
INSERT INTO moving (table_name, key)
SELECT table_name, unnest(coalesce(keys, ARRAY[key])) FROM replication_journal
WHERE {window} AND table_name = ANY(%s) AND origin IS DISTINCT FROM %s
UNION SELECT "table", key FROM replication_resend WHERE node_id = %s AND "table" <> %s
"""
_DOINGS = """
INSERT INTO moving (table_name, key, operation, latest, author, at)
SELECT table_name, coalesce(a.key, k), (array_agg(operation ORDER BY lines.id))[1],
    (array_agg(operation ORDER BY lines.id DESC))[1],
    (array_agg(author ORDER BY lines.id DESC))[1], max(moment)
FROM (
    SELECT id, table_name, unnest(coalesce(keys, ARRAY[key])) AS k, operation, author, moment
    FROM replication_journal
    WHERE {window} AND table_name = ANY(%s) AND origin IS DISTINCT FROM %s) lines
LEFT JOIN replication_alias a ON a."table" = table_name AND a.former = k
GROUP BY table_name, coalesce(a.key, k)
"""
_AGAIN = """
INSERT INTO moving (table_name, key, operation, at)
SELECT "table", key, 'I', now() FROM replication_resend WHERE node_id = %s AND "table" <> %s
ON CONFLICT (table_name, key) DO UPDATE SET operation = 'I'
"""
_DEPARTED = """
INSERT INTO replication_departed (node_id, "table", key, number)
SELECT %s, table_name, key, %s FROM parted
ON CONFLICT (node_id, "table", key) DO UPDATE SET number = excluded.number
"""
_RANGES = f"""
SELECT key FROM (
    SELECT key, row_number() OVER (ORDER BY key) AS n FROM moving WHERE table_name = %s) numbered
WHERE n % {ROWS} = 1 ORDER BY key
""".replace(" % ", " %% ")
_WITHIN = "m.key >= %s AND (%s::uuid IS NULL OR m.key < %s)"


def pack(*, node: BranchNode, now: datetime) -> int:
    """Pack what the other end has not been told yet; return how many messages that made.

    Nothing is packed for an office that has sent a part of a batch only: what it would be told
    could rest on half of what it did. Must not be called inside a transaction.
    """
    for attempt in range(TRIES):
        try:
            with _one_snapshot():
                return _Packing(node, now).run()
        except OperationalError as error:  # another packing or receiving was at it: look again
            if not _is_serialization(error) or attempt == TRIES - 1:
                raise
    return 0


def acknowledge(*, node: BranchNode, number: int, sent: int | None = None) -> None:
    """Take note that the other end has received everything up to a number.

    ``sent`` is the latest number the other end had packed when it said so: an office must have
    received all of those first, because they may rest on a state before its own messages and
    would be taken for a later one. Without it the caller vouches for that.
    """
    if sent is not None and node.received_number < sent:
        return
    with transaction.atomic():
        held = BranchNode.objects.select_for_update().get(pk=node.pk)
        if number <= held.acknowledged_number or number > held.sent_number:
            return
        done = held.outgoing.filter(number__lte=number).order_by("number")
        logs, position = [], ""
        for row in done.values("number", "head", "rows", "position"):
            position = row["position"] or position
            head = bytes(row["head"])
            logs.append(
                MessageLog(
                    node=held,
                    direction=Direction.OUT,
                    incarnation=held.incarnation,
                    number=row["number"],
                    digest=hashlib.sha256(head).hexdigest(),
                    rows=row["rows"],
                    size=json.loads(head)["size"],
                    position=row["position"],
                )
            )
        MessageLog.objects.bulk_create(logs, ignore_conflicts=True)
        done.delete()
        held.acknowledged_number = number
        held.acknowledged_position = position or held.acknowledged_position
        held.save(update_fields=["acknowledged_number", "acknowledged_position"])
    node.acknowledged_number = held.acknowledged_number
    node.acknowledged_position = held.acknowledged_position
    if sent is not None:  # what waited here for the other end's word
        with acting(origin=node.pk, cause="centre"), transaction.atomic():
            retry_all(node=held, now=timezone.now())


def waiting(*, node: BranchNode) -> int:
    """Return how many rows wait to be packed, and those packed that are not acknowledged."""
    packed = sum(node.outgoing.values_list("rows", flat=True))
    if not node.position:
        return packed
    condition, values = window(node.position, current_position())
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM (SELECT DISTINCT table_name, unnest(coalesce(keys, ARRAY[key]))"
            f" FROM replication_journal WHERE {condition} AND table_name = ANY(%s)"
            " AND origin IS DISTINCT FROM %s) rows",
            [*values, _tables(node), node.pk],
        )
        return packed + int(cursor.fetchone()[0])


def _tables(node: BranchNode) -> list[str]:
    """The tables of which a link sends changes: an office only those that may go up."""
    return [
        each.table for each in plan.all_travelling()
        if node.side == Side.CENTRE or each.way == "both"
    ]  # fmt: skip


@contextmanager
def _one_snapshot() -> Iterator[None]:
    """Let everything inside see the company as of one moment."""
    connection.ensure_connection()
    raw = connection.connection
    raw.isolation_level = psycopg2.extensions.ISOLATION_LEVEL_REPEATABLE_READ
    try:
        with transaction.atomic(durable=True):
            yield
    finally:
        raw.isolation_level = None


def _is_serialization(error: OperationalError) -> bool:
    cause = error.__cause__
    return isinstance(
        cause, psycopg2.errors.SerializationFailure | psycopg2.errors.DeadlockDetected
    )


class _Packing:
    """One packing of one link, inside its transaction."""

    def __init__(self, node: BranchNode, now: datetime) -> None:
        self.asked, self.now = node, now
        self.batch: list[tuple[bytes, int]] = []  # sections of the message under way, their rows
        self.made = 0  # messages
        self.pending: tuple[bytes, int] | None = None  # a full message, not known to be the latest

    def run(self) -> int:
        with connection.cursor() as cursor:
            self.cursor = cursor
            self.node = BranchNode.objects.select_for_update().get(pk=self.asked.pk)
            if self.node.is_within_batch or not self._is_in_exchange():
                return 0
            self.private = private_half(self.node)
            self.until = current_position()
            self.is_image = self.node.side == Side.CENTRE and (
                not self.node.position or self.node.state == NodeState.NEEDS_IMAGE
            )
            scopes.prepare(cursor)
            if self.node.side == Side.CENTRE:
                self._down()
            else:
                self._up()
            self._finish()
        for name in ("sent_number", "position", "acknowledged_position", "scope_sent",
                     "whole_sent", "state"):  # fmt: skip
            setattr(self.asked, name, getattr(self.node, name))
        return self.made

    def _is_in_exchange(self) -> bool:
        return self.node.state not in (NodeState.WAITING, NodeState.REVOKED)

    # Down: rows as they are -------------------------------------------------------------------
    def _down(self) -> None:
        node = self.node
        is_rescoped = node.scope_sent != node.scope
        if self.is_image:
            self.cursor.execute("DELETE FROM replication_membership WHERE node_id = %s", [node.pk])
        else:
            condition, values = window(node.position, self.until)
            self.cursor.execute(
                _KEYS.format(window=condition),
                [*values, _tables(node), node.pk, node.pk, ALIASES],
            )
        limited = scopes.restricted(node.scope)
        before = scopes.restricted(node.scope_sent or {})
        if not self.is_image and is_rescoped:
            self._widen(set(before) - set(limited))
            self._narrow(set(limited) - set(before))
        scopes.follow(self.cursor, node=node, is_everything=self.is_image or is_rescoped)
        self._count()
        self.cursor.execute("SELECT DISTINCT table_name FROM parted")
        self.left = {row[0] for row in self.cursor.fetchall()}
        self._aliases()
        self._whole_tables()
        for entry in plan.all_travelling():
            if self.is_image and entry.table not in limited:
                self._all_rows(entry)
            else:
                self._rows(entry)
        for entry in reversed(plan.all_travelling()):
            if not self.is_image:
                self._parted(entry, is_limited=entry.table in limited)
        node.scope_sent = dict(node.scope)

    def _widen(self, tables: set[str]) -> None:
        """Send all of a table that was restricted before, but for what the office has."""
        for table in sorted(tables):
            entry = _entry(table)
            self.cursor.execute(
                f'INSERT INTO moving (table_name, key) SELECT %s, "{entry.columns[0]}"'
                f' FROM "{table}" t WHERE NOT EXISTS (SELECT FROM replication_membership held'
                ' WHERE held.node_id = %s AND held."table" = %s'
                f' AND held.key = t."{entry.columns[0]}") ON CONFLICT DO NOTHING',
                [table, self.node.pk, table],
            )
            self.cursor.execute(
                'DELETE FROM replication_membership WHERE node_id = %s AND "table" = %s',
                [self.node.pk, table],
            )

    def _narrow(self, tables: set[str]) -> None:
        """List everything the office has of a table that was unrestricted before.

        What was deleted since is among it: the office has to hear of that.
        """
        for table in sorted(tables):
            entry = _entry(table)
            self.cursor.execute(
                'INSERT INTO replication_membership (node_id, "table", key, is_reference)'
                f' SELECT %s, %s, "{entry.columns[0]}", false FROM "{table}"'
                " UNION SELECT %s, %s, key, false FROM moving WHERE table_name = %s"
                " ON CONFLICT DO NOTHING",
                [self.node.pk, table, self.node.pk, table, table],
            )

    def _rows(self, entry: Travelling) -> None:
        columns = _list("t", entry.columns)
        for within in self._ranges(entry.table):
            self._copy(
                entry, "row", entry.columns,
                f'SELECT {columns} FROM moving m JOIN "{entry.table}" t'
                f' ON t."{entry.columns[0]}" = m.key'
                f" WHERE m.table_name = %s AND {_WITHIN} ORDER BY m.key",
                [entry.table, *within],
            )  # fmt: skip

    def _all_rows(self, entry: Travelling) -> None:
        """Send a whole table, part by part along its key."""
        columns, key, after = _list("t", entry.columns), entry.columns[0], None
        if any(table == entry.table for _column, table in entry.parents):
            self._tree(entry)
            return
        while True:
            data = self._copied(
                f'SELECT {columns} FROM "{entry.table}" t'
                + (f' WHERE t."{key}" > %s' if after else "")
                + f' ORDER BY t."{key}" LIMIT {ROWS}',
                [after] if after else [],
            )
            rows = data.count(b"\n")
            if rows:
                self._add(Section(entry.table, "row", entry.columns, rows, data, {}))
                begin = data.rfind(b"\n", 0, -1) + 1
                after = data[begin : begin + 36].decode()
            if rows < ROWS:
                return

    def _tree(self, entry: Travelling) -> None:
        """Send a table whose rows point to each other as one section: order does not matter."""
        data = self._copied(f'SELECT {_list("t", entry.columns)} FROM "{entry.table}" t', [])
        if rows := data.count(b"\n"):
            self._add(Section(entry.table, "row", entry.columns, rows, data, {}))

    def _parted(self, entry: Travelling, *, is_limited: bool) -> None:
        key = entry.columns[0]
        if entry.table not in (self.left if is_limited else self.counts):
            return
        if is_limited:
            for operation, is_gone in (("gone", True), ("away", False)):
                self._copy(
                    entry, operation, (key,),
                    "SELECT key FROM parted WHERE table_name = %s AND is_gone = %s ORDER BY key",
                    [entry.table, is_gone],
                )  # fmt: skip
            return
        self._copy(
            entry, "gone", (key,),
            f'SELECT m.key FROM moving m WHERE m.table_name = %s AND NOT EXISTS'
            f' (SELECT FROM "{entry.table}" t WHERE t."{key}" = m.key) ORDER BY m.key',
            [entry.table],
        )  # fmt: skip

    def _aliases(self) -> None:
        data = self._copied(
            'SELECT a."table", a.former, a.key FROM replication_alias a JOIN replication_resend r'
            ' ON r.key = a.id AND r.node_id = %s AND r."table" = %s ORDER BY a.id',
            [self.node.pk, ALIASES],
        )
        if data:
            columns = ("table", "former", "key")
            self._add(Section(ALIASES, "alias", columns, data.count(b"\n"), data, {}))

    def _whole_tables(self) -> None:
        for entry in plan.all_whole():
            if entry.secret and not self.node.file_key:
                continue  # the office is given the key of the link when it calls next
            columns = _list("t", entry.columns)
            data = self._copied(
                f'SELECT {columns} FROM "{entry.table}" t WHERE {entry.only}'
                f' ORDER BY t."{entry.columns[0]}"',
                [],
            )
            digest = hashlib.sha256(data).hexdigest()
            if self.is_image or self.node.whole_sent.get(entry.table) != digest:
                if entry.secret and data:
                    data = self._sealed(entry, entry.secret)
                rows = data.count(b"\n")
                self._add(Section(entry.table, "whole", entry.columns, rows, data, {}))
                self.node.whole_sent[entry.table] = digest

    def _sealed(self, entry: plan.Whole, secret: plan.Secret) -> bytes:
        """Return the rows with their secrets sealed for the office."""
        key, column = entry.columns[0], secret.column
        self.cursor.execute(
            f'SELECT t."{key}"::text, t."{column}" FROM "{entry.table}" t WHERE {entry.only}'
        )
        sealed = {
            row_key: nodes.seal(self.node, secret.opened(_loaded(value)))
            for row_key, value in self.cursor.fetchall()
        }
        columns = ", ".join(
            "s.value" if each == column else f't."{each}"' for each in entry.columns
        )
        return self._copied(
            f'SELECT {columns} FROM "{entry.table}" t JOIN jsonb_each(%s::jsonb) s'
            f' ON s.key = t."{key}"::text ORDER BY t."{key}"',
            [json.dumps(sealed)],
        )

    # Up: what was done ------------------------------------------------------------------------
    def _up(self) -> None:
        node = self.node
        condition, values = window(node.position, self.until)
        self.cursor.execute(_DOINGS.format(window=condition), [*values, _tables(node), node.pk])
        self.cursor.execute(_AGAIN, [node.pk, ALIASES])
        self._count()
        entries = [each for each in plan.all_travelling() if each.table in self.counts]
        for entry in entries:
            for author in self._authors(entry):
                self._made(entry, author)
                if entry.kind == "rows":
                    self._changed(entry, author, condition, values)
        for entry in reversed(entries):
            for author in self._authors(entry):
                self._deleted(entry, author, condition, values)

    def _authors(self, entry: Travelling) -> list[Any]:
        self.cursor.execute(
            "SELECT DISTINCT author FROM moving WHERE table_name = %s ORDER BY author NULLS FIRST",
            [entry.table],
        )
        return [row[0] for row in self.cursor.fetchall()]

    def _made(self, entry: Travelling, author: Any) -> None:
        """Send rows that are new, and changed ones of tables that keep no former values."""
        columns = _list("t", entry.columns)
        wanted = {"I": "new", "D": "new"} | ({"U": "row"} if entry.kind == "keys" else {})
        for operation, name in wanted.items():
            for within in self._ranges(entry.table):
                self._copy(
                    entry, name, (*entry.columns, "@at"),
                    f'SELECT {columns}, m.at FROM moving m JOIN "{entry.table}" t'
                    f' ON t."{entry.columns[0]}" = m.key WHERE m.table_name = %s'
                    " AND m.operation = %s AND m.author IS NOT DISTINCT FROM %s"
                    f" AND {_WITHIN} ORDER BY m.key",
                    [entry.table, operation, author, *within], author,
                )  # fmt: skip

    def _changed(
        self, entry: Travelling, author: Any, condition: str, values: Sequence[Any]
    ) -> None:
        """Send changed columns, new and former values, of rows the centre knows."""
        table, key = entry.table, entry.columns[0]
        self.cursor.execute("TRUNCATE former")
        self.cursor.execute(
            f"""
            INSERT INTO former SELECT key, jsonb_object_agg(name, old) FROM (
                SELECT DISTINCT ON (m.key, told.name) m.key, told.name, told.old
                FROM replication_journal l {ROWS_OF_LINE}
                LEFT JOIN replication_alias a ON a."table" = l.table_name AND a.former = r.k
                JOIN moving m ON m.table_name = l.table_name AND m.key = coalesce(a.key, r.k)
                    AND m.operation = 'U' AND m.author IS NOT DISTINCT FROM %s {TOLD}
                WHERE {condition} AND l.table_name = %s AND l.operation = 'U'
                    AND l.origin IS DISTINCT FROM %s AND {IS_TOLD}
                ORDER BY m.key, told.name, l.id) first
            GROUP BY key
            """,
            [author, *values, table, self.node.pk],
        )
        self.cursor.execute("ANALYZE former (key)")
        self.cursor.execute("SELECT DISTINCT jsonb_object_keys(old) FROM former")
        named = {row[0] for row in self.cursor.fetchall()}
        columns = [each for each in entry.compared if each in named and each not in entry.derived]
        if not columns:
            return
        mask = " || ".join(
            f"CASE WHEN base.old ? '{c}' AND b.\"{c}\" IS DISTINCT FROM t.\"{c}\""
            " THEN '1' ELSE '0' END" for c in columns
        )  # fmt: skip
        pairs = ", ".join(
            f"CASE WHEN substr(mask, {n}, 1) = '1' THEN \"new_{n}\" END,"
            f" CASE WHEN substr(mask, {n}, 1) = '1' THEN \"old_{n}\" END"
            for n, _ in enumerate(columns, 1)
        )
        named_values = ", ".join(
            f't."{c}" AS new_{n}, b."{c}" AS old_{n}' for n, c in enumerate(columns, 1)
        )
        sent = tuple(name for column in columns for name in (column, f"@base.{column}"))
        for within in self._ranges(table):
            self._copy(
                entry, "change", (key, "@at", "@mask", *sent),
                f"""
                WITH compared AS (
                    SELECT m.key, m.at, {mask} AS mask, {named_values}
                    FROM former base JOIN moving m
                        ON m.table_name = '{table}' AND m.key = base.key AND {_WITHIN}
                    JOIN "{table}" t ON t."{key}" = m.key
                    CROSS JOIN LATERAL jsonb_populate_record(NULL::"{table}", base.old) b)
                SELECT key, at, mask, {pairs} FROM compared WHERE mask LIKE '%%1%%' ORDER BY key
                """,
                list(within), author,
            )  # fmt: skip

    def _deleted(
        self, entry: Travelling, author: Any, condition: str, values: Sequence[Any]
    ) -> None:
        """Send deletions with the row as the centre knew it; what was new is not mentioned."""
        table, key = entry.table, entry.columns[0]
        self._copy(
            entry, "gone", (key, "@at", "@base"),
            f"""
            WITH going AS (
                SELECT m.table_name, m.key, m.at FROM moving m
                WHERE m.table_name = %s AND m.operation <> 'I' AND m.latest = 'D'
                    AND m.author IS NOT DISTINCT FROM %s
                    AND NOT EXISTS (SELECT FROM "{table}" t WHERE t."{key}" = m.key)),
            base AS (
                SELECT key, jsonb_object_agg(name, old) AS old FROM (
                    SELECT DISTINCT ON (g.key, told.name) g.key, told.name, told.old
                    FROM replication_journal l {ROWS_OF_LINE}
                    JOIN going g ON g.table_name = l.table_name AND g.key = r.k {TOLD}
                    WHERE {condition} AND l.origin IS DISTINCT FROM %s AND {IS_TOLD}
                    ORDER BY g.key, told.name, l.id) first
                GROUP BY key)
            SELECT g.key, g.at, base.old FROM going g LEFT JOIN base ON base.key = g.key
            ORDER BY g.key
            """,
            [table, author, *values, self.node.pk], author,
        )  # fmt: skip

    # Messages ---------------------------------------------------------------------------------
    def _count(self) -> None:
        self.cursor.execute("ANALYZE moving")
        self.cursor.execute("SELECT table_name, count(*) FROM moving GROUP BY table_name")
        self.counts: Mapping[str, int] = dict(self.cursor.fetchall())

    def _ranges(self, table: str) -> Iterator[tuple[Any, Any, Any]]:
        """Yield the values of ``_WITHIN`` for each section of a table."""
        if not self.counts.get(table):
            return
        self.cursor.execute(_RANGES, [table])
        firsts = [row[0] for row in self.cursor.fetchall()]
        for first, following in zip(firsts, [*firsts[1:], None], strict=True):
            yield first, following, following

    def _copy(
        self, entry: Travelling, operation: str, columns: tuple[str, ...], sql: str,
        values: Sequence[Any], author: Any = None,
    ) -> None:  # fmt: skip
        data = self._copied(sql, values)
        rows = data.count(b"\n")
        if rows:
            about = {"author": str(author)} if author else {}
            self._add(Section(entry.table, operation, columns, rows, data, about))

    def _copied(self, sql: str, values: Sequence[Any]) -> bytes:
        """Return what a query gives as COPY writes it; each row ends with one line break."""
        text = self.cursor.mogrify(sql, values or None).decode()
        into = io.BytesIO()
        self.cursor.copy_expert(f"COPY ({text}) TO STDOUT", into)
        return into.getvalue()

    def _add(self, section: Section) -> None:
        self.batch.append((section.encode(), section.rows))
        if sum(rows for _, rows in self.batch) >= ROWS:
            self._close()

    def _close(self) -> None:
        """Make the sections gathered a message; the one before it was not the latest."""
        if not self.batch:
            return
        if self.pending is not None:
            self._store(is_end=False)
        rows = sum(rows for _, rows in self.batch)
        self.pending = (compress(b"".join(data for data, _ in self.batch)), rows)
        self.batch = []

    def _store(self, *, is_end: bool) -> None:
        body, rows = self.pending or (b"", 0)
        node = self.node
        node.sent_number += 1
        head = Head(
            company=company_of(node), node=node.pk, sender=node.side,
            incarnation=node.incarnation, number=node.sent_number,
            acknowledges=node.received_number, is_batch_end=is_end, is_image=self.is_image,
            rows=rows, digest=hashlib.sha256(body).hexdigest(), size=len(body),
            packed_at=self.now,
        )  # fmt: skip
        message = sign(head, body, private_key=self.private)
        OutgoingMessage.objects.create(
            node=node, number=head.number, head=message.head_bytes, signature=message.signature,
            body=body, rows=rows, position=self.until if is_end else "",
        )  # fmt: skip
        self.made += 1
        self.pending = None

    def _finish(self) -> None:
        self._close()
        if self.pending is not None:
            self._store(is_end=True)
        node = self.node
        node.position = self.until
        if not self.made and node.acknowledged_number == node.sent_number:
            node.acknowledged_position = self.until
        if self.is_image and node.state == NodeState.NEEDS_IMAGE:
            node.state = NodeState.COPYING
        self.cursor.execute("DELETE FROM replication_resend WHERE node_id = %s", [node.pk])
        if node.side == Side.CENTRE:
            self.cursor.execute(_DEPARTED, [node.pk, node.sent_number])
        node.save(
            update_fields=["sent_number", "position", "acknowledged_position", "scope_sent",
                           "whole_sent", "state"]
        )  # fmt: skip


def _entry(table: str) -> Travelling:
    return next(each for each in plan.all_travelling() if each.table == table)


def _loaded(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value


def _list(alias: str, columns: Sequence[str]) -> str:
    return ", ".join(f'{alias}."{column}"' for column in columns)

"""Applying the sections of a message, set by set, with foreign keys and triggers on.

First all at once; when the database objects, section by section and then by halves down to the
single row that cannot go in, which is parked with its reason. The centre merges three ways, column
by column, against the value the office had seen; an office lays what it has not been acknowledged
yet over the centre's rows. Source: replication reference, chapters 6.4 and 6.5.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

import structlog
from django.db import DataError, IntegrityError, connection, transaction

from replication import clashes, conflicts, nodes, parking, plan, scopes
from replication.journal import IS_TOLD, ROWS_OF_LINE, TOLD, current_position, window
from replication.messages import Head, Malformed, Section
from replication.models import (
    Alias,
    BranchNode,
    Conflict,
    ConflictKind,
    Direction,
    MessageLog,
    Side,
    Winner,
)
from replication.plan import Travelling, Whole
from replication.staged import AT, BASE, MASK, Staged, defaults_for, references_to
from tenants.context import acting, current_actor

_UP = frozenset({"new", "change", "row", "gone"})
_DOWN = frozenset({"row", "gone", "away", "alias", "whole"})
_OBJECTIONS = (IntegrityError, DataError)
log = structlog.get_logger(__name__)


class Applying:
    """One message being applied, inside the transaction that takes it in."""

    def __init__(self, *, node: BranchNode, head: Head, now: datetime, is_first: bool) -> None:
        self.node, self.head, self.now, self.is_first = node, head, now, is_first
        self.is_centre = node.side == Side.CENTRE
        self.parked = self.conflicts = 0
        self.touched: dict[str, set[UUID]] = {}
        # What is limited now, or was when the list of what the office holds was made.
        self.limited = (
            scopes.restricted(node.scope_sent or {}) | scopes.restricted(node.scope)
            if self.is_centre else {}
        )  # fmt: skip
        self._has_pending: bool | None = None

    # The message ------------------------------------------------------------------------------
    def take(self, sections: Iterable[Section]) -> None:
        """Apply all sections; afterwards every constraint holds."""
        gathered = list(sections)
        with connection.cursor() as self.cursor:
            if not self.is_centre and not self.is_first:
                self._is_pending("")  # listed before anything may be rolled back
            try:
                with transaction.atomic():
                    for section in gathered:
                        self._apply(section)
                    self._check()
            except _OBJECTIONS:
                self.parked = self.conflicts = 0
                self.touched.clear()
                for section in gathered:
                    self._apply_carefully(section)
                self._check()
            if self.head.is_image and self.head.is_batch_end and not self.is_first:
                self._sweep()

    def take_row(self, entry: Travelling, operation: str, row: dict[str, Any]) -> None:
        """Apply one row that was parked; everything holds afterwards or nothing was done.

        :raises IntegrityError, DataError: it still cannot go in.
        :raises StillHeld: it has to wait on.
        """
        with connection.cursor() as self.cursor, transaction.atomic():
            before = self.parked
            self._require_parents(entry, operation, row)
            self._stage(entry, operation, tuple(row), row=row)
            self._check()
            if self.parked > before:
                raise parking.StillHeld

    def settle(self) -> None:
        """Bring what is computed from other rows up to date, as this end's own work."""
        origin = None if self.is_centre else self.node.pk
        with acting(origin=origin, cause=current_actor().cause):
            for entry in plan.all_travelling():
                keys = self.touched.get(entry.table)
                if keys and entry.settle:
                    entry.settle(sorted(keys))

    def _check(self) -> None:
        self.cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        self.cursor.execute("SET CONSTRAINTS ALL DEFERRED")

    def _apply(self, section: Section) -> None:
        author = section.about.get("author")
        with acting(author=UUID(author) if author else None, origin=self.node.pk,
                    cause=current_actor().cause):  # fmt: skip
            if section.operation not in (_UP if self.is_centre else _DOWN):
                raise Malformed(f"{section.operation} does not travel this way")
            if section.operation == "alias":
                self._aliases(section)
                return
            entry = self._entry(section)
            if entry is None:
                return
            if self.is_first and section.operation == "row":
                self._load_first(entry, section)
                return
            self._stage(entry, section.operation, section.columns, data=section.data)

    def _apply_carefully(self, section: Section) -> None:
        """Apply what can be, park what cannot, and say why."""
        if section.operation in ("alias", "whole"):
            self._apply(section)
            return
        entry = self._entry(section)
        if entry is None or isinstance(entry, Whole):
            return
        staged = Staged(self.cursor, entry, section.columns)
        staged.load(section.data)
        rows = staged.rows()
        if entry.table in {table for _column, table in entry.parents}:
            rows = _by_level(entry, rows)
        author = section.about.get("author")
        with acting(author=UUID(author) if author else None, origin=self.node.pk,
                    cause=current_actor().cause):  # fmt: skip
            self._halve(entry, section, rows)

    def _halve(self, entry: Travelling, section: Section, rows: list[dict[str, Any]]) -> None:
        parked, found = self.parked, self.conflicts
        try:
            with transaction.atomic():
                for each in rows if len(rows) == 1 else ():
                    self._require_parents(entry, section.operation, each)
                self._stage(entry, section.operation, section.columns, rows=rows)
                self._check()
        except (*_OBJECTIONS, parking.StillHeld) as error:
            self.parked, self.conflicts = parked, found
            if len(rows) > 1:
                middle = len(rows) // 2
                self._halve(entry, section, rows[:middle])
                self._halve(entry, section, rows[middle:])
            elif not self._yielded(entry, section, rows[0], error):
                self._park(entry, section.operation, rows, *parking.reason_of(error))

    def _yielded(
        self, entry: Travelling, section: Section, row: dict[str, Any], error: Exception
    ) -> bool:
        """Find a way for a row whose unique values somebody else has; tell whether there is."""
        settled = clashes.give_way(
            node=self.node, entry=entry, operation=section.operation, row=row, error=error,
            number=self.head.number, now=self.now,
        )  # fmt: skip
        if settled is None:
            return False
        self.conflicts += 1
        try:
            with transaction.atomic():
                self._stage(entry, section.operation, tuple(settled), rows=[settled])
                self._check()
        except (*_OBJECTIONS, parking.StillHeld) as again:
            self._park(entry, section.operation, [row], *parking.reason_of(again))
        return True

    def _entry(self, section: Section) -> Travelling | Whole | None:
        entry: Travelling | Whole | None = plan.of_table(section.table)
        if section.operation == "whole":
            entry = next((e for e in plan.all_whole() if e.table == section.table), None)
        if entry is None:
            log.warning("message names an unknown table", table=section.table, node=self.node.pk)
        return entry

    def _stage(
        self, entry: Travelling | Whole, operation: str, columns: tuple[str, ...], *,
        data: bytes | None = None, rows: list[dict[str, Any]] | None = None,
        row: dict[str, Any] | None = None,
    ) -> None:  # fmt: skip
        staged = Staged(self.cursor, entry, columns)
        if data is not None:
            staged.load(data)
        for each in rows or ([row] if row else []):
            staged.load_row(each)
        # Of a wide row the statistics of all columns cost as much as its merging.
        self.cursor.execute(f'ANALYZE pg_temp.staged ("{staged.key}")')
        if isinstance(entry, Whole):
            self._replace(entry, staged)
            return
        doubles: list[dict[str, Any]] = []
        if self.is_centre:
            doubles = self._merge(entry, operation, staged)
        else:
            self._follow_centre(entry, operation, staged)
        if entry.settle:
            self.touched.setdefault(entry.table, set()).update(staged.keys())
        for each in doubles:
            self._stage(entry, operation, columns, row=each)

    # At the centre: merge ---------------------------------------------------------------------
    def _merge(self, entry: Travelling, operation: str, staged: Staged) -> list[dict[str, Any]]:
        """Merge the staged rows; return those to be merged after them, into the same rows."""
        if entry.way != "both":
            self._refuse(entry, operation, staged, "true", "not_allowed")
            return []
        has_moved = self._land_on_aliases(entry, staged)
        # The office changed a row and another one that was joined with it: one after the other,
        # or one of the two would be lost without a trace.
        doubles = staged.take_doubles() if has_moved else []
        self._keep_to_scope(entry, operation, staged)
        if operation == "new":
            self._insert(entry, staged)
        elif operation == "change":
            self._change(entry, staged)
        elif operation == "row":
            self._take_rows(entry, staged)
        else:
            self._delete(entry, staged)
        if operation != "gone":
            self._propose_joins(entry, staged)
        return doubles

    def _land_on_aliases(self, entry: Travelling, staged: Staged) -> bool:
        """Let what speaks of a joined row land on the one that stayed; tell whether any did."""
        tables = {entry.table, *(table for _column, table in entry.parents)}
        known = set(Alias.objects.filter(table__in=tables).values_list("table", flat=True))
        if not known:
            return False
        has_moved = False
        pairs = [(staged.key, entry.table)]
        pairs += [pair for pair in entry.parents if pair[0] in staged.columns]
        for column, table in pairs:
            if table not in known:
                continue
            self.cursor.execute(
                f'UPDATE pg_temp.staged s SET "{column}" = a.key FROM replication_alias a'
                f' WHERE a."table" = %s AND a.former = s."{column}"'
                f' RETURNING s."{staged.key}"',
                [table],
            )
            moved = [row[0] for row in self.cursor.fetchall()]
            conflicts.tell_again(node=self.node, table=entry.table, keys=moved)
            has_moved = has_moved or (column == staged.key and bool(moved))
        return has_moved

    def _keep_to_scope(self, entry: Travelling, operation: str, staged: Staged) -> None:
        """Refuse what the office may not hold, so may not write either."""
        if entry.table not in self.limited:
            return
        values = {"node": str(self.node.pk), "table": entry.table}
        held = (
            "EXISTS (SELECT FROM replication_membership h WHERE h.node_id = %(node)s"
            f' AND h."table" = %(table)s AND h.key = s."{staged.key}")'
        )
        if operation == "new":
            condition, more = scopes.entitlement(entry, self.node.scope, self.node.pk)
            allowed = condition.replace("t.", "s.")
            self._take_late_children(entry, staged, f"({allowed}) IS NOT TRUE", {**values, **more})
            self._refuse(
                entry, operation, staged, f"({allowed}) IS NOT TRUE AND NOT {held}", "not_in_scope",
                {**values, **more},
            )  # fmt: skip
            self.cursor.execute(
                'INSERT INTO replication_membership (node_id, "table", key, is_reference)'
                f' SELECT %(node)s, %(table)s, s."{staged.key}", false FROM pg_temp.staged s'
                " ON CONFLICT DO NOTHING",
                values,
            )
            return
        known = f'EXISTS (SELECT FROM "{entry.table}" t WHERE t."{staged.key}" = s."{staged.key}")'
        late = self._departed("s", staged.key, entry.table)
        self._refuse(
            entry, operation, staged, f"{known} AND NOT {held} AND NOT {late}", "not_in_scope",
            values,
        )  # fmt: skip

    def _departed(self, alias: str, column: str, table: str) -> str:
        """A row was withdrawn by a message that the office had not seen when it wrote."""
        return (
            "EXISTS (SELECT FROM replication_departed d WHERE d.node_id = %(node)s"
            f' AND d."table" = \'{table}\' AND d.key = {alias}."{column}"'
            f" AND d.number > {int(self.head.acknowledges)})"
        )

    def _take_late_children(
        self, entry: Travelling, staged: Staged, refused: str, values: dict[str, Any]
    ) -> None:
        """Take what was added to a row before the office knew that it was withdrawn.

        It counts as held, and the next packing withdraws it too.
        """
        late = [
            self._departed("s", column, table)
            for column, table in entry.parents
            if column in staged.columns
        ]
        if not late:
            return
        self.cursor.execute(
            'INSERT INTO replication_membership (node_id, "table", key, is_reference)'
            f' SELECT %(node)s, %(table)s, s."{staged.key}", false FROM pg_temp.staged s'
            f" WHERE {refused} AND ({' OR '.join(late)}) ON CONFLICT DO NOTHING RETURNING key",
            values,
        )
        keys = [row[0] for row in self.cursor.fetchall()]
        conflicts.tell_again(node=self.node, table=entry.table, keys=keys)

    def _refuse(
        self, entry: Travelling, operation: str, staged: Staged, condition: str, reason: str,
        values: dict[str, Any] | None = None,
    ) -> None:  # fmt: skip
        rows = staged.take_away(condition, values or {})
        if rows:
            log.warning("change from an office refused", reason=reason, table=entry.table,
                        node=self.node.pk, rows=len(rows))  # fmt: skip
            self._park(entry, operation, rows, reason, "")

    def _insert(self, entry: Travelling, staged: Staged) -> None:
        key = staged.key
        self._note_revived(entry, staged)
        self._merge_known(entry, staged)
        extra = defaults_for(entry, staged.columns)
        columns = _list([*staged.columns, *extra])
        given = ", ".join([*(f's."{c}"' for c in staged.columns),
                           *(f"%(default_{n})s" for n, _ in enumerate(extra))])  # fmt: skip
        values = {f"default_{n}": value for n, value in enumerate(extra.values())}
        self.cursor.execute(
            f'INSERT INTO "{entry.table}" ({columns}) SELECT {given} FROM pg_temp.staged s'
            f' WHERE NOT EXISTS (SELECT FROM "{entry.table}" t WHERE t."{key}" = s."{key}")',
            values or None,
        )

    def _note_revived(self, entry: Travelling, staged: Staged) -> None:
        """A row that the centre has deleted meanwhile comes back, and that is told."""
        self.cursor.execute(
            f'SELECT DISTINCT s."{staged.key}" FROM pg_temp.staged s'
            f' JOIN replication_journal l ON l.key = s."{staged.key}" AND l.table_name = %s'
            " AND l.operation = 'D' AND l.origin IS DISTINCT FROM %s"
            f' WHERE NOT EXISTS (SELECT FROM "{entry.table}" t'
            f' WHERE t."{staged.key}" = s."{staged.key}")',
            [entry.table, self.node.pk],
        )
        for (key,) in self.cursor.fetchall():
            self._note(entry, ConflictKind.DELETED, key, Winner.BRANCH)

    def _merge_known(self, entry: Travelling, staged: Staged) -> None:
        """Rows that both ends have made under one key: what differs is decided field by field."""
        columns = [c for c in entry.compared if c in staged.columns and c not in entry.derived]
        pairs = ", ".join(
            f'\'{c}\', jsonb_build_array(to_jsonb(t."{c}"), to_jsonb(s."{c}"))' for c in columns
        )
        self.cursor.execute(
            f'SELECT s."{staged.key}", s."{AT}", jsonb_build_object({pairs})'
            f' FROM pg_temp.staged s JOIN "{entry.table}" t ON t."{staged.key}" = s."{staged.key}"'
            f" WHERE ROW({_list(columns, 't')}) IS DISTINCT FROM ROW({_list(columns, 's')})"
            f" ORDER BY 1",
        )
        for key, at, pairs_of in self.cursor.fetchall():
            both = pairs_of if isinstance(pairs_of, dict) else json.loads(pairs_of)
            for column, (ours, theirs) in both.items():
                if ours != theirs:
                    clash = conflicts.Clash(key, column, None, ours, theirs, at)
                    self._decide(entry, staged, clash, is_mask=False)

    def _change(self, entry: Travelling, staged: Staged) -> None:
        key = staged.key
        columns = [
            c for c in staged.columns
            if c in entry.compared and c not in entry.derived
        ]  # fmt: skip
        bits = {c: f"substr(s.\"{MASK}\", {staged.masked.index(c) + 1}, 1) = '1'" for c in columns}
        self._revive(entry, staged)
        if not columns:
            return
        self._find_clashes(entry, staged, bits)
        new = ", ".join(f'CASE WHEN {bits[c]} THEN s."{c}" ELSE t."{c}" END' for c in columns)
        sets = ", ".join(
            f'"{c}" = CASE WHEN {bits[c]} THEN s."{c}" ELSE t."{c}" END' for c in columns
        )
        stamp = ', "updated_at" = %(now)s' if "updated_at" in entry.columns else ""
        self.cursor.execute(
            f'UPDATE "{entry.table}" t SET {sets}{stamp} FROM pg_temp.staged s'
            f' WHERE t."{key}" = s."{key}"'
            f" AND ROW({_list(columns, 't')}) IS DISTINCT FROM ROW({new})",
            {"now": self.now},
        )

    def _find_clashes(self, entry: Travelling, staged: Staged, bits: dict[str, str]) -> None:
        """Both changed a column, to different values: decide each, before anything is written."""
        key = staged.key
        test = {
            c: f'({bit} AND t."{c}" IS DISTINCT FROM s."{BASE}.{c}"'
            f' AND t."{c}" IS DISTINCT FROM s."{c}")'
            for c, bit in bits.items()
        }
        pairs = ", ".join(
            f"CASE WHEN {test[c]} THEN jsonb_build_array('{c}', to_jsonb(s.\"{BASE}.{c}\"),"
            f' to_jsonb(t."{c}"), to_jsonb(s."{c}")) END'
            for c in bits
        )
        self.cursor.execute(
            f'SELECT s."{key}", s."{AT}", array_remove(ARRAY[{pairs}], NULL)::text[]'
            f' FROM pg_temp.staged s JOIN "{entry.table}" t ON t."{key}" = s."{key}"'
            f" WHERE {' OR '.join(test.values())} ORDER BY 1 FOR UPDATE OF t",
        )
        for row_key, at, found in self.cursor.fetchall():
            for text in found:
                column, base, ours, theirs = json.loads(text)
                self._decide(
                    entry, staged, conflicts.Clash(row_key, column, base, ours, theirs, at),
                    is_mask=True,
                )  # fmt: skip

    def _decide(
        self, entry: Travelling, staged: Staged, clash: conflicts.Clash, *, is_mask: bool
    ) -> None:
        """Let a policy decide, keep both values, and tell the office when its own lost."""
        conflict = conflicts.decide(
            node=self.node, entry=entry, clash=clash, author=current_actor().author,
            number=self.head.number,
        )  # fmt: skip
        values = {"key": clash.key}
        if conflict.winner == Winner.SUM and is_mask:
            self.cursor.execute(
                f'UPDATE pg_temp.staged s SET "{clash.column}" = t."{clash.column}"'
                f' + s."{clash.column}" - s."{BASE}.{clash.column}" FROM "{entry.table}" t'
                f' WHERE t."{staged.key}" = s."{staged.key}" AND s."{staged.key}" = %(key)s',
                values,
            )
        elif conflict.winner == Winner.CENTRE and is_mask:
            place = staged.masked.index(clash.column) + 1
            self.cursor.execute(
                f'UPDATE pg_temp.staged SET "{MASK}" = overlay("{MASK}" PLACING \'0\' FROM {place})'
                f' WHERE "{staged.key}" = %(key)s',
                values,
            )
        elif conflict.winner == Winner.BRANCH and not is_mask:
            self.cursor.execute(
                f'UPDATE "{entry.table}" t SET "{clash.column}" = s."{clash.column}"'
                f' FROM pg_temp.staged s WHERE t."{staged.key}" = s."{staged.key}"'
                f' AND t."{staged.key}" = %(key)s',
                values,
            )
        if conflict.winner != Winner.BRANCH:
            conflicts.tell_again(node=self.node, table=entry.table, keys=[clash.key])
        conflict.save(force_insert=True)
        self.conflicts += 1

    def _revive(self, entry: Travelling, staged: Staged) -> None:
        """A change of a row that is not there any more brings it back as it was deleted.

        Of what the journal does not know, or knows to have been joined, the change is parked.
        """
        key = staged.key
        self.cursor.execute(
            f'SELECT s."{key}" FROM pg_temp.staged s WHERE NOT EXISTS'
            f' (SELECT FROM "{entry.table}" t WHERE t."{key}" = s."{key}") ORDER BY 1'
        )
        for (gone,) in self.cursor.fetchall():
            if clashes.bring_back(node=self.node, entry=entry, key=gone, limited=self.limited):
                self._note(entry, ConflictKind.DELETED, gone, Winner.BRANCH)
            else:
                rows = staged.take_away(f's."{key}" = %(key)s', {"key": gone})
                self._park(entry, "change", rows, "not_there", "")

    def _take_rows(self, entry: Travelling, staged: Staged) -> None:
        """Rows of tables without former values: taken unless the centre changed them since."""
        self.cursor.execute(
            f'SELECT s."{staged.key}", to_jsonb(t), to_jsonb(s) FROM pg_temp.staged s'
            f' JOIN "{entry.table}" t ON t."{staged.key}" = s."{staged.key}"'
            f' WHERE s."{staged.key}" = ANY(%s)',
            [self._changed_here(entry)],
        )
        for key, ours, theirs in self.cursor.fetchall():
            clash = conflicts.Clash(key, "", None, _json(ours), _json(theirs), None)
            conflict = conflicts.decide(
                node=self.node, entry=entry, clash=clash, author=current_actor().author,
                number=self.head.number,
            )  # fmt: skip
            conflict.winner, conflict.policy = Winner.CENTRE, "centre"
            conflict.save(force_insert=True)
            self.conflicts += 1
            conflicts.tell_again(node=self.node, table=entry.table, keys=[key])
            staged.take_away(f's."{staged.key}" = %(key)s', {"key": key})
        self._upsert(entry, staged)

    def _changed_here(self, entry: Travelling) -> list[UUID]:
        """Keys that somebody else changed since what the office had seen when it packed."""
        seen = (
            MessageLog.objects.filter(
                node=self.node,
                direction=Direction.OUT,
                incarnation=self.node.incarnation,
                number__lte=self.head.acknowledges,
            )
            .exclude(position="")
            .order_by("-number")
            .values_list("position", flat=True)
            .first()
        )
        condition, values = window(seen or self.node.position, current_position())
        self.cursor.execute(
            "SELECT DISTINCT unnest(coalesce(keys, ARRAY[key])) FROM replication_journal"
            f" WHERE {condition} AND table_name = %s AND origin IS DISTINCT FROM %s",
            [*values, entry.table, self.node.pk],
        )
        return [row[0] for row in self.cursor.fetchall()]

    def _delete(self, entry: Travelling, staged: Staged) -> None:
        """An office's deletions: what was changed or added to here since stays, and comes back."""
        key = staged.key
        if BASE in _names(self.cursor):
            compared = [c for c in entry.compared if c not in entry.derived]
            columns = _list(compared, "t")
            former = ", ".join(
                f'CASE WHEN s."{BASE}" ? \'{c}\' THEN b."{c}" ELSE t."{c}" END' for c in compared
            )
            rows = staged.take_away(
                f'EXISTS (SELECT FROM "{entry.table}" t CROSS JOIN LATERAL'
                f' jsonb_populate_record(NULL::"{entry.table}", s."{BASE}") b'
                f' WHERE t."{key}" = s."{key}" AND ROW({columns}) IS DISTINCT FROM ROW({former}))',
                {},
            )
            self._stays(entry, rows, ConflictKind.DELETED)
        self._stays(entry, self._take_parents_away(entry, staged), ConflictKind.PARENT)
        self._delete_rows(entry, staged)

    def _stays(self, entry: Travelling, rows: list[dict[str, Any]], kind: str) -> None:
        for row in rows:
            key = UUID(row[entry.columns[0]])
            self._note(entry, kind, key, Winner.CENTRE)
            conflicts.tell_again(node=self.node, table=entry.table, keys=[key])

    def _note(self, entry: Travelling, kind: str, key: UUID, winner: Winner) -> None:
        wrote = conflicts.latest_writer(entry.table, key, "", but=self.node.pk)
        Conflict.objects.create(
            node=self.node, kind=kind, table=entry.table, key=key, winner=winner,
            policy="update", centre_author=wrote.author, centre_at=wrote.at,
            branch_author=current_actor().author, number=self.head.number,
        )  # fmt: skip
        self.conflicts += 1

    def _propose_joins(self, entry: Travelling, staged: Staged) -> None:
        """Rows that say the same of who they are: a person is asked whether they are one."""
        if not entry.natural_key or not set(entry.natural_key) <= set(staged.columns):
            return
        same = " AND ".join(f'o."{c}" = t."{c}"' for c in entry.natural_key)
        self.cursor.execute(
            f"""
            SELECT o."{staged.key}", t."{staged.key}" FROM pg_temp.staged s
            JOIN "{entry.table}" t ON t."{staged.key}" = s."{staged.key}"
            JOIN "{entry.table}" o ON {same} AND o."{staged.key}" <> t."{staged.key}"
            WHERE t."{entry.natural_key[0]}" <> '' AND NOT EXISTS (
                SELECT FROM replication_conflict c WHERE c.kind = 'same_key'
                AND c."table" = %s AND ((c.key, c.other_key) = (o."{staged.key}", t."{staged.key}")
                    OR (c.other_key, c.key) = (o."{staged.key}", t."{staged.key}")))
            ORDER BY 1, 2
            """,
            [entry.table],
        )
        for older, newer in self.cursor.fetchall():
            Conflict.objects.create(
                node=self.node, kind=ConflictKind.SAME_KEY, table=entry.table, key=older,
                other_key=newer, winner=Winner.NOBODY, policy="ask", number=self.head.number,
                branch_author=current_actor().author,
            )  # fmt: skip
            self.conflicts += 1

    # At an office: the centre's state ---------------------------------------------------------
    def _follow_centre(self, entry: Travelling, operation: str, staged: Staged) -> None:
        self.cursor.execute(  # a newer word of the centre ends what an older one left waiting
            "DELETE FROM replication_parkedchange p USING pg_temp.staged s"
            f' WHERE p.node_id = %s AND p."table" = %s AND p.key = s."{staged.key}"'
            " AND p.number < %s",
            [self.node.pk, entry.table, self.head.number],
        )
        if self.head.is_image and not self.is_first and operation == "row":
            self._remember_seen(entry, staged)
        if operation != "row":
            self._withdraw(entry, operation, staged)
            return
        if self._is_pending(entry.table):
            self._lay_over(entry, staged)
        self._upsert(entry, staged)

    def _is_pending(self, table: str) -> bool:
        """Tell whether changes made here wait for the centre's word; list them once."""
        if self._has_pending is None:
            position = self.node.acknowledged_position
            condition, values = window(position, current_position())
            self.cursor.execute(
                f"""
                CREATE TEMP TABLE IF NOT EXISTS pending (table_name text, key uuid,
                    is_whole boolean, columns text[], PRIMARY KEY (table_name, key))
                    ON COMMIT DROP;
                TRUNCATE pending;
                INSERT INTO pending
                SELECT table_name, coalesce(a.key, k), bool_or(operation <> 'U' OR changed IS NULL),
                    coalesce(array_agg(DISTINCT name) FILTER (WHERE name IS NOT NULL), '{{}}')
                FROM (
                    SELECT l.table_name, r.k, l.operation, l.changed, (
                        SELECT array_agg(told.name) FROM (SELECT) one {TOLD}
                        WHERE l.operation = 'U' AND {IS_TOLD}) AS names
                    FROM replication_journal l {ROWS_OF_LINE} WHERE {condition}
                        AND l.table_name = ANY(%s) AND l.origin IS DISTINCT FROM %s) lines
                LEFT JOIN LATERAL unnest(names) AS name ON true
                LEFT JOIN replication_alias a ON a."table" = table_name AND a.former = k
                GROUP BY table_name, coalesce(a.key, k)
                """,
                [*values, [e.table for e in plan.all_travelling() if e.way == "both"],
                 self.node.pk],
            )  # fmt: skip
            self._has_pending = self.cursor.rowcount > 0
        if not self._has_pending:
            return False
        self.cursor.execute("SELECT EXISTS (SELECT FROM pending WHERE table_name = %s)", [table])
        return bool(self.cursor.fetchone()[0])

    def _lay_over(self, entry: Travelling, staged: Staged) -> None:
        """Take the centre's values where nothing was changed here since; keep ours elsewhere."""
        key = staged.key
        staged.take_away(
            f"EXISTS (SELECT FROM pending p WHERE p.table_name = %(table)s AND p.is_whole"
            f' AND p.key = s."{key}")',
            {"table": entry.table},
        )
        columns = [c for c in staged.columns if c != key and c not in entry.derived]
        sets = ", ".join(
            f'"{c}" = CASE WHEN \'{c}\' = ANY(p.columns) THEN t."{c}" ELSE s."{c}" END'
            for c in columns
        )
        self.cursor.execute(
            f'UPDATE pg_temp.staged s SET {sets} FROM pending p, "{entry.table}" t'
            f' WHERE p.table_name = %s AND p.key = s."{key}" AND t."{key}" = s."{key}"',
            [entry.table],
        )

    def _upsert(self, entry: Travelling, staged: Staged) -> None:
        key, columns = staged.key, staged.columns
        extra = defaults_for(entry, columns)
        given = ", ".join([*(f's."{c}"' for c in columns),
                           *(f"%(default_{n})s" for n, _ in enumerate(extra))])  # fmt: skip
        values = {f"default_{n}": value for n, value in enumerate(extra.values())}
        sets = ", ".join(f'"{c}" = s."{c}"' for c in columns if c != key)
        compared = [c for c in columns if c in entry.compared]
        self.cursor.execute(
            f'UPDATE "{entry.table}" t SET {sets} FROM pg_temp.staged s WHERE t."{key}" = s."{key}"'
            f" AND ROW({_list(compared, 't')}) IS DISTINCT FROM ROW({_list(compared, 's')})"
        )
        self.cursor.execute(
            f'INSERT INTO "{entry.table}" ({_list([*columns, *extra])})'
            f' SELECT {given} FROM pg_temp.staged s'
            f' WHERE NOT EXISTS (SELECT FROM "{entry.table}" t WHERE t."{key}" = s."{key}")',
            values or None,
        )

    def _withdraw(self, entry: Travelling, operation: str, staged: Staged) -> None:
        """Deletions and withdrawals of the centre: what was changed here waits for its word."""
        if self._is_pending(entry.table):
            rows = staged.take_away(
                f"EXISTS (SELECT FROM pending p WHERE p.table_name = %(table)s"
                f' AND p.key = s."{staged.key}")',
                {"table": entry.table},
            )
            if operation == "away":
                self._park(entry, operation, rows, "unsent", "")
        rows = self._take_parents_away(entry, staged)
        waiting = [row for row in rows if not self._has_unsent_child(entry, row)]
        self._park(entry, operation, waiting, "has_children", "")
        if operation == "away":
            self._park(entry, operation, [row for row in rows if row not in waiting], "unsent", "")
        self._delete_rows(entry, staged)

    def _has_unsent_child(self, entry: Travelling, row: dict[str, Any]) -> bool:
        for each in references_to(entry.table):
            if each.travels and self._is_pending(each.table):
                self.cursor.execute(
                    f'SELECT EXISTS (SELECT FROM "{each.table}" c JOIN pending p'
                    f' ON p.table_name = %s AND p.key = c."{each.key}"'
                    f' WHERE c."{each.column}" = %s)',
                    [each.table, row[entry.columns[0]]],
                )
                if self.cursor.fetchone()[0]:
                    return True
        return False

    def _load_first(self, entry: Travelling | Whole, section: Section) -> None:
        """Load rows of a first copy straight into the table, which nobody uses yet."""
        known = [c for c in section.columns if c in entry.columns]
        if len(known) != len(section.columns) or (
            isinstance(entry, Travelling) and defaults_for(entry, section.columns)
        ):
            self._stage(entry, section.operation, section.columns, data=section.data)
            return
        self.cursor.execute(f'ALTER TABLE "{entry.table}" DISABLE TRIGGER USER')
        try:
            self.cursor.copy_expert(
                f'COPY "{entry.table}" ({_list(known)}) FROM STDIN', io.BytesIO(section.data)
            )
        finally:
            if not connection.needs_rollback:
                self._enable(entry.table)

    def _enable(self, table: str) -> None:
        # A table with checks outstanding cannot be altered: those are made first.
        self.cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        self.cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        self.cursor.execute(f'ALTER TABLE "{table}" ENABLE TRIGGER USER')

    def _replace(self, entry: Whole, staged: Staged) -> None:
        """Bring a small table to what was sent; rows that something points to stay."""
        key, columns = staged.key, staged.columns
        if entry.secret and entry.secret.column in columns:
            self._unseal(staged, entry.secret)
        held = " AND ".join(
            f'NOT EXISTS (SELECT FROM "{each.table}" r WHERE r."{each.column}" = t."{key}")'
            for each in references_to(entry.table)
        )
        self.cursor.execute(  # first: a new row may have the unique values of one that went
            f'DELETE FROM "{entry.table}" t WHERE NOT EXISTS (SELECT FROM pg_temp.staged s'
            f' WHERE s."{key}" = t."{key}")' + (f" AND {held}" if held else "")
        )
        sets = ", ".join(f'"{c}" = excluded."{c}"' for c in columns if c != key)
        extra = defaults_for(entry, columns)
        given = ", ".join(['"' + c + '"' for c in columns] + [f"%({c})s" for c in extra])
        self.cursor.execute(
            f'INSERT INTO "{entry.table}" ({_list([*columns, *extra])}) SELECT {given}'
            f' FROM pg_temp.staged ON CONFLICT ("{key}") DO UPDATE SET {sets}',
            extra or None,
        )
        if entry.follow_up:
            entry.follow_up()

    def _unseal(self, staged: Staged, secret: plan.Secret) -> None:
        """Keep secrets as this end does: with a key that only it has."""
        key, column = staged.key, secret.column
        self.cursor.execute(
            f"SELECT s.\"{key}\"::text, s.\"{column}\" #>> '{{}}' FROM pg_temp.staged s"
        )
        stored = {
            row_key: secret.stored(nodes.unseal(self.node, value))
            for row_key, value in self.cursor.fetchall()
        }
        self.cursor.execute(
            f'UPDATE pg_temp.staged s SET "{column}" = v.value'
            f' FROM jsonb_each(%s::jsonb) v WHERE v.key = s."{key}"::text',
            [json.dumps(stored)],
        )

    def _aliases(self, section: Section) -> None:
        for line in section.data.decode().splitlines():
            table, former, key = line.split("\t")
            entry = plan.of_table(table)
            if entry is not None:
                clashes.follow_alias(
                    node=self.node, entry=entry, former=UUID(former), key=UUID(key)
                )

    # Deleting -----------------------------------------------------------------------------------
    def _take_parents_away(self, entry: Travelling, staged: Staged) -> list[dict[str, Any]]:
        """Take rows out of the stage that other rows of the plan hang on."""
        found: list[dict[str, Any]] = []
        for each in references_to(entry.table):
            if each.travels and each.on_delete in ("CASCADE", "PROTECT", "RESTRICT"):
                found += staged.take_away(
                    f'EXISTS (SELECT FROM "{each.table}" c WHERE c."{each.column}" ='
                    f' s."{staged.key}")',
                    {},
                )
        return found

    def _delete_rows(self, entry: Travelling, staged: Staged) -> None:
        for each in references_to(entry.table):
            chosen = f'"{each.column}" IN (SELECT "{staged.key}" FROM pg_temp.staged)'
            if each.on_delete == "SET_NULL":
                self.cursor.execute(
                    f'UPDATE "{each.table}" SET "{each.column}" = NULL WHERE {chosen}'
                )
            elif not each.travels:
                self.cursor.execute(f'DELETE FROM "{each.table}" WHERE {chosen}')
        self.cursor.execute(
            f'DELETE FROM "{entry.table}" t USING pg_temp.staged s'
            f' WHERE t."{staged.key}" = s."{staged.key}"'
        )

    # A new copy over an old one -----------------------------------------------------------------
    def _remember_seen(self, entry: Travelling, staged: Staged) -> None:
        self.cursor.execute(
            'INSERT INTO replication_membership (node_id, "table", key, is_reference)'
            f' SELECT %s, %s, "{staged.key}", false FROM pg_temp.staged ON CONFLICT DO NOTHING',
            [self.node.pk, entry.table],
        )

    def _sweep(self) -> None:
        """Remove what a new copy did not name, but for what was changed here and not sent."""
        for entry in reversed(plan.all_travelling()):
            staged = Staged(self.cursor, entry, entry.columns[:1])
            self.cursor.execute(
                f'INSERT INTO pg_temp.staged SELECT t."{staged.key}" FROM "{entry.table}" t'
                " WHERE NOT EXISTS (SELECT FROM replication_membership m WHERE m.node_id = %s"
                f' AND m."table" = %s AND m.key = t."{staged.key}")',
                [self.node.pk, entry.table],
            )
            self._withdraw(entry, "gone", staged)
        self.cursor.execute("DELETE FROM replication_membership WHERE node_id = %s", [self.node.pk])

    # Parking ------------------------------------------------------------------------------------
    def _require_parents(self, entry: Travelling, operation: str, row: dict[str, Any]) -> None:
        """Bring back parents that the centre deleted while the office added to them."""
        if self.is_centre and operation in ("new", "change"):
            for column, table in entry.parents:
                parent = plan.of_table(table)
                if row.get(column) and parent is not None and clashes.bring_back(
                    node=self.node, entry=parent, key=UUID(row[column]), limited=self.limited
                ):  # fmt: skip
                    self._note(parent, ConflictKind.PARENT, UUID(row[column]), Winner.BRANCH)

    def _park(
        self, entry: Travelling, operation: str, rows: list[dict[str, Any]], reason: str,
        detail: str,
    ) -> None:  # fmt: skip
        if not rows:
            return
        parking.park(
            node=self.node, entry=entry, operation=operation, rows=rows, reason=reason,
            detail=detail, number=self.head.number, now=self.now,
        )  # fmt: skip
        self.parked += len(rows)
        if self.is_centre and reason in ("not_allowed", "not_in_scope"):
            keys = [UUID(row[entry.columns[0]]) for row in rows]
            conflicts.tell_again(node=self.node, table=entry.table, keys=keys)


def _by_level(entry: Travelling, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Order the rows of a tree so that parents come before their children."""
    key = entry.columns[0]
    columns = [column for column, table in entry.parents if table == entry.table]
    left = {row[key]: row for row in rows}
    ordered: list[dict[str, Any]] = []
    while left:
        ready = [
            row for row in left.values()
            if not any(row.get(c) in left and row.get(c) != row[key] for c in columns)
        ]  # fmt: skip
        for row in ready or list(left.values()):
            ordered.append(left.pop(row[key]))
    return ordered


def _names(cursor: Any) -> set[str]:
    cursor.execute("SELECT * FROM pg_temp.staged LIMIT 0")
    return {column[0] for column in cursor.description}


def _json(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value


def _list(columns: Iterable[str], alias: str = "") -> str:
    dot = f"{alias}." if alias else ""
    return ", ".join(f'{dot}"{column}"' for column in columns)

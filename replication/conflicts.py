"""Conflicts: what decides when both sides changed something, and what a person does about it.

Both values are kept, whoever wins. The centre decides; what an office lost is told it again with
the next message. Source: replication reference, chapter 6.5.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from replication import plan
from replication.models import (
    Alias,
    BranchNode,
    Conflict,
    ConflictKind,
    Membership,
    NodeState,
    Resend,
    Side,
    Winner,
)
from replication.plan import Travelling
from replication.staged import references_to
from tenants.context import acting


class CannotTake(Exception):
    """The other version cannot be taken; ``code`` names why, nothing was changed."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Clash:
    """A column of a row that both sides changed to different values."""

    key: UUID
    column: str
    base: Any
    centre: Any
    branch: Any
    branch_at: datetime | None


@dataclass(frozen=True)
class Written:
    """Who changed a column latest, and when."""

    author: UUID | None = None
    at: datetime | None = None


def decide(
    *, node: BranchNode, entry: Travelling, clash: Clash, author: UUID | None, number: int
) -> Conflict:
    """Return the conflict with its winner, not saved; the centre's own clock is the measure."""
    policy = entry.policy_of(clash.column)
    wrote = latest_writer(entry.table, clash.key, clash.column, but=node.pk)
    at = by_our_clock(node, clash.branch_at)
    return Conflict(
        node=node, kind=ConflictKind.FIELD, table=entry.table, key=clash.key,
        column=clash.column, base=clash.base, centre=clash.centre, branch=clash.branch,
        centre_author=wrote.author, branch_author=author, centre_at=wrote.at, branch_at=at,
        winner=_winner(policy, at, wrote.at), policy=policy, number=number,
    )  # fmt: skip


def by_our_clock(node: BranchNode, moment: datetime | None) -> datetime | None:
    """Return a moment that an office's clock gave as the centre's clock would have given it."""
    return moment and moment - timedelta(seconds=node.clock_offset)


def _winner(policy: str, branch_at: datetime | None, centre_at: datetime | None) -> Winner:
    if policy == "later":
        is_later = centre_at is None or branch_at is None or branch_at >= centre_at
        return Winner.BRANCH if is_later else Winner.CENTRE
    if policy == "sum":
        return Winner.SUM
    return Winner.BRANCH if policy in ("received", "branch") else Winner.CENTRE


def latest_writer(table: str, key: UUID, column: str, *, but: UUID | None) -> Written:
    """Return who changed a column of a row latest, other than over one link."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT author, moment FROM replication_journal WHERE key = %s AND table_name = %s"
            " AND origin IS DISTINCT FROM %s AND (%s = '' OR operation <> 'U' OR changed ? %s)"
            " ORDER BY id DESC LIMIT 1",
            [key, table, but, column, column],
        )
        row = cursor.fetchone()
        if row is None:  # nobody changed it: who made it, in a line of many rows
            cursor.execute(
                "SELECT author, moment FROM replication_journal WHERE table_name = %s"
                " AND operation = 'I' AND keys @> ARRAY[%s]::uuid[]"
                " AND origin IS DISTINCT FROM %s ORDER BY id DESC LIMIT 1",
                [table, key, but],
            )
            row = cursor.fetchone()
    return Written(*row) if row else Written()


def tell_again(*, node: BranchNode, table: str, keys: Iterable[UUID]) -> None:
    """Have rows sent with the next message, whatever the journal says of them."""
    Resend.objects.bulk_create(
        [Resend(node=node, table=table, key=key) for key in keys], ignore_conflicts=True
    )


# What a person does ----------------------------------------------------------------------------
@transaction.atomic
def settle(*, conflict: Conflict, by: UUID, now: datetime) -> None:
    """Note that somebody has looked: it stays as it was decided."""
    Conflict.objects.filter(pk=conflict.pk, is_open=True).update(
        is_open=False, resolved_by=by, resolved_at=now
    )


@transaction.atomic
def take_other(*, conflict: Conflict, by: UUID, now: datetime) -> None:
    """Put the value that lost in place of the one that won; the next messages carry it.

    The second time nothing is changed.

    :raises CannotTake: ``gone`` (the row is not there), ``not_a_value`` (not about one column).
    """
    conflict = Conflict.objects.select_for_update().get(pk=conflict.pk)
    if conflict.taken:
        return
    entry = plan.of_table(conflict.table)
    if entry is None or conflict.kind != ConflictKind.FIELD or not conflict.column:
        raise CannotTake("not_a_value")
    is_centre = conflict.winner == Winner.CENTRE
    value = conflict.branch if is_centre else conflict.centre
    with acting(author=by, cause="conflict"):
        if not _set(entry, conflict.key, conflict.column, value, now):
            raise CannotTake("gone")
    conflict.taken = Winner.BRANCH if is_centre else Winner.CENTRE
    conflict.is_open, conflict.resolved_by, conflict.resolved_at = False, by, now
    conflict.save()


@transaction.atomic
def join(*, table: str, keep: UUID, away: UUID, by: UUID, now: datetime) -> None:
    """Join two rows that are the same: everything that points to one points to the other then.

    Late changes of the row that went, from whatever office, land on the one that stayed.

    :raises CannotTake: ``gone`` (one of the rows is not there), ``not_a_value`` (such rows are not
        joined).
    """
    entry = plan.of_table(table)
    if entry is None or keep == away:
        raise CannotTake("not_a_value")
    with acting(author=by, cause="conflict"):
        rows = entry.model._default_manager.select_for_update().filter(pk__in=[keep, away])
        if len({row.pk for row in rows}) != 2:
            raise CannotTake("gone")
        move_references(table, away, keep)
        with connection.cursor() as cursor:
            cursor.execute(
                f'DELETE FROM "{table}" WHERE "{entry.columns[0]}" = %s',
                [away],
            )
        remember_alias(table, former=away, key=keep)
    Conflict.objects.filter(
        table=table, kind=ConflictKind.SAME_KEY, key__in=[keep, away],
        other_key__in=[keep, away], is_open=True,
    ).update(is_open=False, resolved_by=by, resolved_at=now)  # fmt: skip


def move_references(table: str, former: UUID, key: UUID) -> None:
    """Let every row that points to one row point to another; what would be double goes."""
    with connection.cursor() as cursor:
        for each in references_to(table):
            cursor.execute(
                f'SELECT "{each.key}" FROM "{each.table}" WHERE "{each.column}" = %s'
                f' ORDER BY "{each.key}" FOR UPDATE',
                [former],
            )
            for (child,) in cursor.fetchall():
                _move_one(cursor, each.table, each.key, each.column, child, key)


def _move_one(cursor: Any, table: str, pk: str, column: str, child: Any, key: UUID) -> None:
    from django.db import IntegrityError

    try:
        with transaction.atomic():
            cursor.execute(
                f'UPDATE "{table}" SET "{column}" = %s WHERE "{pk}" = %s',
                [key, child],
            )
    except IntegrityError:  # the one that stays has the same child already
        cursor.execute(f'DELETE FROM "{table}" WHERE "{pk}" = %s', [child])


def remember_alias(table: str, *, former: UUID, key: UUID) -> None:
    """Remember that a key is another one now, and have every office told."""
    Alias.objects.filter(table=table, key=former).update(key=key)
    alias, is_new = Alias.objects.get_or_create(table=table, former=former, defaults={"key": key})
    if not is_new and alias.key != key:
        Alias.objects.filter(pk=alias.pk).update(key=key)
    nodes = BranchNode.objects.filter(side=Side.CENTRE).exclude(state=NodeState.REVOKED)
    for node in nodes.order_by("pk"):
        tell_again(node=node, table="replication_alias", keys=[alias.pk])
        held = Membership.objects.filter(node=node, table=table, key=former)
        if held.exists():
            tell_again(node=node, table=table, keys=[key])


def _set(entry: Travelling, key: UUID, column: str, value: Any, now: datetime) -> bool:
    if column not in entry.columns:
        return False
    stamp = ', "updated_at" = %(now)s' if "updated_at" in entry.columns else ""
    with connection.cursor() as cursor:
        cursor.execute(
            f'UPDATE "{entry.table}" t SET "{column}" = v."{column}"{stamp}'
            f' FROM jsonb_populate_record(NULL::"{entry.table}", %(row)s::jsonb) v'
            f' WHERE t."{entry.columns[0]}" = %(key)s',
            {"row": json.dumps({column: value}), "key": key, "now": now},
        )
        return bool(cursor.rowcount)

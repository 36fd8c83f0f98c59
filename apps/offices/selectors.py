"""How the offices are doing, for screens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Count, Q, Sum
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.core.navigation import Mark
from replication import meetings
from replication.models import BranchNode, Conflict, NodeState, ParkedChange, Side
from replication.nodes import this_office
from replication.packing import waiting
from replication.schedule import period
from replication.transports.sentences import SENTENCES, sentence

LONG_AWAY = timedelta(days=30)  # of an office that exchanges by hand


@dataclass(frozen=True)
class Office:
    """An office with what is to be said of it."""

    node: BranchNode
    tone: str
    state: str | Promise
    alarms: list[str | Promise]
    waiting_down: int  # rows packed or changed here that it has not received
    waiting_up: int  # … there, as it told when we met
    open_conflicts: int
    parked: int

    @property
    def compared_at(self) -> datetime | None:
        """When the office was compared with the centre for the last time."""
        at = self.node.told.get("compared_at")
        return datetime.fromisoformat(at) if at else None


def offices(*, now: datetime) -> list[Office]:
    """Return every office of the centre by name."""
    found = (
        BranchNode.objects.filter(side=Side.CENTRE)
        .annotate(
            open_conflicts=Count("conflicts", filter=Q(conflicts__is_open=True), distinct=True),
            parked_changes=Count("parked", distinct=True),
        )
        .order_by("name", "pk")
    )
    packed = dict(
        BranchNode.objects.values("pk")
        .annotate(rows=Sum("outgoing__rows"))
        .values_list("pk", "rows")
    )
    return [_office(node, packed.get(node.pk) or 0, now) for node in found]


def office(*, node: BranchNode, now: datetime) -> Office:
    """Return one office, with the exact count of what waits for it."""
    node.open_conflicts = node.conflicts.filter(is_open=True).count()  # type: ignore[attr-defined]
    node.parked_changes = node.parked.count()  # type: ignore[attr-defined]
    return _office(node, waiting(node=node), now)


def _office(node: Any, rows: int, now: datetime) -> Office:
    alarms = _alarms(node, rows, now)
    tone, state = _state(node, bool(alarms))
    return Office(
        node, tone, state, alarms, rows, int(node.told.get("waiting") or 0),
        node.open_conflicts, node.parked_changes,
    )  # fmt: skip


def _state(node: BranchNode, is_alarming: bool) -> tuple[str, str | Promise]:
    if node.state == NodeState.LIVE:
        return ("bad" if is_alarming else "good"), node.get_state_display()
    tones = {NodeState.REVOKED: "off", NodeState.NEEDS_IMAGE: "bad"}
    return tones.get(NodeState(node.state), "waiting"), node.get_state_display()


def _alarms(node: BranchNode, rows: int, now: datetime) -> list[str | Promise]:
    found: list[str | Promise] = []
    if node.state in (NodeState.WAITING, NodeState.REVOKED):
        return found
    every = period(node.schedule)
    if every and node.met_at and now - node.met_at > max(every * 2, timedelta(minutes=2)):
        found.append(_("Silent for more than twice its period."))
    if every is None and node.met_at and now - node.met_at > LONG_AWAY:
        found.append(_("Has not met the centre for a month. After two it gets a new copy."))
    if meetings.is_recent(node.told, "copied_at", now=now):
        found.append(
            _(
                "Two bases call as this office: a copy of its base is in use. Stop one of the two, "
                "then give the office a new code."
            )
        )
    elif meetings.is_recent(node.told, "restored_at", now=now) and node.fault != "restored":
        found.append(sentence("restored"))
    if node.fault in SENTENCES:
        found.append(sentence(node.fault))
    if meetings.is_growing(node.told, rows):
        found.append(_("The backlog grows: the office does not fetch what waits for it."))
    if node.told.get("differed"):
        found.append(_("Rows differed when the office was compared at night; they are sent again."))
    if node.state == NodeState.NEEDS_IMAGE:
        found.append(_("It gets a new copy at its next exchange."))
    return found


def mark() -> Mark:
    """Return the dot beside "Conflicts": orange while somebody should look."""
    open_conflicts = Conflict.objects.filter(is_open=True).exists()
    if open_conflicts or ParkedChange.objects.exists():
        return Mark("partly", str(_("Conflicts wait for a decision")))
    return Mark()


def known_mark() -> Mark | None:
    """Return the mark without a query: nothing is known."""
    return None


@dataclass(frozen=True)
class Strip:
    """What an office's people see at the top of every page."""

    node: BranchNode
    waiting: int
    fault: str | Promise
    is_running: bool


def strip() -> Strip | None:
    """Return the office's strip; ``None`` at the centre."""
    node = this_office()
    if node is None:
        return None
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory'"
            " AND classid = %s AND objid = %s AND granted)",
            [0x6B6F_7072, 0x755F_6F66],
        )
        is_running = bool(cursor.fetchone()[0])
    return Strip(node, waiting(node=node), sentence(node.fault) if node.fault else "", is_running)


def sides(conflicts: Sequence[Conflict]) -> None:
    """Add to conflicts what a list or card shows of them, with few queries."""
    from apps.offices import words

    known = words.people(
        key for each in conflicts for key in (each.centre_author, each.branch_author,
                                              each.resolved_by)
    )  # fmt: skip
    for each in conflicts:
        each.thing = words.thing(each.table)  # type: ignore[attr-defined]
        each.name = words.name_of(each.table, each.key)  # type: ignore[attr-defined]
        each.address = words.address_of(each.table, each.key)  # type: ignore[attr-defined]
        each.field = words.column(each.table, each.column) if each.column else ""  # type: ignore[attr-defined]
        for side in ("base", "centre", "branch"):
            shown = words.value(each.table, each.column, getattr(each, side)) if each.column else ""
            setattr(each, f"{side}_text", shown)
        each.centre_name = known.get(each.centre_author, "")  # type: ignore[attr-defined,arg-type]
        each.branch_name = known.get(each.branch_author, "")  # type: ignore[attr-defined,arg-type]
        each.resolver = known.get(each.resolved_by, "")  # type: ignore[attr-defined,arg-type]

"""Quarantine: changes of the other end that could not go in wait here, named, and are tried again.

A parked change never holds the link up. It leaves when its cause leaves, when a person has it tried
again, or when a person gives it up; then the other end is told the row as it is here.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from replication.conflicts import tell_again
from replication.models import BranchNode, ParkedChange, Side
from replication.plan import Travelling
from tenants.audit.services import record

FORBIDDEN = ("not_allowed", "not_in_scope")


class StillHeld(Exception):
    """What held a parked change up still does."""


def park(
    *, node: BranchNode, entry: Travelling, operation: str, rows: list[dict[str, Any]],
    reason: str, detail: str, number: int, now: datetime,
) -> None:  # fmt: skip
    """Put changes aside; the same one twice stands once. Forbidden ones go to the security log."""
    key = entry.columns[0]
    ParkedChange.objects.bulk_create(
        [
            ParkedChange(
                node=node, number=number, table=entry.table, key=UUID(row[key]),
                operation=operation, changed_at=row.get("@at"), row=row, reason=reason,
                detail=detail[:300], tried_at=now, tries=1,
            )
            for row in rows
        ],
        ignore_conflicts=True,
    )  # fmt: skip
    if reason in FORBIDDEN:
        record(
            kind="office.refused", office=str(node.pk), table=entry.table, rows=len(rows),
            reason=reason,
        )  # fmt: skip


@transaction.atomic
def discard(*, parked: ParkedChange, by: UUID, now: datetime) -> None:
    """Give a parked change up: what this end has is told to the other end again."""
    node = BranchNode.objects.select_for_update().get(pk=parked.node_id)
    if node.side == Side.CENTRE:
        tell_again(node=node, table=parked.table, keys=[parked.key])
    record(
        kind="office.discarded", by=str(by), office=str(node.pk), table=parked.table,
        key=str(parked.key), row=parked.row,
    )  # fmt: skip
    ParkedChange.objects.filter(pk=parked.pk).delete()


def reason_of(error: Exception) -> tuple[str, str]:
    """Return the name of what the database objected to, and what it said."""
    cause = error.__cause__
    diag = getattr(cause, "diag", None)
    name = type(cause).__name__ if cause is not None else type(error).__name__
    reason = {
        "ForeignKeyViolation": "no_parent", "UniqueViolation": "not_unique",
        "CheckViolation": "check", "NotNullViolation": "check", "StillHeld": "held",
    }.get(name, "value")  # fmt: skip
    return reason, str(getattr(diag, "message_detail", None) or cause or error).strip()

"""Trying parked changes again: after each message, and when a person asks."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import DataError, IntegrityError, transaction

from replication import plan
from replication.applying import Applying
from replication.conflicts import tell_again
from replication.messages import Head
from replication.models import BranchNode, ParkedChange, Side
from replication.parking import FORBIDDEN, StillHeld, reason_of
from tenants.context import acting

_AT_ONCE = 500


def retry_all(*, node: BranchNode, now: datetime) -> int:
    """Try everything of a link again that may have become possible; return how many went in."""
    waiting = ParkedChange.objects.filter(node=node).exclude(reason__in=FORBIDDEN)
    order = {each.table: place for place, each in enumerate(plan.all_travelling())}
    found = sorted(
        waiting.order_by("number", "pk")[:_AT_ONCE],
        key=lambda each: (each.operation in ("gone", "away"), order.get(each.table, 0)),
    )
    return sum(_try(each, node, now) for each in found)


@transaction.atomic
def retry(*, parked: ParkedChange, now: datetime) -> bool:
    """Try one parked change again because a person asks; tell whether it went in."""
    node = BranchNode.objects.select_for_update().get(pk=parked.node_id)
    with acting(origin=node.pk, cause=f"branch:{node.pk}"):
        return _try(parked, node, now)


def _try(parked: ParkedChange, node: BranchNode, now: datetime) -> bool:
    entry = plan.of_table(parked.table)
    if entry is None:
        return False
    applying = Applying(node=node, head=_head(parked, node), now=now, is_first=False)
    try:
        with transaction.atomic():
            ParkedChange.objects.filter(pk=parked.pk).delete()
            applying.take_row(entry, parked.operation, parked.row)
            applying.settle()
            if node.side == Side.CENTRE:  # the office may have been told otherwise meanwhile
                tell_again(node=node, table=parked.table, keys=[parked.key])
    except (IntegrityError, DataError, StillHeld) as error:
        changed: dict[str, Any] = {"tried_at": now, "tries": parked.tries + 1}
        if not isinstance(error, StillHeld):
            reason, detail = reason_of(error)
            changed |= {"reason": reason, "detail": detail[:300]}
        ParkedChange.objects.filter(pk=parked.pk).update(**changed)
        return False
    return True


def _head(parked: ParkedChange, node: BranchNode) -> Head:
    """Return the head of the message the change came with, as far as applying asks for it."""
    return Head(
        company=UUID(int=0), node=node.pk, sender="", incarnation=node.incarnation,
        number=parked.number, acknowledges=node.acknowledged_number, is_batch_end=True,
        is_image=False, rows=1, digest="", size=0, packed_at=parked.created_at,
    )  # fmt: skip

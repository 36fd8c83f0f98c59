"""Receiving: a message of the other end is taken in exactly once, in one transaction.

The number decides: the expected one is applied and noted with what it did, a lower one is a repeat,
a higher one is refused with the number that is wanted. A row that cannot go in is parked with its
reason and the rest of the message goes on; what is parked is tried again after each message
(``docs/protocol/replication.md``, 5).
"""

from __future__ import annotations

import time
from contextlib import nullcontext
from datetime import datetime
from typing import NamedTuple

from django.db import transaction

from replication.applying import Applying
from replication.messages import (
    RELEASE,
    Forked,
    Head,
    Message,
    NotForUs,
    NotInExchange,
    WrongNumber,
    WrongRelease,
    sections,
)
from replication.models import BranchNode, Direction, MessageLog, NodeState, Side
from replication.nodes import company_of
from replication.packing import acknowledge
from replication.retrying import retry_all
from tenants.context import acting, as_schema_owner

FARTHEST = 1  # releases that the two ends may be apart


class Receipt(NamedTuple):
    """What became of a message."""

    number: int
    acknowledged: int  # the latest number received
    rows: int = 0
    parked: int = 0
    conflicts: int = 0
    is_repeat: bool = False


def receive(*, node: BranchNode, message: Message, now: datetime) -> Receipt:
    """Take a message in. The second time nothing is changed and the same number acknowledged.

    :raises MessageRefused: its subclasses name the reason; nothing was changed.
    """
    message.verify(bytes(node.public_key))
    head = message.head
    _require_fit(node, head)
    try:
        return _received(node, message, head, now)
    except Forked:
        BranchNode.objects.filter(pk=node.pk).update(fault="forked")
        raise


def _require_fit(node: BranchNode, head: Head) -> None:
    """Pass when the message is for this end of this link.

    :raises NotForUs: it is not.
    :raises WrongRelease: the two programs are too far apart, or an office is ahead of the centre.
    """
    sender = Side.BRANCH if node.side == Side.CENTRE else Side.CENTRE
    if (head.company, head.node, head.sender) != (company_of(node), node.pk, sender):
        raise NotForUs
    require_release(head.release, sender=sender)


def require_release(release: int, *, sender: str) -> None:
    """Pass when the other end's program and this one understand each other.

    :raises WrongRelease: they are too far apart, or the office is ahead of the centre.
    """
    ahead = release - RELEASE
    if sender == Side.BRANCH:
        if ahead > 0:
            raise WrongRelease("the centre is older than the office", update="centre")
        if -ahead > FARTHEST:
            raise WrongRelease("the office is too old", update="office")
    elif ahead > FARTHEST:
        raise WrongRelease("the office is too old", update="office")
    elif ahead < 0:
        raise WrongRelease("the centre is older than the office", update="centre")


def _received(node: BranchNode, message: Message, head: Head, now: datetime) -> Receipt:
    began = time.perf_counter()
    cause = f"branch:{node.pk}" if node.side == Side.CENTRE else "centre"
    is_first = head.is_image and node.side == Side.BRANCH and node.state == NodeState.COPYING
    owner = as_schema_owner() if is_first else nullcontext()
    with owner, acting(origin=node.pk, cause=cause), transaction.atomic():
        held = BranchNode.objects.select_for_update().get(pk=node.pk)
        if held.state in (NodeState.WAITING, NodeState.REVOKED):
            raise NotInExchange
        if head.incarnation != held.incarnation:
            raise NotInExchange("the office has begun anew since")
        if head.number <= held.received_number:
            return _repeated(held, message, head)
        if head.number > held.received_number + 1:
            raise WrongNumber(wanted=held.received_number + 1)
        acknowledge(node=held, number=head.acknowledges)
        held.refresh_from_db(fields=["acknowledged_number", "acknowledged_position"])
        applying = Applying(node=held, head=head, now=now, is_first=is_first)
        applying.take(sections(message.body))
        applying.settle()
        retry_all(node=held, now=now)
        held.received_number, held.is_within_batch = head.number, not head.is_batch_end
        held.met_at, held.fault = now, ""
        if head.is_image and head.is_batch_end and held.side == Side.BRANCH:
            held.state = NodeState.LIVE
        elif held.side == Side.CENTRE and held.state == NodeState.COPYING:
            held.state = _state_after(held, head)
        held.save(
            update_fields=["received_number", "is_within_batch", "met_at", "fault", "state"]
        )  # fmt: skip
        MessageLog.objects.create(
            node=held, direction=Direction.IN, incarnation=head.incarnation, number=head.number,
            digest=message.digest, rows=head.rows, size=head.size, parked=applying.parked,
            conflicts=applying.conflicts, seconds=time.perf_counter() - began,
        )  # fmt: skip
    for name in ("received_number", "is_within_batch", "met_at", "fault", "state",
                 "acknowledged_number", "acknowledged_position"):  # fmt: skip
        setattr(node, name, getattr(held, name))
    return Receipt(head.number, head.number, head.rows, applying.parked, applying.conflicts)


def _state_after(node: BranchNode, head: Head) -> str:
    """An office that has acknowledged its first copy is in exchange."""
    is_copied = head.acknowledges > 0 and head.acknowledges >= node.acknowledged_number > 0
    outstanding = node.outgoing.filter(number__lte=node.sent_number).exists()
    return NodeState.LIVE if is_copied and not outstanding else NodeState(node.state)


def _repeated(node: BranchNode, message: Message, head: Head) -> Receipt:
    log = MessageLog.objects.filter(
        node=node, direction=Direction.IN, incarnation=head.incarnation, number=head.number
    ).first()
    if log is not None and log.digest != message.digest:
        raise Forked(number=head.number)
    return Receipt(head.number, node.received_number, is_repeat=True)

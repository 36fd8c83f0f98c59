"""A centre and its offices as companies of one database, joined without a line between them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils import timezone
from django_tenants.utils import tenant_context

from replication import nodes, plan
from replication.messages import Message
from replication.models import BranchNode, OutgoingMessage
from replication.packing import acknowledge, pack
from replication.receiving import Receipt, receive
from tenants.models import Company

NOW = timezone.now()


@dataclass
class Place:
    """A base: the centre, or an office with its link."""

    company: Company
    name: str
    node_id: Any = None
    sent: list[bytes] = field(default_factory=list)  # every message it ever made, as it travels

    @contextmanager
    def entered(self) -> Iterator[None]:
        with tenant_context(self.company):
            yield


def join(centre: Place, office: Place, *, prefix: str, scope: dict[str, Any] | None = None,
         now: datetime = NOW) -> None:  # fmt: skip
    """Add the office at the centre and let it join, as the commands do over a line."""
    private, public = nodes.new_key_pair()
    with centre.entered():
        _node, code = nodes.add_office(
            name=office.name, prefix=prefix, scope=scope or {}, schedule={}, seats=0, now=now
        )
        joined = nodes.accept(code=code, public_key=public, told={}, now=now)
    with office.entered():
        nodes.begin_branch(joined=joined, address="http://centre.example", private_key=private)
    office.node_id = joined.node


def node_at(place: Place, office: Place) -> BranchNode:
    """Return the link of an office as a base knows it; inside that base."""
    assert connection.schema_name == place.company.schema_name
    return BranchNode.objects.get(pk=office.node_id)


def messages_of(node: BranchNode) -> list[Message]:
    """Return what a base has to send and has not been acknowledged."""
    found = OutgoingMessage.objects.filter(node=node).order_by("number")
    return [Message(bytes(m.head), bytes(m.signature), bytes(m.body)) for m in found]


def send(origin: Place, target: Place, office: Place, *, now: datetime = NOW) -> list[Receipt]:
    """Pack at one end and take in at the other, everything that waits."""
    with origin.entered():
        node = node_at(origin, office)
        pack(node=node, now=now)
        waiting = [message.encode() for message in messages_of(node)]
    origin.sent += waiting
    receipts = []
    with target.entered():
        for data in waiting:
            receipts.append(
                receive(node=node_at(target, office), message=Message.decode(data), now=now)
            )
    return receipts


def exchange(centre: Place, office: Place, *, now: datetime = NOW) -> list[Receipt]:
    """One whole exchange: the office's changes go up, the centre's come down, both acknowledge."""
    up = send(office, centre, office, now=now)
    down = send(centre, office, office, now=now)
    with office.entered():
        received = node_at(office, office).received_number
    with centre.entered():
        node = node_at(centre, office)
        acknowledge(node=node, number=received)
        told = (node.received_number, node.sent_number)
    with office.entered():
        acknowledge(node=node_at(office, office), number=told[0], sent=told[1])
    return up + down


def contents(place: Place, entry: plan.Travelling) -> dict[str, tuple[Any, ...]]:
    """Return the rows of a table by key, as far as two copies are compared."""
    columns = ", ".join(f'"{c}"' for c in (entry.columns[0], *entry.compared))
    with place.entered(), connection.cursor() as cursor:
        cursor.execute(f'SELECT {columns} FROM "{entry.table}"')
        return {str(row[0]): row[1:] for row in cursor.fetchall()}


def differences(centre: Place, office: Place) -> list[str]:
    """Name the tables in which an office that holds everything differs from the centre."""
    return [
        entry.table
        for entry in plan.all_travelling()
        if contents(centre, entry) != contents(office, entry)
    ]

"""Messages on their way in, part by part: what has arrived of one stays, whatever is cut."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Sum
from django.db.models.functions import Length

from replication.messages import LONGEST_BODY, LONGEST_HEAD, Malformed, TooLarge
from replication.models import BranchNode, MessagePart

LONGEST = LONGEST_BODY + LONGEST_HEAD


class WrongOffset(Exception):
    """A part does not begin where the parts so far end; ``have`` is where they do."""

    def __init__(self, have: int) -> None:
        super().__init__(have)
        self.have = have


def arrived(*, node: BranchNode, number: int) -> int:
    """Return how many bytes of a message have arrived; those of other numbers are forgotten."""
    MessagePart.objects.filter(node=node).exclude(number=number).delete()
    found = MessagePart.objects.filter(node=node, number=number)
    return int(found.aggregate(total=Sum(Length("data")))["total"] or 0)


@transaction.atomic
def add(*, node: BranchNode, number: int, offset: int, size: int, data: bytes) -> int:
    """Add a part and return how much there is now; one that is there already changes nothing.

    :raises WrongOffset: it leaves a gap, or overlaps in another way.
    :raises TooLarge: the message is larger than any may be.
    :raises Malformed: the part goes beyond the message's end.
    """
    if size > LONGEST:
        raise TooLarge(str(size))
    BranchNode.objects.select_for_update().get(pk=node.pk)
    have = arrived(node=node, number=number)
    if offset + len(data) <= have:
        return have
    if offset != have:
        raise WrongOffset(have)
    if offset + len(data) > size:
        raise Malformed("a part goes beyond the end")
    MessagePart.objects.create(node=node, number=number, offset=offset, data=data)
    return have + len(data)


def whole(*, node: BranchNode, number: int) -> bytes:
    """Return a message put together from its parts."""
    found = MessagePart.objects.filter(node=node, number=number).order_by("offset")
    return b"".join(bytes(data) for data in found.values_list("data", flat=True))


def forget(*, node: BranchNode) -> None:
    """Remove the parts: the message was taken in, or can never be."""
    MessagePart.objects.filter(node=node).delete()

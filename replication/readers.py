"""Readers with a place of their own: each reads every line once, whatever fails in between."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import TypeVar

from django.db import transaction

from replication.journal import Change, changes, current_position
from replication.models import Reader

T = TypeVar("T")
NOTHING_SEEN = "3:3:"  # before every transaction there is


class ReaderReleased(Exception):
    """The reader stayed away too long and lines are gone: it has to begin from the rows anew."""


class ReaderBusy(Exception):
    """Another one reads in this reader's name just now."""


def begin(*, name: str, now: datetime, from_the_start: bool = False) -> Reader:
    """Let a reader begin at the position of now, or again after it was released.

    ``from_the_start`` it reads all that the journal still has.
    """
    reader, _ = Reader.objects.update_or_create(
        name=name,
        defaults={
            "position": NOTHING_SEEN if from_the_start else current_position(),
            "updated_at": now, "lines_behind": 0,
            "oldest_unread_at": None, "alarmed_at": None, "released_at": None,
        },
    )  # fmt: skip
    return reader


def read_and_advance(
    *, name: str, take: Callable[[Iterator[Change]], T], now: datetime,
    tables: Sequence[str] | None = None,
) -> T:  # fmt: skip
    """Hand a reader what is new to it and move its place, in one transaction with what it does.

    When ``take`` fails nothing is moved; two runs of one reader wait for each other. What ``take``
    itself writes is new to the reader next time.

    :raises ReaderReleased: it stayed away for so long that lines it needs are gone.
    """
    return advance(
        name=name, now=now, take=lambda after, until: take(changes(after, until, tables))
    )


@transaction.atomic
def advance(*, name: str, take: Callable[[str, str], T], now: datetime, wait: bool = True) -> T:
    """Do the same for a reader that reads by a statement of its own between two positions.

    :raises ReaderReleased: it stayed away for so long that lines it needs are gone.
    :raises ReaderBusy: another one reads in its name, and it was told not to ``wait``.
    :raises Reader.DoesNotExist: it never began.
    """
    if wait:
        reader = Reader.objects.select_for_update().get(name=name)
    else:
        free = Reader.objects.select_for_update(skip_locked=True).filter(name=name).first()
        if free is None:
            Reader.objects.get(name=name)
            raise ReaderBusy(name)
        reader = free
    if reader.released_at is not None:
        raise ReaderReleased(name)
    until = current_position()
    result = take(reader.position, until)
    Reader.objects.filter(pk=reader.pk).update(position=until, updated_at=now)
    return result

"""Readers with a place of their own: each reads every line once, whatever fails in between."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import TypeVar

from django.db import transaction

from replication.journal import Change, changes, current_position
from replication.models import Reader

T = TypeVar("T")


class ReaderReleased(Exception):
    """The reader stayed away too long and lines are gone: it has to begin from the rows anew."""


def begin(*, name: str, now: datetime) -> Reader:
    """Let a reader begin at the position of now, or again after it was released."""
    reader, _ = Reader.objects.update_or_create(
        name=name,
        defaults={
            "position": current_position(), "updated_at": now, "lines_behind": 0,
            "oldest_unread_at": None, "alarmed_at": None, "released_at": None,
        },
    )  # fmt: skip
    return reader


@transaction.atomic
def read_and_advance(
    *, name: str, take: Callable[[Iterator[Change]], T], now: datetime,
    tables: Sequence[str] | None = None,
) -> T:  # fmt: skip
    """Hand a reader what is new to it and move its place, in one transaction with what it does.

    When ``take`` fails nothing is moved; two runs of one reader wait for each other. What ``take``
    itself writes is new to the reader next time.

    :raises ReaderReleased: it stayed away for so long that lines it needs are gone.
    """
    reader = Reader.objects.select_for_update().get(name=name)
    if reader.released_at is not None:
        raise ReaderReleased(name)
    until = current_position()
    result = take(changes(reader.position, until, tables))
    Reader.objects.filter(pk=reader.pk).update(position=until, updated_at=now)
    return result

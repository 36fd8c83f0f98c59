"""What has a change history, on whose card it stands, and how a former value comes back.

Rooms register their models here; the history itself knows none by name.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import models

Rows = Mapping[UUID, str]
Label = Callable[[Collection[UUID]], Rows]
# Brings a row (locked) to a former value by the room's own rules; see ``Refused``.
Restore = Callable[[Any, str, Any], None]


class Refused(Exception):
    """A former value was not restored; the reason is a sentence for the person who asked."""


@dataclass(frozen=True)
class Card:
    """A card that shows a history: the table of its rows, its address, and the right to see it.

    Rows that stand on the card of another may have one of their own, too: ``tables`` are those
    whose changes it shows, ``changes`` which of them, and ``withheld`` which of the tables are not
    for whom these columns of the row are closed.
    """

    table: str
    url_name: str
    right: str
    tables: tuple[str, ...] = ()
    changes: Callable[[UUID], models.Q] | None = None
    withheld: Callable[[frozenset[str]], frozenset[str]] | None = None


@dataclass(frozen=True)
class Tracked:
    """A table whose changes stand on a card.

    ``label`` names rows of a card that has several; ``hidden`` are columns nobody reads of;
    ``withheld`` says which of these rows are not for a person.
    """

    model: type[models.Model]
    card: Card
    label: Label | None = None
    hidden: tuple[str, ...] = ()
    right: str = ""  # to restore a value; empty: nothing is restored
    restore: Restore | None = None
    tells_creation: bool = True
    withheld: Callable[[Collection[UUID], Any], Collection[UUID]] | None = None
    parent: str = ""  # the column of the card's key, where a deleted row can be brought back

    @property
    def table(self) -> str:
        """The name of the table."""
        return self.model._meta.db_table

    @property
    def is_card(self) -> bool:
        """Whether its rows have the card themselves."""
        return self.table == self.card.table


_tracked: dict[str, Tracked] = {}
_further: dict[str, Card] = {}


def track(entry: Tracked) -> None:
    """Keep the history of a table; registered again it stands once."""
    _tracked[entry.table] = entry


def track_part(card: Card) -> None:
    """Let rows that stand on the card of another show their history on their own, too."""
    _further[card.table] = card


def entries_of(card: Card) -> list[Tracked]:
    """Return the tables whose changes a card shows."""
    if card.changes is not None:
        return [_tracked[table] for table in card.tables if table in _tracked]
    return [each for each in _tracked.values() if each.card == card]


def all_tracked() -> list[Tracked]:
    """Return the tables that have a history."""
    return list(_tracked.values())


def of_table(table: str) -> Tracked | None:
    """Return the entry of a table, if it has a history."""
    return _tracked.get(table)


def card_of(table: str) -> Card | None:
    """Return the card whose rows a table holds."""
    entry = _tracked.get(table)
    return entry.card if entry is not None and entry.is_card else _further.get(table)

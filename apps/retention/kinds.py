"""What can be erased by the clock: rooms register their kinds, and what must stay.

A room that keeps something on account of a row of another room (an invoice of a lead) holds it
back by ``hold``; nothing that is held is counted or erased.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.functional import Promise

from apps.core import links
from apps.history.models import RowChange

Narrow = Callable[[QuerySet[Any], datetime], QuerySet[Any]]


@dataclass(frozen=True)
class Kept:
    """A kind of rows that may go.

    ``rows`` returns those that may, whatever their age; ``moment`` is the field from which their
    age counts. ``erase`` takes keys of one batch, inside a transaction, and leaves none of them
    among ``rows``. ``told`` says what becomes of them.
    """

    key: str
    label: str | Promise
    told: str | Promise
    moment: str
    rows: Callable[[], QuerySet[Any]]
    erase: Callable[[Sequence[UUID], datetime], None]
    position: int = 100


_kinds: dict[str, Kept] = {}
_holds: dict[str, dict[str, Narrow]] = defaultdict(dict)


def register(kept: Kept) -> None:
    """Offer a kind in the settings; registered again it stands once."""
    _kinds[kept.key] = kept


def hold(key: str, *, of: str, narrow: Narrow) -> None:
    """Let the room ``of`` leave rows of a kind out; ``narrow`` is given them and the moment."""
    _holds[key][of] = narrow


def kinds() -> list[Kept]:
    """Return what can be erased, in the order of the page."""
    return sorted(_kinds.values(), key=lambda kept: (kept.position, kept.key))


def due(kept: Kept, before: datetime) -> QuerySet[Any]:
    """Return the rows of a kind that are older than a moment and held by nobody."""
    rows = kept.rows().filter(**{f"{kept.moment}__lt": before})
    for narrow in _holds[kept.key].values():
        rows = narrow(rows, before)
    return rows


def forget_traces(kind: str, keys: Sequence[UUID], *, owners: Sequence[UUID] = ()) -> None:
    """Remove what names rows by kind and key, and what the history tells of them.

    ``owners`` are the cards their history stands on, where it is not their own.
    """
    for link in links.all_links():
        if link.has_kind:
            link.model._base_manager.filter(kind=kind, **{f"{link.column}__in": keys}).delete()
    own = Q(owner__in=keys)
    elsewhere = Q(owner__in=owners, key__in=keys)
    RowChange.objects.filter(own | elsewhere if owners else own).delete()

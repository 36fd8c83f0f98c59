"""One timeline for a card: what every room registers, in one query, the newest first.

A room registers a ``Source``: the rows of a card as (moment, key, data). All sources are read by
one ``UNION ALL`` of which each part is cut to a page by its own index, so a year of history costs
what a page costs. Pages go on by key: (moment, key).
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import reduce
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db.models import CharField, Q, QuerySet, Value
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.functional import Promise

from apps.accounts.models import User
from apps.accounts.rights import can
from apps.activities import cards
from apps.activities.cards import CardKind
from tenants.prepared import KeptBy, PreparedBy

PAGE = 30
LONGEST_CURSOR = 200
_COLUMNS = ("tl_moment", "tl_source", "tl_key", "tl_data")  # no field has such a name


@dataclass(frozen=True)
class Card:
    """The card a timeline is of, who looks at it, and its row when the caller has it."""

    kind: CardKind
    key: UUID
    user: Any
    row: Any = None


@dataclass
class Entry:
    """One thing that happened.

    ``data`` is what the source read; ``folded`` are the entries of the same burst below it.
    """

    moment: datetime
    source: str
    key: str
    data: Mapping[str, Any]
    icon: str = "circle"
    title: str = ""
    text: str = ""
    url: str = ""
    who: str = ""
    tone: str = ""
    is_day: bool = False  # known to the day only
    details: Sequence[Any] = ()
    folded: list[Entry] = field(default_factory=list)

    @property
    def more(self) -> int:
        """Return how many changes stand folded below the first one."""
        return len(self.folded) + max(len(self.details) - 1, 0)

    @property
    def day(self) -> date:
        """Return the day it stands under."""
        if self.is_day:
            return self.moment.astimezone(UTC).date()
        return timezone.localtime(self.moment).date()


@dataclass(frozen=True)
class Source:
    """Where entries come from.

    ``rows`` are those of a card, ``None`` when it has none there; ``moment`` and ``data`` are what
    is read of a row; ``tell`` puts a page's entries of this source into words, from what ``data``
    holds: what a join or a subquery can give needs no query of its own. ``filters`` are the chips:
    (key, label, condition).
    """

    key: str
    rows: Callable[[Card], QuerySet[Any] | None]
    moment: Any
    data: Any
    tell: Callable[[Sequence[Entry], Card], None]
    filters: Sequence[tuple[str, str | Promise, Q]]
    right: str = ""
    template: str = "activities/timeline/_plain.html"
    folds: Callable[[Entry, Entry], bool] | None = None
    order: int = 100


@dataclass(frozen=True)
class Page:
    """A page of a timeline and where the next begins (``""``: nowhere)."""

    entries: Sequence[Entry]
    following: str

    @property
    def days(self) -> list[tuple[date, list[Entry]]]:
        """Return the entries by day."""
        return [(day, list(found)) for day, found in groupby(self.entries, lambda each: each.day)]


_sources: dict[str, Source] = {}


def register(source: Source) -> None:
    """Add a source; registered again it replaces the former one."""
    _sources[source.key] = source


def source(key: str) -> Source:
    """Return a source."""
    return _sources[key]


def chips(card: Card) -> list[tuple[str, str | Promise]]:
    """Return the types a card's timeline can be narrowed to."""

    def made() -> list[tuple[str, str | Promise]]:
        found: dict[str, str | Promise] = {}
        for each in _offered(card):
            if each.rows(card) is not None:
                for key, label, _condition in each.filters:
                    found.setdefault(key, label)
        return list(found.items())

    told: list[tuple[str, str | Promise]] = _chips(card.user, card.kind.key, made)
    return told


_chips = KeptBy()


def page(card: Card, *, only: str = "", after: str = "", size: int = PAGE) -> Page:
    """Return a page of a card's timeline; ``only`` is the key of a chip, ``after`` a cursor.

    A cursor that is none begins at the top.
    """
    begin = _opened(after)
    is_first = not only and begin is None and size == PAGE
    if is_first and card.kind.key == cards.CUSTOMERS:
        rows = _first_of_customer(card.user, card.key)
    else:
        rows = list(_rows(card, only, begin, size))
    entries = [Entry(row[0], row[1], row[2], _read(row[3])) for row in rows[:size]]
    following = _cursor(entries[-1]) if len(rows) > size else ""
    for key, each in _sources.items():
        mine = [entry for entry in entries if entry.source == key]
        if mine:
            each.tell(mine, card)
    return Page(_folded(entries), following)


def _rows(
    card: Card, only: str, begin: tuple[datetime, str] | None, size: int
) -> QuerySet[Any, Any]:
    parts = list(_parts(card, only, begin, size))
    if not parts:
        return User.objects.none().values_list("pk")
    if len(parts) == 1:
        return parts[0]  # in order, and cut, already
    union = reduce(lambda first, second: first.union(second, all=True), parts)
    return union.order_by("-tl_moment", "-tl_key")[: size + 1]


def _top(user: Any, key: UUID) -> QuerySet[Any, Any]:
    return _rows(Card(cards.kind_of(cards.CUSTOMERS), key, user), "", None, PAGE)


_first_of_customer = PreparedBy(_top, UUID(int=1))


def _offered(card: Card) -> list[Source]:
    known = sorted(_sources.values(), key=lambda each: (each.order, each.key))
    return [each for each in known if not each.right or can(card.user, each.right)]


def _parts(
    card: Card, only: str, begin: tuple[datetime, str] | None, size: int
) -> Iterator[QuerySet[Any]]:
    for each in _offered(card):
        conditions = [q for key, _label, q in each.filters if only in ("", key)]
        if not conditions:
            continue
        rows = each.rows(card)
        if rows is None:
            continue
        if only:
            rows = rows.filter(conditions[0])
        rows = rows.annotate(
            tl_moment=each.moment,
            tl_source=Value(each.key, output_field=CharField()),
            tl_key=Cast("pk", CharField()),
            tl_data=each.data,
        )
        if begin is not None:
            moment, key = begin
            rows = rows.filter(tl_moment__lte=moment)  # what an index can answer
            rows = rows.filter(Q(tl_moment__lt=moment) | Q(tl_moment=moment, tl_key__lt=key))
        yield rows.order_by("-tl_moment", "-tl_key").values_list(*_COLUMNS)[: size + 1]


def _folded(entries: Sequence[Entry]) -> list[Entry]:
    shown: list[Entry] = []
    for entry in entries:
        latest = shown[-1] if shown else None
        folds = _sources[entry.source].folds
        if latest and folds and latest.source == entry.source and folds(latest, entry):
            latest.folded.append(entry)
        else:
            shown.append(entry)
    return shown


def _read(data: Any) -> Mapping[str, Any]:
    return json.loads(data) if isinstance(data, str) else (data or {})


def _cursor(entry: Entry) -> str:
    body = json.dumps([entry.moment.isoformat(), entry.key])
    return base64.urlsafe_b64encode(body.encode()).decode().rstrip("=")


def _opened(text: str) -> tuple[datetime, str] | None:
    if not text or len(text) > LONGEST_CURSOR:
        return None
    try:
        moment, key = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        found = parse_datetime(moment)
    except (ValueError, TypeError, binascii.Error):
        return None
    if found is None or found.tzinfo is None or not isinstance(key, str) or "\x00" in key:
        return None
    return found, key

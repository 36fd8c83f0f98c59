"""The board: the first cards of every column with one query, what the columns hold with one more.

Each column is a branch of one ``UNION ALL``; every branch reads its first cards from the index
``deal_by_column`` and stops, so the board costs the same with two hundred deals and with twenty
thousand. Counts and sums come from an index of their own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet, Sum

from apps.deals import next_steps
from apps.deals.models import Deal, Pipeline, Stage, StageKind
from apps.deals.next_steps import NextStep
from apps.deals.selectors.finding import DealFilter, deals, narrowed, rotten_days

CARDS = 20
MOST_CARDS = 200
_VALUES = (
    "id", "stage_id", "name", "amount", "currency", "touched_at", "stage_since", "expected_on",
    "counterparty_id", "counterparty__name", "owner_id", "owner__full_name", "owner__email",
)  # fmt: skip


@dataclass(frozen=True)
class Card:
    """A deal as the board shows it."""

    pk: UUID
    stage_id: UUID
    name: str
    amount: Decimal
    currency: str
    touched_at: datetime
    stage_since: datetime
    expected_on: date | None
    counterparty: str
    owner: str
    rotten_days: int = 0
    step: NextStep | None = None
    step_state: str = ""
    is_late: bool = False

    @property
    def cursor(self) -> str:
        """Return what names its place in the column."""
        return f"{self.touched_at.isoformat()}|{self.pk}"


@dataclass(frozen=True)
class Amount:
    """What a column comes to in one currency, as it is and by its probability."""

    currency: str
    amount: Decimal
    weighted: Decimal


@dataclass
class Column:
    """A stage with its first cards."""

    stage: Stage
    count: int = 0
    sums: list[Amount] = field(default_factory=list)
    cards: list[Card] = field(default_factory=list)
    following: str = ""  # the cursor of the next cards

    @property
    def is_over(self) -> bool:
        """Tell whether more deals stand here than the stage is to hold."""
        return self.stage.most_deals is not None and self.count > self.stage.most_deals


@dataclass(frozen=True)
class Board:
    """A pipeline with the columns of its open stages, and the stages deals end in."""

    pipeline: Pipeline
    columns: list[Column]
    ends: list[Stage]

    @property
    def sums(self) -> list[Amount]:
        """Return what all columns come to."""
        total: dict[str, tuple[Decimal, Decimal]] = {}
        for column in self.columns:
            for each in column.sums:
                amount, weighted = total.get(each.currency, (Decimal(0), Decimal(0)))
                total[each.currency] = (amount + each.amount, weighted + each.weighted)
        return [Amount(currency, *pair) for currency, pair in sorted(total.items())]

    @property
    def count(self) -> int:
        """Return how many deals stand on the board."""
        return sum(column.count for column in self.columns)


def board(
    user: Any,
    pipeline: Pipeline,
    stages: Sequence[Stage],
    *,
    chosen: DealFilter,
    today: date,
    now: datetime,
    shown: Mapping[UUID, int] | None = None,
) -> Board:
    """Return the board of a pipeline; ``shown`` says how many cards of a column to bring again."""
    rows = narrowed(deals(user), chosen, today=today, now=now)
    open_ones = [stage for stage in stages if stage.kind == StageKind.OPEN]
    columns = {stage.pk: Column(stage) for stage in open_ones}
    _count(columns, rows, pipeline)
    sizes = {key: min(max((shown or {}).get(key, 0), CARDS), MOST_CARDS) for key in columns}
    found = _first_cards(rows, sizes)
    for card in _dressed(found, columns, today=today, now=now):
        columns[card.stage_id].cards.append(card)
    for key, column in columns.items():
        if len(column.cards) > sizes[key]:
            column.cards = column.cards[: sizes[key]]
            column.following = column.cards[-1].cursor
    return Board(
        pipeline, list(columns.values()), [s for s in stages if s.kind != StageKind.OPEN]
    )


def more_cards(
    user: Any, stage: Stage, *, after: str, chosen: DealFilter, today: date, now: datetime
) -> Column:
    """Return the cards of a column behind a cursor; an unknown cursor gives none."""
    column = Column(stage)
    place = _place(after)
    if place is None:
        return column
    at, key = place
    rows = narrowed(deals(user), chosen, today=today, now=now).filter(
        Q(touched_at__lt=at) | Q(pk__lt=key), stage=stage,
        touched_at__lte=at,  # where the index begins to read
    )  # fmt: skip
    found = list(_ordered(rows)[: CARDS + 1].values_list(*_VALUES))
    column.cards = _dressed(found, {stage.pk: column}, today=today, now=now)
    if len(column.cards) > CARDS:
        column.cards = column.cards[:CARDS]
        column.following = column.cards[-1].cursor
    return column


def heads(
    user: Any, stages: Sequence[Stage], *, chosen: DealFilter, today: date, now: datetime
) -> list[Column]:
    """Return what these stages of one pipeline hold, without cards; one query."""
    columns = {stage.pk: Column(stage) for stage in stages if stage.kind == StageKind.OPEN}
    rows = narrowed(deals(user), chosen, today=today, now=now).filter(stage__in=list(columns))
    if columns:
        _count(columns, rows, stages[0].pipeline)
    return list(columns.values())


def _count(columns: Mapping[UUID, Column], rows: QuerySet[Deal], pipeline: Pipeline) -> None:
    groups = (
        rows.filter(pipeline=pipeline, closed_at__isnull=True)
        .order_by()
        .values_list("stage_id", "currency")
        .annotate(number=Count("*"), total=Sum("amount"))  # from the index alone
    )
    for stage_id, currency, number, total in groups:
        column = columns.get(stage_id)
        if column is None:
            continue
        column.count += number
        weighted = total * column.stage.probability / 100
        column.sums.append(Amount(currency, total, weighted))
    for column in columns.values():
        column.sums.sort(key=lambda each: each.currency)


def _first_cards(rows: QuerySet[Deal], sizes: Mapping[UUID, int]) -> list[tuple[Any, ...]]:
    parts = [
        _ordered(rows.filter(stage=key))[: size + 1].values_list(*_VALUES)
        for key, size in sizes.items()
    ]
    if not parts:
        return []
    found = list(parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0])
    found.sort(key=lambda row: (row[5], row[0]), reverse=True)
    return found


def _ordered(rows: QuerySet[Deal]) -> QuerySet[Deal]:
    return rows.order_by("-touched_at", "-id")


def _dressed(
    found: Sequence[tuple[Any, ...]], columns: Mapping[UUID, Column], *, today: date, now: datetime
) -> list[Card]:
    steps = next_steps.of([row[0] for row in found])
    is_known = next_steps.is_known()
    cards = []
    for row in found:
        (pk, stage_id, name, amount, currency, touched_at, since, expected_on, _partner_id,
         partner, _owner_id, owner_name, owner_email) = row  # fmt: skip
        step = steps.get(pk)
        state = "none" if is_known else ""
        cards.append(
            Card(
                pk, stage_id, name, amount, currency, touched_at, since, expected_on, partner,
                owner_name or owner_email or "",
                rotten_days(stage=columns[stage_id].stage, touched_at=touched_at, now=now),
                step, step.state(today) if step else state,
                expected_on is not None and expected_on < today,
            )
        )  # fmt: skip
    return cards


def _place(after: str) -> tuple[datetime, UUID] | None:
    moment, _bar, key = after.partition("|")
    try:
        at = datetime.fromisoformat(moment)
        return (at, UUID(key)) if at.tzinfo is not None else None
    except ValueError:
        return None

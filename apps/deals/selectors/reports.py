"""Reports: the funnel, the forecast, losses, who is due to buy again, the average invoice."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import (
    Aggregate,
    Avg,
    Count,
    DateField,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    Func,
    Max,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
)
from django.db.models.functions import Coalesce, TruncMonth
from django.db.models.sql.compiler import SQLCompiler

from apps.accounts.rights import visible
from apps.deals.models import Deal, Pipeline, SalesPlan, Stage, StageKind, StageMove
from apps.deals.selectors.finding import deals
from apps.sales.models import Invoice
from apps.sales.selectors import COUNTED

ZERO = Decimal(0)


class Median(Aggregate):
    """The value in the middle."""

    function = "percentile_cont"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"


@dataclass
class FunnelStep:
    """A stage of the funnel: the deals that came this far, and how long they stayed."""

    stage: Stage
    count: int = 0
    amount: Decimal = ZERO
    lost: int = 0  # that came this far and no further, and were lost
    from_former: int | None = None  # per cent of those in the stage before
    from_first: int | None = None
    time: timedelta | None = None  # the median in this stage
    width: int = 0  # of its bar, per cent

    @property
    def days(self) -> Decimal | None:
        """Return the time in days, to a tenth."""
        if self.time is None:
            return None
        return Decimal(self.time.total_seconds() / 86_400).quantize(Decimal("0.1"))


@dataclass
class Funnel:
    """The deals opened in a period, by how far they came."""

    steps: list[FunnelStep]
    count: int = 0
    lost: int = 0
    other_currencies: list[str] = field(default_factory=list)


def funnel(
    user: Any, pipeline: Pipeline, stages: Sequence[Stage], *, from_on: date, until_on: date,
    owner_id: UUID | None, currency: str, now: datetime,
) -> Funnel:  # fmt: skip
    """Return the funnel of the deals opened from one day until another; three queries (F136).

    A deal that skipped a stage counts in it: it came at least so far.
    """
    rows = deals(user).filter(
        pipeline=pipeline, opened_at__date__gte=from_on, opened_at__date__lte=until_on
    )
    if owner_id is not None:
        rows = rows.filter(owner=owner_id)
    furthest = StageMove.objects.filter(deal=OuterRef("pk"), stage__pipeline=pipeline.pk).exclude(
        stage__kind=StageKind.LOST
    )
    groups = list(
        rows.order_by()
        .annotate(furthest=Subquery(furthest.order_by("-stage__position").values("stage__position")[:1]))
        .values_list("furthest", "stage__kind", "currency")
        .annotate(number=Count("pk"), total=Sum("amount"))
    )  # fmt: skip
    steps = [FunnelStep(stage) for stage in stages if stage.kind != StageKind.LOST]
    found = Funnel(steps)
    for place, kind, of_currency, number, total in groups:
        found.count += number
        found.lost += number if kind == StageKind.LOST else 0
        if of_currency != currency and of_currency not in found.other_currencies:
            found.other_currencies.append(of_currency)
        furthest_at = -1 if place is None else place
        reached_ones = [step for step in steps if step.stage.position <= furthest_at]
        for step in reached_ones:
            step.count += number
            step.amount += total if of_currency == currency else ZERO
        if kind == StageKind.LOST and reached_ones:
            reached_ones[-1].lost += number
    _convert(steps)
    times = _times_in_stage(rows, now=now)
    for step in steps:
        if step.stage.kind == StageKind.OPEN:
            step.time = times.get(step.stage.pk)
    return found


def reached(rows: QuerySet[Deal], stage_id: UUID) -> QuerySet[Deal]:
    """Keep the deals that came to a stage of their pipeline, or further."""
    stage = Stage.objects.filter(pk=stage_id).first()
    if stage is None:
        return rows.none()
    moves = StageMove.objects.filter(
        deal=OuterRef("pk"), stage__pipeline=stage.pipeline_id, stage__position__gte=stage.position
    ).exclude(stage__kind=StageKind.LOST)
    return rows.filter(Exists(moves), pipeline=stage.pipeline_id)


@dataclass
class Month:
    """A month of the forecast."""

    first: date
    plan: Decimal | None = None
    won: Decimal = ZERO
    won_count: int = 0
    expected: Decimal = ZERO  # of open deals, as they are
    weighted: Decimal = ZERO  # by their probability
    count: int = 0
    bars: dict[str, int] = field(default_factory=dict)  # geometry of the picture

    @property
    def last(self) -> date:
        """Return the last day of the month."""
        return next_month(self.first) - timedelta(days=1)

    @property
    def outlook(self) -> Decimal:
        """Return what is won and, weighted, still expected."""
        return self.won + self.weighted

    @property
    def share(self) -> int | None:
        """Return how much of the plan the outlook is, in per cent."""
        return round(self.outlook * 100 / self.plan) if self.plan else None

    @property
    def gap(self) -> Decimal | None:
        """Return what is missing to the plan; below zero when it is exceeded."""
        return self.plan - self.outlook if self.plan is not None else None


@dataclass
class Forecast:
    """Months from one to another, and open deals whose expected day is over or not named."""

    months: list[Month]
    overdue: Month
    without_day: Month
    top: Decimal = ZERO  # the highest value of the picture


def forecast(
    user: Any, *, first: date, months: int, pipeline_id: UUID | None, owner_id: UUID | None,
    currency: str, today: date,
) -> Forecast:  # fmt: skip
    """Return the weighted forecast by month against the plan; three queries (F140)."""
    found = {}
    month = first
    for _place in range(months):
        found[month] = Month(month)
        month = next_month(month)
    answer = Forecast(list(found.values()), Month(today), Month(today))
    rows = deals(user).filter(currency=currency)
    if pipeline_id is not None:
        rows = rows.filter(pipeline=pipeline_id)
    if owner_id is not None:
        rows = rows.filter(owner=owner_id)
    weighted = Sum(F("amount") * F("stage__probability") / Value(Decimal(100)))
    this_month = today.replace(day=1)
    open_ones = (
        rows.filter(closed_at__isnull=True).order_by()
        .annotate(month=TruncMonth("expected_on"))
        .values_list("month").annotate(number=Count("pk"), total=Sum("amount"), chance=weighted)
    )  # fmt: skip
    for when, count, amount, by_chance in open_ones:
        kept = answer.without_day if when is None else found.get(when)
        if when is not None and when < this_month:
            kept = answer.overdue
        if kept is not None:
            kept.count += count
            kept.expected += amount
            kept.weighted += by_chance
    won = (
        rows.filter(stage__kind=StageKind.WON, closed_at__date__gte=first).order_by()
        .annotate(month=TruncMonth("closed_at", output_field=DateField()))
        .values_list("month").annotate(number=Count("pk"), total=Sum("amount"))
    )  # fmt: skip
    for when, count, amount in won:
        if when in found:
            found[when].won, found[when].won_count = amount, count
    for when, amount in _plans(list(found), owner_id, currency).items():
        found[when].plan = amount
    _draw(answer)
    return answer


@dataclass(frozen=True)
class Loss:
    """How many deals were lost for one reason, and what they were worth."""

    reason_id: UUID | None
    name: str
    count: int
    amount: Decimal
    share: int


def losses(
    user: Any, *, from_on: date, until_on: date, pipeline_id: UUID | None, owner_id: UUID | None,
    currency: str,
) -> list[Loss]:  # fmt: skip
    """Return the deals lost in a period by reason, most first; one query (G018)."""
    rows = deals(user).filter(
        stage__kind=StageKind.LOST, closed_at__date__gte=from_on, closed_at__date__lte=until_on
    )
    if pipeline_id is not None:
        rows = rows.filter(pipeline=pipeline_id)
    if owner_id is not None:
        rows = rows.filter(owner=owner_id)
    groups = list(
        rows.order_by().values_list("loss_reason_id", "loss_reason__name")
        .annotate(
            number=Count("pk"), total=Sum("amount", filter=Q(currency=currency), default=ZERO)
        )
        .order_by("-number", "loss_reason__name")
    )  # fmt: skip
    whole = sum(number for *_rest, number, _total in groups)
    return [
        Loss(pk, name or "", number, total, round(number * 100 / whole))
        for pk, name, number, total in groups
    ]


@dataclass(frozen=True)
class Due:
    """A customer who buys at some pace, and by it should have bought again."""

    counterparty_id: UUID
    name: str
    responsible: str
    count: int
    average: Decimal
    currency: str
    every_days: int
    latest_on: date
    due_on: date
    late_days: int


def due_again(user: Any, *, today: date, soon: timedelta, limit: int = 200) -> list[Due]:
    """Return the customers due to buy again, the most overdue first; one query (F144).

    Their pace is the average time between invoices: it takes three of them to have one.
    """
    invoices = visible(user, Invoice.objects.all(), "invoices.view").filter(
        status__in=COUNTED, is_archived=False
    )
    rows = (
        invoices.order_by().values("counterparty_id", "counterparty__name", "currency",
                                   "counterparty__responsible__full_name",
                                   "counterparty__responsible__email")
        .annotate(number=Count("pk"), average=Avg("total"), begun=Min("issued_on"),
                  latest=Max("issued_on"))
        .filter(number__gte=3, latest__gt=F("begun"), counterparty__is_archived=False)
        .annotate(due=_DueDay(F("latest"), F("begun"), F("number")))
        .filter(due__lte=today + soon, due__gte=today - timedelta(days=365))
        .order_by("due", "counterparty_id")[:limit]
    )  # fmt: skip
    return [
        Due(
            row["counterparty_id"], row["counterparty__name"],
            row["counterparty__responsible__full_name"]
            or row["counterparty__responsible__email"] or "",
            row["number"], row["average"], row["currency"],
            max((row["due"] - row["latest"]).days, 1), row["latest"], row["due"],
            (today - row["due"]).days,
        )
        for row in rows
    ]  # fmt: skip


@dataclass(frozen=True)
class Average:
    """The average invoice of a month."""

    first: date
    count: int
    amount: Decimal


def average_invoice(
    user: Any, *, first: date, currency: str, owner_id: UUID | None = None
) -> list[Average]:
    """Return the average invoice month by month; one query (F145)."""
    rows = visible(user, Invoice.objects.all(), "invoices.view").filter(
        status__in=COUNTED, is_archived=False, issued_on__gte=first, currency=currency
    )
    if owner_id is not None:
        rows = rows.filter(responsible=owner_id)
    groups = (
        rows.order_by().annotate(month=TruncMonth("issued_on")).values_list("month")
        .annotate(number=Count("pk"), average=Avg("total")).order_by("month")
    )  # fmt: skip
    return [Average(month, count, amount) for month, count, amount in groups]


def next_month(first: date) -> date:
    """Return the first day of the month after a first day."""
    return (first + timedelta(days=32)).replace(day=1)


def months_before(first: date, number: int) -> date:
    """Return the first day of the month so many months before."""
    at = first.year * 12 + first.month - 1 - number
    return date(at // 12, at % 12 + 1, 1)


class _DueDay(Func):
    """Latest day and average time between documents."""

    template = "(%(expressions)s)"
    arg_joiner = ", "
    output_field = DateField()

    def as_sql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, *args: Any, **extra: Any
    ) -> tuple[str, tuple[str | int, ...]]:
        parts = [compiler.compile(each) for each in self.source_expressions]
        latest, begun, number = (sql for sql, _params in parts)
        values = (*parts[0][1], *parts[0][1], *parts[1][1], *parts[2][1])
        return f"({latest} + (({latest} - {begun}) / ({number} - 1))::int)", values


def _times_in_stage(rows: QuerySet[Deal], *, now: datetime) -> dict[UUID, timedelta]:
    """Return the median time that deals spent in each stage; one not left yet counts until now."""
    following = StageMove.objects.filter(deal=OuterRef("deal"), at__gt=OuterRef("at"))
    left = Coalesce(Subquery(following.order_by("at").values("at")[:1]), Value(now))
    moves = (
        StageMove.objects.filter(deal__in=rows.order_by().values("pk")).order_by()
        .annotate(spent=ExpressionWrapper(left - F("at"), output_field=DurationField()))
        .values_list("stage_id").annotate(middle=Median("spent", output_field=DurationField()))
    )  # fmt: skip
    return dict(moves)


def _convert(steps: Sequence[FunnelStep]) -> None:
    first = steps[0].count if steps else 0
    former: int | None = None
    for step in steps:
        step.from_first = round(step.count * 100 / first) if first else None
        step.from_former = round(step.count * 100 / former) if former else None
        step.width = round(step.count * 100 / first) if first else 0
        former = step.count


def _plans(months: Sequence[date], owner_id: UUID | None, currency: str) -> dict[date, Decimal]:
    """Return the plan of each month: of the person, else of the company, else of all people."""
    rows = SalesPlan.objects.filter(month__in=months, currency=currency)
    if owner_id is not None:
        return dict(rows.filter(user=owner_id).values_list("month", "amount"))
    people: dict[date, Decimal] = {}
    company: dict[date, Decimal] = {}
    said: Iterable[tuple[date, UUID | None, Decimal]] = rows.values_list(
        "month", "user_id", "amount"
    )
    for month, user_id, amount in said:
        if user_id is None:
            company[month] = amount
        else:
            people[month] = people.get(month, ZERO) + amount
    return people | company


def _draw(found: Forecast) -> None:
    """Say where the bars of each month stand: 160 units high, the highest value at the top."""
    highest = max([max(m.outlook, m.plan or ZERO, m.won + m.expected) for m in found.months],
                  default=ZERO)  # fmt: skip
    found.top = highest
    for place, month in enumerate(found.months):
        scale = Decimal(160) / highest if highest else ZERO
        won, weighted = round(month.won * scale), round(month.weighted * scale)
        full = round((month.won + month.expected) * scale)
        month.bars = {
            "x": place * 80 + 20, "mid": place * 80 + 40, "won": won, "won_y": 180 - won,
            "weighted": weighted, "weighted_y": 180 - won - weighted, "full": full,
            "full_y": 180 - full, "plan_x": place * 80 + 12, "plan_end": place * 80 + 68,
            "plan_y": 180 - round((month.plan or ZERO) * scale),
        }  # fmt: skip

"""New, active, sleeping and lost customers at the end of a period (F127)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db.models import Count, Max, Min, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.accounts.rights import visible
from apps.counterparties.models import Counterparty
from apps.reports.bounded import rows_of
from apps.reports.models import ReportSettings
from apps.reports.periods import Period
from apps.sales.models import Invoice
from apps.sales.selectors import COUNTED

STATES: dict[str, str | Promise] = {
    "new": pgettext_lazy("customers", "New"), "active": pgettext_lazy("customers", "Active"),
    "sleeping": pgettext_lazy("customers", "Sleeping"), "lost": pgettext_lazy("customers", "Lost"),
}  # fmt: skip
MEANINGS: dict[str, str | Promise] = {
    "new": _("bought for the first time in the period"),
    "active": _("bought before the period too, and lately"),
    "sleeping": _("have not bought for a while"), "lost": _("have not bought for long"),
}  # fmt: skip


@dataclass(frozen=True)
class Limits:
    """After how many days without a purchase a customer sleeps, and is lost."""

    sleeping_days: int
    lost_days: int


@dataclass(frozen=True)
class State:
    """How many customers are in a state at the end of a period, and of the one before."""

    key: str
    label: str | Promise
    meaning: str | Promise
    count: int
    prior: int
    share: int = 0  # of the highest count, for the picture

    @property
    def change(self) -> int:
        """Return how many more there are than before."""
        return self.count - self.prior


def settings() -> ReportSettings:
    """Return how the company counts; the usual way where nobody has said."""
    return ReportSettings.objects.select_related("cost_price_type").first() or ReportSettings()


def states(user: Any, *, period: Period, prior: Period, limits: Limits) -> list[State]:
    """Return the customers by state, beside the period before; one query."""
    read = _purchases(user, period.until_on).annotate(
        latest_before=Max("issued_on", filter=Q(issued_on__lte=prior.until_on))
    )
    try:
        sql, values = read.query.sql_with_params()
    except EmptyResultSet:
        found: Sequence[int] = [0] * 8
    else:
        places = [*_places(period, limits), *_places(prior, limits)]
        found = rows_of(_COUNTS.format(read=sql), [*places, *values])[0]
    highest = max(found[:4], default=0)
    return [
        State(
            key, label, MEANINGS[key], found[place], found[place + 4],
            round(found[place] * 100 / highest) if highest else 0,
        )
        for place, (key, label) in enumerate(STATES.items())
    ]  # fmt: skip


def in_state(
    user: Any, state: str, *, period: Period, limits: Limits, rows: QuerySet[Any]
) -> QuerySet[Any]:
    """Keep the customers of a state: the list behind a number."""
    wanted = _purchases(user, period.until_on).filter(_is_in(state, period, limits))
    return rows.filter(pk__in=wanted.values("counterparty_id"))


def bought(user: Any, keys: Sequence[UUID], *, until_on: date) -> dict[UUID, dict[str, Any]]:
    """Return first and latest purchase and their number for customers of a page; one query."""
    rows = _purchases(user, until_on).filter(counterparty__in=keys)
    return {
        row["counterparty_id"]: row
        for row in rows.annotate(number=Count("pk")).values(
            "counterparty_id", "first", "latest", "number"
        )
    }


def newcomers(user: Any, *, first: date, until_on: date) -> dict[date, int]:
    """Return how many customers bought for the first time in each month; one query."""
    read = _purchases(user, until_on)
    try:
        sql, values = read.query.sql_with_params()
    except EmptyResultSet:
        return {}
    return dict(rows_of(_MONTHS.format(read=sql), [*values, first]))


_COUNTS = """SELECT
    count(*) FILTER (WHERE first BETWEEN %s AND %s),
    count(*) FILTER (WHERE first < %s AND latest > %s),
    count(*) FILTER (WHERE first < %s AND latest <= %s AND latest > %s),
    count(*) FILTER (WHERE first < %s AND latest <= %s),
    count(*) FILTER (WHERE first BETWEEN %s AND %s),
    count(*) FILTER (WHERE first < %s AND latest_before > %s),
    count(*) FILTER (WHERE first < %s AND latest_before <= %s AND latest_before > %s),
    count(*) FILTER (WHERE first < %s AND latest_before <= %s)
FROM ({read}) bought"""
_MONTHS = """SELECT date_trunc('month', first)::date, count(*) FROM ({read}) bought
WHERE first >= %s GROUP BY 1"""


def _places(period: Period, limits: Limits) -> list[date]:
    """Return the days of the four conditions, in the order of ``_COUNTS``."""
    begin, end = period.from_on, period.until_on
    sleeps, lost = _days(period, limits)
    return [begin, end, begin, sleeps, begin, sleeps, lost, begin, lost]


def _days(period: Period, limits: Limits) -> tuple[date, date]:
    """Return the latest purchase with which a customer sleeps, and with which it is lost."""
    end = period.until_on
    return end - timedelta(days=limits.sleeping_days), end - timedelta(days=limits.lost_days)


def _is_in(state: str, period: Period, limits: Limits) -> Q:
    sleeps, lost = _days(period, limits)
    if state == "new":
        return Q(first__gte=period.from_on, first__lte=period.until_on)
    former = Q(first__lt=period.from_on)
    if state == "active":
        return former & Q(latest__gt=sleeps)
    if state == "sleeping":
        return former & Q(latest__lte=sleeps, latest__gt=lost)
    return former & Q(latest__lte=lost)


def _purchases(user: Any, until_on: date) -> QuerySet[Any]:
    """Return the customers a person sees with their first and latest purchase until a day."""
    seen = visible(user, Counterparty.objects.filter(is_archived=False), "counterparties.view")
    rows = visible(user, Invoice.objects.all(), "invoices.view").filter(
        status__in=COUNTED, is_archived=False, issued_on__lte=until_on,
        counterparty__in=seen.order_by().values("pk"),
    )  # fmt: skip
    found: QuerySet[Any] = rows.order_by().values("counterparty_id").annotate(
        first=Min("issued_on"), latest=Max("issued_on")
    )
    return found

"""Which customers are worth an effort: RFM and ABC, the reason of each in words (F129).

R, F and M are fifths: how lately, how often and for how much a customer bought within the days
looked at, 5 the best. ABC: A are those that make 80 % of the revenue, B the next 15 %, C the rest.
Growth compares the later half of the days with the earlier one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db.models import F, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from apps.accounts.rights import visible
from apps.core.formats import money_text
from apps.counterparties.models import Counterparty
from apps.deals.models import Deal
from apps.reports.bounded import rows_of
from apps.reports.selectors.sales import percent, sources
from apps.sales.models import Invoice
from apps.sales.selectors import COUNTED

PAGE = 50
SEGMENTS: dict[str, str | Promise] = {
    "core": pgettext_lazy("customers", "The core"),
    "growing": pgettext_lazy("customers", "Growing"),
    "wake": pgettext_lazy("customers", "To be won back"),
    "begun": pgettext_lazy("customers", "Began large"),
    "other": pgettext_lazy("customers", "The others"),
}  # fmt: skip
MEANINGS: dict[str, str | Promise] = {
    "core": gettext_lazy("buy lately, often and for much"),
    "growing": gettext_lazy("bought at least a third more in the later half"),
    "wake": gettext_lazy("bought often and much, and are silent now"),
    "begun": gettext_lazy("new, with purchases above most others"),
    "other": gettext_lazy("nothing stands out"),
}  # fmt: skip
CLASSES = ("A", "B", "C")


@dataclass(frozen=True)
class Ask:
    """What is asked: the days looked at, the currency, what narrows the list."""

    until_on: date
    days: int = 365
    currency: str = ""
    segment: str = ""
    abc: str = ""
    manager: UUID | None = None
    page: int = 1
    size: int = PAGE


@dataclass(frozen=True)
class Promising:
    """A customer with its marks; ``score`` is of 100."""

    counterparty_id: UUID
    name: str
    manager: str
    recency: int
    frequency: int
    money: int
    abc: str
    segment: str
    score: int
    count: int
    revenue: Decimal
    earlier: Decimal
    later: Decimal
    latest: date
    open_deals: int
    open_amount: Decimal
    currency: str
    today: date

    @property
    def segment_label(self) -> str | Promise:
        """Return the segment in words."""
        return SEGMENTS[self.segment]

    @property
    def silent_days(self) -> int:
        """Return for how many days nothing was bought."""
        return (self.today - self.latest).days

    @property
    def reason(self) -> str:
        """Return in words why the customer stands where it does."""
        parts = [
            ngettext(
                "%(count)d purchase for %(amount)s", "%(count)d purchases for %(amount)s",
                self.count,
            ) % {"count": self.count, "amount": money_text(self.revenue, self.currency)},
            ngettext(
                "the latest %(count)d day ago", "the latest %(count)d days ago", self.silent_days
            ) % {"count": self.silent_days},
        ]  # fmt: skip
        growth = percent(self.later - self.earlier, self.earlier)
        if self.segment == "growing" and growth is not None:
            parts.append(_("in the later half %(share)s %% more than in the earlier one")
                         % {"share": round(growth)})  # fmt: skip
        elif self.segment == "growing":
            parts.append(_("everything in the later half"))
        elif self.segment == "wake":
            parts.append(_("among the best by number and amount, and silent now"))
        elif self.segment == "begun":
            parts.append(_("a newcomer that buys for more than most"))
        elif self.segment == "core":
            parts.append(_("among the best by date, number and amount"))
        if self.open_deals:
            parts.append(
                ngettext(
                    "%(count)d open deal for %(amount)s", "%(count)d open deals for %(amount)s",
                    self.open_deals,
                ) % {"count": self.open_deals,
                     "amount": money_text(self.open_amount, self.currency)}
            )  # fmt: skip
        return "; ".join(parts)


@dataclass(frozen=True)
class Ranking:
    """A page of the ranking, how many stand in each segment and class, whether more follow."""

    rows: Sequence[Promising]
    segments: dict[str, int]
    classes: dict[str, int]
    has_more: bool


def ranked(user: Any, ask: Ask) -> Ranking:
    """Return the customers a person sees, the most promising first; one statement."""
    begin = ask.until_on - timedelta(days=ask.days - 1)
    middle = begin + timedelta(days=ask.days // 2)
    try:
        bought, values = _compiled(_bought(user, ask))
        deals, deal_values = _compiled(_open_deals(user, ask)) if "deals" in sources(user) else (
            "SELECT NULL::uuid, 0::numeric WHERE false", ()
        )  # fmt: skip
    except EmptyResultSet:
        return Ranking([], {}, {}, False)
    after = (ask.page - 1) * ask.size
    parameters = [
        *values, *deal_values, begin, begin, begin, middle, middle, begin, begin,
        ask.segment, ask.segment, ask.abc, ask.abc,
        ask.manager, ask.manager, after, after + ask.size + 1,
    ]  # fmt: skip
    found = rows_of(_RANKING.format(bought=bought, deals=deals), parameters)
    segments: dict[str, int] = {}
    classes: dict[str, int] = {}
    rows = []
    for is_count, segment, abc, number, *values in found:
        if is_count == "segment":
            segments[segment] = number
        elif is_count == "class":
            classes[abc] = number
        else:
            (pk, name, manager, recency, frequency, money, score, count, revenue, earlier, later,
             latest, deals_count, amount, _place) = values  # fmt: skip
            rows.append(Promising(
                pk, name, manager or "", recency, frequency, money, abc, segment, score, count,
                revenue, earlier, later, latest, deals_count, amount, ask.currency, ask.until_on,
            ))  # fmt: skip
    return Ranking(rows[: ask.size], segments, classes, len(rows) > ask.size)


_RANKING = """WITH bought (customer, day, total) AS ({bought}),
promised (customer, amount) AS ({deals}),
sums AS (
    SELECT customer, min(day) AS first, max(day) AS latest,
        count(*) FILTER (WHERE day >= %s) AS number,
        sum(total) FILTER (WHERE day >= %s) AS revenue,
        coalesce(sum(total) FILTER (WHERE day >= %s AND day < %s), 0) AS earlier,
        coalesce(sum(total) FILTER (WHERE day >= %s), 0) AS later
    FROM bought GROUP BY customer HAVING sum(total) FILTER (WHERE day >= %s) > 0
),
marked AS (
    SELECT *, ntile(5) OVER (ORDER BY latest, customer) AS r,
        ntile(5) OVER (ORDER BY number, revenue, customer) AS f,
        ntile(5) OVER (ORDER BY revenue, customer) AS m,
        sum(revenue) OVER (ORDER BY revenue DESC, customer) - revenue AS above,
        sum(revenue) OVER () AS whole
    FROM sums
),
placed AS (
    SELECT marked.*, c.name, c.responsible_id,
        CASE WHEN above < whole * 0.8 THEN 'A' WHEN above < whole * 0.95 THEN 'B' ELSE 'C' END
            AS abc,
        CASE WHEN number >= 3 AND f >= 4 AND m >= 4 AND r <= 2 THEN 'wake'
            WHEN number <= 2 AND m >= 4 AND first >= %s AND r >= 4 THEN 'begun'
            WHEN number >= 3 AND later >= earlier * 4 / 3 AND r >= 3 THEN 'growing'
            WHEN r >= 4 AND f >= 4 AND m >= 4 THEN 'core' ELSE 'other' END AS segment
    FROM marked JOIN counterparties_counterparty c ON c.id = marked.customer
),
open_ones AS (
    SELECT customer, count(*) AS deals, sum(amount) AS amount FROM promised GROUP BY customer
),
scored AS (
    SELECT placed.*, coalesce(o.deals, 0) AS deals, coalesce(o.amount, 0) AS amount,
        least(100, (r + f + 2 * m) * 4
            + CASE segment WHEN 'growing' THEN 15 WHEN 'wake' THEN 15 WHEN 'begun' THEN 10 ELSE 0
                END
            + CASE WHEN o.deals > 0 THEN 5 ELSE 0 END) AS score
    FROM placed LEFT JOIN open_ones o ON o.customer = placed.customer
),
wanted AS (
    SELECT *, row_number() OVER (ORDER BY score DESC, revenue DESC, customer) AS place
    FROM scored WHERE (%s = '' OR segment = %s) AND (%s = '' OR abc = %s)
        AND (%s::uuid IS NULL OR responsible_id = %s::uuid)
)
SELECT * FROM (
    SELECT 'segment' AS told, segment, '' AS abc, count(*) AS number, NULL::uuid, '' AS name,
        '' AS manager, 0 AS r, 0 AS f, 0 AS m, 0 AS score, 0::bigint AS purchases, 0 AS revenue,
        0 AS earlier, 0 AS later, NULL::date AS latest, 0::bigint AS deals, 0 AS amount,
        0::bigint AS place
    FROM scored GROUP BY segment
    UNION ALL
    SELECT 'class', '', abc, count(*), NULL, '', '', 0, 0, 0, 0, 0, 0, 0, 0, NULL, 0, 0, 0
    FROM scored GROUP BY abc
    UNION ALL
    SELECT '', segment, abc, 0, customer, wanted.name,
        coalesce(nullif(u.full_name, ''), u.email), r, f, m, score, number, revenue, earlier,
        later, latest, deals, amount, place
    FROM wanted LEFT JOIN accounts_user u ON u.id = wanted.responsible_id
    WHERE place > %s AND place <= %s
) told ORDER BY place"""


def _compiled(rows: QuerySet[Any]) -> tuple[str, Sequence[Any]]:
    return rows.query.sql_with_params()


def _bought(user: Any, ask: Ask) -> QuerySet[Any]:
    """Return every purchase until the day: whether somebody is new only the whole past tells."""
    seen = visible(user, Counterparty.objects.filter(is_archived=False), "counterparties.view")
    rows = visible(user, Invoice.objects.all(), "invoices.view").filter(
        status__in=COUNTED, is_archived=False, issued_on__lte=ask.until_on,
        currency=ask.currency, counterparty__in=seen.order_by().values("pk"),
    )  # fmt: skip
    return rows.order_by().values_list("counterparty_id", "issued_on", "total")


def _open_deals(user: Any, ask: Ask) -> QuerySet[Any]:
    rows = Deal.objects.filter(
        closed_at__isnull=True, is_archived=False, currency=ask.currency
    )
    rows = visible(user, rows, "deals.view")
    return rows.order_by().annotate(worth=F("amount")).values_list("counterparty_id", "worth")

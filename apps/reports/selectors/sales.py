"""Sales by manager, customer, product, group or period, beside the period before.

One statement over the documents a person may see: ``visible`` narrows them, everything else is
grouped by PostgreSQL. Revenue is what customers pay, tax included; margin is counted without tax
on both sides, over the lines whose cost is known.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, cast
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db.models import DecimalField, F, Q, QuerySet, Value
from django.db.models.functions import TruncDate
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.accounts.rights import can, fields, visible
from apps.catalog.models import Product, ProductGroup
from apps.core.lists import grouping
from apps.counterparties.models import Counterparty
from apps.deals.models import Deal, DealLine, StageKind
from apps.reports.bounded import rows_of
from apps.reports.periods import Period
from apps.reports.selectors import by_field, own_fields
from apps.sales.models import Invoice, InvoiceLine
from apps.sales.selectors import COUNTED

ZERO = Decimal(0)
PAGE = 100
NOBODY = "none"  # in addresses: documents without this person, product or group

DIMENSIONS: dict[str, str | Promise] = {
    "manager": _("Manager"), "customer": _("Customer"), "product": _("Product"),
    "group": _("Product group"), "period": _("Period"),
}  # fmt: skip
SOURCES: dict[str, str | Promise] = {"invoices": _("Invoices"), "deals": _("Won deals")}
MEASURES = dict.fromkeys(
    ("revenue", "paid", "count", "average", "quantity", "discount", "cost", "margin", "change")
)  # by which the rows can be sorted
_OF_LINES = frozenset({"product", "group"})


@dataclass(frozen=True)
class Ask:
    """What is asked of sales; a key may be a UUID or ``NOBODY``."""

    period: Period
    by: str = "manager"
    source: str = "invoices"
    currency: str = ""
    comparison: str = "before"
    manager: str = ""
    customer: str = ""
    product: str = ""
    group: str = ""
    own: str = ""  # narrowed by a field of the company's own, as ``own_fields`` names it,
    own_at: str = ""  # to this value
    sort: str = "revenue"
    page: int = 1
    size: int = PAGE

    @property
    def prior(self) -> Period:
        """Return the period it is compared with."""
        return self.period.before(self.comparison)

    @property
    def is_in_time(self) -> bool:
        """Tell whether groups are days or months, which stand in their own order."""
        return self.by == "period"

    @property
    def is_of_lines(self) -> bool:
        """Tell whether single lines are counted and not whole documents."""
        return self.by in _OF_LINES or bool(self.product or self.group)


@dataclass
class Figures:
    """What a row of the analysis comes to."""

    key: Any = None
    label: str = ""
    count: int = 0
    revenue: Decimal = ZERO
    paid: Decimal = ZERO
    quantity: Decimal = ZERO
    listed: Decimal = ZERO
    discount: Decimal = ZERO
    net: Decimal = ZERO
    net_known: Decimal = ZERO  # of the lines whose cost is known
    cost: Decimal = ZERO
    prior: Decimal = ZERO
    prior_count: int = 0
    share: int = 0  # of the highest revenue, for the picture

    @property
    def average(self) -> Decimal | None:
        """Return the average document."""
        return self.revenue / self.count if self.count else None

    @property
    def discount_share(self) -> Decimal | None:
        """Return the discount in per cent of what the lists say."""
        return percent(self.discount, self.listed)

    @property
    def has_cost(self) -> bool:
        """Tell whether the cost of anything is known."""
        return bool(self.net_known)

    @property
    def margin(self) -> Decimal | None:
        """Return what is left of the known part, without tax; ``None`` when no cost is known."""
        return self.net_known - self.cost if self.has_cost else None

    @property
    def margin_share(self) -> Decimal | None:
        """Return the margin in per cent of the net revenue whose cost is known."""
        return percent(self.net_known - self.cost, self.net_known) if self.has_cost else None

    @property
    def known_share(self) -> int:
        """Return of how much of the net revenue the cost is known, in per cent."""
        return round(self.net_known * 100 / self.net) if self.net else 0

    @property
    def change(self) -> Decimal | None:
        """Return the change against the period before in per cent; ``None`` from nothing."""
        return percent(self.revenue - self.prior, self.prior)


@dataclass
class Analysis:
    """Rows of a page, what everything comes to, whether more rows follow."""

    rows: list[Figures] = field(default_factory=list)
    total: Figures = field(default_factory=Figures)
    has_more: bool = False


def percent(part: Decimal, whole: Decimal) -> Decimal | None:
    """Return a part in per cent, to a tenth; ``None`` of nothing."""
    return (part * 100 / whole).quantize(Decimal("0.1")) if whole else None


def dimensions(user: Any, source: str) -> dict[str, str | Promise]:
    """Return by what a person may group: not by a manager that their role hides."""
    hidden = fields(user, source).hidden
    is_hidden = bool({"responsible", "owner"} & hidden)
    found = {key: label for key, label in DIMENSIONS.items() if key != "manager" or not is_hidden}
    return found | {key: own.label for key, own in own_fields.offered(user, source).items()}


def sources(user: Any) -> dict[str, str | Promise]:
    """Return of what a person may see sales; amounts of deals may be hidden."""
    found = {}
    for key, label in SOURCES.items():
        if can(user, f"{key}.view") and "amount" not in fields(user, key).hidden:
            found[key] = label
    return found


def documents(user: Any, ask: Ask, *, period: Period | None = None) -> QuerySet[Any]:
    """Return the invoices or deals that a figure counts: every number leads to these rows."""
    days = period or ask.period
    if ask.source == "deals":
        rows = _deals(user, days)
        person, document = "owner", "deal"
        lines: QuerySet[Any] = DealLine.objects.all()
    else:
        rows = _invoices(user, days)
        person, document = "responsible", "invoice"
        lines = InvoiceLine.objects.all()
    if ask.currency:
        rows = rows.filter(currency=ask.currency)
    rows = rows.filter(_is(person, ask.manager), _is("counterparty", ask.customer))
    if ask.own:
        rows = rows.filter(_is_own(user, ask))
    wanted = _is("product", ask.product) & _is("product__group", ask.group)
    if ask.product or ask.group:
        rows = rows.filter(pk__in=lines.filter(wanted).order_by().values(document))
    return rows


def analyse(user: Any, ask: Ask) -> Analysis:
    """Return the analysis; one statement for the figures, one for what their keys are called."""
    found = _read(user, ask)
    _name(found.rows, ask, user)
    highest = max((row.revenue for row in found.rows), default=ZERO)
    for row in found.rows:
        row.share = round(row.revenue * 100 / highest) if highest > 0 else 0
    return found


def own_value(user: Any, ask: Ask) -> str:
    """Return what the value is called by which an own field narrows the report."""
    own = own_fields.offered(user, ask.source).get(ask.own)
    if own is None or ask.own_at == by_field.NOTHING:
        return str(_("nothing entered"))
    try:
        row = Figures(by_field.value_at(own.field, ask.own_at))
    except ValueError:
        return "…"
    _name_own([row], own, user)
    return row.label


def by_period(user: Any, ask: Ask) -> list[Figures]:
    """Return the figures day by day, week by week or month by month, those without sales too."""
    unit = ask.period.unit
    asked = replace(ask, by="period", page=1, size=800)
    is_trend = ask.by != "period"
    known = {row.key: row for row in _read(user, asked, is_trend=is_trend).rows}
    found = [known.get(day) or Figures(day) for day in _days(ask.period, unit)]
    highest = max((max(row.revenue, row.prior) for row in found), default=ZERO)
    for row in found:
        row.share = round(row.revenue * 100 / highest) if highest > 0 else 0
    return found


def by_currency(user: Any, ask: Ask) -> list[Figures]:
    """Return what was sold in each currency; the key is the currency."""
    rows = _read(user, replace(ask, by="currency", currency="")).rows
    for row in rows:
        row.label = str(row.key)
    return rows


def currencies(user: Any) -> list[str]:
    """Return the currencies in which a person's invoices were issued within a year."""
    since = timezone.localdate() - timedelta(days=365)
    rows = visible(user, Invoice.objects.filter(issued_on__gte=since), "invoices.view")
    return sorted(rows.order_by().values_list("currency", flat=True).distinct())


def _invoices(user: Any, days: Period) -> QuerySet[Any]:
    rows = Invoice.objects.filter(
        status__in=COUNTED, is_archived=False, issued_on__gte=days.from_on,
        issued_on__lte=days.until_on,
    )  # fmt: skip
    return visible(user, rows, "invoices.view")


def _deals(user: Any, days: Period) -> QuerySet[Any]:
    zone = timezone.get_current_timezone()
    begin = datetime.combine(days.from_on, time.min, tzinfo=zone)
    end = datetime.combine(days.until_on + timedelta(days=1), time.min, tzinfo=zone)
    rows = Deal.objects.filter(
        stage__kind=StageKind.WON, is_archived=False, closed_at__gte=begin, closed_at__lt=end
    )
    return visible(user, rows, "deals.view")


def _is(path: str, wanted: str) -> Q:
    """Return the condition of a narrowing; a key that is none finds nothing."""
    if not wanted:
        return Q()
    if wanted == NOBODY:
        return Q(**{f"{path}__isnull": True})
    try:
        return Q(**{path: UUID(wanted)})
    except ValueError:
        return Q(pk__in=[])


def _is_own(user: Any, ask: Ask) -> Q:
    """Return the condition of a narrowing by an own field; one that is gone finds nothing."""
    own = own_fields.offered(user, ask.source).get(ask.own)
    try:
        return own_fields.holds(own, ask.own_at, user) if own is not None else Q(pk__in=[])
    except ValueError:
        return Q(pk__in=[])


def _compiled(user: Any, ask: Ask) -> tuple[str, Sequence[Any]]:
    """Return the SQL of the documents of both periods, with the columns the statement names."""
    prior = ask.prior
    whole = Period(min(prior.from_on, ask.period.from_on), ask.period.until_on)
    # The lines are narrowed below: a condition here would read them twice.
    rows = documents(user, replace(ask, product="", group=""), period=whole)
    amount = DecimalField(max_digits=18, decimal_places=2)
    if ask.source == "deals":
        columns = {
            "doc_day": TruncDate("closed_at"), "doc_person": F("owner_id"),
            "doc_total": F("amount"), "doc_paid": Value(ZERO, output_field=amount),
        }  # fmt: skip
    else:
        columns = {
            "doc_day": F("issued_on"), "doc_person": F("responsible_id"),
            "doc_total": F("total"), "doc_paid": F("paid_total"),
        }  # fmt: skip
    read = rows.order_by().annotate(**columns).values_list("pk", "counterparty_id", "currency",
                                                           *columns)  # fmt: skip
    return cast("tuple[str, Sequence[Any]]", read.query.sql_with_params())


_HEADS = """WITH read (id, customer, currency, day, person, total, paid) AS ({read}),
doc AS MATERIALIZED (
    SELECT *, day BETWEEN %s AND %s AS is_now FROM read
    WHERE day BETWEEN %s AND %s OR day BETWEEN %s AND %s
),
"""
# What a line was listed at, what it cost. The lines of the period before tell their sums alone.
_LINES = """cost AS (
    SELECT p.product_id, p.characteristic_id, p.currency,
        max(p.amount / nullif(p.coefficient, 0)) AS of_one, bool_or(t.is_tax_included) AS has_tax
    FROM catalog_price p JOIN catalog_pricetype t ON t.id = p.price_type_id
    WHERE p.price_type_id = (SELECT cost_price_type_id FROM reports_reportsettings LIMIT 1)
    GROUP BY 1, 2, 3
),
line AS (
    SELECT l.{parent} AS doc_id, l.product_id, l.quantity, l.total,
        l.quantity * l.price AS listed,
        l.quantity * l.price * l.discount_percent / 100 AS discount,
        l.total - l.tax AS net,
        l.quantity * coalesce(of_variant.of_one, of_product.of_one)
            / CASE WHEN coalesce(of_variant.has_tax, of_product.has_tax)
                THEN 1 + coalesce(l.tax_rate, 0) / 100 ELSE 1 END AS cost
    FROM doc JOIN {lines} l ON l.{parent} = doc.id
    LEFT JOIN cost of_product ON of_product.product_id = l.product_id
        AND of_product.characteristic_id IS NULL AND of_product.currency = doc.currency
    LEFT JOIN cost of_variant ON of_variant.product_id = l.product_id
        AND of_variant.characteristic_id = l.characteristic_id
        AND of_variant.currency = doc.currency
    WHERE doc.is_now {line_where}
),
"""
_WHOLE_DOCUMENTS = """sums AS (
    SELECT doc_id, sum(quantity) AS quantity, sum(listed) AS listed, sum(discount) AS discount,
        sum(net) AS net, sum(net) FILTER (WHERE cost IS NOT NULL) AS net_known, sum(cost) AS cost
    FROM line GROUP BY doc_id
),
fact AS (
    SELECT doc.*, doc.id AS doc_id, NULL::uuid AS product_id, sums.quantity, sums.listed,
        sums.discount, sums.net, sums.net_known, sums.cost
    FROM doc LEFT JOIN sums ON sums.doc_id = doc.id
),
"""
_HEADS_ALONE = """fact AS (
    SELECT doc.*, doc.id AS doc_id, NULL::uuid AS product_id, NULL::numeric AS quantity,
        NULL::numeric AS listed, NULL::numeric AS discount, NULL::numeric AS net,
        NULL::numeric AS net_known, NULL::numeric AS cost
    FROM doc
),
"""
_SINGLE_LINES = """fact AS (
    SELECT doc.id AS doc_id, doc.customer, doc.currency, doc.day, doc.person, doc.is_now,
        line.total, doc.paid * line.total / nullif(doc.total, 0) AS paid, line.product_id,
        line.quantity, line.listed, line.discount, line.net,
        CASE WHEN line.cost IS NOT NULL THEN line.net END AS net_known, line.cost
    FROM doc JOIN line ON line.doc_id = doc.id
    UNION ALL
    SELECT doc.id, doc.customer, doc.currency, doc.day, doc.person, false, l.total, NULL,
        l.product_id, NULL, NULL, NULL, NULL, NULL, NULL
    FROM doc JOIN {lines} l ON l.{parent} = doc.id WHERE NOT doc.is_now {line_where}
),
"""
# First by key and document, so that documents are counted without sorting all lines.
_SUMS = """per AS MATERIALIZED (
    SELECT {key} AS key, doc_id, is_now, sum(total) AS total, sum(paid) AS paid,
        sum(quantity) AS quantity, sum(listed) AS listed, sum(discount) AS discount,
        sum(net) AS net, sum(net_known) AS net_known, sum(cost) AS cost
    FROM fact {join} GROUP BY 1, 2, 3
),
summed AS (
    SELECT key, grouping(key) AS is_whole, count(*) FILTER (WHERE is_now) AS count,
        coalesce(sum(total) FILTER (WHERE is_now), 0) AS revenue,
        coalesce(sum(paid) FILTER (WHERE is_now), 0) AS paid, coalesce(sum(quantity), 0)
            AS quantity,
        coalesce(sum(listed), 0) AS listed, coalesce(sum(discount), 0) AS discount,
        coalesce(sum(net), 0) AS net, coalesce(sum(net_known), 0) AS net_known,
        coalesce(sum(cost), 0) AS cost,
        coalesce(sum(total) FILTER (WHERE NOT is_now), 0) AS prior,
        count(*) FILTER (WHERE NOT is_now) AS prior_count
    FROM per GROUP BY GROUPING SETS ((key), ())
),
whole AS (
    SELECT count(*) FILTER (WHERE is_now) AS count, count(*) FILTER (WHERE NOT is_now) AS prior
    FROM (SELECT DISTINCT doc_id, is_now FROM per) documents
)
SELECT found.key, is_whole, CASE WHEN is_whole = 1 THEN whole.count ELSE found.count END, revenue,
    paid, quantity, listed, discount, net, net_known, cost, found.prior,
    CASE WHEN is_whole = 1 THEN whole.prior ELSE prior_count END
FROM (
    SELECT *, row_number() OVER (ORDER BY is_whole DESC, {order}, key NULLS LAST) - 1 AS place
    FROM summed
) found, whole
WHERE place = 0 OR place > %s AND place <= %s ORDER BY place"""
_ORDERS = {
    "revenue": "revenue DESC", "paid": "paid DESC", "count": "count DESC",
    "average": "revenue / nullif(count, 0) DESC NULLS LAST", "quantity": "quantity DESC",
    "discount": "discount DESC", "cost": "cost DESC",
    "margin": "CASE WHEN net_known <> 0 THEN net_known - cost END DESC NULLS LAST",
    "change": "revenue - prior DESC",
}  # fmt: skip
_KEYS = {
    "manager": "person", "customer": "customer", "product": "fact.product_id",
    "group": "pg.group_id", "currency": "currency",
}  # fmt: skip


def _read(user: Any, ask: Ask, *, is_trend: bool = False) -> Analysis:
    """Run the statement; a trend of whole documents needs no lines."""
    try:
        read, values = _compiled(user, ask)
    except EmptyResultSet:
        return Analysis()
    now, prior = ask.period, ask.prior
    key, before = _KEYS.get(ask.by, ""), (ask.page - 1) * ask.size
    if ask.by == "period":  # what was earlier stands beside the days it is compared with
        shift = (now.from_on - prior.from_on).days
        key = f"date_trunc('{now.unit}', day + CASE WHEN is_now THEN 0 ELSE {shift} END)::date"
    narrowing, narrowed = _of_lines(ask)
    join: str = ""
    joined: Sequence[Any] = ()
    if ask.by == "group":
        join = "LEFT JOIN catalog_product pg ON pg.id = fact.product_id"
    own = own_fields.offered(user, ask.source).get(ask.by) if "." in ask.by else None
    if own is not None:
        key = "own.value"
        join, joined = own_fields.joined(own, user)
    document = "deal" if ask.source == "deals" else "invoice"
    parts = {
        "read": read, "parent": f"{document}_id", "line_where": narrowing, "key": key,
        "lines": "deals_dealline" if document == "deal" else "sales_invoiceline",
        "join": join,
        "order": _ORDERS.get(ask.sort, _ORDERS["revenue"]),
    }  # fmt: skip
    days = [now.from_on, now.until_on]
    parameters = [*values, *days, *days, prior.from_on, prior.until_on]
    sql = _HEADS
    if ask.is_of_lines:
        sql += _LINES + _SINGLE_LINES
        parameters += narrowed * 2
    else:
        sql += _HEADS_ALONE if is_trend else _LINES + _WHOLE_DOCUMENTS
    parameters += [*joined, before, before + ask.size + 1]
    answer = Analysis()
    for row in rows_of((sql + _SUMS).format(**parts), parameters):
        figures = Figures(row[0], "", *row[2:])
        if row[1]:
            answer.total = figures
        else:
            answer.rows.append(figures)
    answer.has_more = len(answer.rows) > ask.size
    answer.rows = answer.rows[: ask.size]
    return answer


def _of_lines(ask: Ask) -> tuple[str, list[Any]]:
    """Return what narrows the lines, in SQL of our own: keys only."""
    parts, values = [], []
    for wanted, text in (
        (ask.product, "l.product_id"),
        (ask.group, "(SELECT g.group_id FROM catalog_product g WHERE g.id = l.product_id)"),
    ):
        if wanted == NOBODY:
            parts.append(f"{text} IS NULL")
        elif wanted:
            parts.append(f"{text} = %s::uuid")
            values.append(_uuid_text(wanted))
    return "".join(f"AND {part} " for part in parts), values


def _uuid_text(text: str) -> str | None:
    try:
        return str(UUID(text))
    except ValueError:
        return None


def _name(rows: Iterable[Figures], ask: Ask, user: Any) -> None:
    """Say what the keys of the rows are called: one query."""
    by, keys = ask.by, [row.key for row in rows if row.key is not None]
    own = own_fields.offered(user, ask.source).get(by) if "." in by else None
    if own is not None:
        _name_own(rows, own, user)
        return
    names: Mapping[Any, str] = {}
    if by == "manager":
        names = {user.pk: str(user) for user in User.objects.filter(pk__in=keys)}
    elif by == "customer":
        names = dict(Counterparty.objects.filter(pk__in=keys).values_list("pk", "name"))
    elif by == "product":
        names = dict(Product.objects.filter(pk__in=keys).values_list("pk", "name"))
    elif by == "group":
        names = dict(ProductGroup.objects.filter(pk__in=keys).values_list("pk", "name"))
    for row in rows:
        row.label = str(names.get(row.key, ""))


def _name_own(rows: Iterable[Figures], own: own_fields.OwnField, user: Any) -> None:
    """Say what the values of an own field are called; months have names of their own."""
    keys = [str(row.key) for row in rows if row.key is not None]
    names = {} if own.is_in_time else grouping.names_of(own.field, keys, user)
    for row in rows:
        if row.key is not None:
            is_month = own.is_in_time
            row.label = date_format(row.key, "F Y") if is_month else names.get(str(row.key), "…")


def _days(period: Period, unit: str) -> list[date]:
    """Return the first day of each unit of a period, as PostgreSQL truncates it."""
    day = period.from_on
    if unit == "week":
        day -= timedelta(days=day.weekday())
    elif unit == "month":
        day = day.replace(day=1)
    found = []
    while day <= period.until_on:
        found.append(day)
        if unit == "month":
            day = (day + timedelta(days=32)).replace(day=1)
        else:
            day += timedelta(days=7 if unit == "week" else 1)
    return found

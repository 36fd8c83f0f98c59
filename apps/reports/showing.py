"""Reports as tables: for files, for the desktop and for letters, the same figures everywhere."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format, get_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from apps.accounts.rights import can
from apps.core.formats import money_text, number_text
from apps.reports import asking, periods
from apps.reports.models import ReportKind, SavedReport
from apps.reports.selectors import by_field, customers, promising, sales

MOST_EXPORTED = 10_000
_URLS = {
    ReportKind.SALES: "reports:sales", ReportKind.CUSTOMERS: "reports:customers",
    ReportKind.PROMISING: "reports:promising", ReportKind.FIELDS: "reports:fields",
}  # fmt: skip


@dataclass(frozen=True)
class Cell:
    """A value of a table and how it is shown: ``money``, ``number``, ``percent`` or a text."""

    value: Any
    kind: str = "text"
    currency: str = ""

    def __str__(self) -> str:
        if self.value is None or self.value == "":
            return "—"
        if self.kind == "money":
            return money_text(Decimal(self.value), self.currency)
        if self.kind == "percent":
            return f"{number_text(Decimal(self.value), places=None)} %"
        if isinstance(self.value, date):
            return str(date_format(self.value, "SHORT_DATE_FORMAT"))
        if self.kind == "number":
            return number_text(Decimal(self.value), places=None)
        return str(self.value)


@dataclass(frozen=True)
class Table:
    """Heads and rows of a report; ``shares`` are the bars beside the first cells, in per cent."""

    heads: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    shares: Sequence[int] = field(default_factory=tuple)
    more: str = ""  # of which days, in which currency
    problem: str = ""  # why it cannot be counted, or what was left out

    def shown(self, row: Sequence[Cell]) -> list[str]:
        """Return the first cells of a row as texts, as many as fit a small table."""
        return [str(cell) for cell in row[:4]]

    @property
    def values(self) -> list[list[Any]]:
        """Return the values themselves, for files."""
        return [[cell.value for cell in row] for row in self.rows]


def url_of(kept: SavedReport) -> str:
    """Return the address of a saved report."""
    address = reverse(_URLS[ReportKind(kept.report)])
    return f"{address}?{kept.asked}" if kept.asked else address


def table_of(
    user: Any, report: str, values: Mapping[str, str], *, today: date, size: int = MOST_EXPORTED
) -> Table:
    """Return a report as a table of as many rows."""
    if report == ReportKind.CUSTOMERS:
        return _customers(user, values, today=today)
    if report == ReportKind.PROMISING:
        return _promising(user, values, today=today, size=size)
    if report == ReportKind.FIELDS:
        return _by_field(user, values, size=size)
    return _sales(user, values, today=today, size=size)


def step_name(day: date, step: str) -> str:
    """Return what a day, week, month, quarter or year that begins on a day is called."""
    if step == "year":
        return str(day.year)
    if step == "quarter":
        number = (day.month + 2) // 3
        return _("Quarter %(number)s of %(year)s") % {"number": number, "year": day.year}
    return period_name(day, step)


def marks(days: Sequence[date], unit: str, *, most: int = 6) -> list[str]:
    """Return what stands under each bar of a picture: short names of some of them, evenly."""
    apart = max(1, -(-len(days) // most))
    latest = len(days) - 0.8 * apart  # behind it a name would not stand within the picture
    return [
        _short_name(day, unit) if not at % apart and at <= latest else ""
        for at, day in enumerate(days)
    ]


def _short_name(day: date, unit: str) -> str:
    if unit in {"quarter", "year"}:
        return step_name(day, unit)
    form = "M Y" if unit == "month" else re.sub("[EF]", "M", get_format("MONTH_DAY_FORMAT"))
    return str(date_format(day, form))


def group_name(group: by_field.Group, ask: by_field.Ask) -> str:
    """Return what a group of a report by a field is called."""
    is_day = ask.is_in_time and group.key is not None
    return step_name(group.key, ask.step) if is_day else group.label


def figure(value: Decimal | None, measure: by_field.Measure, currency: str) -> Cell:
    """Return a figure of a report by a field: amounts in their currency, numbers bare."""
    if measure.of.type == "money":
        return Cell(value, "money", currency if measure.is_of_currencies else "")
    return Cell(value, "number")


def measured(group: by_field.Group, ask: by_field.Ask) -> Cell:
    """Return the figure that the picture shows."""
    for measure, value in zip(ask.measures, group.figures, strict=True):
        if measure.key == ask.sort:
            return figure(value, measure, ask.currency)
    return Cell(group.count, "number")


def name_of(row: sales.Figures, by: str, unit: str = "day") -> str:
    """Return what a row is called; one without a key in words."""
    if by == "period":
        return period_name(row.key, unit)
    if row.key is None and "." in by:
        return _("nothing entered")
    if row.key is None or not row.label:
        return {
            "manager": _("Nobody"), "product": _("Not from the catalogue"),
            "group": _("Without a group"),
        }.get(by, _("Unknown"))  # fmt: skip
    return row.label


def period_name(day: date, unit: str) -> str:
    """Return a day, the first day of a week, or a month."""
    if unit == "month":
        return str(date_format(day, "F Y"))
    text = date_format(day, "SHORT_DATE_FORMAT")
    return _("Week of %(day)s") % {"day": text} if unit == "week" else str(text)


def _sales(user: Any, values: Mapping[str, str], *, today: date, size: int) -> Table:
    asked = asking.asked_sales(user, values, today=today)
    ask = replace(asked.ask, page=1, size=size)
    currency, unit = ask.currency, ask.period.unit
    if ask.by == "period":
        rows = sales.by_period(user, ask)
        rows = rows[-size:] if size < MOST_EXPORTED else rows
    else:
        rows = sales.analyse(user, ask).rows
    of_lines, is_invoices = ask.is_of_lines, ask.source == "invoices"
    heads = [asked.dimensions[ask.by], _("Revenue"), _("Change, %")]
    heads += [pgettext("figure", "Paid")] if is_invoices else []
    heads += [sales.SOURCES[ask.source], _("Average")]
    heads += [_("Quantity")] if of_lines else []
    heads += [_("Discount"), _("Discount, %"), _("The period before")]
    has_cost = can(user, "reports.cost")
    heads += [_("Cost without tax"), _("Margin without tax"), _("Margin, %"),
              _("Cost known, %")] if has_cost else []  # fmt: skip
    table = []
    for row in rows:
        cells = [Cell(name_of(row, ask.by, unit)), Cell(row.revenue, "money", currency),
                 Cell(row.change, "percent")]  # fmt: skip
        cells += [Cell(row.paid, "money", currency)] if is_invoices else []
        cells += [Cell(row.count, "number"), Cell(_cents(row.average), "money", currency)]
        cells += [Cell(row.quantity, "number")] if of_lines else []
        cells += [
            Cell(_cents(row.discount), "money", currency), Cell(row.discount_share, "percent"),
            Cell(row.prior, "money", currency),
        ]  # fmt: skip
        if has_cost:
            cost = _cents(row.cost) if row.has_cost else None
            cells += [
                Cell(cost, "money", currency), Cell(_cents(row.margin), "money", currency),
                Cell(row.margin_share, "percent"), Cell(row.known_share, "percent"),
            ]  # fmt: skip
        table.append(cells)
    return Table(
        [str(head) for head in heads], table, [max(row.share, 0) for row in rows],
        f"{periods.PERIODS[asked.period_name]}, {currency}", " ".join(asked.problems),
    )  # fmt: skip


def _customers(user: Any, values: Mapping[str, str], *, today: date) -> Table:
    name, period = periods.asked(values, today=today, usual="month")
    comparison = values.get("compare", "")
    found = customers.states(
        user, period=period, prior=period.before(comparison), limits=asking.asked_limits(values)
    )
    heads = [_("Customers"), pgettext("figure", "Number"), _("Before"),
             pgettext("figure", "Change")]  # fmt: skip
    rows = [
        [Cell(str(each.label)), Cell(each.count, "number"), Cell(each.prior, "number"),
         Cell(each.change, "number")]
        for each in found
    ]  # fmt: skip
    return Table(heads, rows, [each.share for each in found], str(periods.PERIODS[name]))


def _promising(user: Any, values: Mapping[str, str], *, today: date, size: int) -> Table:
    ask = replace(asking.asked_promising(user, values, today=today), page=1, size=size)
    found = promising.ranked(user, ask)
    heads = [_("Customer"), _("Score"), _("Segment"), _("Revenue"), _("ABC"), _("RFM"),
             _("Bought last"), _("Why"), _("Manager")]  # fmt: skip
    is_hidden = asking.hides_manager(user)
    rows = [
        [Cell(each.name), Cell(each.score, "number"), Cell(str(each.segment_label)),
         Cell(each.revenue, "money", ask.currency), Cell(each.abc),
         Cell(f"{each.recency}{each.frequency}{each.money}"), Cell(each.latest),
         Cell(each.reason), Cell("" if is_hidden else each.manager)]
        for each in found.rows
    ]  # fmt: skip
    return Table(heads, rows, [each.score for each in found.rows], ask.currency)


def _by_field(user: Any, values: Mapping[str, str], *, size: int) -> Table:
    asked = asking.asked_by_field(user, values)
    problem = " ".join(asked.problems)
    if asked.ask is None:
        return Table([], [], problem=problem)
    ask = replace(asked.ask, page=1, size=size)
    answer = by_field.analyse(user, ask)
    heads = [ask.by.label, pgettext("figure", "Number"), *(each.label for each in ask.measures)]
    rows = [
        [Cell(group_name(group, ask)), Cell(group.count, "number"),
         *(figure(value, measure, ask.currency)
           for value, measure in zip(group.figures, ask.measures, strict=True))]
        for group in answer.groups
    ]  # fmt: skip
    shares = [group.share for group in answer.groups]
    return Table(heads, rows, shares, str(ask.kind.label_plural), problem)


def _cents(amount: Decimal | None) -> Decimal | None:
    return None if amount is None else amount.quantize(Decimal("0.01"))

"""The reports themselves: sales, the state of customers, promising customers, one customer."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from apps.accounts.models import User
from apps.accounts.rights import needs, row_or_404
from apps.catalog.models import Product, ProductGroup
from apps.core.lists import conditions, show_list
from apps.counterparties.models import Counterparty
from apps.counterparties.selectors import people
from apps.reports import asking, periods, showing
from apps.reports.lists import CustomersInState, RowsBehind, SoldInvoices, WonDeals
from apps.reports.models import ReportKind
from apps.reports.selectors import by_field, customers, promising, sales
from apps.reports.views.common import bounded, file_of, shared

MONTHS, MOST_BARS = 12, 100
COUNT_CAP = 10_000
_FURTHER = {"manager": "customer", "customer": "product", "group": "product", "product": "customer"}


@require_safe
@needs("reports.view")
@bounded
def analysis(request: HttpRequest) -> HttpResponse:
    """Show sales by manager, customer, product, group or period (F139, F128)."""
    found = file_of(request, ReportKind.SALES)
    if found is not None:
        return found
    asked = asking.asked_sales(request.user, request.GET, today=timezone.localdate())
    ask = asked.ask
    trend = sales.by_period(request.user, ask)
    if ask.by == "period":
        answer = sales.analyse(request.user, replace(ask, size=1))  # what everything comes to
        answer.rows, answer.has_more = trend, False
    else:
        answer = sales.analyse(request.user, ask)
    unit = ask.period.unit
    values = request.GET.dict()
    values.pop("page", None)
    rows = [
        {
            "figures": row, "name": showing.name_of(row, ask.by, unit),
            "url": _rows_url(asked, row, unit), "prior_url": _prior_url(asked, row),
            "further": _further(asked, values, row), "drawn": max(row.share, 0),
        }
        for row in answer.rows
    ]  # fmt: skip
    context = shared(request, ReportKind.SALES) | {
        "asked": asked, "ask": ask, "period": ask.period, "period_name": asked.period_name,
        "prior": ask.prior, "rows": rows, "total": answer.total, "has_more": answer.has_more,
        "all_url": asked.rows_url(), "all_prior_url": asked.prior_url(),
        "dimensions": list(sales.dimensions(request.user, ask.source).items()),
        "sources": list(sales.sources(request.user).items()),
        "dimension": sales.DIMENSIONS[ask.by], "trend": _drawn(trend, unit),
        "narrowed": _narrowed(ask), "settings": customers.settings(),
        "is_margin": ask.by == "customer" and ask.sort == "margin",
    }  # fmt: skip
    return render(request, "reports/sales.html", context)


@require_safe
@needs("reports.view")
def invoices(request: HttpRequest) -> HttpResponse:
    """Show the invoices behind a figure."""
    screen = SoldInvoices(request)
    return show_list(request, screen, template="reports/list.html", context=_asked_on(request))


@require_safe
@needs("reports.view")
def deals(request: HttpRequest) -> HttpResponse:
    """Show the won deals behind a figure."""
    screen = WonDeals(request)
    return show_list(request, screen, template="reports/list.html", context=_asked_on(request))


@require_safe
@needs("reports.view")
@bounded
def states(request: HttpRequest) -> HttpResponse:
    """Show how many customers are new, active, sleeping and lost (F127)."""
    found = file_of(request, ReportKind.CUSTOMERS)
    if found is not None:
        return found
    today = timezone.localdate()
    name, period = periods.asked(request.GET, today=today, usual="month")
    comparison = request.GET.get("compare", "")
    prior = period.before(comparison)
    limits = asking.asked_limits(request.GET)
    answer = customers.states(request.user, period=period, prior=prior, limits=limits)
    first = period.until_on.replace(day=1)
    for _month in range(MONTHS - 1):
        first = (first.replace(day=1) - periods.A_DAY).replace(day=1)
    counts = customers.newcomers(request.user, first=first, until_on=period.until_on)
    context = shared(request, ReportKind.CUSTOMERS) | {
        "period": period, "prior": prior, "period_name": name, "limits": limits,
        "comparison": comparison,
        "states": [(each, _state_url(each.key, period, limits),
                    _state_url(each.key, prior, limits)) for each in answer],
        "months": _months(first, period, counts),
    }  # fmt: skip
    return render(request, "reports/customers.html", context)


@require_safe
@needs("reports.view")
def customers_in(request: HttpRequest) -> HttpResponse:
    """Show the customers of a state."""
    screen = CustomersInState(request)
    context = {"state": customers.STATES[screen.state]} | _asked_on(request)
    return show_list(request, screen, template="reports/list.html", context=context)


@require_safe
@needs("reports.view")
@bounded
def ranking(request: HttpRequest) -> HttpResponse:
    """Show the customers worth an effort, each with the reason (F129)."""
    found = file_of(request, ReportKind.PROMISING)
    if found is not None:
        return found
    ask = asking.asked_promising(request.user, request.GET, today=timezone.localdate())
    answer = promising.ranked(request.user, ask)
    is_hidden = asking.hides_manager(request.user)
    context = shared(request, ReportKind.PROMISING) | {
        "ask": ask, "rows": answer.rows, "has_more": answer.has_more,
        "segments": [
            (key, label, promising.MEANINGS[key], answer.segments.get(key, 0))
            for key, label in promising.SEGMENTS.items()
        ],
        "classes": [(key, answer.classes.get(key, 0)) for key in promising.CLASSES],
        "people": [] if is_hidden else people(), "is_manager_hidden": is_hidden,
    }  # fmt: skip
    return render(request, "reports/promising.html", context)


@require_safe
@needs("reports.view")
@bounded
def of_customer(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show what a customer brought within a year: the part of its card (F128)."""
    partner = row_or_404(request.user, Counterparty.objects.all(), "counterparties.view", pk)
    today = timezone.localdate()
    asked = asking.asked_sales(
        request.user, {"period": "365", "customer": str(pk), "source": "invoices"}, today=today
    )
    rows = sales.by_currency(request.user, asked.ask)
    context = {
        "partner": partner, "settings": customers.settings(),
        "rows": [(row, asked.rows_url(currency=str(row.key))) for row in rows if row.count],
        "may_see_cost": shared(request, ReportKind.SALES)["may_see_cost"],
        "products_url": asked.narrowed_url(
            {"period": "365"}, by="product", customer=str(pk), sort="margin"
        ),
    }  # fmt: skip
    return render(request, "reports/_customer_figures.html", context)


@require_safe
@needs("reports.view")
@bounded
def by_any_field(request: HttpRequest) -> HttpResponse:
    """Show the rows of any object grouped by any field of theirs, own ones too (G078)."""
    found = file_of(request, ReportKind.FIELDS)
    if found is not None:
        return found
    was, wanted = request.GET.get("was", ""), request.GET.get("of", "")
    if was and was != wanted:  # another object: its fields are others
        return redirect(f"{reverse('reports:fields')}?{urlencode({'of': wanted})}")
    user = request.user
    asked = asking.asked_by_field(user, request.GET)
    ask = asked.ask
    if request.GET.get("part") == "count":  # asked by the builder of conditions
        number = by_field.counted(user, ask)[: COUNT_CAP + 1].count() if ask else 0
        context = {"number": number, "cap": COUNT_CAP}
        return render(request, "components/list/_count.html", context)
    answer = by_field.analyse(user, ask) if ask is not None else by_field.Answer()
    context = shared(request, ReportKind.FIELDS) | {
        "asked": asked, "ask": ask, "kind": asked.kind, "kinds": by_field.kinds(user),
        "answer": answer, "rows": _group_rows(asked, answer),
        "steps": list(by_field.STEPS.items()),
    }  # fmt: skip
    if asked.kind is not None:
        context |= {
            "ways": _ways(asked.kind, user), "chosen_way": ask.by.key if ask else "",
            "figures": _figures(asked.kind, user, request.GET),
        }  # fmt: skip
    if ask is not None:
        has_currency = any(each.is_of_currencies for each in ask.measures)
        context |= {
            "chips": _chips(request, ask), "has_currency": has_currency,
            "trend": _trend(ask, answer) if ask.is_in_time else None,
            "tiles": _tiles(asked, answer.total), "all_url": asked.rows_url(""),
        }  # fmt: skip
    return render(request, "reports/by_field.html", context)


@require_safe
@needs("reports.view")
@bounded
def rows(request: HttpRequest) -> HttpResponse:
    """Show the rows behind a figure of a report by a field."""
    asked = asking.asked_by_field(request.user, request.GET)
    if asked.ask is None:  # the report says why it cannot be counted
        return redirect(f"{reverse('reports:fields')}?{asked.kept}")
    screen = RowsBehind(request, asked.ask)
    names = (*asking.NAMES["fields"], "at", "amount")
    context = {
        "kept": [(each, request.GET[each]) for each in names
                 if request.GET.get(each) and each != "sort"],
    }  # fmt: skip
    return show_list(request, screen, template="reports/list.html", context=context)


def _group_rows(asked: asking.AskedByField, answer: by_field.Answer) -> list[dict[str, Any]]:
    ask = asked.ask
    if ask is None:
        return []
    return [
        {
            "group": group, "name": showing.group_name(group, ask),
            "url": asked.rows_url(group.at),
            "figures": [
                (measure.label, showing.figure(value, measure, ask.currency),
                 asked.rows_url(group.at, measure.key))
                for value, measure in zip(group.figures, ask.measures, strict=True)
            ],
        }
        for group in answer.groups
    ]  # fmt: skip


def _tiles(asked: asking.AskedByField, total: by_field.Group) -> list[tuple[str, Any, str]]:
    """Return what all rows come to: label, figure, and the address of the rows."""
    ask = asked.ask
    if ask is None:
        return []
    return [
        (measure.label, showing.figure(value, measure, ask.currency),
         asked.rows_url("", measure.key))
        for value, measure in zip(total.figures, ask.measures, strict=True)
    ]  # fmt: skip


def _ways(kind: Any, user: Any) -> list[tuple[str, list[by_field.Way]]]:
    """Return by what can be grouped: the fields of the rows, then relation by relation."""
    groups: dict[str, list[by_field.Way]] = {}
    for each in by_field.ways(kind, user):
        title = str(kind.label if len(each.steps) == 1 else each.steps[0].label)
        groups.setdefault(title, []).append(each)
    return list(groups.items())


def _figures(kind: Any, user: Any, values: Any) -> list[tuple[str, str, list[Any]]]:
    """Return the three choices of figures: parameter, what is chosen, what there is to choose."""
    groups: dict[str, list[by_field.Measure]] = {}
    for each in by_field.measures(kind, user):
        groups.setdefault(str(each.of.label), []).append(each)
    return [(name, values.get(name, ""), list(groups.items())) for name in asking.FIGURES]


def _chips(request: HttpRequest, ask: by_field.Ask) -> list[tuple[str, str]]:
    """Return what each condition says, and the filter without it."""
    group = ask.condition
    if group is None:
        return []
    names = conditions.names_in(group, request.user)
    if group.is_any:
        return [(conditions.sentence(group, names), "")]
    chips = []
    for part in group.parts:
        rest = tuple(each for each in group.parts if each is not part)
        without = conditions.written(conditions.Group(False, rest))
        chips.append((conditions.sentence(part, names), without))
    return chips


def _trend(ask: by_field.Ask, answer: by_field.Answer) -> dict[str, Any]:
    """Return the picture of groups in time, the earliest first; gaps are bars of nothing."""
    known = {group.key: group for group in answer.groups if group.key is not None}
    days = by_field.steps_between(min(known), max(known), ask.step) if known else []
    bars = [
        {
            "x": place * 20 + 2, "now": known[day].share if day in known else 0,
            "y": 104 - (known[day].share if day in known else 0),
            "name": showing.step_name(day, ask.step),
        }
        for place, day in enumerate(days[-MOST_BARS:])
    ]  # fmt: skip
    return {"bars": bars, "width": max(len(bars), 1) * 20}


def _asked_on(request: HttpRequest) -> dict[str, Any]:
    """Return what a search in the list keeps of the address beside its filters."""
    names = ("currency", "state", "sleeping", "lost")
    return {"kept": [(name, request.GET[name]) for name in names if request.GET.get(name)]}


def _rows_url(asked: asking.AskedSales, row: sales.Figures, unit: str) -> str:
    if asked.ask.by == "period":
        days = periods.Period(row.key, _end(row.key, unit))
        begin = max(days.from_on, asked.period.from_on)
        end = min(days.until_on, asked.period.until_on)
        return asked.rows_url(**{"from": begin.isoformat(), "until": end.isoformat()})
    return asked.rows_url(**{asked.ask.by: _key(row)})


def _prior_url(asked: asking.AskedSales, row: sales.Figures) -> str:
    if asked.ask.by == "period":
        return ""
    return asked.prior_url(**{asked.ask.by: _key(row)})


def _further(asked: asking.AskedSales, values: dict[str, str], row: sales.Figures) -> str:
    """Return the report of this row alone, by what one asks next."""
    by = _FURTHER.get(asked.ask.by, "")
    if not by or row.key is None:
        return ""
    return asked.narrowed_url(values | {asked.ask.by: _key(row), "by": by})


def _key(row: sales.Figures) -> str:
    return str(row.key) if row.key is not None else sales.NOBODY


def _end(day: Any, unit: str) -> Any:
    if unit == "month":
        return (day.replace(day=28) + 4 * periods.A_DAY).replace(day=1) - periods.A_DAY
    return day + (6 if unit == "week" else 0) * periods.A_DAY


def _narrowed(ask: sales.Ask) -> list[tuple[str, Any, str]]:
    """Return what narrows the report: parameter, label, name; a query for each."""
    found = []
    for name, model in (
        ("manager", User), ("customer", Counterparty), ("product", Product),
        ("group", ProductGroup),
    ):  # fmt: skip
        wanted = getattr(ask, name)
        if not wanted:
            continue
        row = None if wanted == sales.NOBODY else model.objects.filter(pk=wanted).first()
        empty = sales.Figures()
        title = str(row) if row is not None else showing.name_of(empty, name)
        found.append((name, sales.DIMENSIONS[name], title))
    return found


def _drawn(trend: list[sales.Figures], unit: str) -> dict[str, Any]:
    """Return the picture of the trend: bars of 100 units, the period before as a mark."""
    highest = max((max(row.revenue, row.prior) for row in trend), default=sales.ZERO)
    bars = []
    for place, row in enumerate(trend):
        scale = 100 / highest if highest > 0 else 0
        now, prior = round(row.revenue * scale), round(row.prior * scale)
        bars.append({
            "x": place * 20 + 2, "now": max(now, 0), "y": 104 - max(now, 0),
            "prior_y": 104 - max(prior, 0), "has_prior": prior > 0, "end": place * 20 + 18,
            "name": showing.period_name(row.key, unit), "figures": row,
        })  # fmt: skip
    return {"bars": bars, "width": max(len(trend), 1) * 20, "unit": unit}


def _months(first: Any, period: periods.Period, counts: dict[Any, int]) -> list[dict[str, Any]]:
    months = []
    highest = max(counts.values(), default=0)
    while first <= period.until_on:
        count = counts.get(first, 0)
        end = min(_end(first, "month"), period.until_on)
        days = urlencode({"state": "new", "from": first, "until": end})
        months.append({
            "first": first, "count": count, "share": round(count * 100 / highest) if highest else 0,
            "url": f"{reverse('reports:customers_in')}?{days}",
        })  # fmt: skip
        first = (first.replace(day=28) + 4 * periods.A_DAY).replace(day=1)
    return months


def _state_url(state: str, period: periods.Period, limits: customers.Limits) -> str:
    query = urlencode({
        "state": state, "from": period.from_on, "until": period.until_on,
        "sleeping": limits.sleeping_days, "lost": limits.lost_days,
    })  # fmt: skip
    return f"{reverse('reports:customers_in')}?{query}"

"""The reports themselves: sales, the state of customers, promising customers, one customer."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from apps.accounts.models import User
from apps.accounts.rights import needs, row_or_404
from apps.catalog.models import Product, ProductGroup
from apps.core.lists import show_list
from apps.counterparties.models import Counterparty
from apps.counterparties.selectors import people
from apps.reports import asking, periods, showing
from apps.reports.lists import CustomersInState, SoldInvoices, WonDeals
from apps.reports.models import ReportKind
from apps.reports.selectors import by_field, customers, promising, sales
from apps.reports.views.common import bounded, file_of, shared

MONTHS = 12
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
        "dimensions": list(asked.dimensions.items()),
        "sources": list(sales.sources(request.user).items()),
        "dimension": asked.dimensions[ask.by], "trend": _drawn(trend, unit),
        "narrowed": _narrowed(ask) + _narrowed_by_own(asked), "settings": customers.settings(),
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


def _asked_on(request: HttpRequest) -> dict[str, Any]:
    """Return what a search in the list keeps of the address beside its filters."""
    names = ("currency", "state", "sleeping", "lost", "own", "own_at")
    return {"kept": [(name, request.GET[name]) for name in names if request.GET.get(name)]}


def _rows_url(asked: asking.AskedSales, row: sales.Figures, unit: str) -> str:
    if asked.ask.by == "period":
        days = periods.Period(row.key, _end(row.key, unit))
        begin = max(days.from_on, asked.period.from_on)
        end = min(days.until_on, asked.period.until_on)
        return asked.rows_url(**{"from": begin.isoformat(), "until": end.isoformat()})
    return asked.rows_url(**_of_row(asked.ask, row))


def _prior_url(asked: asking.AskedSales, row: sales.Figures) -> str:
    if asked.ask.by == "period":
        return ""
    return asked.prior_url(**_of_row(asked.ask, row))


def _further(asked: asking.AskedSales, values: dict[str, str], row: sales.Figures) -> str:
    """Return the report of this row alone, by what one asks next."""
    by = "customer" if "." in asked.ask.by else _FURTHER.get(asked.ask.by, "")
    if not by or row.key is None:
        return ""
    return asked.narrowed_url(values | _of_row(asked.ask, row) | {"by": by})


def _of_row(ask: sales.Ask, row: sales.Figures) -> dict[str, str]:
    """Return the parameters that narrow a report to a row."""
    if "." in ask.by:
        at = by_field.NOTHING if row.key is None else f"={row.key}"
        return {"own": ask.by, "own_at": at}
    return {ask.by: _key(row)}


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


def _narrowed_by_own(asked: asking.AskedSales) -> list[tuple[str, Any, str]]:
    """Return the own field that narrows the report, with its value as people read it."""
    ask = asked.ask
    if ask.own not in asked.dimensions:
        return [("own", ask.own, "")] if ask.own else []
    return [("own", asked.dimensions[ask.own], sales.own_value(asked.user, ask))]


def _drawn(trend: list[sales.Figures], unit: str) -> dict[str, Any]:
    """Return the picture of the trend: bars of 100 units, the period before as a mark."""
    highest = max((max(row.revenue, row.prior) for row in trend), default=sales.ZERO)
    bars = []
    marks = showing.marks([row.key for row in trend], unit)
    for place, row in enumerate(trend):
        scale = 100 / highest if highest > 0 else 0
        now, prior = round(row.revenue * scale), round(row.prior * scale)
        bars.append({
            "x": place * 20 + 2, "now": max(now, 0), "y": 104 - max(now, 0),
            "prior_y": 104 - max(prior, 0), "has_prior": prior > 0, "end": place * 20 + 18,
            "name": showing.period_name(row.key, unit), "figures": row, "mark": marks[place],
        })  # fmt: skip
    width = max(len(trend), 1) * 20
    return {"bars": bars, "width": width, "unit": unit, "highest": highest}


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

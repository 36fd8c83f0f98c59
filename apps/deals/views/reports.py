"""Reports on deals: every number leads to the deals behind it."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts.rights import can, needs
from apps.counterparties.selectors import people
from apps.deals.models import Pipeline, SalesPlan
from apps.deals.selectors import asking, reports
from apps.deals.selectors.asking import MONTHS
from apps.deals.services.plans import Key, put_plans
from apps.sales.forms import CURRENCIES, Number
from tenants.current import company_of

SOON = timedelta(days=7)


@require_safe
@needs("deals.view")
def funnel(request: HttpRequest) -> HttpResponse:
    """Show the funnel of a pipeline for a period (F136)."""
    asked = _asked(request)
    pipeline: Pipeline | None = asked["pipeline"]
    if pipeline is None:
        return redirect("deals:board")
    found = reports.funnel(
        request.user, pipeline, pipeline.in_order,  # type: ignore[attr-defined]
        from_on=asked["from_on"], until_on=asked["until_on"], owner_id=asked["owner_id"],
        currency=asked["currency"], now=timezone.now(),
    )  # fmt: skip
    period = {"opened_from": asked["from_on"], "opened_to": asked["until_on"]}
    shared = period | {"pipeline": pipeline.pk, "owner": asked["owner_id"] or ""}
    for step in found.steps:
        step.url = _list(shared, reached=step.stage.pk)  # type: ignore[attr-defined]
        step.lost_url = _list(shared, reached=step.stage.pk, state="lost")  # type: ignore[attr-defined]
    context = asked | {"funnel": found, "tab": "funnel", "all_url": _list(shared),
                       "lost_url": _list(shared, state="lost")}  # fmt: skip
    return render(request, "deals/funnel.html", context)


@require_safe
@needs("deals.view")
def forecast(request: HttpRequest) -> HttpResponse:
    """Show the weighted forecast by month against the plan (F140)."""
    asked = _asked(request)
    today = timezone.localdate()
    start, wanted = asked["month"], asked["wanted"]
    found = reports.forecast(
        request.user, first=start, months=MONTHS,
        pipeline_id=wanted.pk if wanted else None, owner_id=asked["owner_id"],
        currency=asked["currency"], today=today,
    )  # fmt: skip
    shared = {"owner": asked["owner_id"] or "", "pipeline": wanted.pk if wanted else ""}
    for month in found.months:
        month.url = _list(  # type: ignore[attr-defined]
            shared, state="open", expected_from=month.first, expected_to=month.last
        )
        month.won_url = _list(  # type: ignore[attr-defined]
            shared, state="won", closed_from=month.first, closed_to=month.last
        )
    before = today.replace(day=1) - timedelta(days=1)
    context = asked | {
        "forecast": found, "tab": "forecast", "today": today, "pipeline": wanted,
        "width": len(found.months) * 80, "overdue_url": _list(
            shared, state="open", expected_to=before
        ),
        "earlier": f"{reports.months_before(start, MONTHS):%Y-%m}",
        "later": f"{reports.months_before(start, -MONTHS):%Y-%m}",
        "may_plan": can(request.user, "pipelines.change"),
    }  # fmt: skip
    return render(request, "deals/forecast.html", context)


@require_safe
@needs("deals.view")
def losses(request: HttpRequest) -> HttpResponse:
    """Show why deals were lost in a period (G018)."""
    asked = _asked(request)
    wanted = asked["wanted"]
    found = reports.losses(
        request.user, from_on=asked["from_on"], until_on=asked["until_on"],
        pipeline_id=wanted.pk if wanted else None, owner_id=asked["owner_id"],
        currency=asked["currency"],
    )  # fmt: skip
    period = {"closed_from": asked["from_on"], "closed_to": asked["until_on"]}
    shared = period | {"state": "lost", "owner": asked["owner_id"] or "",
                       "pipeline": wanted.pk if wanted else ""}  # fmt: skip
    rows = [(loss, _list(shared, reason=loss.reason_id or "")) for loss in found]
    context = asked | {"rows": rows, "tab": "losses", "pipeline": wanted,
                       "count": sum(loss.count for loss in found),
                       "amount": sum(loss.amount for loss in found)}  # fmt: skip
    return render(request, "deals/losses.html", context)


@require_safe
@needs("deals.view")
def again(request: HttpRequest) -> HttpResponse:
    """Show the customers due to buy again, and the average invoice (F144, F145)."""
    asked = _asked(request)
    today = timezone.localdate()
    averages = reports.average_invoice(
        request.user, first=reports.months_before(today.replace(day=1), 11),
        currency=asked["currency"], owner_id=asked["owner_id"],
    )  # fmt: skip
    top = max((each.amount for each in averages), default=Decimal(0))
    context = asked | {
        "tab": "again", "due": reports.due_again(request.user, today=today, soon=SOON),
        "averages": [(each, round(each.amount * 100 / top) if top else 0) for each in averages],
        "values": [each.amount for each in averages], "today": today,
        "may_open": can(request.user, "deals.change"),
    }  # fmt: skip
    return render(request, "deals/again.html", context)


@require_http_methods(["GET", "POST"])
@needs("pipelines.change")
def plan(request: HttpRequest) -> HttpResponse:
    """Enter what each person, and the company, is to win in each month of a year."""
    today = timezone.localdate()
    text = request.GET.get("year", "")
    year = int(text) if text.isdecimal() and 2000 <= int(text) <= 2100 else today.year
    currency = asking.currency_of(request.GET, company_of(request).currency)
    months = [date(year, number, 1) for number in range(1, 13)]
    rows: list[tuple[Any, str]] = [(None, _("The whole company"))]
    rows += [(user.pk, str(user)) for user in people()]
    if request.method == "POST":
        amounts, wrong = _posted_plans(request, months, [pk for pk, _name in rows])
        if not wrong:
            put_plans(amounts=amounts, currency=currency)
            messages.success(request, _("The plan is saved."))
            return redirect(f"{reverse('deals:plan')}?year={year}&currency={currency}")
        messages.error(
            request, _("These are no amounts: %(values)s.") % {"values": ", ".join(wrong[:5])}
        )
    known = {
        (plan.month, plan.user_id): plan.amount
        for plan in SalesPlan.objects.filter(month__in=months, currency=currency)
    }
    grid = []
    for pk, name in rows:
        cells = []
        for month in months:
            field = _cell(pk, month)
            cells.append((month, field, request.POST.get(field, _plain(known.get((month, pk))))))
        grid.append((name, cells))
    context = {"grid": grid, "months": months, "year": year, "currency": currency,
               "currencies": _currencies(request)}  # fmt: skip
    status = 422 if request.method == "POST" else 200
    return render(request, "deals/plan.html", context, status=status)


def _posted_plans(
    request: HttpRequest, months: list[date], keys: list[UUID | None]
) -> tuple[dict[Key, Decimal | None], list[str]]:
    number = Number(max_digits=18, decimal_places=2, required=False)
    amounts: dict[Key, Decimal | None] = {}
    wrong = []
    for pk in keys:
        for month in months:
            text = request.POST.get(_cell(pk, month), "").strip()
            try:
                amounts[month, pk] = number.to_python(text) if text else None
            except ValidationError:
                wrong.append(text)
    return amounts, wrong


def _cell(user_id: UUID | None, month: date) -> str:
    """Return the name of a cell of the plan's grid."""
    return f"plan-{user_id or 'company'}-{month.month}"


def _plain(amount: Decimal | None) -> str:
    return "" if amount is None else f"{amount.normalize():f}"


def _asked(request: HttpRequest) -> dict[str, Any]:
    """Return what every report can be narrowed by: period, pipeline, person, currency."""
    found = asking.asked(
        request.user, request.GET, today=timezone.localdate(),
        currency=company_of(request).currency,
    )  # fmt: skip
    return vars(found) | {
        "currencies": _currencies(request), "owner": request.GET.get("owner", "")
    }


def _currencies(request: HttpRequest) -> list[str]:
    return list(dict.fromkeys([company_of(request).currency, *CURRENCIES]))


def _list(shared: dict[str, Any], **more: Any) -> str:
    """Return the list of the deals behind a number."""
    values = {name: str(value) for name, value in {**shared, **more}.items() if value}
    return f"{reverse('deals:list')}?{urlencode(values)}"

"""Single figures of a day or a week, as a person may see them: for the letter and the page."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, F, Q, QuerySet, Sum
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.accounts.rights import can, visible
from apps.core.formats import money_text, number_text
from apps.deals.models import Deal
from apps.finance.models import Payment
from apps.reports.periods import Period
from apps.reports.selectors import customers, sales
from apps.sales.models import Invoice, PaymentState
from apps.sales.selectors import COUNTED


@dataclass(frozen=True)
class Figure:
    """A figure that may be chosen, the right without which it is not offered."""

    key: str
    label: str | Promise
    right: str
    read: Callable[[Any, Period, Period, str], tuple[str, str, str]]  # value, before, address


@dataclass(frozen=True)
class Told:
    """A figure as it is told: the value, that of the period before, where it leads."""

    label: str | Promise
    value: str
    before: str
    path: str


def told(
    user: Any, *, period: Period, currency: str, chosen: Collection[str] = ()
) -> list[Told]:
    """Return the chosen figures (all without a choice) that a person may see."""
    prior = period.before("before")
    found = []
    for key, figure in FIGURES.items():
        if (not chosen or key in chosen) and _may_see(user, figure):
            value, before, path = figure.read(user, period, prior, currency)
            found.append(Told(figure.label, value, before, path))
    return found


def offered(user: Any) -> list[Figure]:
    """Return the figures a person may choose."""
    return [figure for figure in FIGURES.values() if _may_see(user, figure)]


def _may_see(user: Any, figure: Figure) -> bool:
    """Tell whether a person may see a figure; a role may hide the amounts of deals."""
    return can(user, figure.right) and (figure.key != "won" or "deals" in sales.sources(user))


def _issued(user: Any, now: Period, prior: Period, currency: str) -> tuple[str, str, str]:
    rows = visible(user, Invoice.objects.all(), "invoices.view").filter(
        status__in=COUNTED, is_archived=False, currency=currency
    )
    found = _sums(rows, "issued_on", now, prior, "total")
    address = reverse("reports:invoices")
    return (
        _with_number(found["now"], found["now_count"], currency),
        money_text(found["prior"], currency),
        f"{address}?{_days(now)}&{urlencode({'currency': currency})}",
    )


def _received(user: Any, now: Period, prior: Period, currency: str) -> tuple[str, str, str]:
    rows = visible(user, Payment.objects.all(), "payments.view").filter(
        is_posted=True, is_archived=False, currency=currency
    )
    found = _sums(rows, "paid_on", now, prior, "amount")
    return (
        _with_number(found["now"], found["now_count"], currency),
        money_text(found["prior"], currency), f"{reverse('sales:payments')}?{_days(now)}",
    )  # fmt: skip


def _won(user: Any, now: Period, prior: Period, currency: str) -> tuple[str, str, str]:
    values = []
    for period in (now, prior):
        rows = sales.documents(user, sales.Ask(period, source="deals", currency=currency))
        values.append(rows.aggregate(number=Count("pk"), total=Sum("amount", default=Decimal(0))))
    address = reverse("reports:deals")
    return (
        _with_number(values[0]["total"], values[0]["number"], currency),
        money_text(values[1]["total"], currency),
        f"{address}?{_days(now)}&{urlencode({'currency': currency})}",
    )


def _opened(user: Any, now: Period, prior: Period, currency: str) -> tuple[str, str, str]:
    rows = visible(user, Deal.objects.filter(is_archived=False), "deals.view")
    counts = rows.aggregate(
        now=Count("pk", filter=_within("opened_at", now)),
        prior=Count("pk", filter=_within("opened_at", prior)),
    )
    days = urlencode({"opened_from": now.from_on, "opened_to": now.until_on})
    return _number(counts["now"]), _number(counts["prior"]), f"{reverse('deals:list')}?{days}"


def _newcomers(user: Any, now: Period, prior: Period, currency: str) -> tuple[str, str, str]:
    kept = customers.settings()
    limits = customers.Limits(kept.sleeping_days, kept.lost_days)
    found = customers.states(user, period=now, prior=prior, limits=limits)[0]
    address = reverse("reports:customers_in")
    return _number(found.count), _number(found.prior), f"{address}?state=new&{_days(now)}"


def _overdue(user: Any, now: Period, prior: Period, currency: str) -> tuple[str, str, str]:
    rows = visible(user, Invoice.objects.all(), "invoices.view").filter(
        status__in=COUNTED, is_archived=False, currency=currency, due_on__lt=timezone.localdate()
    )
    rows = rows.exclude(payment_state=PaymentState.PAID)
    found = rows.aggregate(
        number=Count("pk"), left=Sum(F("total") - F("paid_total"), default=Decimal(0))
    )
    return (
        _with_number(found["left"], found["number"], currency), "",
        f"{reverse('sales:list')}?payment=overdue",
    )  # fmt: skip


FIGURES: dict[str, Figure] = {
    each.key: each
    for each in (
        Figure("issued", _("Invoices issued"), "invoices.view", _issued),
        Figure("received", _("Payments received"), "payments.view", _received),
        Figure("won", _("Deals won"), "deals.view", _won),
        Figure("opened", _("Deals opened"), "deals.view", _opened),
        Figure("newcomers", _("New customers"), "invoices.view", _newcomers),
        Figure("overdue", _("Overdue now"), "invoices.view", _overdue),
    )
}


def _sums(
    rows: QuerySet[Any], day: str, now: Period, prior: Period, amount: str
) -> dict[str, Any]:
    is_now = Q(**{f"{day}__gte": now.from_on, f"{day}__lte": now.until_on})
    is_prior = Q(**{f"{day}__gte": prior.from_on, f"{day}__lte": prior.until_on})
    return rows.filter(is_now | is_prior).aggregate(
        now=Sum(amount, filter=is_now, default=Decimal(0)),
        now_count=Count("pk", filter=is_now),
        prior=Sum(amount, filter=is_prior, default=Decimal(0)),
    )


def _within(moment: str, period: Period) -> Q:
    zone = timezone.get_current_timezone()
    begin = datetime.combine(period.from_on, time.min, tzinfo=zone)
    end = datetime.combine(period.until_on + timedelta(days=1), time.min, tzinfo=zone)
    return Q(**{f"{moment}__gte": begin, f"{moment}__lt": end})


def _days(period: Period) -> str:
    return urlencode({"from": period.from_on, "until": period.until_on})


def _number(count: int) -> str:
    return number_text(Decimal(count), places=None)


def _with_number(amount: Decimal, count: int, currency: str) -> str:
    return f"{money_text(amount, currency)} ({_number(count)})"

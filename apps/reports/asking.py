"""What an address asks of a report, and the addresses of the rows behind its figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from apps.accounts.rights import can, fields
from apps.core.lists import conditions
from apps.core.objects import ObjectKind
from apps.reports import periods
from apps.reports.periods import Period
from apps.reports.selectors import by_field, customers, promising, sales
from apps.sales.forms import CURRENCIES
from tenants.current import current_company

MOST_DAYS = 7300
_SALES = ("period", "from", "until", "compare", "by", "source", "currency", "manager", "customer",
          "product", "group", "own", "own_at", "sort")  # fmt: skip
NAMES = {
    "sales": _SALES, "customers": ("period", "from", "until", "compare", "sleeping", "lost"),
    "promising": ("days", "currency", "segment", "abc", "manager"),
    "fields": ("of", "by", "step", "m1", "m2", "m3", "f", "sort", "currency"),
}  # fmt: skip
FIGURES = ("m1", "m2", "m3")
# Letters of a value that is kept; 120 of others.
_LONGEST = {"f": conditions.LONGEST, "own_at": 600}


@dataclass(frozen=True)
class AskedSales:
    """What is asked of sales, with the name of the period."""

    user: Any
    ask: sales.Ask
    period_name: str
    dimensions: Mapping[str, Any]
    problems: tuple[str, ...] = ()

    @property
    def period(self) -> Period:
        """Return the days."""
        return self.ask.period

    def rows_url(self, **more: str) -> str:
        """Return the list of the documents behind a figure."""
        ask = self.ask
        days = {"from": ask.period.from_on.isoformat(), "until": ask.period.until_on.isoformat()}
        told = {
            **days, "currency": ask.currency, "manager": ask.manager, "customer": ask.customer,
            "product": ask.product, "group": ask.group, "own": ask.own, "own_at": ask.own_at,
        }  # fmt: skip
        name = "reports:deals" if ask.source == "deals" else "reports:invoices"
        return f"{reverse(name)}?{_query(told | more)}"

    def prior_url(self, **more: str) -> str:
        """Return the list behind a figure of the period before."""
        prior = self.ask.prior
        days = {"from": prior.from_on.isoformat(), "until": prior.until_on.isoformat()}
        return self.rows_url(**(days | more))

    def narrowed_url(self, values: Mapping[str, str], **more: str) -> str:
        """Return the same report with other parameters."""
        told = {name: values.get(name, "") for name in _SALES}
        return f"{reverse('reports:sales')}?{_query(told | more)}"


def asked_sales(user: Any, values: Mapping[str, str], *, today: date) -> AskedSales:
    """Read what an address asks of sales; what a person may not see is not asked for."""
    name, period = periods.asked(values, today=today, usual="month")
    sources = sales.sources(user)
    source = _one_of(values.get("source"), sources, next(iter(sources), "invoices"))
    dimensions = sales.dimensions(user, source)
    by = _one_of(values.get("by"), dimensions, next(iter(dimensions)))
    own = values.get("own", "")
    gone = [each for each in (values.get("by", ""), own) if "." in each and each not in dimensions]
    manager = _key(values.get("manager")) if "manager" in dimensions else ""
    sort = _one_of(values.get("sort"), sales.MEASURES, "revenue")
    if sort in ("cost", "margin") and not can(user, "reports.cost"):
        sort = "revenue"
    page = values.get("page", "")
    return AskedSales(
        user,
        sales.Ask(
            period, by=by, source=source, currency=currency_of(values),
            comparison=_one_of(values.get("compare"), periods.COMPARISONS, "before"),
            manager=manager, customer=_key(values.get("customer")),
            product=_key(values.get("product")), group=_key(values.get("group")), sort=sort,
            own=own, own_at=values.get("own_at", "") or by_field.NOTHING,
            page=int(page) if page.isdecimal() and 0 < int(page) <= 1000 else 1,
        ),
        name, dimensions, tuple(map(_lost, gone)),
    )  # fmt: skip


@dataclass(frozen=True)
class AskedByField:
    """What is asked of the rows of an object by a field of theirs.

    ``ask`` is ``None`` where that cannot be counted; ``problems`` say why, and what was left out.
    """

    kind: ObjectKind | None
    ask: by_field.Ask | None
    problems: tuple[str, ...]
    kept: str

    def rows_url(self, at: str, of: str = "") -> str:
        """Return the list of the rows behind a figure of a group."""
        more = _query({"at": at, "amount": of})
        return f"{reverse('reports:rows')}?{'&'.join(filter(None, (self.kept, more)))}"


def asked_by_field(user: Any, values: Mapping[str, str]) -> AskedByField:
    """Read what an address asks of the rows of an object.

    A field that is not there any more, or that the person does not see, is said and not guessed:
    without the field to group by, or a condition, nothing is counted.
    """
    offered = by_field.kinds(user)
    kept_as, wanted = kept("fields", values), values.get("of", "")
    usual = [each for each in offered if each.key == "counterparties"] + offered
    kind = next((each for each in offered if each.key == wanted), None)
    if kind is None and (wanted or not usual):
        text = _("The object “%(key)s” is not there any more, or not for you to see.")
        return AskedByField(None, None, (text % {"key": wanted[:60]},), kept_as)
    kind = kind or usual[0]
    problems = []
    by = _way(user, kind, values.get("by", ""))
    if by is None:
        problems.append(_lost(values.get("by", "")))
    known = {each.key: each for each in by_field.measures(kind, user)}
    chosen = list(dict.fromkeys(filter(None, (values.get(name, "") for name in FIGURES))))
    problems += [_lost(key.partition(".")[2]) for key in chosen if key not in known]
    measures = [known[key] for key in chosen if key in known]
    condition, is_readable = None, True
    if values.get("f"):
        try:
            condition = conditions.parse(values["f"], kind, user)
        except conditions.BadFilter as problem:
            is_readable = False
            problems.append(problem.sentence)
    if by is None or not is_readable:
        return AskedByField(kind, None, tuple(problems), kept_as)
    sort, page = values.get("sort", ""), values.get("page", "")
    usual_sort = measures[0].key if measures else by_field.ROWS
    sorts = dict.fromkeys([by_field.ROWS, *(each.key for each in measures)])
    ask = by_field.Ask(
        kind, by, step=_one_of(values.get("step"), by_field.STEPS, "month"), measures=measures,
        condition=condition, currency=currency_of(values), sort=_one_of(sort, sorts, usual_sort),
        page=int(page) if page.isdecimal() and 0 < int(page) <= 1000 else 1,
    )  # fmt: skip
    return AskedByField(kind, ask, tuple(problems), kept_as)


def _way(user: Any, kind: ObjectKind, wanted: str) -> by_field.Way | None:
    """Return the field asked for; without one the first that the company made, or the first."""
    ways = by_field.ways(kind, user)
    if wanted:
        return next((each for each in ways if each.key == wanted), None)
    own = [each for each in ways if len(each.steps) == 1 and each.field.is_custom]
    return next(iter([*own, *ways]), None)


def _lost(key: str) -> str:
    if not key:
        return _("There is no field to group by.")
    return _("The field “%(key)s” is not there any more, or not for you to see.") % {
        "key": key[:120]
    }


def asked_limits(values: Mapping[str, str]) -> customers.Limits:
    """Read after how many days a customer sleeps and is lost; else as the company counts."""
    usual = customers.settings()
    sleeping = _number(values.get("sleeping"), usual.sleeping_days)
    lost = _number(values.get("lost"), usual.lost_days)
    return customers.Limits(sleeping, max(lost, sleeping + 1))


def asked_promising(user: Any, values: Mapping[str, str], *, today: date) -> promising.Ask:
    """Read what an address asks of the ranking."""
    manager = "" if hides_manager(user) else _key(values.get("manager"))
    page = values.get("page", "")
    return promising.Ask(
        today, days=_number(values.get("days"), 365), currency=currency_of(values),
        segment=_one_of(values.get("segment"), promising.SEGMENTS, ""),
        abc=_one_of(values.get("abc"), dict.fromkeys(promising.CLASSES), ""),
        manager=UUID(manager) if manager not in ("", sales.NOBODY) else None,
        page=int(page) if page.isdecimal() and 0 < int(page) <= 1000 else 1,
    )  # fmt: skip


def currency_of(values: Mapping[str, str]) -> str:
    """Return the currency asked for; the company's without one."""
    wanted = values.get("currency", "")
    return wanted if wanted in currencies() else current_company().currency


def currencies() -> list[str]:
    """Return the currencies one may ask for, the company's first."""
    return list(dict.fromkeys([current_company().currency, *CURRENCIES]))


def kept(report: str, values: Mapping[str, str]) -> str:
    """Return what a saved report keeps of an address: known names with a value."""
    return _query(
        {name: values.get(name, "")[: _LONGEST.get(name, 120)] for name in NAMES[report]}
    )


def _query(values: Mapping[str, str]) -> str:
    return urlencode({name: value for name, value in values.items() if value})


def _one_of(text: str | None, known: Mapping[str, Any], otherwise: str) -> str:
    return text if text in known and text is not None else otherwise


def _key(text: str | None) -> str:
    """Return a key of an address; a text that is none finds nothing, as a key nobody has."""
    if not text or text == sales.NOBODY:
        return text or ""
    try:
        return str(UUID(text))
    except ValueError:
        return str(UUID(int=0))


def _number(text: str | None, usual: int) -> int:
    return int(text) if text and text.isdecimal() and 0 < int(text) <= MOST_DAYS else usual


def hides_manager(user: Any) -> bool:
    """Tell whether a person does not see who is responsible for customers."""
    return "responsible" in fields(user, "counterparties").hidden

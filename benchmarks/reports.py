"""``./kopru bench reports``: what a director waits for, with a million lines of invoices.

Each report is asked as its page asks it, through the rights of whoever looks: everything, and a
manager who sees own rows only. The physical limit beside each: one bare aggregate over the same
days. ``--explain`` prints the plan of the widest question.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from statistics import median
from typing import Any

from django.db import connection

from benchmarks import live
from benchmarks.crm import KEY, fill

Figures = dict[str, Any]
PARTNER, PRODUCT, INVOICE = "01a20001", "01a20004", "01a20005"


def run(arguments: list[str]) -> Figures:
    """Measure, print the table and return the figures."""
    options = _options(arguments)
    live._company("directors")
    from django_tenants.utils import tenant_context

    from tenants.models import Company

    with tenant_context(Company.objects.get(slug="directors")):
        people = _fill(options)
        figures = _measured(people, options)
    for name, value in figures.items():
        print(f"{name:58} {value:10.0f} ms")
    return figures


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="kopru bench reports", description=__doc__)
    parser.add_argument("--invoices", type=int, default=250_000)
    parser.add_argument("--counterparties", type=int, default=30_000)
    parser.add_argument("--products", type=int, default=20_000)
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--explain", action="store_true")
    return parser.parse_args(arguments)


def _fill(options: argparse.Namespace) -> dict[str, Any]:
    """Fill the company: four lines an invoice, over three years; return who looks."""
    from apps.accounts.models import AccessRole, Role, RoleRight, Scope, User
    from apps.catalog.models import Price, PriceType, Product
    from apps.core.models import Organization
    from apps.counterparties.models import Counterparty
    from apps.reports.models import ReportSettings
    from apps.sales.models import Invoice, InvoiceLine

    User.objects.update(role="owner")
    owner = User.objects.get()
    role = AccessRole.objects.create(name="Own only", base=Role.MANAGER)
    for name in ("invoices", "counterparties", "deals"):
        RoleRight.objects.create(role=role, object=name, action="view", scope=Scope.OWN)
    own = User.objects.create(email="own@directors.example", role="manager", access_role=role)
    organization = Organization.objects.create(name="We", is_default=True)
    cost = PriceType.objects.create(name="Purchase", currency="TRY")
    ReportSettings.objects.create(cost_price_type=cost)
    who = f"CASE WHEN g % 20 = 0 THEN '{own.pk}'::uuid ELSE '{owner.pk}'::uuid END"
    partner = KEY.format(prefix=PARTNER, n=f"1 + g % {options.counterparties}")
    product = KEY.format(prefix=PRODUCT, n=f"1 + g * 7 % {options.products}")
    fill(Counterparty, options.counterparties, {
        "id": KEY.format(prefix=PARTNER, n="g"), "name": "'Customer ' || g",
        "sort_name": "'customer ' || g", "responsible_id": who,
    })  # fmt: skip
    fill(Product, options.products, {
        "id": KEY.format(prefix=PRODUCT, n="g"), "name": "'Nail ' || g",
        "sort_name": "'nail ' || g",
    })  # fmt: skip
    fill(Price, options.products, {
        "product_id": KEY.format(prefix=PRODUCT, n="g"), "price_type_id": f"'{cost.pk}'::uuid",
        "amount": "8", "currency": "'TRY'",
    })  # fmt: skip
    fill(Invoice, options.invoices, {
        "id": KEY.format(prefix=INVOICE, n="g"), "number": "g::text",
        "issued_on": f"current_date - (g::bigint * 1095 / {options.invoices})::int",
        "organization_id": f"'{organization.pk}'::uuid", "counterparty_id": partner,
        "responsible_id": who, "currency": "'TRY'", "status": "'issued'", "total": "496",
        "paid_total": "(g % 2) * 496",
    })  # fmt: skip
    fill(InvoiceLine, options.invoices * 4, {
        "invoice_id": KEY.format(prefix=INVOICE, n=f"1 + g % {options.invoices}"),
        "product_id": product, "name": "'Nail'", "quantity": "10", "price": "12.4",
        "total": "124", "tax": "20.67", "tax_rate": "20", "discount_percent": "0",
    })  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return {"everything": owner, "own rows": own}


def _measured(people: dict[str, Any], options: argparse.Namespace) -> Figures:
    from apps.accounts.models import User
    from apps.reports.periods import Period
    from apps.reports.selectors import customers, promising, sales

    today = date.today()  # noqa: DTZ011 - the rows are dated by the database
    spans = {
        "a month": Period(today - timedelta(days=29), today),
        "a year": Period(today - timedelta(days=364), today),
    }
    figures: Figures = {}
    limits = customers.Limits(90, 365)
    for who, person in people.items():
        user = User.objects.get(pk=person.pk)
        for span, period in spans.items():
            for by in ("manager", "customer", "product"):
                ask = sales.Ask(period, by=by, currency="TRY")
                figures[f"sales by {by}, {span}, {who}"] = _timed(
                    partial(sales.analyse, user, ask), options.times
                )
        year = spans["a year"]
        figures[f"state of customers, a year, {who}"] = _timed(
            partial(
                customers.states, user, period=year, prior=year.before("before"), limits=limits
            ),
            options.times,
        )
        figures[f"promising customers, a year, {who}"] = _timed(
            partial(promising.ranked, user, promising.Ask(today, currency="TRY")),
            options.times,
        )
    for span, period in spans.items():
        figures[f"the limit: bare sums of the lines of {span} and the one before"] = _timed(
            partial(_bare, period), options.times
        )
    if options.explain:
        _explain(people["everything"], spans["a year"])
    return figures


def _timed(ask: Callable[[], Any], times: int) -> float:
    taken = []
    for _time in range(times):
        begun = time.perf_counter()
        ask()
        taken.append((time.perf_counter() - begun) * 1000)
    return median(taken)


def _bare(period: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT l.product_id, sum(l.total) FROM sales_invoice i JOIN sales_invoiceline l"
            " ON l.invoice_id = i.id WHERE i.issued_on BETWEEN %s AND %s GROUP BY 1",
            [period.before("before").from_on, period.until_on],
        )
        cursor.fetchall()


def _explain(person: Any, period: Any) -> None:
    from apps.accounts.models import User
    from apps.reports.selectors import sales

    ask = sales.Ask(period, by="product", currency="TRY")
    with connection.execute_wrapper(_explained):
        sales.analyse(User.objects.get(pk=person.pk), ask)


def _explained(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
    settings, _sep, asked = sql.partition("; WITH read")
    if asked:
        with context["cursor"].connection.cursor() as cursor:
            told = f"{settings}; EXPLAIN (ANALYZE, BUFFERS) WITH read{asked}"
            cursor.execute(told, params)
            print("\n".join(row[0] for row in cursor.fetchall()))
    return execute(sql, params, many, context)

"""``./kopru bench screens``: lists, boards, calendars, cards, reports, statement by statement.

The company of ``bench crm`` with documents added, asked inside this process by its owner. Of each
screen: how many statements it takes, how long the slowest is, and which table of many rows is read
without an index, or for how many rows. ``--keep`` keeps the filled company for the next run.
"""

from __future__ import annotations

import argparse
import re
import time
from collections.abc import Iterator
from typing import Any, NamedTuple

from django.db import connection

from benchmarks import crm
from benchmarks._plans import scans

Figures = dict[str, Any]
SLOW_MS = 50.0
MANY_ROWS = 5000  # read for one page
INVOICE, REQUEST, PRODUCT = "01a20004", "01a20005", "01a20006"
PREFIXES = {
    "partner": crm.PARTNER, "person": crm.PERSON, "deal": crm.DEAL, "invoice": INVOICE,
}  # fmt: skip
SCREENS = (
    "/", "/counterparties/", "/counterparties/?sort=-x_score", "/counterparties/?q=granite",
    '/counterparties/?f=["x_score","ge","900"]', '/counterparties/?f=["comment","contains","x"]',
    '/counterparties/?f=["responsible","is_set"]', "/counterparties/?part=count",
    "/counterparties/?group=responsible", "/counterparties/people/",
    "/counterparties/people/?q=fern", "/counterparties/people/?part=count",
    "/counterparties/{partner}/", "/counterparties/unsorted/", "/counterparties/people/{person}/",
    "/deals/", "/deals/?part=board", "/deals/?q=order", "/deals/list/",
    "/deals/list/?sort=-amount", "/deals/list/?sort=expected_on", "/deals/list/?q=777",
    "/deals/list/?part=count", '/deals/list/?f=["amount","ge","80000"]',
    "/deals/list/?group=stage", "/deals/{deal}/", "/deals/quotations/", "/deals/funnel/forecast/",
    "/deals/funnel/", "/deals/list/?show=gantt", "/activities/", "/activities/?q=call",
    "/activities/?part=count", "/activities/list/", "/activities/calendar/",
    "/activities/calendar/?view=day", "/activities/calendar/?view=month", "/activities/team/",
    "/requests/", "/requests/?q=hinge", "/requests/?part=count", "/invoices/",
    "/invoices/?sort=-total", "/invoices/?sort=due_on", "/invoices/?q=granite",
    "/invoices/?part=count", "/invoices/{invoice}/", "/invoices/payments/",
    "/invoices/payments/?sort=-amount", "/catalog/", "/catalog/?q=nail", "/catalog/?part=count",
    "/duplicates/bin/", "/notifications/", "/duplicates/", "/search/?q=granite", "/reports/",
)  # fmt: skip


class Said(NamedTuple):
    """A statement and how long it took."""

    sql: str
    parameters: Any
    ms: float


def run(arguments: list[str]) -> Figures:
    """Walk the screens, print what stands out and return the figures."""
    parser = argparse.ArgumentParser(prog="kopru bench screens", description=__doc__)
    for name, count in (("counterparties", 30_000), ("contacts", 70_000), ("deals", 20_000)):
        parser.add_argument(f"--{name}", type=int, default=count)
    parser.add_argument("--activities", type=int, default=100_000)
    parser.add_argument("--documents", type=int, default=30_000)
    parser.add_argument("--only", nargs="*", metavar="ADDRESS", help="these, with their statements")
    options = parser.parse_args(arguments)
    from django.core.management import call_command
    from django.test import Client
    from django_tenants.utils import tenant_context

    call_command("collectstatic", interactive=False, verbosity=0)
    company = crm._company(options)
    with tenant_context(company):
        _add_documents(options)
    cookie, _key, _pipeline = crm._signed_in(company)
    client = Client(HTTP_HOST=f"{company.slug}.localhost", HTTP_COOKIE=cookie)
    figures = {}
    for address in options.only or (*SCREENS, *_reports(client)):
        figures[address] = _walked(client, company, address, is_whole=bool(options.only))
    return figures


def _add_documents(options: argparse.Namespace) -> None:
    from apps.accounts.models import User
    from apps.catalog.models import Product
    from apps.core.models import Organization
    from apps.finance.models import Payment
    from apps.sales.models import Invoice, InvoiceLine, InvoiceStatus
    from apps.service.models import ServiceRequest

    if Invoice.objects.exists():
        return
    seller = Organization.objects.create(name="Bench")
    owner = f"'{User.objects.get().pk}'::uuid"
    partner = crm.KEY.format(prefix=crm.PARTNER, n=f"1 + g % {options.counterparties}")
    number = options.documents
    crm.fill(Product, number, {
        "id": crm.KEY.format(prefix=PRODUCT, n="g"), "name": "'Nail ' || g",
        "sort_name": "'nail ' || g", "article": "'N-' || g",
    })  # fmt: skip
    crm.fill(Invoice, number, {
        "id": crm.KEY.format(prefix=INVOICE, n="g"), "number": "'26-' || g",
        "counterparty_id": partner, "responsible_id": owner, "currency": "'TRY'",
        "organization_id": f"'{seller.pk}'::uuid", "status": f"'{InvoiceStatus.ISSUED}'",
        "issued_on": "current_date - g % 700", "total": "g % 9000",
        "due_on": "current_date - g % 650",
    })  # fmt: skip
    crm.fill(InvoiceLine, number * 2, {
        "invoice_id": crm.KEY.format(prefix=INVOICE, n=f"1 + g / 2 % {number}"),
        "product_id": crm.KEY.format(prefix=PRODUCT, n=f"1 + g % {number}"),
        "name": "'Nail ' || g", "quantity": "3", "price": "12.4", "total": "37.2",
    })  # fmt: skip
    crm.fill(Payment, number, {
        "counterparty_id": partner, "number": "'P-' || g", "paid_on": "current_date - g % 700",
        "amount": "g % 9000", "currency": "'TRY'",
    })  # fmt: skip
    crm.fill(ServiceRequest, number, {
        "id": crm.KEY.format(prefix=REQUEST, n="g"), "counterparty_id": partner,
        "owner_id": owner, "subject": "'Hinge ' || g",
        "created_at": "now() - g * interval '1 hour'",
    })  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _reports(client: Any) -> Iterator[str]:
    """Yield the address of every report the start page of reports leads to."""
    page = client.get("/reports/").content.decode()
    yield from dict.fromkeys(re.findall(r'href="(/reports/[a-z-]+/)"', page))


def _walked(client: Any, company: Any, address: str, *, is_whole: bool) -> Figures:
    from django_tenants.utils import tenant_context

    path = address
    for name, prefix in PREFIXES.items():
        path = path.replace(f"{{{name}}}", f"{prefix}-0000-7000-8000-{77:012x}")
    headers = {"HX-Request": "true"} if "part=" in path or path.startswith("/search/") else {}
    for _time in range(2):
        answer = client.get(path, headers=headers)
    said: list[Said] = []

    def told(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        began = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            said.append(Said(sql, params, (time.perf_counter() - began) * 1000))

    began = time.perf_counter()
    with connection.execute_wrapper(told):
        answer = client.get(path, headers=headers)
    whole = (time.perf_counter() - began) * 1000
    with tenant_context(company):
        return _told(address, answer, said, whole, is_whole=is_whole)


def _told(
    address: str, answer: Any, said: list[Said], whole: float, *, is_whole: bool
) -> Figures:
    if answer.status_code != 200:
        raise SystemExit(f"{address} answers {answer.status_code}")
    slowest = max((each.ms for each in said), default=0.0)
    print(
        f"{address:60}{answer.status_code:5}{len(said):4} statements{whole:8.1f} ms,"
        f" slowest {slowest:7.1f}"
    )
    found = []
    for each in said:
        read = [scan for scan in scans(each.sql, each.parameters) if scan.rows > MANY_ROWS]
        if read or each.ms > SLOW_MS or is_whole:
            found.append({"ms": each.ms, "sql": each.sql, "scans": read})
            sql = " ".join(each.sql.split())[: 4000 if is_whole else 260]
            print(f"    {each.ms:7.1f} ms  {sql}")
            for scan in read:
                print(f"               {scan.how} {scan.by} of {scan.table}: {scan.rows:,} rows")
    return {
        "status": answer.status_code, "statements": len(said), "ms": whole, "slowest_ms": slowest,
        "found": found,
    }  # fmt: skip

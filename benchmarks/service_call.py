"""``./kopru bench service-call``: what the change journal costs a call of the CRM.

Invoices of three lines are made and issued by their services, with the capture of every table on
and off in turn, on one connection.
"""

from __future__ import annotations

import argparse
import time
from decimal import Decimal
from statistics import median
from typing import Any

from django.db import connection
from django.utils import timezone
from django_tenants.utils import tenant_context

Figures = dict[str, Any]
LIMIT = 1.10
_TRIGGERS = """
SELECT format('ALTER TABLE %%s %%s TRIGGER %%I', tgrelid::regclass, %s, tgname) FROM pg_trigger
JOIN pg_class c ON c.oid = tgrelid JOIN pg_namespace n ON n.oid = relnamespace
WHERE nspname = %s AND tgname LIKE 'journal\\_%%' AND NOT tgisinternal
"""


def run(arguments: list[str]) -> Figures:
    """Measure, print the line and return the figures."""
    parser = argparse.ArgumentParser(prog="kopru bench service-call", description=__doc__)
    parser.add_argument("--invoices", type=int, default=150, help="of a round")
    parser.add_argument("--rounds", type=int, default=6)
    options = parser.parse_args(arguments)
    figures = _measure(options)
    print(
        f"\nissuing an invoice of 3 lines: {figures['none_ms']:.2f} ms without the journal,"
        f" {figures['capture_ms']:.2f} ms with it: {figures['ratio']:.3f} (limit {LIMIT:.2f})"
    )
    return figures


def _measure(options: argparse.Namespace) -> Figures:
    from apps.core.models import Organization
    from apps.counterparties.models import Counterparty
    from tenants.services import create_company

    company = create_company(slug="bench-service", name="Bench")
    with tenant_context(company):
        partner = Counterparty.objects.create(name="Ladoga")
        organization = Organization.objects.create(name="We")
        _issue(20, partner.pk, organization.pk)  # plans and caches are warm
        seconds: dict[str, list[float]] = {"none": [], "capture": []}
        for _ in range(options.rounds):
            for way, found in seconds.items():
                _switch(company.schema_name, "DISABLE" if way == "none" else "ENABLE")
                found += _issue(options.invoices, partner.pk, organization.pk)
        _switch(company.schema_name, "ENABLE")
    none, capture = median(seconds["none"]), median(seconds["capture"])
    return {
        "options": vars(options), "none_ms": 1000 * none, "capture_ms": 1000 * capture,
        "ratio": capture / none,
    }  # fmt: skip


def _switch(schema: str, what: str) -> None:
    """Switch the capture of every table of a company, as the owner of its tables."""
    from tenants.context import as_schema_owner

    with as_schema_owner(), connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        cursor.execute(_TRIGGERS, [what, schema])
        for (statement,) in cursor.fetchall():
            cursor.execute(statement)
    connection.close()  # the next query begins with the company's own role


def _issue(count: int, partner: Any, organization: Any) -> list[float]:
    """Return the seconds of each call that issues an invoice."""
    from apps.sales.services import InvoiceValues, LineValues, create_invoice, issue_invoice

    now, found = timezone.now(), []
    for number in range(count):
        lines = [
            LineValues(name=f"Nail {n} of {number}", quantity=Decimal(2), price=Decimal(10))
            for n in range(3)
        ]
        values = InvoiceValues(
            counterparty_id=partner, organization_id=organization, issued_on=now.date(),
            currency="RUB", lines=lines,
        )  # fmt: skip
        draft = create_invoice(values=values, by=None, now=now)
        began = time.perf_counter()
        issue_invoice(invoice_id=draft.pk, by=None, now=now)
        found.append(time.perf_counter() - began)
    return found

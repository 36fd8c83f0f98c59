"""Signing up with 200 companies present, beside migrating a schema and beside the bare rows.

``run`` prints and returns seconds: the 50th and 90th percentile of sign-ups, of making a spare, one
schema by migrations, and the physical limit (the rows of a sign-up and nothing else).
"""

from __future__ import annotations

import argparse
import statistics
import time
import uuid
from collections.abc import Callable
from functools import partial
from typing import Any

from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from tenants.current import enter_public
from tenants.models import Company, CompanyState, Domain
from tenants.provisioning import pool
from tenants.services import create_company, sign_up
from tenants.signup import SignUp


def run(arguments: list[str]) -> dict[str, Any]:
    """Measure; sizes are options."""
    parser = argparse.ArgumentParser(prog="kopru bench sign-up")
    parser.add_argument("--companies", type=int, default=200)
    parser.add_argument("--sign-ups", type=int, default=40)
    options = parser.parse_args(arguments)
    enter_public()
    for number in range(options.companies - Company.objects.count()):
        create_company(slug=f"present-{number}", name=f"Present {number}")
        connection.close()  # its server process remembers every table it has made
    spares = [_timed(pool.make_spare) for _ in range(options.sign_ups)]
    signed = [_timed(partial(_sign_up, n)) for n in range(options.sign_ups)]
    rows = [_timed(_rows_only) for _ in range(options.sign_ups)]
    migrated = _timed(_migrate)
    figures = {
        "companies": options.companies,
        "sign_up_p50": statistics.median(signed),
        "sign_up_p90": _p90(signed),
        "spare_p50": statistics.median(spares),
        "migrated_schema": migrated,
        "rows_p50": statistics.median(rows),
    }
    figures["times_the_rows"] = figures["sign_up_p50"] / figures["rows_p50"]
    figures["times_faster_than_migrating"] = migrated / figures["sign_up_p50"]
    _show(figures)
    return figures


def _sign_up(number: int) -> None:
    sign_up(
        asked=SignUp(
            name="Bench", slug=f"bench-{number}", email="owner@bench.example",
            password="a long enough secret",  # noqa: S106  (nobody signs in)
        ),
        now=timezone.now(),
    )  # fmt: skip


@transaction.atomic
def _rows_only() -> None:
    """Write the two rows of a company and nothing else."""
    key = uuid.uuid4().hex
    company = Company.objects.create(
        schema_name=f"none_{key}",
        slug=f"rows-{key[:20]}",
        name="Rows",
        state=CompanyState.SUSPENDED,
    )
    Domain.objects.create(domain=f"{key}.localhost", tenant=company, is_primary=True)


def _migrate() -> None:
    call_command("migrate_schemas", schema_name="bench_migrated", verbosity=0)


def _timed(call: Callable[[], Any]) -> float:
    begun = time.perf_counter()
    call()
    return time.perf_counter() - begun


def _p90(values: list[float]) -> float:
    return sorted(values)[int(len(values) * 0.9) - 1]


def _show(figures: dict[str, Any]) -> None:
    print(f"{figures['companies']} companies present")
    for name, label in (
        ("sign_up_p50", "sign-up, median"), ("sign_up_p90", "sign-up, 90th percentile"),
        ("spare_p50", "making a spare, median"), ("migrated_schema", "one schema by migrations"),
        ("rows_p50", "the rows alone, median"),
    ):  # fmt: skip
        print(f"  {label:<28} {figures[name] * 1000:>9.1f} ms")
    print(f"  sign-up against the rows     {figures['times_the_rows']:>9.1f} ×")
    print(f"  migrating against sign-up    {figures['times_faster_than_migrating']:>9.1f} ×")

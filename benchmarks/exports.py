"""A list of 50,000 rows as a file made in the background: seconds, rows a second, memory.

``run`` fills one company with customers, begins an export of the list as a manager would, and makes
it as a worker does, for XLSX and for CSV.
"""

from __future__ import annotations

import argparse
import resource
import time
from typing import Any

from django.core.files.storage import default_storage
from django_tenants.utils import schema_context, tenant_context

from apps.accounts.models import Role, User
from apps.core.lists import exporting
from apps.core.lists.export import FileKind
from apps.core.lists.screen import screen_of
from apps.core.models import ExportState
from apps.counterparties import lists  # noqa: F401 - the list makes itself known
from benchmarks.search import _fill
from tenants.services import create_company

KINDS: tuple[FileKind, ...] = ("xlsx", "csv")


def run(arguments: list[str]) -> dict[str, Any]:
    """Measure; the number of rows is an option."""
    parser = argparse.ArgumentParser(prog="kopru bench exports")
    parser.add_argument("--rows", type=int, default=50_000)
    options = parser.parse_args(arguments)
    with schema_context("public"):
        company = create_company(slug="exports", name="Exports")
    with tenant_context(company):
        user = User.objects.create_user(email="o@exports.example", role=Role.OWNER)
    _fill(company.schema_name, options.rows)
    figures: dict[str, Any] = {"rows": options.rows}
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with tenant_context(company):
        for kind in KINDS:
            figures[kind] = _measured(user, kind)
    figures["memory_mb"] = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    for kind in KINDS:
        told = figures[kind]
        print(
            f"{kind}: {told['rows']:,} rows in {told['seconds']:.1f} s,"
            f" {told['rows'] / told['seconds']:,.0f} rows/s, {told['mb']:.1f} MB"
        )
    print(f"memory above the start: {figures['memory_mb']:.0f} MB")
    return figures


def _measured(user: User, kind: FileKind) -> dict[str, Any]:
    screen = screen_of("counterparties", user=user)
    screen.leave_out()
    columns = [each for each in screen.columns if each.is_default or each.is_link]
    job = exporting.begin(screen=screen, columns=columns, kind=kind, by=user)
    began = time.perf_counter()
    done = exporting.run(job_id=job.pk)
    seconds = time.perf_counter() - began
    if done.state != ExportState.DONE:
        raise RuntimeError(f"the export ended as {done.state}")
    found = {"rows": done.total, "seconds": seconds, "mb": done.size / 1e6}
    default_storage.delete(done.file)
    return found

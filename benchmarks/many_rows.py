"""``./kopru bench many-rows``: one change of 5,000 rows, and taken back, kind by kind.

The whole way of "all that match": the keys are taken down, the rows go through the room's own rules
in portions, former values are kept, whoever gets something is told. Beside it the limit: one UPDATE
of the same rows with the triggers of the journal, once there and once back.
"""

from __future__ import annotations

import argparse
import cProfile
import pstats
import time
from collections.abc import Callable, Sequence
from typing import Any

from django.db import connection

from benchmarks.crm import DEAL, KEY, PARTNER, PERSON, fill

Figures = dict[str, Any]
# kind, field, what it is set to: one value without consequences, one that others hear of.
CASES = (
    ("counterparties", "source", "fair"), ("counterparties", "responsible", "{owner}"),
    ("counterparties", "x_score", "7"), ("counterparties", "", "archive"),
    ("contacts", "comment", "fair"), ("deals", "comment", "fair"), ("deals", "owner", "{owner}"),
    ("deals", "stage", "{stage}"), ("activities", "place", "here"),
    ("activities", "owner", "{owner}"), ("activities", "state", "done"),
    ("requests", "owner", "{owner}"), ("invoices", "comment", "fair"),
    ("products", "x_score", "7"), ("o_tools", "responsible", "{owner}"),
)  # fmt: skip


def run(arguments: list[str]) -> Figures:
    """Measure, print the table and return the figures."""
    parser = argparse.ArgumentParser(prog="kopru bench many-rows", description=__doc__)
    parser.add_argument("--rows", type=int, default=5000)
    parser.add_argument("--kinds", nargs="*", metavar="KIND", help="only these")
    parser.add_argument("--profile", action="store_true", help="tell where the time goes")
    options = parser.parse_args(arguments)
    from django_tenants.utils import tenant_context

    from tenants.services import create_company

    company = create_company(slug="bench", name="Bench")
    cases = [each for each in CASES if not options.kinds or each[0] in options.kinds]
    with tenant_context(company):
        values = _filled(options.rows)
        figures = {
            f"{kind}.{field or wanted}": _measured(kind, field, wanted, values, options)
            for kind, field, wanted in cases
        }
    _print(figures, options.rows)
    return figures


def _filled(rows: int) -> dict[str, Any]:
    """Fill the company; return the people and the stage that rows are given."""
    from apps.accounts.models import User
    from apps.activities.models import Activity
    from apps.catalog.models import Product
    from apps.core.models import Organization
    from apps.counterparties.models import ContactPerson, Counterparty
    from apps.custom.models import CustomRow
    from apps.custom.services import FieldValues, add_field, save_object
    from apps.deals.models import Deal, Stage
    from apps.deals.services.pipelines import begin
    from apps.sales.models import Invoice
    from apps.service.models import ServiceRequest

    by = User.objects.create_user(email="anna@bench.example", role="owner")
    other = User.objects.create_user(email="boris@bench.example", role="manager")
    for kind in ("counterparties", "products"):
        add_field(kind=kind, values=FieldValues("Score", type="number"))
    tool = save_object(values={"label": "Tool", "label_plural": "Tools"})
    seller = Organization.objects.create(name="Bench")
    first, second = Stage.objects.filter(pipeline=begin(), kind="open").order_by("position")[:2]
    owner, partner = f"'{by.pk}'::uuid", KEY.format(prefix=PARTNER, n="g")
    of_partner = {"counterparty_id": partner, "owner_id": owner}
    fill(Counterparty, rows, {
        "id": partner, "name": "'Firm ' || g", "sort_name": "'firm ' || g",
        "responsible_id": owner,
    })  # fmt: skip
    fill(ContactPerson, rows, {
        "id": KEY.format(prefix=PERSON, n="g"), "counterparty_id": partner,
        "full_name": "'Anna ' || g",
    })  # fmt: skip
    fill(Deal, rows, of_partner | {
        "id": KEY.format(prefix=DEAL, n="g"), "name": "'Order ' || g",
        "pipeline_id": f"'{first.pipeline_id}'::uuid", "stage_id": f"'{first.pk}'::uuid",
        "currency": "'TRY'",
    })  # fmt: skip
    fill(Activity, rows, of_partner | {"kind": "'task'", "subject": "'Call ' || g"})
    fill(ServiceRequest, rows, of_partner | {"subject": "'Hinge ' || g"})
    fill(Invoice, rows, {
        "counterparty_id": partner, "responsible_id": owner, "currency": "'TRY'",
        "organization_id": f"'{seller.pk}'::uuid",
    })  # fmt: skip
    fill(Product, rows, {"name": "'Nail ' || g", "sort_name": "'nail ' || g"})
    fill(CustomRow, rows, {
        "name": "'Drill ' || g", "sort_name": "'drill ' || g", "kind_id": f"'{tool.pk}'::uuid",
        "responsible_id": owner,
    })  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return {"by": by, "owner": other.pk, "stage": second.pk}


def _measured(
    kind: str, field: str, wanted: str, values: dict[str, Any], options: argparse.Namespace
) -> Figures:
    from django.utils import timezone

    from apps.core import objects
    from apps.core.lists import bulk

    of, by = objects.kind(kind), values["by"]
    text = wanted.format(**values)
    keys = list(of.rows(by).order_by("pk").values_list("pk", flat=True)[: options.rows])
    how, typed = ("set", [text]) if field else (wanted, [])

    def there() -> Any:
        job = bulk.begin(kind=of, by=by, how=how, field=field, value=typed, keys=keys)
        return bulk.run(job_id=job.pk)

    def back() -> None:
        bulk.begin_undo(job_id=done.pk, by=by, now=timezone.now())
        bulk.run(job_id=done.pk)

    profile = cProfile.Profile() if options.profile else None
    if profile:
        profile.enable()
    done, done_s, statements = _counted(there)
    _nothing, undone_s, _statements = _counted(back)
    if profile:
        profile.disable()
        pstats.Stats(profile).sort_stats("tottime").print_stats(25)
    if (done.done, done.refused) != (len(keys), 0):
        raise RuntimeError(f"{kind}.{field}: {done.done} of {len(keys)}, {done.reasons}")
    limit = _limit(of, field, keys)
    return {
        "there_s": done_s, "back_s": undone_s, "statements": statements, "limit_s": limit,
        "ratio": (done_s + undone_s) / limit,
    }  # fmt: skip


def _counted(work: Callable[[], Any]) -> tuple[Any, float, int]:
    """Return what work gives, how long it takes and how many statements it sends."""
    said = 0

    def told(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal said
        said += 1
        return execute(sql, params, many, context)

    with connection.execute_wrapper(told):
        begun = time.perf_counter()
        found = work()
        return found, time.perf_counter() - begun, said


def _limit(of: Any, field: str, keys: Sequence[Any]) -> float:
    """Return how long one UPDATE of these rows takes, and another that takes it back."""
    table = of.model._meta.db_table
    column = of.field(field).source if field else "is_archived"
    if column.startswith("custom__"):
        there, back = """custom = custom || '{"x_score": 8}'""", "custom = custom - 'x_score'"
    elif column in _SET:
        there, back = _SET[column]
    else:
        name = of.model._meta.get_field(column).column
        there, back = f"{name} = 'other'", f"{name} = ''"
        if name.endswith("_id"):
            there, back = f"{name} = NULL", f"{name} = (SELECT id FROM accounts_user LIMIT 1)"  # noqa: S608
    begun = time.perf_counter()
    with connection.cursor() as cursor:
        for change in (there, back):
            cursor.execute(
                f'UPDATE "{table}" SET {change}, updated_at = now() WHERE id = ANY(%s)',  # noqa: S608
                [list(keys)],
            )
    return time.perf_counter() - begun


_SET = {
    "is_archived": ("is_archived = true", "is_archived = false"),
    "state": ("state = 'done'", "state = 'open'"),
    "stage": ("stage_since = now()", "stage_since = now() - interval '1 day'"),
}  # fmt: skip


def _print(figures: Figures, rows: int) -> None:
    print(f"{rows:,} rows")
    print(f"{'':28}{'there':>9}{'back':>9}{'statements':>12}{'limit':>9}{'ratio':>8}")
    for name, found in figures.items():
        print(
            f"{name:28}{found['there_s']:7.2f} s{found['back_s']:7.2f} s{found['statements']:12,}"
            f"{found['limit_s']:7.2f} s{found['ratio']:8.1f}"
        )

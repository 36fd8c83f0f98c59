"""Jobs of the engine: runs, looking after quiet uploads, retention."""

from __future__ import annotations

from functools import partial

from celery import shared_task
from django.db import transaction
from django.utils import timezone
from django_tenants.utils import schema_context

from exchange import attention, runs, services
from tenants.models import Company, CompanyState


def start_runs() -> None:
    """Have the company's queued runs worked off, once what queued them is committed."""
    transaction.on_commit(partial(run_exchanges.delay))


@shared_task(
    acks_late=True,
    reject_on_worker_lost=True,
    time_limit=6 * 3600,
    autoretry_for=runs.LOST_CONNECTION,
    retry_backoff=5,
    max_retries=5,
)
def run_exchanges() -> None:
    """Work off the queued runs of a company; may be started any number of times."""
    runs.run_company()


@shared_task(time_limit=300)
def look_after() -> None:
    """Queue quiet uploads and close ended runs of a company, then work off what is queued."""
    services.look_after(now=timezone.now())
    run_exchanges.delay()


@shared_task(control=True, time_limit=60)
def dispatch_due() -> None:
    """Start ``look_after`` in every company whose moment has come."""
    now = timezone.now()
    for schema in attention.due(now=now):
        company = Company.objects.filter(schema_name=schema, state=CompanyState.ACTIVE).first()
        if company is None:
            attention.settle(at=None, schema=schema)
            continue
        look_after.apply_async(headers={"kopru_schema": schema})


@shared_task(time_limit=3600)
def sweep() -> None:
    """Hourly and daily care of one company: what a lost hint left behind, and old raw files."""
    services.look_after(now=timezone.now())
    services.remove_old(now=timezone.now())
    run_exchanges.delay()


@shared_task(control=True, time_limit=600)
def sweep_all() -> None:
    """Start ``sweep`` in every active company, spread over ten minutes."""
    with schema_context("public"):
        schemas = list(
            Company.objects.filter(state=CompanyState.ACTIVE)
            .order_by("schema_name")
            .values_list("schema_name", flat=True)
        )
    for number, schema in enumerate(schemas):
        sweep.apply_async(headers={"kopru_schema": schema}, countdown=number % 600)

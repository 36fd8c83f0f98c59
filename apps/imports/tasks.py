"""Jobs of imports: checking, writing, undoing, and forgetting what is old."""

from __future__ import annotations

from functools import partial

from celery import shared_task
from django.db import transaction
from django.utils import timezone
from django.utils.translation import override

from apps.imports import services
from apps.imports.models import ImportRun, RunState
from tenants.current import current_company


def go_on(run: ImportRun) -> None:
    """Have a worker take the run in hand, once its state is committed."""
    job = {
        RunState.CHECKING: check_import,
        RunState.RUNNING: write_import,
        RunState.UNDOING: undo_import,
    }[RunState(run.state)]
    transaction.on_commit(partial(job.delay, run_id=str(run.pk)))


def _language(run: ImportRun) -> str:
    """Return the language in which refusals of rows are put into words."""
    return (run.by.language if run.by else "") or current_company().language


@shared_task(time_limit=3600)
def check_import(*, run_id: str) -> None:
    """Check a file, in the language of whoever brings it; may be started any number of times."""
    run = ImportRun.objects.select_related("by").get(pk=run_id)
    with override(_language(run)):
        services.check(run=run)


@shared_task(time_limit=3600)
def write_import(*, run_id: str) -> None:
    """Write a checked file, going on after the batches that are written."""
    run = ImportRun.objects.select_related("by").get(pk=run_id)
    with override(_language(run)):
        services.write(run=run)


@shared_task(time_limit=3600)
def undo_import(*, run_id: str) -> None:
    """Take an import back, going on where it was cut short."""
    services.undo(run=ImportRun.objects.select_related("by").get(pk=run_id))


@shared_task(time_limit=3600)
def forget_old() -> None:
    """Remove files and lines of imports of more than a month ago; go on with what was cut short."""
    services.remove_old(now=timezone.now())
    for run in ImportRun.objects.filter(
        state__in=[RunState.CHECKING, RunState.RUNNING, RunState.UNDOING]
    ).order_by("pk"):
        go_on(run)

"""Jobs of lists: changes of many rows, lists made into files."""

from __future__ import annotations

from uuid import UUID

from celery import Task, shared_task
from django.contrib.auth import get_user_model
from django.utils import timezone
from django.utils.translation import override

from apps.core import saved
from apps.core.lists import bulk, exporting
from apps.core.models import BulkJob, ExportJob, ExportState
from tenants.current import current_company


@shared_task(time_limit=3600)
def run_bulk_job(*, job_id: str) -> None:
    """Do what is left of a change of many rows, in the language of whoever asked for it."""
    job = BulkJob.objects.filter(pk=UUID(job_id)).first()
    if job is None:
        return
    person = get_user_model().objects.filter(pk=job.user_id).first()
    language = getattr(person, "language", "") or current_company().language
    with override(language):
        bulk.run(job_id=job.pk)


@shared_task(time_limit=600)
def look_after_bulk_jobs() -> None:
    """Go on with jobs whose worker has gone, and forget those that cannot be undone any more."""
    now = timezone.now()
    for job_id in bulk.left_behind(now=now):
        run_bulk_job.delay(job_id=str(job_id))
    bulk.forget_old(now=now)


@shared_task(bind=True, time_limit=3600, max_retries=5)
def run_export(self: Task, *, job_id: str) -> None:
    """Make a list into a file for its owner; a letter that cannot be sent is tried again later."""
    if ExportJob.objects.filter(pk=UUID(job_id)).exists():
        try:
            exporting.run(job_id=UUID(job_id))
        except OSError as failure:
            ExportJob.objects.filter(pk=UUID(job_id)).update(state=ExportState.WAITING)
            raise self.retry(exc=failure, countdown=20 * 2**self.request.retries) from failure


@shared_task(time_limit=600)
def look_after_exports() -> None:
    """Begin exports that are due, go on with those left behind, forget old files and views."""
    now = timezone.now()
    for job_id in [*exporting.begin_due(now=now), *exporting.left_behind(now=now)]:
        run_export.delay(job_id=str(job_id))
    exporting.forget_old(now=now)
    saved.forget_old(now=now)

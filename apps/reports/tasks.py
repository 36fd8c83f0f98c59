"""The morning letter by the clock."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from celery import Task, shared_task
from django.utils import timezone

from apps.reports import letters


@shared_task(time_limit=120)
def look_at_letters() -> None:
    """Start the letters whose hour has come where their people are."""
    for user_id, day in letters.due(now=timezone.now()):
        mail_figures.delay(user_id=str(user_id), day=day.isoformat())


@shared_task(bind=True, queue="mail", time_limit=120, max_retries=5)
def mail_figures(self: Task, *, user_id: str, day: str) -> None:
    """Mail a person the figures of a day; the second time on that day does nothing."""
    try:
        letters.mail(
            user_id=UUID(user_id), day=date.fromisoformat(day), now=timezone.now()
        )
    except OSError as failure:
        raise self.retry(exc=failure, countdown=20 * 2**self.request.retries) from failure

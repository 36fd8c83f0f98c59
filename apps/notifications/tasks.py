"""Letters about what happened."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from celery import Task, shared_task
from django.utils import timezone

from apps.notifications import letters, sweeping


@shared_task(bind=True, queue="mail", time_limit=60, max_retries=5)
def mail_notification(self: Task, *, notification_id: str) -> None:
    """Mail a notice to its person; the bell has it in any case."""
    try:
        letters.mail(notification_id=UUID(notification_id))
    except OSError as failure:
        raise self.retry(exc=failure, countdown=20 * 2**self.request.retries) from failure


@shared_task(bind=True, queue="mail", time_limit=60, max_retries=5)
def mail_digest(self: Task, *, user_id: str, day: str) -> None:
    """Mail a person the letter of a day."""
    try:
        letters.mail_digest(user_id=UUID(user_id), day=date.fromisoformat(day))
    except OSError as failure:
        raise self.retry(exc=failure, countdown=20 * 2**self.request.retries) from failure


@shared_task(time_limit=120)
def look_at_letters() -> None:
    """Start the letters whose quiet hours are over, and the letters of the day that are due."""
    now = timezone.now()
    for notification_id in sweeping.letters_due(now=now):
        mail_notification.delay(notification_id=str(notification_id))
    for user_id, day in sweeping.digests_due(now=now):
        mail_digest.delay(user_id=str(user_id), day=day.isoformat())

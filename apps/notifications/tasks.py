"""Letters about what happened."""

from __future__ import annotations

from uuid import UUID

from celery import Task, shared_task

from apps.notifications import letters


@shared_task(bind=True, queue="mail", time_limit=60, max_retries=5)
def mail_notification(self: Task, *, notification_id: str) -> None:
    """Mail a notice to its person; the bell has it in any case."""
    try:
        letters.mail(notification_id=UUID(notification_id))
    except OSError as failure:
        raise self.retry(exc=failure, countdown=20 * 2**self.request.retries) from failure

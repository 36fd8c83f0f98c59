"""Jobs of the room of deals."""

from __future__ import annotations

from uuid import UUID

from celery import Task, shared_task

from apps.deals import letters


@shared_task(bind=True, queue="mail", time_limit=120, max_retries=5)
def mail_quotation(
    self: Task, *, quotation_id: str, to: str, subject: str, message: str, language: str,
    reply_to: str,
) -> None:  # fmt: skip
    """Mail a quotation; five more tries over some ten minutes, then the card says it failed."""
    try:
        letters.mail(
            quotation_id=UUID(quotation_id), to=to, subject=subject, message=message,
            language=language, reply_to=reply_to,
        )  # fmt: skip
    except OSError as failure:
        if self.request.retries >= self.max_retries:
            letters.note_unsent(quotation_id=UUID(quotation_id), reason=str(failure))
            return
        raise self.retry(exc=failure, countdown=20 * 2**self.request.retries) from failure

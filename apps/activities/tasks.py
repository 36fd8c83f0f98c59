"""Jobs by the clock: reminders, what is late, receivables."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from celery import shared_task
from django.utils import timezone

from apps.activities.services import following, receivables, reminding
from apps.history import services as history
from tenants.current import current_company

LOOK_AHEAD = timedelta(minutes=6)  # a little more than the time between two looks


@shared_task(time_limit=120)
def look_at_reminders() -> None:
    """Start a reminder for its very moment, for all whose moment comes before the next look."""
    now = timezone.now()
    for activity_id, at in reminding.due_until(until=now + LOOK_AHEAD):
        remind.apply_async(
            kwargs={"activity_id": str(activity_id)}, countdown=max(0, (at - now).total_seconds())
        )
    reminding.tell_late(now=now)


@shared_task(time_limit=60)
def remind(*, activity_id: str) -> None:
    """Remind of one activity, if it is still to be done; a second time at once does nothing."""
    reminding.remind(activity_id=UUID(activity_id), now=timezone.now())


@shared_task(time_limit=300)
def tell_followers() -> None:
    """Tell who follows cards what others have changed on them."""
    now = timezone.now()
    history.gather_now(now=now)
    following.tell_changes()


@shared_task(time_limit=600)
def look_at_receivables() -> None:
    """Plan calls about invoices that fall due, and close those of invoices that are settled."""
    company = current_company()
    with timezone.override(company.time_zone or None):
        receivables.close_settled(now=timezone.now(), language=company.language)
        receivables.plan_calls(now=timezone.now(), language=company.language)

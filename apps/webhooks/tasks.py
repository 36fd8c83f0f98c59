"""Jobs of the room: reading the journal, delivering, looking for what was lost."""

from __future__ import annotations

from uuid import UUID

from celery import shared_task
from django.utils import timezone

from apps.webhooks import services


@shared_task(time_limit=300)
def gather() -> None:
    """Make deliveries of what is new, and send them."""
    for key in services.gather(now=timezone.now()):
        deliver.delay(delivery_id=str(key))


@shared_task(time_limit=60)
def deliver(*, delivery_id: str) -> None:
    """Send one delivery; one that fails comes again after a pause."""
    pause = services.deliver(delivery_id=UUID(delivery_id), now=timezone.now())
    if pause is not None and pause <= 3600:  # longer ones are the sweep's: brokers forget
        deliver.apply_async(kwargs={"delivery_id": delivery_id}, countdown=pause)


@shared_task(time_limit=600)
def sweep() -> None:
    """Send what should have been sent, read what nobody announced, forget what is old."""
    now = timezone.now()
    services.forget(now=now)
    gather()
    for key in services.overdue(now=now):
        deliver.delay(delivery_id=str(key))

"""Reading boxes by the clock."""

from __future__ import annotations

from uuid import UUID

from celery import shared_task
from django.utils import timezone

from apps.mail import services


@shared_task(time_limit=120)
def look_at_boxes() -> None:
    """Start the reading of every box whose turn it is."""
    for key in services.boxes_to_read(now=timezone.now()):
        read_box.delay(mailbox_id=str(key))


@shared_task(queue="mail", time_limit=600)
def read_box(*, mailbox_id: str) -> None:
    """Read one box; what cannot be read now is read the next time."""
    services.read_box(mailbox_id=UUID(mailbox_id), now=timezone.now())

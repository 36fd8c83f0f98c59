"""Reading boxes by the clock, and what is written on its way out."""

from __future__ import annotations

from uuid import UUID

from celery import shared_task
from django.utils import timezone

from apps.mail import delivering, services
from apps.mail.models import SendingState

COPIED_AFTER = 60  # seconds: what the server keeps by itself lies there by then


@shared_task(time_limit=120)
def look_at_boxes() -> None:
    """Start the reading of every box whose turn it is."""
    for key in services.boxes_to_read(now=timezone.now()):
        read_box.delay(mailbox_id=str(key))


@shared_task(time_limit=120)
def look_at_outbox() -> None:
    """Start the sending of every message whose moment has come."""
    for key in delivering.due(now=timezone.now()):
        send_mail.delay(sending_id=str(key))


@shared_task(queue="mail", time_limit=600)
def read_box(*, mailbox_id: str) -> None:
    """Read one box; what cannot be read now is read the next time."""
    services.read_box(mailbox_id=UUID(mailbox_id), now=timezone.now())


@shared_task(queue="mail", time_limit=300)
def send_mail(*, sending_id: str) -> None:
    """Send one message; the second time does nothing."""
    sent = delivering.send(sending_id=UUID(sending_id), now=timezone.now())
    if sent is not None and sent.state == SendingState.WAITING:
        send_mail.apply_async(
            kwargs={"sending_id": sending_id},
            countdown=(sent.leaves_at - timezone.now()).total_seconds() + 1,
        )
    elif sent is not None and sent.state == SendingState.SENT and not sent.mailbox.keeps_sent:
        read_box.apply_async(
            kwargs={"mailbox_id": str(sent.mailbox_id)}, countdown=COPIED_AFTER
        )

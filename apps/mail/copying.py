"""Copies of what was sent from here, for boxes whose server keeps none by itself."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from apps.mail import composing, reaching
from apps.mail.models import Mailbox, MailSending, SendingState

MOST = 50


def put_copies(*, mailbox: Mailbox, box: reaching.Box, folder: str, now: datetime) -> int:
    """Put into a folder what was sent before ``now`` and was not found in it; return how many.

    Whoever calls has read the folder before: what its server keeps by itself is known then. One
    who is interrupted finds the copy the next time, and makes no second one.
    """
    rows = MailSending.objects.filter(
        mailbox=mailbox, state=SendingState.SENT, copied_at=None, ended_at__lt=now
    )
    keys = list(rows.order_by("id").values_list("pk", flat=True)[:MOST])
    return sum(_copied(key, box, folder, now) for key in keys)


@transaction.atomic
def _copied(key: UUID, box: reaching.Box, folder: str, now: datetime) -> bool:
    rows = MailSending.objects.select_for_update(skip_locked=True, of=("self",))
    sending = rows.filter(pk=key, copied_at=None).select_related("message", "mailbox").first()
    if sending is None:  # somebody else reads the same box
        return False
    raw = composing.message_bytes(sending)
    box.append(folder, raw, at=sending.message.sent_at)
    sending.copied_at = now
    sending.save(update_fields=["copied_at", "updated_at"])
    return True

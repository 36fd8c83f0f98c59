"""Messages of ours on their way out: each is handed to its server at most once.

That one is being handed over is committed before. Where nobody knows whether the server has it
(the worker died, or the line broke, before the answer), it is not sent again by itself: its state
is ``unknown``, until its copy is found in the box or a person decides. What has not left for sure,
because the line or the server was not there, is tried again some times.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from apps.mail import composing, handing, reaching
from apps.mail.models import MailSending, SendingState

HANDING = timedelta(minutes=10)  # longer than the task may run: whoever began before is gone
MOST_ATTEMPTS = 5
PAUSE = timedelta(minutes=1)
FILE = "file"
_MAY_COME_BACK = frozenset({reaching.LINE, reaching.NAME, handing.LATER})


def send(*, sending_id: UUID, now: datetime) -> MailSending | None:
    """Hand a message whose moment has come to its server; ``None``: it is not to be sent now.

    What became of it stands on it afterwards; the second time does nothing.
    """
    sending = _begun(sending_id, now)
    if sending is None:
        return None
    recipients = list(dict.fromkeys([*sending.to, *sending.cc]))
    try:
        raw = composing.message_bytes(sending)
        with handing.opened(sending.mailbox) as line:
            refused = line.hand_over(raw, sender=sending.mailbox.address, to=recipients)
    except FileNotFoundError:
        return _ended(sending, SendingState.FAILED, now, problem=FILE)
    except handing.Lost as lost:
        told = {"problem": reaching.LINE, "problem_detail": str(lost)[:300]}
        return _ended(sending, SendingState.UNKNOWN, now, **told)
    except reaching.NotReached as failure:
        told = {"problem": failure.code, "problem_detail": failure.detail}
        if failure.code in _MAY_COME_BACK and sending.attempts < MOST_ATTEMPTS:
            later = now + PAUSE * 2 ** sending.attempts
            return _ended(sending, SendingState.WAITING, now, leaves_at=later, **told)
        return _ended(sending, SendingState.FAILED, now, **told)
    return _ended(sending, SendingState.SENT, now, refused=refused, problem="", problem_detail="")


def due(*, now: datetime) -> list[UUID]:
    """Return the messages whose moment has come; those nobody ends any more become unknown."""
    MailSending.objects.filter(
        state=SendingState.SENDING, sending_at__lt=now - HANDING
    ).update(state=SendingState.UNKNOWN, problem=reaching.LINE, ended_at=now, updated_at=now)
    rows = MailSending.objects.filter(state=SendingState.WAITING, leaves_at__lte=now)
    return list(rows.order_by("leaves_at", "id").values_list("pk", flat=True)[:500])


@transaction.atomic
def _begun(sending_id: UUID, now: datetime) -> MailSending | None:
    rows = MailSending.objects.select_for_update(of=("self",))
    sending = rows.filter(pk=sending_id).select_related("message", "mailbox").first()
    if sending is None or sending.state != SendingState.WAITING or sending.leaves_at > now:
        return None
    sending.state, sending.sending_at = SendingState.SENDING, now
    sending.attempts += 1
    sending.save(update_fields=["state", "sending_at", "attempts", "updated_at"])
    return sending


def _ended(sending: MailSending, state: str, now: datetime, **said: Any) -> MailSending:
    for name, value in {"state": state, "ended_at": now, **said}.items():
        setattr(sending, name, value)
    sending.save(update_fields=["state", "ended_at", *said, "updated_at"])
    return sending

"""Letters of people who are nobody of ours, erased by the clock."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from apps.mail import files
from apps.mail.models import MailLink, MailMessage
from apps.retention.kinds import Kept, register


def letters() -> QuerySet[Any]:
    """Return the letters received that stand on no card."""
    links = MailLink.objects.filter(message=OuterRef("pk"))
    return MailMessage.objects.filter(~Exists(links), is_outgoing=False)


def erase(keys: Sequence[UUID], now: datetime) -> None:
    """Remove letters with what is attached; the boxes themselves are only read."""
    files.delete_messages(keys)


register(
    Kept(
        "strangers_mail", _("Letters of unknown senders"),
        _(
            "Received from addresses that belong to no customer. They are removed here with their"
            " files; in the mailbox itself they stay."
        ),
        "sent_at", letters, erase, position=50,
    )
)  # fmt: skip

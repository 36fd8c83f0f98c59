"""Telling people what they should know."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction

from apps.accounts.models import Role, User
from apps.notifications.models import Notification
from apps.notifications.tasks import mail_notification

MAILED = frozenset({"payment_received", "partly_paid"})


@transaction.atomic
def notify(
    *, users: Sequence[User], kind: str, values: dict[str, Any], url: str
) -> list[Notification]:
    """Put a notice on the bell of these people; kinds in ``MAILED`` also come by e-mail."""
    made = Notification.objects.bulk_create(
        [Notification(user=user, kind=kind, values=values, url=url) for user in users]
    )
    if kind in MAILED:
        for notice in made:
            transaction.on_commit(partial(mail_notification.delay, notification_id=str(notice.pk)))
    return made


def mark_read(*, user: User, now: datetime, ids: Sequence[UUID] | None = None) -> int:
    """Mark notices of a person as read, all of them without ``ids``; return how many were new."""
    found = Notification.objects.filter(user=user, read_at__isnull=True)
    if ids is not None:
        found = found.filter(pk__in=ids)
    return found.update(read_at=now, updated_at=now)


def those_in_charge(responsible: User | None) -> list[User]:
    """Return the responsible person; without one, whoever runs the company."""
    if responsible is not None and responsible.is_active:
        return [responsible]
    return administrators()


def administrators() -> list[User]:
    """Return owners and administrators."""
    roles = [Role.OWNER, Role.ADMINISTRATOR]
    return list(User.objects.filter(is_active=True, role__in=roles).order_by("id"))

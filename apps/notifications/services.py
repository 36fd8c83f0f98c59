"""Telling people what they should know, the way each of them wants to be told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import Role, User
from apps.core import notices
from apps.core.notices import BELL, BROWSER, DIGEST, MAIL
from apps.notifications.choosing import channels_for, quiet_until, settings_of, zone_of
from apps.notifications.models import NoticeSettings, Notification
from apps.notifications.tasks import mail_notification

MOST_ALIKE = 20  # notices of one kind to one person at once; one more says how many there were


@dataclass(frozen=True)
class Notice:
    """What one person is to be told."""

    user: User
    kind: str
    values: Mapping[str, Any]
    url: str


@transaction.atomic
def notify(
    *,
    users: Sequence[User],
    kind: str,
    values: Mapping[str, Any],
    url: str,
    now: datetime | None = None,
) -> list[Notification]:
    """Tell these people by the channels each has chosen for the topic.

    A letter that falls into somebody's quiet hours is mailed when they end; the bell is silent by
    itself, and a browser asks again when they are over. Who has turned everything off is not told.
    """
    return notify_all(told=[Notice(user, kind, values, url) for user in users], now=now)


@transaction.atomic
def notify_all(*, told: Sequence[Notice], now: datetime | None = None) -> list[Notification]:
    """Tell many things by as many queries as one; see ``notify``.

    Thousands of notices are no news: of one kind a person gets ``MOST_ALIKE``, and one that says
    how many more there were.
    """
    moment = now or timezone.now()
    chosen = settings_of(list({each.user.pk for each in told}))
    made = [
        notice
        for each, count in _bounded(told)
        if (notice := _notice(each, count, chosen.get(each.user.pk), moment)) is not None
    ]
    Notification.objects.bulk_create(made)
    for notice in made:
        if notice.mail_at is not None and notice.mail_at <= moment:
            transaction.on_commit(partial(mail_notification.delay, notification_id=str(notice.pk)))
    return made


def _bounded(told: Sequence[Notice]) -> list[tuple[Notice, int]]:
    """Return what is told with how many more the notice stands for, none for most of them."""
    alike: dict[tuple[UUID, str], list[Notice]] = {}
    for each in told:
        alike.setdefault((each.user.pk, each.kind), []).append(each)
    found: list[tuple[Notice, int]] = []
    for notices_of in alike.values():
        found += [(each, 0) for each in notices_of[:MOST_ALIKE]]
        rest = notices_of[MOST_ALIKE:]
        if rest:
            found.append((rest[0], len(rest)))
    return found


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


def _notice(
    told: Notice, more: int, settings: NoticeSettings | None, now: datetime
) -> Notification | None:
    kind = "and_more" if more else told.kind
    known = notices.kind(kind)
    ways = channels_for(settings, known.topic if known is not None else "")
    if not ways:
        return None
    mail_at = None
    if MAIL in ways:
        mail_at = quiet_until(settings, zone=zone_of(told.user), now=now) or now
    return Notification(
        user=told.user, kind=kind,
        values={"count": more} if more else dict(told.values),
        url=reverse("notifications:list") if more else told.url, is_in_bell=BELL in ways,
        is_for_browser=BROWSER in ways, is_for_digest=DIGEST in ways and MAIL not in ways,
        mail_at=mail_at,
    )  # fmt: skip

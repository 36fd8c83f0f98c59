"""Notices as letters, in the language of whom they are for: one at once, or those of a day.

A letter is handed to the mail server at most once: that it has gone is committed before, and taken
back where the server surely has it not. What is lost on the way stands at the bell all the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from apps.core import notices, post
from apps.notifications.models import NoticeSettings, Notification
from apps.notifications.words import sentence
from tenants.current import current_company
from tenants.models import Company

MOST_LINES = 100


def mail(*, notification_id: UUID) -> None:
    """Mail a notice once; one that has gone or is mailed meanwhile is not mailed.

    :raises OSError: the mail server did not take the letter; it is still to be mailed.
    """
    with transaction.atomic():
        rows = Notification.objects.select_for_update(of=("self",)).filter(mail_at__isnull=False)
        notice = rows.select_related("user").filter(pk=notification_id).first()
        if notice is None:
            return
        due = notice.mail_at
        notice.mail_at = None
        notice.save(update_fields=["mail_at"])
    try:
        with override(notice.user.language or _company().language):
            text = sentence(notice)
            body = f"{text}\n\n{_address()}{notice.url}\n\n{_signature()}"
        post.hand_over(_letter(text, body, notice.user.email))
    except Exception:  # nothing has left
        Notification.objects.filter(pk=notice.pk, mail_at__isnull=True).update(mail_at=due)
        raise


def mail_digest(*, user_id: UUID, day: date) -> int:
    """Mail a person what waits for the letter of the day, by topic; return the number of notices.

    Once a day: a second one on the same day waits for tomorrow.

    :raises OSError: the mail server did not take the letter; everything waits as before.
    """
    with transaction.atomic():
        kept, _made = NoticeSettings.objects.select_for_update().get_or_create(user_id=user_id)
        rows = Notification.objects.select_for_update(of=("self",)).filter(
            user_id=user_id, is_for_digest=True
        )
        found = list(rows.select_related("user").order_by("created_at", "pk"))
        if kept.digest_sent_on == day or not found:
            return 0
        before, told = kept.digest_sent_on, [each.pk for each in found]
        Notification.objects.filter(pk__in=told).update(is_for_digest=False)
        kept.digest_sent_on = day
        kept.save(update_fields=["digest_sent_on", "updated_at"])
    user, count = found[0].user, len(found)
    try:
        with override(user.language or _company().language):
            subject = ngettext("%(count)d notice", "%(count)d notices", count) % {"count": count}
            body = f"{_by_topic(found)}\n\n{_signature()}"
        post.hand_over(_letter(subject, body, user.email))
    except Exception:  # nothing has left
        with transaction.atomic():
            Notification.objects.filter(pk__in=told).update(is_for_digest=True)
            NoticeSettings.objects.filter(pk=kept.pk, digest_sent_on=day).update(
                digest_sent_on=before
            )
        raise
    return count


def _letter(subject: str, body: str, address: str) -> EmailMessage:
    return EmailMessage(subject, body, settings.DEFAULT_FROM_EMAIL, [address])


def _by_topic(found: Sequence[Notification]) -> str:
    by_topic: dict[str, list[Notification]] = {}
    for each in found:
        kind = notices.kind(each.kind)
        by_topic.setdefault(kind.topic if kind is not None else "", []).append(each)
    known = {topic.key: topic for topic in notices.topics()}
    parts = []
    for key in [*(key for key in known if key in by_topic), *(by_topic.keys() - known.keys())]:
        label = str(known[key].label) if key in known else _("Other")
        lines = [f"- {sentence(each)}\n  {_address()}{each.url}" for each in by_topic[key]]
        if len(lines) > MOST_LINES:
            rest = len(lines) - MOST_LINES
            lines = [
                *lines[:MOST_LINES],
                ngettext("and %(count)d more", "and %(count)d more", rest) % {"count": rest},
            ]
        parts.append("\n".join([label, *lines]))
    return "\n\n".join(parts)


def _company() -> Company:
    return current_company()


def _signature() -> str:
    return _("Köprü, your CRM")


def _address() -> str:
    scheme, _sep, host = settings.PUBLIC_URL.partition("://")
    return f"{scheme}://{_company().slug}.{host}"

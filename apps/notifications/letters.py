"""A notice as a letter, in the language of whom it is for."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.core.mail import send_mail
from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import override

from apps.notifications.models import Notification
from apps.notifications.words import sentence


def mail(*, notification_id: UUID) -> None:
    """Mail a notice; one that has gone meanwhile is not mailed.

    :raises OSError: the mail server did not take the letter.
    """
    notice = Notification.objects.select_related("user").filter(pk=notification_id).first()
    if notice is None:
        return
    company = connection.tenant  # type: ignore[attr-defined]  # the backend of companies
    with override(notice.user.language or company.language):
        text = sentence(notice)
        signature = _("Köprü, your CRM")
        body = f"{text}\n\n{_address(company.slug)}{notice.url}\n\n{signature}"
        send_mail(text, body, settings.DEFAULT_FROM_EMAIL, [notice.user.email])


def _address(slug: str) -> str:
    scheme, _sep, host = settings.PUBLIC_URL.partition("://")
    return f"{scheme}://{slug}.{host}"

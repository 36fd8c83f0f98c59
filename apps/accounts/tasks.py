"""Mails of the accounts room."""

from __future__ import annotations

from celery import shared_task
from django.core.mail import send_mail
from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import override

from tenants.addresses import company_url


@shared_task(queue="mail", autoretry_for=(OSError,), retry_backoff=10, max_retries=5, time_limit=60)
def send_invitation(*, email: str, path: str, inviter: str) -> None:
    """Mail the link of an invitation; sent twice it is the same link."""
    company = connection.tenant
    with override(company.language):
        send_mail(
            _("%(name)s invites you to %(company)s") % {"name": inviter, "company": company.name},
            _(
                "%(name)s works in %(company)s with Köprü and invites you to join.\n\n"
                "Choose a password here, within seven days:\n%(link)s\n"
            )
            % {
                "name": inviter,
                "company": company.name,
                "link": f"{company_url(company)}{path}",
            },
            None,
            [email],
        )

"""Mails of the accounts room."""

from __future__ import annotations

from uuid import UUID

from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress, EmailConfirmation
from celery import shared_task
from django.core.mail import send_mail
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from apps.accounts.models import User
from tenants.addresses import company_url
from tenants.current import current_company


@shared_task(autoretry_for=(OSError,), retry_backoff=10, max_retries=5, time_limit=60)
def send_invitation(*, email: str, path: str, inviter: str) -> None:
    """Mail the link of an invitation; sent twice it is the same link."""
    company = current_company()
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


@shared_task(autoretry_for=(OSError,), retry_backoff=10, max_retries=5, time_limit=60)
def send_letter(*, subject: str, text: str, to: str) -> None:
    """Send a letter that is written already."""
    send_mail(subject, text, None, [to])


@shared_task(autoretry_for=(OSError,), retry_backoff=10, max_retries=5, time_limit=60)
def mail_confirmation(*, user_id: str) -> None:
    """Ask a person to confirm their e-mail; nothing is sent when they have."""
    person = User.objects.get(pk=UUID(user_id))
    address = EmailAddress.objects.filter(user=person, verified=False).order_by("pk").first()
    if address is None:
        return
    confirmation = EmailConfirmation.create(address)
    with override(person.language or current_company().language):
        get_adapter().send_confirmation_mail(None, confirmation, signup=True)
    EmailConfirmation.objects.filter(pk=confirmation.pk).update(sent=timezone.now())

"""How allauth behaves in a company."""

from __future__ import annotations

import base64
import hashlib
from typing import Any
from urllib.parse import quote

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from apps.accounts import services
from apps.accounts.tasks import send_letter
from apps.accounts.throttling import address_of
from tenants.addresses import company_url
from tenants.audit.services import record
from tenants.current import current_company


class AccountAdapter(DefaultAccountAdapter):
    """Nobody joins a company by filling in a form: people are invited."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_login(self, request: HttpRequest, user: Any, **values: Any) -> HttpResponse | None:
        """Refuse who would be one too many at an office with a limited number of seats."""
        if services.is_office_full(user=user):
            record(kind="sign_in.no_seat", login=user.email, address=address_of(request))
            return render(request, "account/no_seat.html", status=403)
        return super().pre_login(request, user, **values)  # type: ignore[no-any-return]

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Go to the start page of the company."""
        return "/"

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return the caller's address, which the middleware has put in place of a proxy's."""
        return address_of(request)

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Return the link of a reset mail on the company's own address, not the request's."""
        path = _path("account_reset_password_from_key", "UID", "KEY")
        return company_url(current_company()) + path.replace("UID-KEY", quote(key))

    def get_email_confirmation_url(self, request: HttpRequest, emailconfirmation: Any) -> str:
        """Return the link of a confirmation mail on the company's own address."""
        path = _path("account_confirm_email", emailconfirmation.key)
        return company_url(current_company()) + path

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Write a mail with the company's name and address and hand it to the queue of mails."""
        company = current_company()
        site = {"name": company.name, "domain": company_url(company).partition("//")[2]}
        values = {**context, "email": email, "current_site": site}
        letter = self.render_mail(template_prefix, email, values)
        send_letter.delay(subject=letter.subject, text=letter.body, to=email)

    def format_email_subject(self, subject: str) -> str:
        """Begin the subject with the company's name."""
        return f"{current_company().name}: {subject}"


class MfaAdapter(DefaultMFAAdapter):
    """Secrets of authenticators are stored encrypted, with a key of their own for each company."""

    def encrypt(self, text: str) -> str:
        """Return what is stored."""
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Return what was encrypted."""
        return _cipher().decrypt(encrypted_text.encode()).decode()

    def build_totp_url(self, user: Any, secret: str) -> str:
        """Name the company beside the product, as authenticators show it."""
        label = quote(f"{self.get_totp_issuer()}:{user.email}")
        issuer = quote(self.get_totp_issuer())
        return f"otpauth://totp/{label}?secret={secret}&issuer={issuer}"

    def get_totp_issuer(self) -> str:
        """Return the name over the codes."""
        return f"Köprü · {current_company().name}"


def _path(name: str, *arguments: str) -> str:
    """Return a path of the company's site, also when the public site sends the mail."""
    return reverse(name, urlconf=settings.ROOT_URLCONF, args=arguments)


def _cipher() -> Fernet:
    secret = f"kopru.mfa:{current_company().pk}:{settings.SECRET_KEY}"
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(secret.encode()).digest()))

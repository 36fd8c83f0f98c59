"""How allauth behaves in a company."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from allauth.account.adapter import DefaultAccountAdapter
from django.db import connection
from django.http import HttpRequest
from django.urls import reverse

from tenants.addresses import company_url


class AccountAdapter(DefaultAccountAdapter):
    """Nobody joins a company by filling in a form: people are invited."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Go to the start page of the company."""
        return "/"

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Return the link of a reset mail on the company's own address, whatever the request says."""
        path = reverse("account_reset_password_from_key", args=["UID", "KEY"])
        return company_url(connection.tenant) + path.replace("UID-KEY", quote(key))

    def get_email_confirmation_url(self, request: HttpRequest, emailconfirmation: Any) -> str:
        """Return the link of a confirmation mail on the company's own address."""
        path = reverse("account_confirm_email", args=[emailconfirmation.key])
        return company_url(connection.tenant) + path

    def render_mail(
        self, template_prefix: str, email: str, context: dict[str, Any], headers: Any = None
    ) -> Any:
        """Write mails with the company's name and address in place of a site's."""
        company = connection.tenant
        site = {"name": company.name, "domain": company_url(company).partition("//")[2]}
        return super().render_mail(
            template_prefix, email, {**context, "current_site": site}, headers
        )

    def format_email_subject(self, subject: str) -> str:
        """Begin the subject with the company's name."""
        return f"{connection.tenant.name}: {subject}"

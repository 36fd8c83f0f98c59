"""Browsers of those who walk every address: signed in once for all tests of a module."""

from __future__ import annotations

from django.conf import settings
from django.test import Client
from django_tenants.utils import tenant_context

from apps.accounts.models import User
from tenants.models import Company

Session = str


def begin_session(company: Company, person: User) -> Session:
    """Sign a person in, outside the tests' transactions; return what their browser is given."""
    client = Client()
    with tenant_context(company):
        client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return str(client.cookies[settings.SESSION_COOKIE_NAME].value)


def browser_with(session: Session, company: Company) -> Client:
    """Return a new browser at the company's address that has this sign-in and nothing else.

    What breaks behind a page is answered with 500.
    """
    client = Client(
        headers={"host": f"{company.slug}.localhost"}, raise_request_exception=False
    )
    client.cookies[settings.SESSION_COOKIE_NAME] = session
    return client

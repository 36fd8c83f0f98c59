"""The way back to one's company: a mail with the addresses of those that know an e-mail.

The page says the same to everybody; who works where is told by mail only.
"""

from __future__ import annotations

from collections.abc import Callable

from celery import shared_task
from django.conf import settings
from django.core.mail import send_mail
from django.utils.translation import gettext as _
from django.utils.translation import override

from tenants.addresses import company_url
from tenants.models import Company

# Returns the schemas, of those given, in which a person with this e-mail may sign in.
Finder = Callable[[str, list[str]], list[str]]
_finders: list[Finder] = []


def find_people_by(finder: Finder) -> Finder:
    """Register who knows in which companies an e-mail may sign in."""
    _finders[:] = [finder]
    return finder


def companies_of(email: str) -> list[Company]:
    """Return the active companies in which the e-mail may sign in, by name."""
    active = list(Company.objects.active().order_by("name", "id"))
    by_schema = {company.schema_name: company for company in active}
    known = {schema for find in _finders for schema in find(email, list(by_schema))}
    return [company for schema, company in by_schema.items() if schema in known]


@shared_task(control=True, autoretry_for=(OSError,), retry_backoff=10, max_retries=5, time_limit=60)
def mail_ways(*, email: str, language: str) -> None:
    """Mail the addresses of a person's companies; nothing goes to who is in none of them."""
    companies = companies_of(email)
    if not companies:
        return
    lines = "\n".join(f"{c.name}\n{company_url(c)}{settings.LOGIN_URL}\n" for c in companies)
    with override(language):
        text = _(
            "Somebody, probably you, asked where this e-mail can sign in. Here it can:\n\n"
            "%(companies)s\nIf it was not you, there is nothing to do."
        )
        send_mail(_("Your companies in Köprü"), text % {"companies": lines}, None, [email])

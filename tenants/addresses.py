"""Addresses of companies: made from what we know of them, never from what a request says."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import QuerySet
from django_tenants.utils import schema_context

from tenants.models import Company, Domain
from tenants.prepared import Prepared


def company_at(host: str) -> Company | None:
    """Return the active company of a host name; outside every company.

    At an office there is one company, whatever the office's machine is called.
    """
    if settings.IS_OFFICE:
        return Company.objects.active().exclude(signed_up_at=None).order_by("signed_up_at").first()
    return _active_at.first(host)


def _active(host: str) -> QuerySet[Company]:
    return Company.objects.active().filter(domains__domain=host)


_active_at = Prepared(_active, "a host name")


def company_url(company: Company) -> str:
    """Return ``https://acme.example.com`` without a slash at the end."""
    with schema_context("public"):
        primary = (
            Domain.objects.filter(tenant_id=company.pk, is_primary=True).order_by("pk").first()
        )
    host = primary.domain if primary is not None else company_host(company.slug)
    return at_host(host)


def at_host(host: str) -> str:
    """Return the address of a host of ours: scheme and port are those of the public site."""
    public = urlsplit(settings.PUBLIC_URL)
    port = f":{public.port}" if public.port else ""
    return f"{public.scheme}://{host}{port}"


def company_host(slug: str) -> str:
    """Return the host name of a company."""
    return f"{slug}.{settings.BASE_DOMAIN}"

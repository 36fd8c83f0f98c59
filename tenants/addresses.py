"""Addresses of companies: made from what we know of them, never from what a request says."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection

from tenants.models import Company, Domain


def company_url(company: Company) -> str:
    """Return ``https://acme.example.com`` without a slash at the end."""
    public = urlsplit(settings.PUBLIC_URL)
    domain = Domain.objects.filter(tenant_id=company.pk, is_primary=True).first() if (
        _is_public()
    ) else None  # fmt: skip
    host = domain.domain if domain is not None else f"{company.slug}.{settings.BASE_DOMAIN}"
    port = f":{public.port}" if public.port else ""
    return f"{public.scheme}://{host}{port}"


def company_host(slug: str) -> str:
    """Return the host name of a company."""
    return f"{slug}.{settings.BASE_DOMAIN}"


def _is_public() -> bool:
    return bool(connection.schema_name == "public")

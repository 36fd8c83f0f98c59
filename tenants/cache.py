"""Cache keys carry the company."""

from __future__ import annotations

from django.core.exceptions import ImproperlyConfigured
from django.db import connection


class NoCompany(ImproperlyConfigured):
    """Company data was to be cached outside every company."""


def company_key(key: str, key_prefix: str, version: int) -> str:
    """Return the full key: prefix, company's id, version, key.

    :raises NoCompany: the code runs outside every company; use the cache ``public`` there.
    """
    company = getattr(connection.tenant, "id", None)
    if company is None:
        raise NoCompany(f"cache key {key!r} is used outside a company")
    return f"{key_prefix}:{company}:{version}:{key}"

"""Cache keys carry the company."""

from __future__ import annotations

from tenants.current import NoCompany, company_or_none


def company_key(key: str, key_prefix: str, version: int) -> str:
    """Return the full key: prefix, company's id, version, key.

    :raises NoCompany: the code runs outside every company; use the cache ``public`` there.
    """
    company = company_or_none()
    if company is None:
        raise NoCompany(f"cache key {key!r} is used outside a company")
    return f"{key_prefix}:{company.pk}:{version}:{key}"

"""The company the code is in: the one typed door to what django-tenants adds.

Neither Django nor django-tenants tells a type checker of ``connection.tenant`` and
``request.tenant``; whoever asks here gets a ``Company``.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import partial
from typing import TYPE_CHECKING, cast

from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.http import HttpRequest
from django_tenants.utils import tenant_context

from tenants.models import Company

if TYPE_CHECKING:
    from tenants.backend.base import DatabaseWrapper


class NoCompany(ImproperlyConfigured):
    """Something of a company was asked for outside every company."""


class _Addressed(HttpRequest):
    """A request whose host name has been looked up."""

    tenant: Company | None


def current_company() -> Company:
    """Return the company that is entered.

    :raises NoCompany: the code runs outside every company, or only the name of a schema was given.
    """
    company = company_or_none()
    if company is None:
        raise NoCompany(f"no company is entered (schema {current_schema()!r})")
    return company


def company_or_none() -> Company | None:
    """Return the company that is entered, ``None`` outside every company."""
    tenant = _ours(connection).tenant
    return tenant if isinstance(tenant, Company) else None


def current_schema() -> str:
    """Return the schema that is entered; ``public`` outside every company."""
    return _ours(connection).schema_name


def enter_public() -> None:
    """Leave the company, until another one is entered."""
    _ours(connection).set_schema_to_public()


def way_back() -> Callable[[], AbstractContextManager[None]]:
    """Return what enters, later or in another thread, the schema that is entered now."""
    return partial(tenant_context, _ours(connection).tenant)


def second_connection(alias: str) -> BaseDatabaseWrapper:
    """Return a second connection, inside the same company; the caller closes it."""
    second = connection.copy(alias=alias)
    _ours(second).set_tenant(_ours(connection).tenant)
    return second


def company_of(request: HttpRequest) -> Company:
    """Return the company whose address was asked.

    :raises NoCompany: it is an address of the public site.
    """
    company = company_of_or_none(request)
    if company is None:
        raise NoCompany("the public site was asked")
    return company


def company_of_or_none(request: HttpRequest) -> Company | None:
    """Return the company whose address was asked; ``None`` on the public site."""
    return cast(Company | None, getattr(request, "tenant", None))


def address(request: HttpRequest, company: Company | None) -> None:
    """Note whose address was asked; only the middleware does."""
    cast(_Addressed, request).tenant = company


def _ours(wrapper: object) -> DatabaseWrapper:
    """Return a connection as what the settings make of it, which stubs cannot know."""
    return cast("DatabaseWrapper", wrapper)

"""Base of all Celery tasks: a task runs inside a company or is marked as standing above them."""

from __future__ import annotations

from typing import Any

from celery import Task
from django.db import connection
from django_tenants.utils import schema_context, tenant_context

from tenants.models import Company, CompanyState


class TaskWithoutCompany(RuntimeError):
    """A task came without the company it belongs to; nothing was done."""


class CompanyTask(Task):
    """Carries the company's schema in the header ``kopru_schema`` and enters it.

    A task with ``control = True`` works above companies, in ``public``.
    """

    abstract = True
    control = False

    def apply_async(self, args: Any = None, kwargs: Any = None, **options: Any) -> Any:
        headers = dict(options.pop("headers", None) or {})
        if not self.control and "kopru_schema" not in headers:
            headers["kopru_schema"] = connection.schema_name
        return super().apply_async(args, kwargs, headers=headers, **options)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if self.control:
            with schema_context("public"):
                return super().__call__(*args, **kwargs)
        schema = (self.request.headers or {}).get("kopru_schema") or getattr(
            self.request, "kopru_schema", None
        )
        if not schema or schema == "public":
            raise TaskWithoutCompany(self.name)
        with schema_context("public"):
            company = Company.objects.get(schema_name=schema, state=CompanyState.ACTIVE)
        with tenant_context(company):
            return super().__call__(*args, **kwargs)

"""Base of all Celery tasks: a task runs inside a company or is marked as standing above them."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any
from uuid import UUID

from celery import Task, shared_task
from django.conf import settings
from django.db import connection
from django_tenants.utils import schema_context, tenant_context

from tenants.current import current_schema
from tenants.models import Company, CompanyState
from tenants.provisioning import pool

HEADER = "kopru_schema"


class TaskWithoutCompany(RuntimeError):
    """A task came without the company it belongs to; nothing was done."""


class CompanyClosed(RuntimeError):
    """A task came for a company that is suspended or gone; nothing was done."""


class CompanyTask(Task):
    """Carries the company's schema in the header ``kopru_schema`` and enters it.

    A task with ``control = True`` works above companies, in ``public``.
    """

    abstract = True
    control = False

    def apply_async(self, args: Any = None, kwargs: Any = None, **options: Any) -> Any:
        headers = dict(options.pop("headers", None) or {})
        if not self.control and HEADER not in headers:
            headers[HEADER] = current_schema()
        return super().apply_async(args, kwargs, headers=headers, **options)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if self.control:
            with schema_context("public"):
                return super().__call__(*args, **kwargs)
        with tenant_context(self._company()):
            return super().__call__(*args, **kwargs)

    def _company(self) -> Company:
        """Return the company of the message: a worker finds the header in one of two places.

        :raises TaskWithoutCompany: the message names none.
        :raises CompanyClosed: it is not active any more.
        """
        schema = (self.request.headers or {}).get(HEADER) or getattr(self.request, HEADER, None)
        if not schema or schema == "public":
            raise TaskWithoutCompany(self.name)
        with schema_context("public"):
            company = Company.objects.filter(schema_name=schema, state=CompanyState.ACTIVE).first()
        if company is None:
            raise CompanyClosed(f"{self.name}: {schema}")
        return company


@shared_task(control=True, time_limit=600)
def refill_pool() -> None:
    """Keep ready schemas waiting for companies; a second one at the same time does nothing."""
    try:
        pool.refill()
    finally:
        if not connection.in_atomic_block:
            connection.close()  # its server process remembers every table it has made: megabytes


@shared_task(control=True, time_limit=600)
def remove_files(*, company_id: str) -> None:
    """Remove the files of a company that is gone; a company that is there keeps them."""
    if Company.objects.filter(pk=UUID(company_id)).exists():
        return
    folder = Path(settings.MEDIA_ROOT) / str(UUID(company_id))
    if folder.is_dir():
        shutil.rmtree(folder)

"""What a new company begins with."""

from __future__ import annotations

from functools import partial

from django.db import transaction

from apps.core.models import CompanySettings
from apps.onboarding.tasks import bring_demo
from tenants.models import Company
from tenants.signup import SignUp


def prepare(company: Company, asked: SignUp) -> None:
    """Write the company's settings; bring the demonstration after commit, if it was asked for."""
    CompanySettings.objects.get_or_create(pk=1)
    if asked.with_demo:
        send = partial(bring_demo.apply_async, headers={"kopru_schema": company.schema_name})
        transaction.on_commit(send)

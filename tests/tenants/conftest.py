"""A database that really commits, for what needs several connections."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tenants.current import enter_public
from tenants.models import Company
from tenants.services import drop_company


@pytest.fixture
def open_database(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Really commit; companies and spares made by the test are dropped afterwards."""
    with django_db_blocker.unblock():
        enter_public()
        before = set(Company.objects.values_list("pk", "state"))
        yield
        enter_public()
        for company in Company.objects.all():
            if (company.pk, company.state) not in before:
                drop_company(company=company)

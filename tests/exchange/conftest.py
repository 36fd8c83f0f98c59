"""A company of the engine's own, really committed; small adapters; a 1C that calls the door.

Runs use a second connection and a lock, so these tests do not live in one rolled-back transaction.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.utils import timezone
from django_tenants.utils import tenant_context

from exchange import attention, registry, services
from exchange.models import Configuration, Node
from exchange.transports import commerceml_http
from tenants.current import enter_public
from tenants.models import Company
from tenants.services import create_company
from tests.conftest import empty_company
from tests.exchange import shelf
from tests.exchange.onec import OneC


@pytest.fixture(scope="session")
def _volga(django_db_setup: None, django_db_blocker: Any) -> None:
    with django_db_blocker.unblock():
        if Company.objects.filter(slug="volga").exists():
            return
        create_company(slug="volga", name="Volga Trading")


@pytest.fixture
def db(_volga: None, django_db_blocker: Any) -> Iterator[None]:
    """The database without a transaction around the test: what is written is committed."""
    with django_db_blocker.unblock():
        yield
        enter_public()


@pytest.fixture
def volga(db: None, settings: Any, tmp_path: Path) -> Iterator[Company]:
    """A company that the test has entered; emptied before and afterwards."""
    settings.MEDIA_ROOT = str(tmp_path)
    company = Company.objects.get(slug="volga")
    with tenant_context(company):
        empty_company("^(exchange|audit)_")
        cache.clear()
        attention.settle(at=None)
        yield company
        empty_company("^(exchange|audit)_")


@pytest.fixture
def warehouse(volga: Company, monkeypatch: pytest.MonkeyPatch) -> Iterator[shelf.Shelf]:
    """Adapters that keep rows on one shelf, in place of the rooms of the CRM."""
    monkeypatch.setattr(registry, "_adapters", {})
    monkeypatch.setattr(commerceml_http, "LONG_POLL", 1.0)
    with shelf.opened() as opened:
        yield opened


@pytest.fixture
def node(warehouse: shelf.Shelf) -> Node:
    """A connection of УТ."""
    made, password = services.connect(
        name="УТ", kind=Configuration.UT, login="1c", now=timezone.now()
    )
    made.test_password = password
    return made


@pytest.fixture
def onec(node: Node) -> OneC:
    """A 1C that knows the login and the password."""
    return OneC(login="1c", password=node.test_password)

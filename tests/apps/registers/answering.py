"""A register that answers on this machine."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django_tenants.utils import tenant_context

from apps.accounts.models import User
from apps.registers import services
from tenants.models import Company
from tests.apps.registers.server import KEY, RegisterServer


@pytest.fixture
def registers(acme: Company, rival: Company, settings: Any) -> Iterator[RegisterServer]:
    """The server that answers in place of every register."""
    server = RegisterServer()
    settings.REGISTER_ADDRESSES = {"dadata": server.address, "vies": server.address}
    for company in (acme, rival):
        with tenant_context(company):
            cache.clear()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def with_key(acme: Company, administrator: User, registers: RegisterServer) -> RegisterServer:
    """The register, with the key of Acme."""
    with tenant_context(acme):
        services.save_key(register="dadata", key=KEY, by=administrator)
    return registers

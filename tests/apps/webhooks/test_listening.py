"""The bell of webhooks: rung where one listens, at no cost where none does."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import Role, User
from apps.catalog.models import Unit
from apps.counterparties.models import Counterparty
from apps.webhooks import listening, services
from replication.pump import Pump
from tenants.models import Company
from tests.apps.webhooks.test_webhooks import NOW


class Rung:
    """A pump stepped by hand, and how often it had the journal read for webhooks."""

    def __init__(self) -> None:
        self.times = 0
        self.pump = Pump(send=lambda group, event: None)
        self.listener = self.pump.listen()
        self.pump.catch_up()

    def step(self) -> None:
        self.pump.wait(self.listener, timeout=60.0)  # a notice ends it at once

    def delay(self) -> None:
        self.times += 1


@pytest.fixture
def rung(committed: Company, monkeypatch: pytest.MonkeyPatch) -> Iterator[Rung]:
    made = Rung()
    monkeypatch.setattr(listening, "gather", made)
    yield made
    made.listener.close()


@pytest.fixture
def owner_here(committed: Company, settings: Any) -> User:
    """Who runs the company, whose webhooks may call this machine."""
    settings.WEBHOOKS_MAY_STAY_INSIDE = True
    return User.objects.create_user(email="bell@ladoga.example", role=Role.OWNER)


def a_webhook(by: User) -> None:
    services.save_webhook(
        name="Shop", url="http://127.0.0.1:9/hook", kinds=["counterparties"],
        operations=["created"], by=by, now=NOW,
    )  # fmt: skip


def test_the_bell_is_rung_right_after_the_first_webhook_is_made(
    rung: Rung, owner_here: User
) -> None:
    Counterparty.objects.create(name="Azimuth")
    rung.step()
    before = rung.times
    a_webhook(owner_here)

    Counterparty.objects.create(name="Ladoga")
    rung.step()

    assert (before, rung.times) == (0, 1)


def test_a_change_no_webhook_hears_of_rings_nothing(rung: Rung, owner_here: User) -> None:
    a_webhook(owner_here)

    Unit.objects.create(name="pcs")
    rung.step()

    assert rung.times == 0


def test_a_company_without_webhooks_is_asked_nothing_of_them(rung: Rung) -> None:
    Counterparty.objects.create(name="Azimuth")

    with CaptureQueriesContext(connection) as asked:
        rung.step()

    assert [each["sql"] for each in asked if "webhooks_webhook" in each["sql"]] == []

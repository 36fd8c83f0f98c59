"""A company with a customer, and people who have something to do."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from apps.accounts.models import User
from apps.activities.models import Activity
from apps.activities.services import ActivityValues, save_activity
from apps.counterparties.models import Counterparty
from apps.deals.models import Deal
from apps.deals.services import save_deal
from apps.deals.services.pipelines import begin
from tenants.models import Company
from tests.apps.sales.conftest import Shop, make_shop

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)  # a Monday


@pytest.fixture
def shop(company: Company, manager: User) -> Shop:
    return make_shop(manager)


@pytest.fixture
def romashka(shop: Shop) -> Counterparty:
    """The customer."""
    return shop.customer


def planned(by: User, subject: str = "Call about nails", **more: Any) -> Activity:
    """An activity as a person enters it."""
    cards = more.pop("cards_of", None)
    people = {name: more.pop(name) for name in ("participants", "watchers") if name in more}
    is_done = more.pop("is_done", False)
    now = more.pop("now", NOW)
    values = ActivityValues(**{"kind": "task", "subject": subject, **more})
    return save_activity(
        values=values, by=by, now=now, cards_of=cards, is_done=is_done, **people
    )


@pytest.fixture
def deals(shop: Shop, manager: User) -> list[Deal]:
    """Four deals of the customer."""
    begin()
    return [
        save_deal(
            values={"name": f"Deal {place}", "counterparty": shop.customer.pk, "amount": 500},
            by=manager, now=NOW,
        )
        for place in range(4)
    ]  # fmt: skip

"""New, active, sleeping and lost customers; promising ones with their reason."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from apps.accounts.models import User
from apps.counterparties.models import Counterparty
from apps.reports.selectors import customers, promising
from apps.reports.selectors.customers import Limits
from tests.apps.deals.conftest import Funnel, funnel
from tests.apps.reports.conftest import NOVEMBER
from tests.apps.sales.conftest import TODAY, Shop

__all__ = ["funnel"]

LIMITS = Limits(sleeping_days=30, lost_days=90)
END = NOVEMBER.until_on


@pytest.fixture
def base(shop: Shop, customer: Any) -> dict[str, Counterparty]:
    """A customer of each state: the latest purchase so many days before the end of November."""
    bought = {"new": [10], "active": [60, 10], "sleeping": [200, 45], "lost": [300, 120]}
    found = {}
    for name, days in bought.items():
        found[name] = customer(name.title())
        for each in days:
            shop.issued(
                counterparty_id=found[name].pk, issued_on=END - timedelta(days=each)
            )
    return found


def counted(user: Any, limits: Limits = LIMITS) -> dict[str, tuple[int, int]]:
    found = customers.states(
        user, period=NOVEMBER, prior=NOVEMBER.before("before"), limits=limits
    )
    return {each.key: (each.count, each.prior) for each in found}


def test_customers_are_counted_by_state(base: Any, manager: Any) -> None:
    """F127: new, active, sleeping and lost customers for a period, beside the one before."""
    assert counted(manager) == {
        "new": (1, 1), "active": (1, 1), "sleeping": (1, 0), "lost": (1, 1),
    }  # fmt: skip


def test_the_days_can_be_set(base: Any, manager: Any) -> None:
    """F127: after how many days somebody sleeps and is lost is one's own choice."""
    assert counted(manager, Limits(60, 400)) == {
        "new": (1, 1), "active": (2, 1), "sleeping": (1, 1), "lost": (0, 0),
    }  # fmt: skip


def test_each_number_leads_to_its_customers(base: Any, manager_client: Client) -> None:
    """F127: the list behind each number holds exactly these customers."""
    for state, customer in base.items():
        shown = manager_client.get(
            f"/reports/customers/list/?state={state}&from=2026-11-01&until=2026-11-30"
            "&sleeping=30&lost=90"
        ).content.decode()
        assert f'/counterparties/{customer.pk}/' in shown
        for other in set(base.values()) - {customer}:
            assert f"/counterparties/{other.pk}/" not in shown


def test_the_page_shows_the_states_and_the_newcomers_by_month(
    base: Any, manager_client: Client
) -> None:
    """F127: a page of numbers, each with its list."""
    answer = manager_client.get("/reports/customers/?from=2026-11-01&until=2026-11-30&lost=90")

    shown = answer.content.decode()
    assert answer.status_code == 200
    assert shown.count("state=sleeping") >= 3
    assert "Nov 2026" in shown


def test_customers_of_a_colleague_are_not_counted(base: Any, own_only: User) -> None:
    assert set(counted(own_only).values()) == {(0, 0)}

    Counterparty.objects.filter(pk=base["lost"].pk).update(responsible=own_only)

    assert counted(own_only)["lost"] == (1, 1)


def buys(shop: Shop, customer: Any, name: str, *bought: tuple[int, str]) -> None:
    partner = customer(name)
    for days, price in bought:
        shop.issued(
            shop.line(shop.nail, "1", price), counterparty_id=partner.pk,
            issued_on=TODAY - timedelta(days=days),
        )  # fmt: skip


@pytest.fixture
def market(shop: Shop, customer: Any) -> Shop:
    """Ten customers who buy in different ways."""
    buys(shop, customer, "Core", *[(days, "900") for days in (5, 40, 90, 200, 260, 300)])
    buys(shop, customer, "Growing", (300, "50"), (200, "50"), (60, "200"), (20, "200"))
    buys(shop, customer, "Silent", *[(days, "800") for days in (180, 200, 220, 240, 260, 280)])
    buys(shop, customer, "Begun", (8, "2000"))
    for number in range(6):
        buys(shop, customer, f"Small {number}", (100 + number * 10, "10"))
    return shop


def ranking(user: Any, **asked: Any) -> dict[str, promising.Promising]:
    found = promising.ranked(user, promising.Ask(TODAY, currency="RUB", **asked))
    return {each.name: each for each in found.rows}


def test_customers_are_ranked_with_the_reason(market: Shop, manager: Any) -> None:
    """F129: a ranked list by RFM and ABC, with the reason of each in words."""
    found = ranking(manager)

    segments = {name: each.segment for name, each in found.items()}
    assert segments["Core"] == "core"
    assert segments["Silent"] == "wake"
    assert segments["Begun"] == "begun"
    assert segments["Growing"] == "growing"
    assert (found["Core"].abc, found["Small 5"].abc) == ("A", "C")
    assert found["Core"].recency == 5
    assert "6 purchases" in found["Core"].reason
    assert "300 % more" in found["Growing"].reason
    scores = [each.score for each in found.values()]
    assert scores == sorted(scores, reverse=True)


def test_the_ranking_is_narrowed(market: Shop, manager: Any, manager_client: Client) -> None:
    """F129: the list opens with filters: segment, class, days."""
    assert list(ranking(manager, segment="wake")) == ["Silent"]
    assert set(ranking(manager, abc="A")) <= {"Core", "Silent", "Begun"}
    assert "Silent" not in ranking(manager, days=90)

    shown = manager_client.get("/reports/promising/?currency=RUB&days=2000").content.decode()
    assert "Core" in shown
    assert "segment=wake" in shown


def test_an_open_deal_counts_and_is_named(
    funnel: Funnel, customer: Any, manager: Any
) -> None:
    """F129: an open deal makes a customer more promising, and the reason says so."""
    buys(funnel.shop, customer, "Dealer", (10, "50"))
    dealer = Counterparty.objects.get(name="Dealer")
    before = ranking(manager)["Dealer"].score

    funnel.deal(counterparty=dealer.pk, amount=Decimal(700))

    after = ranking(manager)["Dealer"]
    assert after.score == before + 5
    assert "1 open deal" in after.reason


def test_nobody_ranks_a_colleagues_customers(market: Shop, own_only: User) -> None:
    assert ranking(own_only) == {}


def test_the_ranking_is_taken_out(market: Shop, manager_client: Client) -> None:
    """F129: with its reasons, as CSV."""
    file = manager_client.get("/reports/promising/?currency=RUB&part=csv&days=2000")

    text = b"".join(file.streaming_content).decode()
    assert "Silent" in text
    assert "among the best by number and amount" in text



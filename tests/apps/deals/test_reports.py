"""Reports: the funnel, the forecast against plan, losses, who is due, the average invoice."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from apps.deals import services
from apps.deals.models import Deal
from apps.deals.selectors import reports
from apps.deals.services.plans import put_plans
from tests.apps.deals.conftest import Funnel
from tests.apps.sales.conftest import NOW, TODAY


def at(days: int) -> Any:
    return NOW + timedelta(days=days)


def moved(funnel: Funnel, deal: Deal, *way: str) -> Deal:
    for day, name in enumerate(way, 1):
        values = {"loss_reason": funnel.reason.pk} if name == "Lost" else {}
        services.move_deal(
            deal_id=deal.pk, stage_id=funnel.stage(name).pk, by=None, now=at(day * 2),
            values=values,
        )  # fmt: skip
    return deal


def funnel_of(funnel: Funnel, user: Any) -> reports.Funnel:
    stages = list(funnel.pipeline.stages.order_by("position"))
    return reports.funnel(
        user, funnel.pipeline, stages, from_on=TODAY, until_on=TODAY, owner_id=None,
        currency="RUB", now=at(10),
    )  # fmt: skip


def test_the_funnel_tells_counts_sums_and_conversion(funnel: Funnel, manager: Any) -> None:
    """F136: count, sum and conversion between stages for a period."""
    moved(funnel, funnel.deal(), "Quotation", "Won")
    moved(funnel, funnel.deal(), "Quotation", "Lost")
    funnel.deal()
    funnel.deal(now=at(-40))

    found = funnel_of(funnel, manager)

    told = [(s.stage.name, s.count, s.amount, s.from_former, s.lost) for s in found.steps]
    assert told[0] == ("New", 3, Decimal(1500), None, 0)
    assert told[2] == ("Quotation", 2, Decimal(1000), 100, 1)
    assert told[-1] == ("Won", 1, Decimal(500), 100, 0)
    assert (found.count, found.lost) == (3, 1)


def test_the_funnel_tells_the_time_in_a_stage(funnel: Funnel, manager: Any) -> None:
    """F136: the median time in each stage; who has not left yet counts until now."""
    moved(funnel, funnel.deal(), "Quotation", "Won")
    moved(funnel, funnel.deal(), "Quotation")

    times = {step.stage.name: step.days for step in funnel_of(funnel, manager).steps}

    assert (times["New"], times["Quotation"]) == (Decimal("2.0"), Decimal("5.0"))


def test_the_forecast_weighs_by_probability_against_the_plan(funnel: Funnel, manager: Any) -> None:
    """F140: weighted forecast by month against plan."""
    december = date(2026, 12, 1)
    moved(funnel, funnel.deal(expected_on=date(2026, 12, 20)), "Quotation")
    funnel.deal(expected_on=date(2026, 12, 24))
    funnel.deal(expected_on=date(2026, 10, 1))
    moved(funnel, funnel.deal(), "Won")
    put_plans(amounts={(december, None): Decimal(1000)}, currency="RUB")

    found = reports.forecast(
        manager, first=date(2026, 11, 1), months=2, pipeline_id=None, owner_id=None,
        currency="RUB", today=TODAY,
    )  # fmt: skip

    november, last = found.months
    assert (november.won, november.won_count) == (Decimal(500), 1)
    assert (last.expected, last.weighted, last.plan, last.share) == (
        Decimal(1000), Decimal(300), Decimal(1000), 30,
    )  # fmt: skip
    assert found.overdue.count == 1


def test_the_plan_of_the_company_stands_before_that_of_its_people(
    funnel: Funnel, manager: Any, owner: Any
) -> None:
    month = date(2026, 11, 1)
    amounts = {(month, manager.pk): Decimal(100), (month, owner.pk): Decimal(200)}
    put_plans(amounts=amounts, currency="RUB")
    assert plan_of(manager, month) == Decimal(300)

    put_plans(amounts={(month, None): Decimal(500)}, currency="RUB")

    assert plan_of(manager, month) == Decimal(500)
    assert plan_of(manager, month, owner_id=manager.pk) == Decimal(100)


def plan_of(user: Any, month: date, owner_id: Any = None) -> Decimal | None:
    return (
        reports.forecast(
            user, first=month, months=1, pipeline_id=None, owner_id=owner_id, currency="RUB",
            today=TODAY,
        )
        .months[0]
        .plan
    )  # fmt: skip


def test_losses_are_told_by_reason(funnel: Funnel, manager: Any) -> None:
    """G018: report by reason."""
    for _number in range(3):
        moved(funnel, funnel.deal(), "Lost")

    [loss] = reports.losses(
        manager, from_on=TODAY, until_on=date(2026, 12, 31), pipeline_id=None, owner_id=None,
        currency="RUB",
    )  # fmt: skip

    assert (loss.name, loss.count, loss.amount, loss.share) == (
        "Too expensive", 3, Decimal(1500), 100,
    )  # fmt: skip


def test_who_buys_at_a_pace_is_due_again(funnel: Funnel, manager: Any) -> None:
    """F144: a report names customers due to buy again."""
    for days in (60, 40, 20):
        funnel.shop.issued(issued_on=TODAY - timedelta(days=days))

    [due] = reports.due_again(manager, today=TODAY, soon=timedelta(days=7))

    assert (due.name, due.every_days, due.due_on) == ("Romashka", 20, TODAY)


def test_the_average_invoice_has_a_trend(funnel: Funnel, manager: Any) -> None:
    """F145: the average invoice by month."""
    shop = funnel.shop
    shop.issued(shop.line(shop.nail, "1", "10"), issued_on=date(2026, 10, 5))
    shop.issued(shop.line(shop.nail, "1", "20"), issued_on=TODAY)
    shop.issued(shop.line(shop.nail, "1", "40"), issued_on=TODAY)

    found = reports.average_invoice(manager, first=date(2026, 1, 1), currency="RUB")

    assert [(each.count, each.amount) for each in found] == [(1, Decimal(10)), (2, Decimal(30))]


@pytest.mark.parametrize("address", ["", "forecast/", "losses/", "again/", "plan/"])
def test_a_report_takes_at_most_twelve_queries(
    funnel: Funnel, owner_client: Client, django_assert_max_num_queries: Any, address: str
) -> None:
    moved(funnel, funnel.deal(), "Quotation", "Lost")
    owner_client.get(f"/deals/funnel/{address}")

    with django_assert_max_num_queries(12):
        answer = owner_client.get(f"/deals/funnel/{address}")

    assert answer.status_code == 200


def test_the_number_of_the_funnel_leads_to_its_deals(funnel: Funnel, owner_client: Client) -> None:
    """F136: drill-down from a number to the deals behind it."""
    moved(funnel, funnel.deal("Far one"), "Quotation", "Agreed")
    funnel.deal("Near one")

    stage = funnel.stage("Quotation")
    shown = owner_client.get(f"/deals/list/?reached={stage.pk}").content.decode()

    assert "Far one" in shown
    assert "Near one" not in shown


def test_the_plan_is_entered_in_a_grid(funnel: Funnel, owner_client: Client) -> None:
    address = "/deals/funnel/plan/?year=2026&currency=RUB"

    answer = owner_client.post(address, {"plan-company-12": "1 000,50"})

    assert answer.status_code == 302
    assert 'value="1000.5"' in owner_client.get(address).content.decode()

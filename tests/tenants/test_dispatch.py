"""Work for all companies: each at a place of its own, none that is closed."""

from __future__ import annotations

from celery import shared_task

from tenants import services
from tenants.current import current_schema, enter_public
from tenants.dispatch import fan_out, place_in
from tenants.models import Company

visited: list[str] = []


@shared_task
def visit() -> None:
    """Note in which company the task runs."""
    visited.append(current_schema())


def test_a_task_is_started_in_every_company_that_is_open(acme: Company, rival: Company) -> None:
    enter_public()
    services.suspend(company=rival)
    visited.clear()

    fan_out(visit, window=60)

    assert acme.schema_name in visited
    assert rival.schema_name not in visited


def test_companies_are_spread_over_the_window_and_keep_their_places() -> None:
    places = [place_in(schema=f"c_{number:032x}", window=600) for number in range(1000)]

    assert places == [place_in(schema=f"c_{number:032x}", window=600) for number in range(1000)]
    busiest = max(sum(place // 60 == minute for place in places) for minute in range(10))
    assert busiest < 200

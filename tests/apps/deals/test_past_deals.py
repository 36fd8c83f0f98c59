"""Deals of another program: they come with the days on which they were opened and closed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from apps.accounts.models import User
from apps.core import objects
from apps.core.objects import Refused
from apps.deals.models import Deal, StageKind, StageMove
from tests.apps.deals.conftest import Funnel, funnel, shop
from tests.apps.imports.steps import brought, checked, imported

__all__ = ["funnel", "shop"]
PAST = (
    "Deal;Customer;Amount;Stage;Дата создания;Closed\n"
    "Old roof;Romashka;1200.50;{won};01.02.2021;15.03.2021\n"
    "Still open;Romashka;300;{first};01.05.2021;\n"
)
FEBRUARY, MARCH = datetime(2021, 2, 1, tzinfo=UTC), datetime(2021, 3, 15, tzinfo=UTC)


def stage(funnel: Funnel, kind: StageKind) -> Any:
    return funnel.pipeline.stages.filter(kind=kind).order_by("position").first()


def saved(funnel: Funnel, by: User, **values: Any) -> Deal:
    named = {"name": "Old roof", "counterparty": funnel.shop.customer.pk, **values}
    return objects.save(objects.kind("deals"), values=named, by=by)  # type: ignore[return-value]


def test_past_deals_come_with_their_days(funnel: Funnel, manager: User) -> None:
    """F235: past deals are imported as they ended, on the day they did."""
    text = PAST.format(won=stage(funnel, StageKind.WON), first=stage(funnel, StageKind.OPEN))

    imported(text, by=manager, kind="deals")

    told = Deal.objects.order_by("opened_at").values_list(
        "name", "opened_at__date", "closed_at__date", "stage__kind"
    )
    assert [(name, str(opened), str(closed), kind) for name, opened, closed, kind in told] == [
        ("Old roof", "2021-02-01", "2021-03-15", "won"),
        ("Still open", "2021-05-01", "None", "open"),
    ]
    moved = StageMove.objects.filter(deal__name="Old roof").values_list("at__date", flat=True)
    assert [str(day) for day in moved] == ["2021-03-15"]


def test_the_days_of_a_known_deal_stay(funnel: Funnel, manager: User) -> None:
    """F235: brought in again, a deal keeps the days it has."""
    text = PAST.format(won=stage(funnel, StageKind.WON), first=stage(funnel, StageKind.OPEN))
    imported(text, by=manager, kind="deals")

    run = checked(brought(text.replace("01.02.2021", "01.02.2020"), by=manager, kind="deals"))

    assert run.counts == {"same": 2}


def test_a_deal_that_begins_in_an_end_is_over(funnel: Funnel, manager: User) -> None:
    before = timezone.now()

    deal = saved(funnel, manager, stage=stage(funnel, StageKind.WON).pk)

    assert deal.closed_at is not None
    assert before <= deal.closed_at <= timezone.now()


@pytest.mark.parametrize(
    ("kind", "opened", "closed", "field"),
    [
        (StageKind.OPEN, FEBRUARY, MARCH, "closed_at"),
        (StageKind.WON, MARCH, FEBRUARY, "closed_at"),
        (StageKind.OPEN, timezone.now() + timedelta(days=9), None, "opened_at"),
    ],
    ids=["not over", "before it was opened", "ahead"],
)
def test_days_that_cannot_be_are_refused(
    funnel: Funnel, manager: User, kind: StageKind, opened: datetime, closed: Any, field: str
) -> None:
    with pytest.raises(Refused) as refused:
        saved(funnel, manager, stage=stage(funnel, kind).pk, opened_at=opened, closed_at=closed)

    assert list(refused.value.errors) == [field]
    assert not Deal.objects.exists()

"""Deals as bars over time: what is drawn, for whom, and how an end is moved."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from apps.accounts.models import Scope, User
from apps.deals.models import Deal
from tests.apps.accounts.test_roles import ticked
from tests.apps.deals.conftest import Funnel

CHART = "/deals/list/?show=gantt"


def drawn(client: Client, address: str = CHART) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def places(page: str, deal: Deal) -> tuple[float, float]:
    """Where a bar begins and how wide it is, in percent of the time that is seen."""
    row = page[page.index(f'id="bar-{deal.pk}"'):].split("</li>")[0]
    found = re.search(r'class="gantt-span" data-shape x="([\d.]+)%" width="([\d.]+)%"', row)
    assert found is not None
    return float(found[1]), float(found[2])


def lasting(funnel: Funnel, first: date, last: date | None, **head: Any) -> Deal:
    deal = funnel.deal(**head)
    begun = datetime(first.year, first.month, first.day, 12, tzinfo=UTC)
    Deal.objects.filter(pk=deal.pk).update(opened_at=begun, expected_on=last)
    deal.refresh_from_db()
    return deal


def test_a_deal_lies_between_its_beginning_and_its_expected_end(
    funnel: Funnel, owner_client: Client
) -> None:
    """G019: a dated object stands on a time line, at the days it has."""
    deal = lasting(funnel, date(2026, 4, 11), date(2026, 5, 20))

    page = drawn(owner_client, f"{CHART}&scale=months&at=2026-04-01")

    days = (date(2026, 10, 1) - date(2026, 4, 1)).days
    left, width = places(page, deal)
    assert left == pytest.approx(10 * 100 / days, abs=0.01)
    assert width == pytest.approx(40 * 100 / days, abs=0.01)
    assert str(deal) in page


def test_what_lies_elsewhere_is_not_drawn_and_what_lies_across_is(
    funnel: Funnel, owner_client: Client
) -> None:
    before = lasting(funnel, date(2026, 1, 1), date(2026, 3, 31))
    across = lasting(funnel, date(2026, 1, 1), date(2027, 3, 31))
    undated = lasting(funnel, date(2026, 4, 10), None)

    page = drawn(owner_client, f"{CHART}&scale=months&at=2026-04-01")

    assert f"bar-{before.pk}" not in page
    assert places(page, across) == (0, 100)
    assert f"bar-{undated.pk}" in page  # a point at its one date
    assert "gantt-point" in page


def test_filters_search_and_groups_of_the_list_hold(
    funnel: Funnel, owner_client: Client, owner: User
) -> None:
    nails = lasting(funnel, date(2026, 4, 11), date(2026, 5, 20), name="Nails")
    boards = lasting(funnel, date(2026, 4, 11), date(2026, 5, 20), name="Boards", owner=owner.pk)
    there = f"{CHART}&at=2026-04-01"

    found = drawn(owner_client, f"{there}&q=nails")
    grouped = drawn(owner_client, f"{there}&group=owner")

    assert f"bar-{nails.pk}" in found
    assert f"bar-{boards.pk}" not in found
    heads = re.findall(r'class="gantt-group">([^<]+)<small>', grouped)
    assert str(owner) in [head.strip() for head in heads]


def test_the_end_of_a_bar_is_moved_through_the_door_of_cells(
    funnel: Funnel, owner_client: Client
) -> None:
    """G019: dragged to change; G010: with an undo."""
    deal = lasting(funnel, date(2026, 4, 11), date(2026, 5, 20))
    page = drawn(owner_client, f"{CHART}&at=2026-04-01")
    assert f'id="to-{deal.pk}"' in page
    assert f'id="from-{deal.pk}"' not in page  # when it was opened is nobody's to change

    [seen] = re.findall(rf'data-bar="{deal.pk}" data-seen="([^"]+)"', page)
    answer = owner_client.post(
        f"/objects/deals/{deal.pk}/expected_on/", {"value": "2026-06-01", "seen": seen}
    )

    deal.refresh_from_db()
    assert answer.status_code == 200
    assert "undo" in answer["HX-Trigger"]
    assert deal.expected_on == date(2026, 6, 1)


def test_whoever_may_not_change_moves_nothing_and_strangers_see_nothing(
    funnel: Funnel, owner_client: Client, manager_client: Client, rival_owner_client: Client,
    manager: User, owner: User,
) -> None:  # fmt: skip
    """G072, F219: bars are rows of the list: one's own and those one may see."""
    foreign = lasting(funnel, date(2026, 4, 11), date(2026, 5, 20), owner=owner.pk)
    mine = lasting(funnel, date(2026, 4, 11), date(2026, 5, 20), owner=manager.pk)
    owner_client.post(
        "/accounts/roles/built-in/manager/",
        ticked(deals__view=Scope.OWN, deals__edit=Scope.NONE, deals__delete=Scope.NONE),
    )
    there = f"{CHART}&at=2026-04-01"

    page = drawn(manager_client, there)

    assert f"bar-{mine.pk}" in page
    assert f"bar-{foreign.pk}" not in page
    assert "data-move" not in page
    assert f"bar-{mine.pk}" not in drawn(rival_owner_client, there)


@pytest.mark.parametrize(
    "asked",
    ["&at=nonsense", "&at=2026-02-31", "&at=0001-01-01", "&scale=&bar_from=name&bar_to=none",
     "&size=99999999", "&size=-4", "&bar_from=expected_on&bar_to=opened_at", "&bar_from=closed_at"],
)  # fmt: skip
def test_a_damaged_address_shows_a_chart(
    funnel: Funnel, owner_client: Client, asked: str
) -> None:
    lasting(funnel, timezone.localdate(), timezone.localdate() + timedelta(days=9))
    assert "data-gantt" in drawn(owner_client, CHART + asked)


def test_rows_without_a_date_are_counted_so_far_and_no_search_says_what_to_do(
    funnel: Funnel, owner_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _time in range(3):
        lasting(funnel, date(2026, 4, 11), None)
    undated = f"{CHART}&bar_from=expected_on&bar_to=expected_on"

    assert "3 rows have neither date" in drawn(owner_client, undated)
    monkeypatch.setattr("apps.core.lists.gantt.MISSING_CAP", 2)
    assert "More than 2 rows have neither date" in drawn(owner_client, undated)
    page = drawn(owner_client, f"{CHART}&q=nobody-is-called-so")
    assert "Nothing of what fits lies in this time." in page


@pytest.mark.parametrize("scale", ["weeks", "months", "years"])
def test_going_on_and_back_ends_where_it_began(
    funnel: Funnel, owner_client: Client, scale: str
) -> None:
    lasting(funnel, timezone.localdate(), timezone.localdate())
    page = drawn(owner_client, f"{CHART}&scale={scale}")
    [first] = re.findall(r'data-first="([^"]+)"', page)
    [later] = re.findall(r'href="([^"]+)"[^>]*aria-label="Later"', page)
    [back] = re.findall(
        r'href="([^"]+)"[^>]*aria-label="Earlier"', drawn(owner_client, later.replace("&amp;", "&"))
    )

    assert f'data-first="{first}"' in drawn(owner_client, back.replace("&amp;", "&"))


def test_many_rows_are_drawn_with_few_queries(
    funnel: Funnel, owner_client: Client, django_assert_max_num_queries: Any
) -> None:
    for _time in range(12):
        lasting(funnel, date(2026, 4, 11), date(2026, 5, 20))
    drawn(owner_client)

    with django_assert_max_num_queries(12):
        drawn(owner_client, f"{CHART}&at=2026-04-01&group=owner")

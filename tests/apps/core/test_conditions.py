"""Conditions people build: what they find, what they say, what is refused."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from apps.accounts.models import User
from apps.core import objects
from apps.core.lists import conditions
from apps.core.lists.conditions import BadFilter, compiled, parse, sentence, written
from apps.counterparties.models import Counterparty
from apps.custom import services as custom
from apps.custom.services import FieldValues
from apps.deals.models import Deal
from tests.apps.deals.conftest import Funnel, funnel, shop

__all__ = ["funnel", "shop"]
pytestmark = pytest.mark.usefixtures("company")


@pytest.fixture
def partners(company: Any, owner: User, manager: User) -> None:
    """Four customers in three cities."""
    for name, city, whose in (
        ("Işık Yapı", "İzmir, Alsancak 1", owner), ("Артём и Ко", "Москва", manager),
        ("Nail & Co", "Izmir, Konak 2", None), ("Empty Ltd", "", owner),
    ):  # fmt: skip
        Counterparty.objects.create(name=name, sort_name=name.lower(), address=city,
                                    responsible=whose)  # fmt: skip


def found(body: Any, user: User, kind: str = "counterparties") -> list[str]:
    of = objects.kind(kind)
    group = parse(json.dumps(body), of, user)
    rows = of.model._default_manager.filter(
        compiled(group, user=user, kind=of, today=timezone.localdate())
    )
    return sorted(row.name for row in rows)


@pytest.mark.parametrize(
    ("body", "names"),
    [
        (["address", "contains", "izmir"], ["Işık Yapı", "Nail & Co"]),
        (["name", "contains", "isik"], ["Işık Yapı"]),
        (["name", "contains", "Artem"], ["Артём и Ко"]),
        (["name", "begins", "nail"], ["Nail & Co"]),
        (["address", "lacks", "izmir"], ["Empty Ltd", "Артём и Ко"]),
        (["address", "empty"], ["Empty Ltd"]),
        (["responsible", "empty"], ["Nail & Co"]),
        (["responsible", "any", "me"], ["Empty Ltd", "Işık Yapı"]),
        (["responsible", "none", "me"], ["Nail & Co", "Артём и Ко"]),
        (["created_at", "in", "today"], ["Empty Ltd", "Işık Yapı", "Nail & Co", "Артём и Ко"]),
        (["created_at", "older", "14"], []),
        (["kind", "any", "person"], []),
        (["and", ["address", "contains", "izmir"], ["responsible", "any", "me"]], ["Işık Yapı"]),
        (["or", ["address", "empty"], ["and", ["name", "contains", "nail"]]],
         ["Empty Ltd", "Nail & Co"]),
    ],
)  # fmt: skip
def test_conditions_find_what_they_say(
    partners: None, owner: User, body: Any, names: list[str]
) -> None:
    """F125: and/or groups; G008: relative dates, «me», empty and not empty."""
    assert found(body, owner) == names


@pytest.mark.parametrize(
    ("body", "names"),
    [
        (["x_region", "isnt", "North"], ["Empty Ltd", "Işık Yapı"]),
        (["x_region", "lacks", "nor"], ["Empty Ltd", "Işık Yapı"]),
        (["x_region", "empty"], ["Empty Ltd"]),
        (["x_score", "ne", "7"], ["Empty Ltd", "Işık Yapı"]),
        (["x_level", "none", "gold"], ["Empty Ltd", "Işık Yapı"]),
        (["x_colours", "none", "red"], ["Empty Ltd", "Işık Yapı"]),
        (["x_colours", "empty"], ["Empty Ltd"]),
        (["tags", "empty"], ["Empty Ltd", "Işık Yapı"]),
        (["tags", "filled"], ["Nail & Co"]),
        (["parent.name", "isnt", "Nail & Co"], ["Empty Ltd", "Nail & Co"]),
        (["parent.name", "empty"], ["Empty Ltd", "Nail & Co"]),
        (["parent.x_score", "ne", "8"], ["Empty Ltd", "Işık Yapı", "Nail & Co"]),
    ],
)  # fmt: skip
def test_what_is_empty_is_unlike_every_value(
    company: Any, owner: User, body: Any, names: list[str]
) -> None:
    """G008: «is not» finds rows where nothing is entered, also of own and related fields."""
    for label, type_, choices in (
        ("Region", "text", ()), ("Score", "number", ()), ("Level", "choice", ("Gold", "Silver")),
        ("Colours", "choices", ("Red", "Blue")),
    ):  # fmt: skip
        values = FieldValues(label=label, type=type_, choices=choices)
        custom.add_field(kind="counterparties", values=values)
    nail = Counterparty.objects.create(
        name="Nail & Co", tags=["a"], custom={
            "x_region": "North", "x_score": 7, "x_level": "gold", "x_colours": ["red"]},
    )  # fmt: skip
    Counterparty.objects.create(
        name="Işık Yapı", parent=nail, custom={
            "x_region": "South", "x_score": 8, "x_level": "silver", "x_colours": ["blue"]},
    )  # fmt: skip
    Counterparty.objects.create(name="Empty Ltd")

    assert found(body, owner) == names


def test_deals_of_companies_in_a_city_untouched_for_two_weeks_that_are_mine(
    funnel: Funnel,
) -> None:
    """G008: the filter that is to be built in under a minute."""
    me = funnel.shop.manager
    Counterparty.objects.filter(pk=funnel.shop.customer.pk).update(address="İzmir, Konak 3")
    old, fresh = funnel.deal("Old"), funnel.deal("Fresh")
    other = funnel.deal("Not mine", owner=None)
    long_ago = timezone.now() - timedelta(days=20)
    Deal.objects.filter(pk__in=[old.pk, other.pk]).update(touched_at=long_ago)
    Deal.objects.filter(pk=fresh.pk).update(touched_at=timezone.now())
    Deal.objects.filter(pk__in=[old.pk, fresh.pk]).update(owner=me)
    Deal.objects.filter(pk=other.pk).update(owner=None)
    names = {each.key: each for each in conditions.fields(objects.kind("deals"), me)}
    customer = next(key for key, each in names.items() if each.related == "counterparties")
    touched = next(key for key, each in names.items() if each.source == "touched_at")
    owner = next(key for key, each in names.items() if each.source == "owner")

    shown = found(
        ["and", [f"{customer}.address", "contains", "izmir"], [touched, "older", "14"],
         [owner, "any", "me"]], me, "deals",
    )  # fmt: skip

    assert shown == ["Old"]


@pytest.mark.parametrize(
    "text",
    [
        "", "{", "[]", "null", "7", '["and"', '["password","contains","x"]',
        '["name","gt","1"]', '["name","contains"]', '["name","contains",5]',
        '["name","contains","' + "x" * 300 + '"]', '["created_at","in","ever"]',
        '["created_at","older","-3"]', '["created_at","on","2026-13-40"]',
        '["responsible","any","you"]', '["kind","any","robot"]',
        '["responsible.password","contains","a"]', '["responsible__password","contains","a"]',
        '["and",["and",["and",["and",["name","empty"]]]]]',
        json.dumps(["and", *([["name", "empty"]] * 31)]), "[" * 3000,
        '["name","contains","a\\u0000b"]', '["created_at","on","0001-01-01"]',
    ],
)  # fmt: skip
def test_what_fits_no_field_is_refused_in_words(owner: User, text: str) -> None:
    with pytest.raises(BadFilter) as refusal:
        parse(text, objects.kind("counterparties"), owner)

    assert refusal.value.sentence.endswith(".")


def test_a_list_with_a_damaged_filter_says_so_and_shows_no_row(
    partners: None, owner_client: Client
) -> None:
    page = owner_client.get("/counterparties/?f=%5B%22nothing").content.decode()

    assert "cut short or damaged" in page
    assert "Nail &amp; Co" not in page


def test_a_filter_is_written_as_it_was_read(owner: User) -> None:
    body = ["and", ["name", "contains", "ж"], ["or", ["address", "empty"], ["phone", "filled"]]]
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))

    assert written(parse(text, objects.kind("counterparties"), owner)) == text


def test_a_condition_says_what_it_asks(owner: User) -> None:
    group = parse('["responsible","any","me"]', objects.kind("counterparties"), owner)

    assert sentence(group, {}) == "Responsible is one of me"


def test_a_related_row_that_one_may_not_see_is_not_filtered_by(
    funnel: Funnel, monkeypatch: pytest.MonkeyPatch
) -> None:
    funnel.deal("Seen")
    names = conditions.fields(objects.kind("deals"), funnel.shop.manager)
    customer = next(each.key for each in names if each.related == "counterparties")
    body = [f"{customer}.name", "filled"]
    assert found(body, funnel.shop.manager, "deals") == ["Seen"]

    monkeypatch.setattr(objects.ObjectKind, "rows", lambda *_a, **_k: Counterparty.objects.none())

    assert found(body, funnel.shop.manager, "deals") == []


@pytest.mark.parametrize(
    ("name", "first", "behind"),
    [
        ("last_month", date(2025, 12, 1), date(2026, 1, 1)),
        ("this_quarter", date(2026, 1, 1), date(2026, 4, 1)),
        ("last_quarter", date(2025, 10, 1), date(2026, 1, 1)),
        ("this_week", date(2026, 1, 12), date(2026, 1, 19)),
        ("next_month", date(2026, 2, 1), date(2026, 3, 1)),
    ],
)
def test_periods_begin_and_end_where_people_think(name: str, first: date, behind: date) -> None:
    assert conditions.period(name, date(2026, 1, 15)) == (first, behind)


def test_the_builder_is_told_the_fields_of_a_kind_and_those_one_step_away(
    funnel: Funnel, manager_client: Client
) -> None:
    told = manager_client.get("/objects/deals/fields/").json()

    keys = {each["key"] for each in told["fields"]}
    assert any(key.endswith(".address") for key in keys)
    assert manager_client.get(f"/objects/{uuid4().hex}/fields/").status_code == 404


def test_rows_to_choose_are_found_by_what_is_typed(partners: None, owner_client: Client) -> None:
    page = owner_client.get("/objects/counterparties/choices/?q=nail").content.decode()

    assert 'data-label="Nail &amp; Co"' in page
    assert "Empty Ltd" not in page

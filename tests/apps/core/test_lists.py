"""Lists: pages by key, sorting, filters, saved columns, chosen rows."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.http import HttpResponse, QueryDict
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import User
from apps.accounts.rights import access_of
from apps.core import preferences
from apps.core.lists import (
    BooleanFilter,
    BulkAction,
    ChoiceFilter,
    Column,
    DateRangeFilter,
    Empty,
    ListScreen,
    NumberRangeFilter,
    Order,
    chosen_rows,
    read_page,
    show_list,
)
from apps.counterparties.models import Counterparty, CounterpartyKind
from tenants.models import Company


class Partners(ListScreen):
    """Counterparties, as a room would show them."""

    key = "partners"
    title = "Partners"
    url_name = "counterparties:list"
    columns = (
        Column("name", "Name", sort="name", is_link=True, phone="title"),
        Column("tax", "Tax number", "tax_number", sort="tax_number"),
        Column(
            "responsible", "Responsible", "responsible.full_name", sort="responsible__full_name"
        ),
        Column("entered", "Entered", "created_at", kind="moment", sort="created_at"),
        Column("comment", "Comment", is_default=False),
    )
    filters = (
        ChoiceFilter("kind", "Kind", choices=CounterpartyKind.choices, is_multiple=True),
        BooleanFilter("archived", "Archived", path="is_archived"),
        DateRangeFilter("entered", "Entered", path="created_at__date"),
        NumberRangeFilter("tax", "Tax number", path="tax_number"),
    )
    search = ("name__icontains", "tax_number__icontains")
    order = "name"
    tables = ("counterparties_counterparty",)
    actions = (BulkAction("archive", "Archive", "counterparties:archive"),)
    empty = Empty("users", "No partners yet")
    page_size = 3

    def rows(self) -> QuerySet[Any]:
        return Counterparty.objects.select_related("responsible")

    def url(self, row: Any) -> str:
        return f"/counterparties/{row.pk}/"


@pytest.fixture
def partners(company: Company, owner: User) -> dict[str, Counterparty]:
    """Seven counterparties; three have nobody responsible, two share a name."""
    names = ["Ada", "Berk", "Can", "Can", "Deniz", "Ece", "Fatih"]
    made = {}
    for number, name in enumerate(names):
        made[str(number)] = Counterparty.objects.create(
            name=name,
            sort_name=name.lower(),
            tax_number=f"10{number}",
            responsible=owner if number % 2 else None,
            kind=CounterpartyKind.PERSON if number < 2 else CounterpartyKind.COMPANY,
            is_archived=number == 6,
        )
    return made


def asked(owner: User, address: str = "") -> Any:
    """A request of the list, as the middleware would leave it."""
    request = RequestFactory(headers={"host": "acme.localhost"}).get(f"/counterparties/{address}")
    request.user = owner
    request.tenant = None  # type: ignore[attr-defined]
    return request


def shown(owner: User, address: str = "") -> str:
    request = asked(owner, address)
    answer: HttpResponse = show_list(request, Partners(request), template="components/list.html")
    return answer.content.decode()


def walked(sort: str) -> list[str]:
    """Every row of a list read page by page, two at a time."""
    order, after, found = Order.parse(sort), "", []
    for _page in range(10):
        page = read_page(Counterparty.objects.all(), order=order, after=after, size=2)
        found += [str(row.pk) for row in page.rows]
        after = page.following
        if not after:
            break
    return found


@pytest.mark.parametrize(
    "sort",
    ["name", "-name", "created_at", "-created_at", "responsible__full_name",
     "-responsible__full_name", "pk", "-pk"],
)  # fmt: skip
def test_pages_show_every_row_once(partners: dict[str, Counterparty], sort: str) -> None:
    found = walked(sort)

    assert len(found) == 7
    assert set(found) == {str(row.pk) for row in partners.values()}


@pytest.mark.parametrize("sort", ["responsible__full_name", "-responsible__full_name"])
def test_rows_without_a_value_stand_last(partners: dict[str, Counterparty], sort: str) -> None:
    latest = walked(sort)[-4:]

    assert {Counterparty.objects.get(pk=key).responsible for key in latest} == {None}


def test_a_row_that_comes_in_meanwhile_moves_no_other(partners: dict[str, Counterparty]) -> None:
    first = read_page(Counterparty.objects.all(), order=Order("name"), after="", size=3)

    Counterparty.objects.create(name="Aa", sort_name="aa")
    second = read_page(
        Counterparty.objects.all(), order=Order("name"), after=first.following, size=3
    )

    assert [row.name for row in second.rows] == ["Can", "Deniz", "Ece"]


@pytest.mark.parametrize(
    "after",
    ["nonsense", "W10", "WyJuYW1lIiwgImEiLCAiYiJd", "a" * 3000, "WyJuYW1lIixudWxsLHt9XQ", "é"],
    ids=["words", "empty", "no key", "too long", "a mapping for a key", "not base64"],
)
def test_a_cursor_of_no_list_begins_at_the_top(
    partners: dict[str, Counterparty], owner: User, after: str
) -> None:
    assert "Ada" in shown(owner, f"?after={after}")


def test_a_list_takes_two_queries(partners: dict[str, Counterparty], owner: User) -> None:
    access_of(owner)  # a page reads the rights in the query that reads the person

    with CaptureQueriesContext(connection) as queries:
        shown(owner, "?q=a&kind=company")

    assert len(queries) <= 2


def test_every_word_of_a_search_must_fit(partners: dict[str, Counterparty], owner: User) -> None:
    assert "Berk" in shown(owner, "?q=er+101")
    assert "Berk" not in shown(owner, "?q=er+102")


@pytest.mark.parametrize(
    "address", ["?kind=%00", "?sort=-", "?size=-1", "?tax_from=1e99", "?entered_from=2026-99-99"]
)
def test_what_nobody_could_have_typed_is_no_fault(
    partners: dict[str, Counterparty], owner: User, address: str
) -> None:
    assert "Partners" in shown(owner, address)


def test_filters_stand_as_chips_that_can_be_taken_away(
    partners: dict[str, Counterparty], owner: User
) -> None:
    page = shown(owner, "?kind=person&q=a")

    assert "Kind: Person" in page
    assert 'href="/counterparties/?q=a"' in page
    assert "Ada" in page
    assert "Fatih" not in page


def test_a_part_is_answered_alone(partners: dict[str, Counterparty], owner: User) -> None:
    rows = shown(owner, "?part=rows")

    assert rows.strip().startswith("<tr")
    assert "<thead" not in rows
    assert shown(owner, "?part=count&kind=company").strip() == "5"


def test_further_rows_stand_behind_a_plain_link(
    partners: dict[str, Counterparty], owner: User
) -> None:
    first = shown(owner)
    following = first.split('colspan="5"><a href="/counterparties/')[1].split('"')[0]

    second = shown(owner, following.replace("&amp;", "&"))

    assert "Ada" not in second
    assert "Deniz" in second


def test_a_refresh_keeps_the_rows_further_pages_brought(
    partners: dict[str, Counterparty], owner: User
) -> None:
    assert shown(owner, "?part=rows&size=6").count("<tr id=") == 6


def test_each_person_sees_the_columns_of_their_choice(
    partners: dict[str, Counterparty], owner: User, manager: User
) -> None:
    preferences.keep(user_id=owner.pk, key="columns:partners", value=["comment"])

    assert 'data-label="Comment"' in shown(owner)
    assert 'data-label="Tax number"' not in shown(owner)
    assert 'data-label="Comment"' not in shown(manager)


def test_an_empty_list_says_why(company: Company, owner: User) -> None:
    assert "No partners yet" in shown(owner)
    assert "Nothing fits this search and these filters" in shown(owner, "?q=nobody")


def test_names_are_shown_as_text(company: Company, owner: User) -> None:
    Counterparty.objects.create(name="<script>alert(1)</script>", sort_name="s")

    assert "<script>" not in shown(owner)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in shown(owner)


def chosen(owner: User, body: str, address: str = "") -> set[str]:
    request = asked(owner, address)
    request.POST = QueryDict(body)
    return {row.name for row in chosen_rows(Partners(request))}  # type: ignore[attr-defined]


def test_a_bulk_action_gets_the_ticked_rows(partners: dict[str, Counterparty], owner: User) -> None:
    body = f"id={partners['0'].pk}&id={partners['4'].pk}&id=nonsense"

    assert chosen(owner, body) == {"Ada", "Deniz"}


def test_a_bulk_action_for_all_gets_what_the_list_shows(
    partners: dict[str, Counterparty], owner: User
) -> None:
    assert chosen(owner, "all=yes", "?kind=person") == {"Ada", "Berk"}


def test_a_bulk_action_without_ticks_gets_nothing(
    partners: dict[str, Counterparty], owner: User
) -> None:
    assert chosen(owner, "") == set()

"""What the search of the whole CRM finds, and lists of any size that stay quick and honest."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import Role, User
from apps.core.lists import views as list_views
from apps.counterparties.models import Counterparty
from apps.counterparties.services import CounterpartyValues, save_counterparty
from apps.deals.services.pipelines import begin
from tenants.models import Company
from tests.apps.deals.conftest import Funnel, funnel, shop

__all__ = ["funnel", "shop"]


@pytest.mark.parametrize(
    "typed", ["916 123", "4567", "770708", "romash"],
    ids=["phone", "end of it", "tax number", "name"],
)  # fmt: skip
def test_a_part_of_a_number_finds_its_company(
    company: Company, manager_client: Client, typed: str
) -> None:
    """G002: a part of a phone or of a tax number finds the company, under the name of its kind."""
    save_counterparty(
        values=CounterpartyValues(
            name="Romashka", phone="+7 916 123-45-67", tax_number="7707083893"
        )
    )

    page = manager_client.get("/search/", {"q": typed}).content.decode()

    assert "Romashka" in page
    assert re.search(r"<h2[^>]*>.*?Counterparties", page, re.DOTALL)


def test_three_letters_of_a_customer_bring_it_first(
    company: Company, funnel: Funnel, manager_client: Client
) -> None:
    """G001: the customer stands above its deals, so that Enter opens it."""
    Counterparty.objects.filter(pk=funnel.shop.customer.pk).update(
        name="Northgate Homes", sort_name="northgate homes"
    )
    funnel.deal("Stock for Northgate Homes")

    page = manager_client.get("/search/", {"q": "nor"}, headers={"HX-Request": "true"})

    first = re.search(r'<a href="([^"]*)" role="option"', page.content.decode())
    assert first is not None
    assert first.group(1) == f"/counterparties/{funnel.shop.customer.pk}/"


def test_the_count_of_a_huge_list_is_capped(
    company: Company, manager_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """G009: more than so many are told as such and not counted out."""
    monkeypatch.setattr(list_views, "COUNT_CAP", 20)
    Counterparty.objects.bulk_create(
        Counterparty(name=f"C{number}", sort_name=f"c{number}") for number in range(30)
    )

    with CaptureQueriesContext(connection) as asked:
        said = manager_client.get("/counterparties/?part=count").content.decode()

    assert "20+" in said
    counting = [each["sql"] for each in asked if "COUNT" in each["sql"]]
    assert any("LIMIT 21" in each for each in counting), counting


def test_a_company_of_five_hundred_works_as_one_of_one(
    company: Company, manager_client: Client
) -> None:
    """F247: five hundred people in the same schema, and a screen asks the database no more."""
    begin()
    paths = ("/counterparties/", "/deals/", "/activities/", "/accounts/profile/")
    before = [_queries(manager_client, path) for path in paths]

    User.objects.bulk_create(
        User(email=f"p{number}@acme.example", full_name=f"Person {number}", role=Role.MANAGER)
        for number in range(500)
    )

    assert [_queries(manager_client, path) for path in paths] == before


def _queries(client: Client, path: str) -> int:
    for _ in range(2):  # the second time nothing is looked up for the first time
        with CaptureQueriesContext(connection) as asked:
            answer = client.get(path)
        assert answer.status_code == 200
    return len(asked)

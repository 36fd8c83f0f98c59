"""Choosing a product: price and free stock stand beside each name (F009)."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django_tenants.utils import tenant_context

from exchange.rows import CharacteristicValue
from tenants.models import Company
from tests.apps.catalog.rows import offer, price, price_type, product, stock, store, warehouse

BUTTON = {"Accept": "application/json"}


@pytest.fixture
def goods(company: Company) -> None:
    store(price_type("retail"), price_type("wholesale"))
    store(warehouse("north"), warehouse("south"))
    store(
        product("nail", name="Гвоздь ёлочный 50 мм", article="N-50", barcode="4600000000017"),
        product("shirt", name="Ş Gömlek"),
    )
    store(
        offer("shirt", "red", characteristics=(CharacteristicValue("", "Colour", "red"),)),
        offer("shirt", "blue", characteristics=(CharacteristicValue("", "Colour", "blue"),)),
    )
    store(
        price("nail", "12.50"),
        price("nail", "10", "wholesale"),
        price("shirt", "900", characteristic_ref="red"),
    )
    store(
        stock("nail", "3", "north"),
        stock("nail", "4.5", "south"),
        stock("shirt", "2", "north", "red"),
    )


def pick(client: Client, **asked: str) -> list[dict[str, Any]]:
    return client.get("/catalog/pick/", asked, headers=BUTTON).json()["results"]


@pytest.mark.usefixtures("goods")
@pytest.mark.parametrize(
    "typed",
    ["гвоздь 50", "ГВОЗДЬ елочный", "n-50", "4600000000017"],
    ids=["words", "another case and ё", "article", "barcode"],
)
def test_a_product_is_found_by_what_people_type(manager_client: Client, typed: str) -> None:
    [found] = pick(manager_client, q=typed)

    assert (found["name"], found["price"], found["free"], found["currency"]) == (
        "Гвоздь ёлочный 50 мм",
        "12.50",
        "7.5",
        "RUB",
    )


@pytest.mark.usefixtures("goods")
def test_a_product_with_variants_is_offered_as_its_variants(manager_client: Client) -> None:
    found = pick(manager_client, q="gomlek")

    assert [(each["name"], each["price"], each["free"]) for each in found] == [
        ("Ş Gömlek (blue)", None, None),
        ("Ş Gömlek (red)", "900.00", "2"),
    ]


@pytest.mark.usefixtures("goods")
def test_the_price_is_that_of_the_price_type_asked_for(manager_client: Client) -> None:
    from apps.catalog.models import PriceType

    [found] = pick(
        manager_client, q="n-50", price_type=str(PriceType.objects.get(ref="wholesale").pk)
    )

    assert found["price"] == "10.00"


@pytest.mark.usefixtures("goods")
def test_the_same_choices_come_as_options_for_the_page(manager_client: Client) -> None:
    page = manager_client.get("/catalog/pick/", {"q": "n-50"}).content.decode()

    assert 'role="option"' in page
    assert 'data-price="12.50"' in page
    assert 'data-free="7.5"' in page


@pytest.mark.usefixtures("goods")
def test_choosing_asks_few_questions(
    manager_client: Client, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(12):
        pick(manager_client, q="")


@pytest.mark.usefixtures("goods")
def test_another_company_finds_none_of_it(rival: Company, rival_owner_client: Client) -> None:
    with tenant_context(rival):
        assert pick(rival_owner_client, q="n-50") == []


def test_who_is_not_signed_in_is_sent_to_the_door(visitor: Client) -> None:
    assert visitor.get("/catalog/pick/").status_code == 302


@pytest.mark.usefixtures("goods")
def test_a_price_below_the_kopeck_is_told_with_all_its_digits(
    manager_client: Client, company: Company
) -> None:
    with tenant_context(company):
        store(price("nail", "0.1250"))

    [found] = pick(manager_client, q="n-50")

    assert found["price"] == "0.125"

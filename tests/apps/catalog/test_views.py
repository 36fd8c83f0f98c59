"""The screens of the catalogue: shown to the company's people, with few questions asked."""

from __future__ import annotations

import html
import re
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django_tenants.utils import tenant_context

from apps.catalog import services
from apps.catalog.models import PriceType, Product, ProductGroup
from apps.catalog.services import ProductValues
from apps.catalog.templatetags.quantities import quantity
from apps.inventory.models import Warehouse
from tenants.models import Company
from tests.apps.catalog.rows import group, price, price_type, product, stock, store, warehouse

URLS = "config.urls_company"


@pytest.fixture
def nail(company: Company) -> Product:
    """A product of 1C with a price of two types and stock at two places."""
    store(group("tools"), group("hammers", parent_ref="tools"))
    store(price_type("retail"), price_type("wholesale"))
    store(warehouse("north"), warehouse("south"))
    store(
        product("nail", name="Nail 50 mm", article="N-50", group_refs=("tools",)),
        *(product(f"bolt{n:03d}") for n in range(60)),
    )
    store(price("nail", "12.50"), price("nail", "9", "wholesale"))
    store(stock("nail", "3", "north"), stock("nail", "-1", "south"))
    return Product.objects.get(ref="nail")


SCREENS = [
    pytest.param("catalog:products", id="products"),
    pytest.param("catalog:prices", id="price list"),
    pytest.param("inventory:stock", id="stock"),
]


@pytest.mark.parametrize("screen", SCREENS)
def test_a_list_shows_a_page_and_leads_to_the_next(
    nail: Product, manager_client: Client, screen: str
) -> None:
    address = reverse(screen, urlconf=URLS)

    first = manager_client.get(address).content.decode()
    following = re.search(r'hx-get="([^"]*after=[^"]*)"', first)
    assert following is not None
    second = manager_client.get(html.unescape(following[1])).content.decode()

    assert first.count('class="row-link"') == 50
    assert second.count('class="row-link"') == 11
    assert "Nail 50 mm" in second


@pytest.mark.parametrize("screen", SCREENS)
def test_a_list_asks_few_questions(
    nail: Product, manager_client: Client, screen: str, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(12):
        manager_client.get(reverse(screen, urlconf=URLS), {"q": "nail", "stock": "yes"})


@pytest.mark.parametrize("screen", SCREENS)
def test_an_owner_has_no_slower_list(
    nail: Product, owner_client: Client, screen: str, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(12):
        owner_client.get(reverse(screen, urlconf=URLS), {"q": "nail", "stock": "yes"})


def names(page: str) -> list[str]:
    """The names of a list's rows, from the top."""
    return re.findall(r"data-row-link>([^<]+)", page)


def test_products_are_sorted_by_price_and_by_stock(nail: Product, manager_client: Client) -> None:
    store(price("bolt007", "99"))
    store(stock("bolt007", "1", "north"))

    by_price = manager_client.get("/catalog/", {"sort": "-price"}).content.decode()
    by_stock = manager_client.get("/catalog/", {"sort": "stock"}).content.decode()

    assert names(by_price)[:2] == ["Bolt007", "Nail 50 mm"]
    assert names(by_stock)[:2] == ["Bolt007", "Nail 50 mm"]


def test_prices_are_sorted_by_the_type_whose_head_was_clicked(
    nail: Product, manager_client: Client
) -> None:
    store(price("bolt007", "99"), price("bolt007", "1", "wholesale"))
    wholesale = PriceType.objects.get(ref="wholesale")

    page = manager_client.get("/catalog/prices/", {"sort": str(wholesale.pk)}).content.decode()

    assert names(page)[:2] == ["Bolt007", "Nail 50 mm"]


def test_stock_is_sorted_by_one_place(nail: Product, manager_client: Client) -> None:
    store(stock("bolt007", "1", "north"))
    north = Warehouse.objects.get(ref="north")

    page = manager_client.get("/stock/", {"sort": f"-{north.pk}"}).content.decode()

    assert names(page)[:2] == ["Nail 50 mm", "Bolt007"]


def test_a_price_type_that_comes_brings_its_head_too(nail: Product, manager_client: Client) -> None:
    page = manager_client.get("/catalog/prices/").content.decode()
    rows = re.search(r'id="rows-prices" data-list-rows hx-get="([^"]+)"', page)
    assert rows is not None
    assert "HX-Refresh" not in manager_client.get(html.unescape(rows[1])).headers

    store(price_type("dealer"))

    assert manager_client.get(html.unescape(rows[1])).headers["HX-Refresh"] == "true"


def test_a_search_stays_in_the_group(nail: Product, manager_client: Client) -> None:
    tools = ProductGroup.objects.get(ref="tools")

    page = manager_client.get("/catalog/", {"group": str(tools.pk)}).content.decode()

    assert names(page) == ["Nail 50 mm"]
    assert f'<input type="hidden" name="group" value="{tools.pk}">' in page


def test_an_owner_archives_all_that_match(company: Company, owner_client: Client) -> None:
    for name in ("Ours one", "Ours two", "Theirs"):
        services.create_product(values=ProductValues(name=name))

    owner_client.post("/catalog/archive/?q=ours", {"all": "yes", "back": "no"})

    with tenant_context(company):
        left = Product.objects.filter(is_archived=False).values_list("name", flat=True)
        assert list(left) == ["Theirs"]


def test_the_card_asks_few_questions(
    nail: Product, manager_client: Client, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(12):
        manager_client.get(f"/catalog/{nail.pk}/")


def test_the_price_list_is_exported_with_a_currency_beside_each_price(
    nail: Product, manager_client: Client
) -> None:
    answer = manager_client.get("/catalog/prices/", {"part": "csv", "q": "nail"})
    table = b"".join(answer.streaming_content).decode("utf-8-sig")

    assert table.splitlines() == [
        "Name,Article,Unit,Retail,Retail: currency,Wholesale,Wholesale: currency",
        "Nail 50 mm,N-50,,12.5000,RUB,9.0000,RUB",
    ]


@pytest.mark.parametrize("screen", SCREENS)
def test_another_company_sees_none_of_it(
    nail: Product, rival_owner_client: Client, screen: str
) -> None:
    page = rival_owner_client.get(reverse(screen, urlconf=URLS)).content.decode()

    assert "Nail" not in page


def test_another_company_cannot_open_or_change_the_product(
    nail: Product, rival: Company, rival_owner_client: Client, acme: Company
) -> None:
    with tenant_context(acme):
        ours = services.create_product(values=ProductValues(name="Ours"))

    assert rival_owner_client.get(f"/catalog/{nail.pk}/").status_code == 404
    assert rival_owner_client.get(f"/catalog/{ours.pk}/edit/").status_code == 404
    rival_owner_client.post("/catalog/archive/", {"id": [str(ours.pk)]})
    with tenant_context(acme):
        assert not Product.objects.get(pk=ours.pk).is_archived


def test_the_card_shows_prices_stock_and_who_owns_it(nail: Product, manager_client: Client) -> None:
    page = manager_client.get(f"/catalog/{nail.pk}/").content.decode()

    for text in ("Nail 50 mm", "12.50", "9.00", "North", "South", "is-negative", "N-50"):
        assert text in page


def test_who_is_not_signed_in_is_sent_to_the_door(visitor: Client) -> None:
    assert visitor.get("/catalog/").status_code == 302


def test_a_manager_reads_and_does_not_write(nail: Product, manager_client: Client) -> None:
    assert manager_client.get("/catalog/new/").status_code == 403
    assert manager_client.post("/catalog/archive/", {"id": [str(nail.pk)]}).status_code == 403


def test_an_owner_makes_and_changes_a_product(company: Company, owner_client: Client) -> None:
    made = owner_client.post("/catalog/new/", {"name": "Ours", "tax_rate": "20"})

    owner_client.post(f"{made['Location']}edit/", {"name": "Ours, new"})

    with tenant_context(company):
        ours = Product.objects.get()
    assert (ours.name, ours.tax_rate) == ("Ours, new", None)


def test_a_form_without_a_name_says_so_and_keeps_what_was_typed(
    company: Company, owner_client: Client
) -> None:
    answer = owner_client.post("/catalog/new/", {"name": "", "article": "X-1"})

    assert answer.status_code == 422
    assert 'value="X-1"' in answer.content.decode()
    with tenant_context(company):
        assert not Product.objects.exists()


def test_a_product_of_1c_is_locked_for_the_owner_too(
    company: Company, nail: Product, owner_client: Client
) -> None:
    answer = owner_client.post(f"/catalog/{nail.pk}/edit/", {"name": "Mine"})

    with tenant_context(company):
        nail.refresh_from_db()
    assert (answer.status_code, nail.name) == (302, "Nail 50 mm")


def test_the_printed_price_list_is_whole(nail: Product, manager_client: Client) -> None:
    page = manager_client.get("/catalog/prices/", {"print": "yes"}).content.decode()

    assert page.count("<tr>") == 62
    assert "12.50 RUB" in page


def test_a_filter_that_makes_no_sense_asks_for_nothing(
    nail: Product, manager_client: Client
) -> None:
    asked = {"group": "x", "price_from": "cheap", "after": "y", "stock": "maybe"}

    assert manager_client.get("/catalog/", asked).status_code == 200


@pytest.mark.parametrize(
    ("amount", "shown"),
    [("7.500", "7.5"), ("1200.000", "1,200"), ("0.000", "0"), ("-2.125", "-2.125")],
)
def test_a_quantity_is_shown_without_zeros_that_say_nothing(amount: str, shown: str) -> None:
    assert quantity(Decimal(amount)) == shown

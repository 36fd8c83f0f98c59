"""The price type that is the cost is seen by those alone who may see cost and margin."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from apps.accounts.models import User
from apps.catalog.confidential import hidden_types, mark_cost
from apps.catalog.models import Price, PriceType, Product
from apps.core import objects
from apps.history.services import gather
from apps.reports.services import keep_settings
from tenants.models import Company
from tests.apps.history.test_history import client_of, history_of, person
from tests.apps.sales.conftest import NOW, Shop, make_shop
from tests.apps.sales.test_views import posted

SECRET = "Purchase prices"


@pytest.fixture
def shop(company: Company, manager: User) -> Shop:
    """A shop that knows what its nails cost."""
    made = make_shop(manager)
    retail = PriceType.objects.get()
    cost = PriceType.objects.create(name=SECRET, currency="RUB")
    Price.objects.create(product=made.nail, price_type=retail, amount=10, currency="RUB")
    Price.objects.create(product=made.nail, price_type=cost, amount="7.77", currency="RUB")
    keep_settings(cost_price_type=cost, sleeping_days=90, lost_days=365)
    return made


def test_screens_of_who_may_not_see_the_cost_do_not_show_it(
    shop: Shop, manager_client: Client, owner_client: Client
) -> None:
    """F222: the purchase price is absent from card, list, export, editors and search."""
    terms = f"/invoices/terms/{shop.customer.pk}/"
    for address in (
        "/catalog/prices/", f"/catalog/{shop.nail.pk}/", "/invoices/new/", "/deals/new/", terms,
    ):  # fmt: skip
        assert SECRET in owner_client.get(address).content.decode(), address
        assert SECRET not in manager_client.get(address).content.decode(), address
    exported = b"".join(manager_client.get("/catalog/prices/?part=csv").streaming_content)  # type: ignore[attr-defined]
    assert "7.77" not in exported.decode()
    assert SECRET not in exported.decode()


def test_a_picker_asked_for_the_cost_gives_the_usual_price(
    shop: Shop, manager_client: Client, owner_client: Client
) -> None:
    cost = PriceType.objects.get(name=SECRET)
    for address in (f"/catalog/pick/?format=json&q=nail&price_type={cost.pk}",
                    f"/invoices/products/?q=nail&price_type={cost.pk}"):  # fmt: skip
        prices = [
            {float(each["price"]) for each in client.get(address).json()["results"]}
            for client in (owner_client, manager_client)
        ]
        assert prices == [{7.77}, {10.0}], address


def test_an_invoice_by_the_cost_is_refused_unless_it_stands_there(
    shop: Shop, manager_client: Client
) -> None:
    cost = PriceType.objects.get(name=SECRET)
    data = posted(shop, ("Nail 50 mm", "2", "10"))

    refused = manager_client.post("/invoices/new/", {**data, "price_type": str(cost.pk)})
    assert refused.status_code == 422

    invoice = shop.draft(price_type_id=cost.pk)
    kept = manager_client.post(
        f"/invoices/{invoice.pk}/edit/",
        {**data, "price_type": str(cost.pk), "version": str(invoice.version)},
    )
    invoice.refresh_from_db()
    assert (kept.status_code, invoice.price_type_id) == (302, cost.pk)


def test_the_generic_doors_leave_it_out(shop: Shop, owner: User) -> None:
    """F222: neither a row of price types nor a price of a product tells the cost by the API."""
    manager = shop.manager

    def seen(user: Any) -> tuple[int, int]:
        kind = objects.kind("products")
        nail = kind.rows(user).get(pk=shop.nail.pk)
        return objects.kind("price_types").rows(user).count(), len(nail.prices.all())

    assert (seen(owner), seen(manager)) == ((2, 2), (1, 1))


@pytest.mark.parametrize(("role", "is_seen"), [("owner", True), ("manager", False)])
def test_the_history_of_a_product_leaves_it_out(
    committed: Company, role: str, is_seen: bool
) -> None:
    """F222: changes of a purchase price stand in the history for who may see the cost."""
    nail = Product.objects.create(name="Nail", sort_name="nail")
    types = [PriceType.objects.create(name=name, currency="RUB") for name in ("Retail", SECRET)]
    prices = [
        Price.objects.create(product=nail, price_type=each, amount=7, currency="RUB")
        for each in types
    ]
    keep_settings(cost_price_type=types[1], sleeping_days=90, lost_days=365)
    for place, price in enumerate(prices):
        price.amount = Decimal(f"55{place}.25")
        price.save()
    gather(now=NOW)

    told = history_of(client_of(person(role)), nail)

    assert ("550" in told, "551" in told) == (True, is_seen)
    assert (SECRET in told) is is_seen


def test_another_price_type_becomes_the_cost(shop: Shop) -> None:
    retail = PriceType.objects.get(name="Retail")
    assert hidden_types(shop.manager) == {PriceType.objects.get(name=SECRET).pk}

    mark_cost(retail.pk)
    assert hidden_types(shop.manager) == {retail.pk}
    mark_cost(None)

    assert hidden_types(shop.manager) == frozenset()

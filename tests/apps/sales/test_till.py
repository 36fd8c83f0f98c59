"""The point of sale: scanning, prices of the customer, one order for one page (F113, F114)."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django_tenants.utils import tenant_context

from apps.accounts.models import Role, User
from apps.catalog.models import Characteristic, Price, PriceType, Product
from apps.core.models import CompanySettings, Organization, StockCheck
from apps.counterparties.models import ContactPerson, Counterparty
from apps.sales import till
from apps.sales.models import Invoice, TradeTerms
from replication.models import BranchNode, Side
from tenants.models import Company
from tests.apps.sales.conftest import NOW, TODAY, Shop

ADDRESS = "/invoices/till/"


@pytest.fixture
def retail(shop: Shop) -> PriceType:
    """Nails at 10 retail and 8 wholesale, boards at 100; customers by card and by phone."""
    PriceType.objects.update(is_default=False)
    kind = PriceType.objects.create(name="At the till", currency="RUB", is_default=True)
    wholesale = PriceType.objects.create(name="Wholesale", currency="RUB")
    for product, code, article in ((shop.nail, "4600001", "N-1"), (shop.board, "4600002", "B-1")):
        product.barcode, product.article = code, article
        product.save()
    for product, price_type, amount in (
        (shop.nail, kind, 10), (shop.nail, wholesale, 8), (shop.board, kind, 100),
        (shop.board, wholesale, 80),
    ):  # fmt: skip
        Price.objects.create(product=product, price_type=price_type, amount=amount, currency="RUB")
    shop.customer.card_number, shop.customer.phone = "AB1234567", "+7 (495) 123-45-67"
    shop.customer.save()
    TradeTerms.objects.create(counterparty=shop.customer, price_type=wholesale)
    return kind


def fields(page: str) -> dict[str, Any]:
    """Return what the page's form would send."""
    found: dict[str, Any] = {"line": [], "quantity": []}
    for tag in re.findall(r"<input[^>]*>", page):
        name = re.search(r'name="([^"]+)"', tag)
        value = re.search(r'value="([^"]*)"', tag)
        if name and name[1] in ("order", "customer"):
            found[name[1]] = value[1] if value else ""
        elif name and name[1] in found:
            found[name[1]].append(value[1] if value else "")
    return found


class Till:
    """Somebody at the till: every answer is the page the next request is sent from."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.page = client.get(ADDRESS).content.decode()

    def send(self, **what: str) -> str:
        answer = self.client.post(ADDRESS, {**fields(self.page), **what}, follow=True)
        self.page = answer.content.decode()
        return self.page

    def scan(self, *codes: str) -> str:
        for code in codes:
            self.send(code=code)
        return self.page


@pytest.mark.parametrize(
    "code", ["AB1234567", "ab-123 4567", "+7 495 123-45-67", "84951234567", "4951234567"]
)
def test_a_card_or_a_phone_opens_the_customer(
    manager_client: Client, shop: Shop, retail: PriceType, code: str
) -> None:
    """F113: a card that is scanned, or a phone that is typed, opens the customer."""
    page = Till(manager_client).scan(code)

    assert fields(page)["customer"] == str(shop.customer.pk)
    assert "Wholesale" in page


def test_a_contact_persons_phone_finds_the_company(
    manager_client: Client, shop: Shop, retail: PriceType
) -> None:
    ContactPerson.objects.create(
        counterparty=shop.customer, full_name="Anna", phone="8 916 000 11 22"
    )

    assert fields(Till(manager_client).scan("+79160001122"))["customer"] == str(shop.customer.pk)


def test_an_order_is_scanned_and_taken(
    manager_client: Client, shop: Shop, retail: PriceType
) -> None:
    """F114: an order is taken at a point of sale."""
    at = Till(manager_client)
    at.scan("4600001", "4600001", "B-1", "AB1234567")

    done = at.send(take="yes", comment="Calls for it at five")

    invoice = Invoice.objects.get()
    assert invoice.number
    assert (invoice.status, invoice.counterparty) == ("issued", shop.customer)
    assert invoice.comment == "Calls for it at five"
    lines = {line.product_id: (line.quantity, line.price) for line in invoice.lines.all()}
    assert lines[shop.nail.pk] == (2, 8)
    assert str(invoice.number) in done
    assert fields(done)["line"] == []
    assert fields(done)["order"] != str(invoice.pk)


def test_without_a_price_for_the_customer_it_says_so(
    manager_client: Client, shop: Shop, retail: PriceType
) -> None:
    Price.objects.filter(product=shop.board, price_type__name="Wholesale").delete()
    at = Till(manager_client)
    page = at.scan("AB1234567", "4600002")

    assert "no price" in page
    assert "disabled" in page
    assert "has no price for this customer" in at.send(take="yes")
    assert not Invoice.objects.exists()


def test_who_gives_no_name_is_a_retail_customer_each_time_the_same(
    manager_client: Client, shop: Shop, retail: PriceType
) -> None:
    for _ in range(2):
        at = Till(manager_client)
        at.scan("4600001")
        at.send(take="yes")

    buyers = set(Invoice.objects.values_list("counterparty__name", flat=True))
    assert buyers == {"Retail customer"}
    assert Counterparty.objects.filter(name="Retail customer").count() == 1


def test_one_page_sent_twice_is_one_order(
    manager_client: Client, shop: Shop, retail: PriceType
) -> None:
    at = Till(manager_client)
    page = at.scan("4600001")

    for _ in range(3):
        manager_client.post(ADDRESS, {**fields(page), "take": "yes"})

    assert Invoice.objects.count() == 1


def test_two_clicks_at_one_moment_are_one_order(committed: Company) -> None:
    by = User.objects.create_user(email="m@ladoga.example", role=Role.MANAGER)
    Organization.objects.create(name="Ladoga", is_default=True)
    kind = PriceType.objects.create(name="Retail", currency="RUB", is_default=True)
    product = Product.objects.create(name="Nail", sort_name="nail", is_service=True)
    Price.objects.create(product=product, price_type=kind, amount=1, currency="RUB")
    key = uuid4()

    def click(_: int) -> str:
        with tenant_context(committed):
            try:
                basket = till.basket_of(
                    customer=None, lines=[((product.pk, None), Decimal(1))], currency="RUB"
                )
                return str(till.take_order(
                    key=key, basket=basket, comment="", by=by, today=TODAY, now=NOW
                ).number)  # fmt: skip
            finally:
                connection.close()

    with ThreadPoolExecutor(4) as pool:
        numbers = set(pool.map(click, range(4)))

    assert len(numbers) == 1
    assert Invoice.objects.count() == 1


def test_less_than_asked_for_is_refused_by_setting_and_the_basket_stays(
    manager_client: Client, shop: Shop, retail: PriceType
) -> None:
    CompanySettings.objects.update_or_create(defaults={"stock_check": StockCheck.REFUSE})
    at = Till(manager_client)
    at.scan("4600001")
    filled = {**fields(at.page), "quantity": ["99999"]}

    answer = manager_client.post(ADDRESS, {**filled, "take": "yes"})

    assert answer.status_code == 422
    assert fields(answer.content.decode())["line"] == [str(shop.nail.pk)]
    assert not Invoice.objects.exists()


def test_a_variant_is_found_by_its_own_barcode(
    manager_client: Client, shop: Shop, retail: PriceType
) -> None:
    red = Characteristic.objects.create(product=shop.nail, name="Red", barcode="999", ref="r")
    Characteristic.objects.create(product=shop.nail, name="Blue", barcode="998", ref="b")

    page = Till(manager_client).scan("999")

    assert fields(page)["line"] == [f"{shop.nail.pk}:{red.pk}"]


def test_several_that_fit_are_offered(
    manager_client: Client, shop: Shop, retail: PriceType
) -> None:
    at = Till(manager_client)
    page = at.scan(shop.nail.name[:3])
    assert f'value="{shop.nail.pk}"' in page
    assert fields(page)["line"] == []

    at.send(choose_product=str(shop.nail.pk))
    assert fields(at.page)["line"] == [str(shop.nail.pk)]
    at.send(remove=str(shop.nail.pk))
    assert fields(at.page)["line"] == []


@pytest.mark.parametrize("quantity", ["2,5", "2.5", " 2.5 "])
def test_quantities_are_read_as_people_write_them(
    manager_client: Client, shop: Shop, retail: PriceType, quantity: str
) -> None:
    at = Till(manager_client)
    at.scan("4600001")
    answer = manager_client.post(ADDRESS, {**fields(at.page), "quantity": [quantity]})

    assert "25.00" in answer.content.decode()


@pytest.mark.parametrize("wrong", ["x", "-1", "NaN", "1e99", ""])
def test_wrong_input_breaks_nothing(
    manager_client: Client, shop: Shop, retail: PriceType, wrong: str
) -> None:
    answer = manager_client.post(
        ADDRESS,
        {
            "order": wrong, "customer": wrong, "line": [wrong, str(shop.nail.pk), f"{wrong}:x"],
            "quantity": [wrong, wrong], "code": wrong, "choose_product": wrong,
        },
    )  # fmt: skip

    assert answer.status_code == 200


def test_what_nobody_is_called_is_said(manager_client: Client, retail: PriceType) -> None:
    assert "Nothing and nobody is called" in Till(manager_client).scan("77777777")


def test_an_accountant_has_no_till(accountant_client: Client) -> None:
    assert accountant_client.get(ADDRESS).status_code == 403


def test_nothing_of_another_company_can_be_scanned_or_sold(
    manager_client: Client, shop: Shop, retail: PriceType, rival: Company
) -> None:
    with tenant_context(rival):
        other = Counterparty.objects.create(name="Theirs", card_number="ZZ1", phone="5551234567")
        product = Product.objects.create(name="Their thing", barcode="777000", sort_name="their")
        order = uuid4()
    at = Till(manager_client)

    for code in ("ZZ1", "5551234567", "777000", "Their thing"):
        assert "Nothing and nobody" in at.scan(code)
    page = manager_client.post(
        ADDRESS, {"customer": str(other.pk), "line": [str(product.pk)], "quantity": ["1"],
                  "order": str(order)},
    ).content.decode()  # fmt: skip
    assert "Theirs" not in page
    assert fields(page)["line"] == []


def test_at_an_office_the_retail_customer_is_the_offices_own(
    manager_client: Client, shop: Shop, retail: PriceType
) -> None:
    office = BranchNode.objects.create(side=Side.BRANCH, name="Kazan", prefix="KZ", state="live")
    at = Till(manager_client)
    at.scan("4600001")
    at.send(take="yes")

    invoice = Invoice.objects.select_related("counterparty").get()
    assert invoice.number.startswith("KZ")
    assert invoice.counterparty.office_id == office.pk


def test_the_till_asks_few_questions(
    manager_client: Client, shop: Shop, retail: PriceType, django_assert_max_num_queries: Any
) -> None:
    at = Till(manager_client)
    at.scan("4600001", "AB1234567")
    sent = {**fields(at.page), "code": "4600002"}
    with django_assert_max_num_queries(20):
        manager_client.post(ADDRESS, sent, headers={"HX-Request": "true"})


def test_one_card_has_one_owner(manager_client: Client, shop: Shop, retail: PriceType) -> None:
    formsets: dict[str, str] = {}
    for prefix in ("people", "accounts"):
        formsets |= {f"{prefix}-TOTAL_FORMS": "0", f"{prefix}-INITIAL_FORMS": "0"}
    told = {"name": "Another", "kind": "company", "card_number": "ab 1234567", **formsets}

    refused = manager_client.post("/counterparties/new/", told)
    taken = manager_client.post("/counterparties/new/", {**told, "card_number": "cd-7 7"})

    assert "has this card already" in refused.content.decode()
    assert taken.status_code == 302
    assert Counterparty.objects.filter(card_number="CD77").count() == 1

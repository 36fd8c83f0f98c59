"""The lists of invoices, payments and products can do what every list of objects can."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client

from apps.finance.models import Payment
from tests.apps.sales.conftest import TODAY, Shop


def asked(client: Client, address: str, condition: list[Any]) -> str:
    answer = client.get(f"{address}?f={quote(json.dumps(condition))}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_invoices_are_found_by_conditions_on_them_and_their_customer(
    shop: Shop, manager_client: Client
) -> None:
    """G008: and/or, related fields, in the list of invoices too."""
    small = shop.issued(shop.line(shop.nail, "1", "10"))
    large = shop.issued(shop.line(shop.nail, "100", "10"))
    name = shop.customer.name[:4]

    page = asked(
        manager_client, "/invoices/",
        ["and", ["total", "ge", "500"], ["counterparty.name", "contains", name]],
    )  # fmt: skip

    assert f"row-{large.pk}" in page
    assert f"row-{small.pk}" not in page


def test_invoices_are_grouped_with_their_sums_and_drawn_as_bars(
    shop: Shop, manager_client: Client
) -> None:
    """G020, G019: groups with sums; a bar lies from the date to the day to pay before."""
    invoice = shop.issued(shop.line(shop.nail, "2", "10"))

    grouped = manager_client.get("/invoices/?group=status").content.decode()
    drawn = manager_client.get(f"/invoices/?show=gantt&at={TODAY - timedelta(days=9)}")

    assert "group-row" in grouped
    assert f'id="bar-{invoice.pk}"' in drawn.content.decode()


def test_a_view_of_invoices_is_saved(shop: Shop, manager_client: Client) -> None:
    """G006: the list of invoices has saved views."""
    shop.issued()
    page = manager_client.get("/invoices/?payment=overdue").content.decode()
    assert "view-tabs" in page
    manager_client.post("/objects/invoices/views/", {
        "list": "invoices", "name": "To be chased", "address": "payment=overdue",
        "sharing": "private", "next": "/invoices/",
    })  # fmt: skip

    assert "To be chased" in manager_client.get("/invoices/").content.decode()


def test_payments_are_read_by_conditions_and_edited_by_nobody(
    shop: Shop, manager_client: Client
) -> None:
    for number, amount in (("17", 100), ("18", 7)):
        Payment.objects.create(number=number, paid_on=TODAY, amount=amount, currency="RUB")

    page = asked(manager_client, "/invoices/payments/", ["and", ["amount", "ge", "50"]])

    assert re.findall(r'data-label="Number"><a[^>]*>([^<]+)', page) == ["17"]
    assert "data-f=" not in page


def test_products_are_found_by_conditions_beside_their_groups(
    shop: Shop, manager_client: Client, django_assert_max_num_queries: Any
) -> None:
    """G008: products too; «group» stays the group of products, rows are grouped by «by»."""
    page = asked(manager_client, "/catalog/", ["and", ["name", "contains", shop.nail.name[:3]]])
    assert f"row-{shop.nail.pk}" in page
    assert "group-row" in manager_client.get("/catalog/?by=is_service").content.decode()
    assert f"row-{shop.nail.pk}" in manager_client.get("/catalog/?group=none").content.decode()

    with django_assert_max_num_queries(12):
        answer = manager_client.get("/catalog/?cols=name,description,full_name")
    assert answer.status_code == 200


@pytest.mark.parametrize("address", ["/invoices/", "/invoices/payments/", "/catalog/"])
def test_another_company_reads_nothing_by_conditions(
    shop: Shop, rival_owner_client: Client, address: str
) -> None:
    invoice = shop.issued()
    page = asked(rival_owner_client, address, ["or", ["updated_at", "filled"]])

    assert str(invoice.pk) not in page
    assert str(shop.nail.pk) not in page

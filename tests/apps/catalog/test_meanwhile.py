"""Somebody makes the very row that an import is about to make."""

from __future__ import annotations

import threading
import time
from decimal import Decimal
from typing import Any

from django.db import connection, transaction
from django_tenants.utils import tenant_context

from apps.catalog.models import Price, PriceType, Product
from exchange.registry import Stored
from tenants.models import Company
from tests.apps.catalog.rows import offer, price, price_type, product, store


def wait_for_somebody_who_waits() -> None:
    """Return when somebody waits for the transaction of this connection."""
    until = time.monotonic() + 60
    with connection.cursor() as cursor:
        while time.monotonic() < until:
            time.sleep(0.01)
            cursor.execute(
                "SELECT count(*) FROM pg_locks WHERE locktype = 'transactionid'"
                " AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"
            )
            if cursor.fetchone()[0]:
                return
    raise AssertionError("nobody waits")


def test_a_row_made_by_another_while_the_import_looked_is_changed_not_doubled(
    committed: Company,
) -> None:
    store(price_type("retail"))
    store(product("bolt"))
    bolt, retail = Product.objects.get(), PriceType.objects.get()
    result: list[Any] = []

    def take() -> None:
        try:
            with tenant_context(committed), transaction.atomic():
                result.append(store(price("bolt", "12.50")))
        finally:
            connection.close()

    importing = threading.Thread(target=take)
    with transaction.atomic():
        Price.objects.create(product=bolt, price_type=retail, amount=Decimal(9), currency="RUB")
        importing.start()
        wait_for_somebody_who_waits()
    importing.join()

    [stored] = result
    assert isinstance(stored, Stored)
    assert (stored.created, stored.changed) == (0, 1)
    assert [row.amount for row in Price.objects.all()] == [Decimal("12.5")]


def test_many_characteristics_of_one_product_find_their_prices_and_change_nothing(
    company: Company,
) -> None:
    store(price_type("retail"))
    store(product("shirt"))
    store(*(offer("shirt", f"v{n}") for n in range(300)))
    prices = [price("shirt", f"{n + 1}.00", characteristic_ref=f"v{n}") for n in range(300)]
    assert store(*prices, price("shirt", "5.00")).created == 301

    again = store(*prices, price("shirt", "5.00"))

    assert (again.created, again.changed, again.unchanged) == (0, 0, 301)

"""Products made in the CRM, and those that 1C owns."""

from __future__ import annotations

from decimal import Decimal

import pytest

from apps.catalog import services
from apps.catalog.models import Price, PriceType, Product
from apps.catalog.services import ManagedIn1C, ProductValues
from tests.apps.catalog.rows import price, price_type, product, store

pytestmark = pytest.mark.usefixtures("company")


def test_a_product_is_made_by_hand_and_found_by_its_name() -> None:
    made = services.create_product(values=ProductValues(name="Ёлка", article="X-1"))

    assert (made.sort_name, made.search_text.split()) == ("елка", ["elka", "ks-1"])


def test_saving_the_same_values_writes_nothing() -> None:
    made = services.create_product(values=ProductValues(name="Nail"))
    version = made.updated_at

    services.change_product(product_id=made.pk, values=ProductValues(name="Nail"))

    made.refresh_from_db()
    assert made.updated_at == version


def test_a_product_of_1c_is_not_changed_by_hand() -> None:
    store(product("nail", name="Nail"))
    nail = Product.objects.get()

    with pytest.raises(ManagedIn1C):
        services.change_product(product_id=nail.pk, values=ProductValues(name="Bolt"))

    nail.refresh_from_db()
    assert nail.name == "Nail"


def test_a_price_of_1c_is_not_changed_by_hand() -> None:
    store(price_type("retail"))
    store(product("nail"))
    store(price("nail", "10"))

    with pytest.raises(ManagedIn1C):
        services.set_price(
            product_id=Product.objects.get().pk,
            price_type_id=PriceType.objects.get().pk,
            amount=Decimal(1),
        )

    assert Price.objects.get().amount == Decimal(10)


def test_archiving_stops_at_a_product_of_1c_and_touches_none() -> None:
    store(product("nail"))
    ours = services.create_product(values=ProductValues(name="Ours"))

    with pytest.raises(ManagedIn1C):
        services.archive_products(product_ids=[ours.pk, Product.objects.get(ref="nail").pk])

    assert not Product.objects.filter(is_archived=True).exists()


def test_archiving_again_changes_nothing() -> None:
    ours = services.create_product(values=ProductValues(name="Ours"))

    assert services.archive_products(product_ids=[ours.pk]) == 1
    assert services.archive_products(product_ids=[ours.pk]) == 0
    assert services.archive_products(product_ids=[ours.pk], is_archived=False) == 1


def test_a_price_of_our_own_is_set_and_set_again() -> None:
    ours = services.create_product(values=ProductValues(name="Ours"))
    kind = PriceType.objects.create(name="Retail", currency="RUB")

    for amount in (Decimal(10), Decimal(12)):
        services.set_price(product_id=ours.pk, price_type_id=kind.pk, amount=amount)

    assert Price.objects.get().amount == Decimal(12)

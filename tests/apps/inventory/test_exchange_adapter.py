"""Stock of 1C in its three forms."""

from __future__ import annotations

from decimal import Decimal

import pytest

from apps.inventory.models import StockBalance, Warehouse
from exchange.rows import ProblemCode
from tenants.models import Company
from tests.apps.catalog.rows import finish, offer, product, run, stock, store, warehouse


def balances() -> dict[str, Decimal]:
    found = StockBalance.objects.select_related("warehouse", "product")
    return {f"{b.product.ref}@{b.warehouse.ref}": b.quantity for b in found}


@pytest.fixture(autouse=True)
def _goods(company: Company) -> None:
    store(product("nail"), product("bolt"))


def test_stock_stands_by_warehouse() -> None:
    store(warehouse("north"), warehouse("south"))

    stored = store(stock("nail", "5", "north"), stock("nail", "-2.5", "south"))

    assert stored.created == 2
    assert balances() == {"nail@north": 5, "nail@south": Decimal("-2.5")}


def test_a_sum_without_warehouses_stands_in_the_total_warehouse() -> None:
    store(stock("nail", "7"))

    assert balances() == {"nail@": 7}
    assert Warehouse.objects.get().is_total


def test_stock_by_warehouse_outweighs_the_sum_in_the_same_file() -> None:
    store(warehouse("north"))

    stored = store(stock("nail", "5"), stock("nail", "5", "north"))

    assert balances() == {"nail@north": 5}
    assert stored.problems == []


def test_stock_by_warehouse_outweighs_a_sum_that_comes_in_another_file() -> None:
    store(warehouse("north"))
    store(stock("nail", "5", "north"))

    store(stock("nail", "5"))

    assert balances() == {"nail@north": 5}


def test_a_sum_gives_way_when_stock_by_warehouse_arrives() -> None:
    store(stock("nail", "5"))
    store(warehouse("north"))

    store(stock("nail", "5", "north"))

    assert balances() == {"nail@": 0, "nail@north": 5}


def test_stock_of_unknown_goods_waits_and_of_an_unknown_warehouse_is_a_problem() -> None:
    stored = store(stock("ghost", "1"), stock("nail", "1", "nowhere"))

    assert stored.parked == [stock("ghost", "1")]
    assert [(p.code, p.value) for p in stored.problems] == [
        (ProblemCode.UNKNOWN_WAREHOUSE, "nowhere")
    ]


def test_the_same_stock_again_changes_nothing() -> None:
    store(warehouse("north"))
    store(stock("nail", "5", "north"))
    version = StockBalance.objects.get().updated_at

    stored = store(stock("nail", "5.0000", "north"))

    assert (stored.created, stored.changed, stored.unchanged) == (0, 0, 1)
    assert StockBalance.objects.get().updated_at == version


def test_stock_of_a_characteristic_stands_apart_from_the_product_s() -> None:
    store(offer("nail", "red"))

    store(stock("nail", "3"), stock("nail", "2", "", "red"))

    found = StockBalance.objects.values_list("characteristic__ref", "quantity")
    assert set(found) == {(None, Decimal(3)), ("red", Decimal(2))}


def test_a_full_run_brings_stock_it_does_not_name_to_zero() -> None:
    store(warehouse("north"))
    store(stock("nail", "5", "north"), stock("bolt", "9", "north"))
    full = run()
    store(stock("nail", "5", "north"), context=full)

    finished = finish(full, "offers")

    assert balances() == {"nail@north": 5, "bolt@north": 0}
    assert finished.changed == 1


def test_stock_stays_when_zeroing_is_switched_off() -> None:
    store(warehouse("north"))
    store(stock("nail", "5", "north"), stock("bolt", "9", "north"))
    full = run(settings={"zero_missing_stock": False, "archive_missing": False})
    store(stock("nail", "5", "north"), context=full)

    finish(full, "offers")

    assert balances()["bolt@north"] == 9


def test_a_full_run_without_any_stock_zeroes_nothing() -> None:
    store(warehouse("north"))
    store(stock("bolt", "9", "north"))
    full = run()
    store(offer("nail"), context=full)

    finish(full, "offers")

    assert balances() == {"bolt@north": 9}

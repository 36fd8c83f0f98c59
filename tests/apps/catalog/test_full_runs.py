"""What a full run leaves out is archived, once, within limits, and comes back when seen again."""

from __future__ import annotations

import pytest

from apps.catalog.models import Characteristic, Product
from exchange.rows import ProblemCode
from tenants.models import Company
from tests.apps.catalog.rows import NOW, finish, offer, product, run, store


def archived() -> set[str]:
    return set(Product.objects.filter(is_archived=True).values_list("ref", flat=True))


@pytest.fixture(autouse=True)
def _catalogue(company: Company) -> None:
    store(product("nail"), product("bolt"), product("nut"))


def test_a_product_that_a_full_run_leaves_out_is_archived() -> None:
    full = run()
    store(product("nail"), context=full)
    store(product("bolt"), context=full)

    finished = finish(full, "catalog")

    assert archived() == {"nut"}
    assert finished.archived == 1


def test_ending_the_same_run_twice_changes_nothing() -> None:
    full = run()
    store(product("nail"), product("bolt"), context=full)
    finish(full, "catalog")

    again = finish(full, "catalog")

    assert (again.archived, again.changed) == (0, 0)


def test_an_archived_product_comes_back_when_a_later_run_names_it() -> None:
    full = run()
    store(product("nail"), product("bolt"), context=full)
    finish(full, "catalog")

    stored = store(product("nut"))

    assert archived() == set()
    assert stored.changed == 1


def test_a_partial_run_archives_nothing() -> None:
    store(product("nail"), context=run())

    assert archived() == set()


def test_a_run_that_would_empty_the_catalogue_is_refused_with_a_problem() -> None:
    full = run()
    store(product("nail"), context=full)

    finished = finish(full, "catalog")

    assert archived() == set()
    assert [(p.code, p.value) for p in finished.problems] == [(ProblemCode.REFUSED, "2 / 3 > 50 %")]


def test_archiving_can_be_switched_off() -> None:
    full = run(settings={"archive_missing": False})
    store(product("nail"), product("bolt"), context=full)

    finish(full, "catalog")

    assert archived() == set()


def test_products_of_another_catalogue_are_not_touched() -> None:
    store(product("paint"), context=run(catalog_ref="second"))
    full = run()
    store(product("nail"), product("bolt"), product("nut"), context=full)

    finish(full, "catalog")

    assert archived() == set()


def test_a_product_that_moved_to_another_catalogue_of_the_run_stays() -> None:
    full = run()
    store(product("nail"), product("bolt"), context=full)
    store(product("nut"), context=run(session_id=full.session_id, catalog_ref="second"))

    finish(full, "catalog")

    assert archived() == set()


def test_a_characteristic_that_full_offers_leave_out_is_archived() -> None:
    store(offer("nail", "red"), offer("nail", "blue"))
    full = run(now=NOW)
    store(offer("nail", "red"), context=full)

    finish(full, "offers")

    assert dict(Characteristic.objects.values_list("ref", "is_archived")) == {
        "red": False,
        "blue": True,
    }

"""Groups, lists and the card as screens read them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from apps.catalog import selectors
from apps.catalog.models import PriceType, Product, ProductGroup
from apps.catalog.selectors import ProductFilter
from exchange.rows import CharacteristicValue, PropertyRow, PropertyValue
from tenants.models import Company
from tests.apps.catalog.rows import (
    group,
    offer,
    price,
    price_type,
    product,
    stock,
    store,
    warehouse,
)


@pytest.fixture(autouse=True)
def _catalogue(company: Company) -> None:
    store(
        group("fasteners", name="Fasteners"),
        group("nails", name="Nails", parent_ref="fasteners"),
        group("paint", name="Paint"),
    )
    store(price_type("retail"), price_type("wholesale"))
    store(warehouse("north"), warehouse("south"))
    store(
        product("nail", name="Ёлочный гвоздь", group_refs=("nails",)),
        product("bolt", name="Болт", group_refs=("fasteners", "paint")),
        product("red", name="Красная краска", group_refs=("paint",)),
        product("loose", name="Без группы"),
        product("old", name="Old", is_deleted=True),
    )
    store(price("nail", "10"), price("bolt", "20"), price("red", "30"))
    store(stock("nail", "5", "north"), stock("nail", "2", "south"), stock("bolt", "-1", "north"))


def names(**chosen: Any) -> list[str]:
    found = selectors.products(
        chosen=ProductFilter(**chosen), price_type=selectors.default_price_type()
    )
    return [each.ref for each in found]


def group_id(ref: str) -> Any:
    return ProductGroup.objects.get(ref=ref).pk


def test_a_group_counts_its_own_products_and_those_below() -> None:
    tree = selectors.group_tree()

    assert [(node.name, node.depth, node.count) for node in tree.flat()] == [
        ("Fasteners", 0, 2),
        ("Nails", 1, 1),
        ("Paint", 0, 1),
    ]
    assert (tree.total, tree.without_group) == (4, 1)


def test_groups_that_stand_above_each_other_are_shown_once() -> None:
    store(group("a", parent_ref="b"), group("b", parent_ref="a"))

    shown = [node.name for node in selectors.group_tree().flat()]

    assert sorted(shown) == ["A", "B", "Fasteners", "Nails", "Paint"]


def test_products_stand_in_the_order_people_expect() -> None:
    assert names() == ["loose", "bolt", "nail", "red"]


def test_a_group_shows_what_is_below_it_and_what_is_linked_to_it() -> None:
    tree = selectors.group_tree()

    assert names(groups=tree.below(group_id("fasteners"))) == ["bolt", "nail"]
    assert names(groups=tree.below(group_id("paint"))) == ["bolt", "red"]
    assert names(is_without_group=True) == ["loose"]


def test_filters_narrow_by_stock_price_and_archive() -> None:
    assert names(in_stock=True) == ["nail"]
    assert names(in_stock=False) == ["loose", "bolt", "red"]
    assert names(price_from=Decimal(15), price_to=Decimal(25)) == ["bolt"]
    assert names(is_archived=True) == ["old"]


@pytest.mark.parametrize("typed", ["елочный", "ЁЛОЧНЫЙ ГВОЗДЬ", "гвоздь ёл"])
def test_search_does_not_mind_case_order_and_yo(typed: str) -> None:
    assert names(query=typed) == ["nail"]


def test_a_list_row_has_price_and_free_stock() -> None:
    [nail] = selectors.products(
        chosen=ProductFilter(query="гвоздь"), price_type=PriceType.objects.get(ref="retail")
    )

    assert (nail.price, nail.price_currency, nail.free) == (Decimal(10), "RUB", Decimal(7))


def test_the_card_shows_variants_prices_places_and_properties(
    django_assert_max_num_queries: Any,
) -> None:
    store(PropertyRow("steel", "Steel", "string", False, False, True, False))
    store(product("nail", name="Nail", property_values=(PropertyValue("steel", "8.8"),)))
    store(offer("nail", "zinc", characteristics=(CharacteristicValue("", "Coat", "zinc"),)))
    store(price("nail", "11", characteristic_ref="zinc"), price("nail", "9", "wholesale"))
    store(stock("nail", "4", "south", "zinc"))

    nail = Product.objects.get(ref="nail").pk

    with django_assert_max_num_queries(4):
        card = selectors.product_card(product_id=nail)

    assert [
        (
            line.variant.characteristic and line.variant.characteristic.name,
            [each and each.amount for each in line.prices],
            line.amounts,
        )
        for line in card.lines
    ] == [
        (None, [Decimal(10), Decimal(9)], [Decimal(5), Decimal(2)]),
        ("zinc", [Decimal(11), None], [None, Decimal(4)]),
    ]
    assert (card.places, card.totals) == (["North", "South"], [Decimal(5), Decimal(6)])
    assert card.properties == [("Steel", "8.8")]


def test_a_description_in_html_is_shown_as_words() -> None:
    sent = "&lt;p&gt;Steel&lt;/p&gt;&lt;script&gt;alert(1)&lt;/script&gt;Blue"

    assert selectors.plain(sent) == "Steel\nBlue"
    assert selectors.plain("<p>Steel &amp; zinc</p>Blue") == "Steel & zinc\nBlue"
    assert selectors.plain("&lt;p&gt;Steel&lt;/p&gt;Blue") == "Steel\nBlue"
    assert selectors.plain("2 < 3 and 5 > 4") == "2 < 3 and 5 > 4"

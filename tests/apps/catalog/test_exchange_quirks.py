"""Chapter 12 of the protocol reference, as far as the catalogue and stock answer for it."""

from __future__ import annotations

from decimal import Decimal

import pytest

from apps.catalog.models import (
    Characteristic,
    Price,
    PriceType,
    Product,
    ProductFile,
    ProductGroup,
    Property,
    Unit,
)
from apps.inventory.models import StockBalance
from exchange.rows import (
    CharacteristicValue,
    FileRef,
    PropertyRow,
    PropertyValue,
    UnitRow,
)
from tenants.models import Company
from tests.apps.catalog.rows import (
    finish,
    group,
    offer,
    price,
    price_type,
    product,
    run,
    stock,
    store,
    warehouse,
)


@pytest.fixture(autouse=True)
def _company(company: Company) -> None:
    """All of it happens inside one company."""


def test_11_a_second_catalogue_is_not_a_portion_of_the_first() -> None:
    store(product("nail"), context=run(catalog_ref="import0"))
    store(product("paint"), context=run(catalog_ref="import1"))
    full = run(catalog_ref="import1")
    store(product("paint"), context=full)

    finish(full, "catalog")

    assert not Product.objects.filter(is_archived=True).exists()


def test_12_a_portion_without_classifier_finds_groups_and_properties_of_the_first() -> None:
    store(group("tools"))
    store(PropertyRow("colour", "Colour", "string", False, False, True, False))

    stored = store(
        product("nail", group_refs=("tools",), property_values=(PropertyValue("colour", "red"),))
    )

    assert stored.problems == []
    assert Product.objects.get().group == ProductGroup.objects.get(ref="tools")


def test_13_the_rest_stays_until_the_last_portion_of_a_full_run() -> None:
    store(product("nail"), product("bolt"), product("nut"))
    full = run()

    store(product("nail"), context=full)
    after_first_portion = Product.objects.filter(is_archived=True).count()
    store(product("bolt"), product("nut"), context=full)
    finish(full, "catalog")

    assert after_first_portion == 0
    assert not Product.objects.filter(is_archived=True).exists()


def test_14_a_file_that_says_changes_only_archives_nothing() -> None:
    store(product("nail"), product("bolt"))

    store(product("nail"), context=run(is_full=False))

    assert not Product.objects.filter(is_archived=True).exists()


def test_15_offers_before_their_goods_wait_and_are_taken_afterwards() -> None:
    store(price_type("retail"))
    waiting = store(offer("nail", "red")).parked + store(price("nail", "10")).parked

    store(product("nail"))
    for row in waiting:
        assert store(row).parked == []

    assert Characteristic.objects.get().ref == "red"
    assert Price.objects.get().amount == Decimal(10)


def test_16_the_same_rows_from_two_runs_leave_one_row_of_each() -> None:
    for _ in range(2):
        store(price_type("retail"))
        store(product("nail"))
        store(price("nail", "10"))

    assert (Product.objects.count(), Price.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    "ref", ["42", "000042", "christinacosmeticsru", "C5D2-UPPER", "c5d2-upper", "x" * 74]
)
def test_17_identifiers_are_text_and_compared_exactly(ref: str) -> None:
    store(product(ref), product(ref.swapcase() + "!"), product(f"0{ref}"))

    assert Product.objects.filter(ref=ref).count() == 1
    assert Product.objects.count() == 3


def test_18_one_property_under_several_identifiers_stays_several() -> None:
    store(
        PropertyRow("p1", "Colour", "string", False, False, True, False),
        PropertyRow("p2", "Colour", "string", False, False, True, False),
    )

    assert Property.objects.filter(name="Colour").count() == 2


def test_18_characteristics_that_stand_only_in_offers_are_kept() -> None:
    store(product("shirt"))

    store(offer("shirt", "xl", characteristics=(CharacteristicValue("", "Size", "XL"),)))

    assert Characteristic.objects.get().values == {"Size": "XL"}


def test_18_an_offer_with_nothing_but_prices_keeps_what_is_known_of_the_variant() -> None:
    store(product("shirt"))
    store(
        offer(
            "shirt",
            "xl",
            article="S-XL",
            characteristics=(CharacteristicValue("", "Size", "XL"),),
        )
    )

    store(offer("shirt", "xl"))

    variant = Characteristic.objects.get()
    assert (variant.name, variant.article, variant.values) == ("XL", "S-XL", {"Size": "XL"})


def test_19_goods_named_item_and_characteristic_are_one_product_with_variants() -> None:
    store(
        product(
            "shirt",
            name="Shirt",
            characteristic_ref="red",
            characteristics=(CharacteristicValue("", "Colour", "red"),),
        ),
        product("shirt", name="Shirt", characteristic_ref="blue"),
    )

    assert Product.objects.get().name == "Shirt"
    assert set(Characteristic.objects.values_list("ref", flat=True)) == {"red", "blue"}


def test_20_a_manufacturer_with_a_new_identifier_each_time_changes_nothing() -> None:
    store(product("nail", manufacturer_ref="random-1", manufacturer_name="Severstal"))

    again = store(product("nail", manufacturer_ref="random-2", manufacturer_name="Severstal"))

    assert (again.changed, again.unchanged) == (0, 1)
    assert Product.objects.get().manufacturer == "Severstal"


def test_21_a_unit_without_code_is_a_unit() -> None:
    store(UnitRow("упак", "", "упак", "", "", False))

    store(product("nail", unit_ref="упак", unit_name="упак"))

    assert Product.objects.get().unit == Unit.objects.get(name="упак")


def test_23_a_price_without_currency_has_that_of_its_type() -> None:
    store(price_type("export", currency="USD"))
    store(product("nail"))

    store(price("nail", "10", "export", currency=""))

    assert Price.objects.get().currency == "USD"


def test_24_stock_that_ran_out_and_is_left_out_of_a_full_run_falls_to_zero() -> None:
    store(warehouse("north"))
    store(product("nail"), product("bolt"))
    store(stock("nail", "5", "north"), stock("bolt", "5", "north"))
    full = run()
    store(stock("nail", "5", "north"), context=full)

    finish(full, "offers")

    quantities = dict(StockBalance.objects.values_list("product__ref", "quantity"))
    assert quantities == {"nail": Decimal(5), "bolt": Decimal(0)}


def test_25_a_file_that_says_nothing_of_pictures_leaves_them() -> None:
    store(product("nail", files=(FileRef("import_files/a.jpg", "", True),)))

    store(product("nail", files=None))

    assert ProductFile.objects.count() == 1


def test_26_names_with_blanks_cyrillic_or_an_address_are_kept_as_sent() -> None:
    sent = ("import_files/Гвоздь 50 мм.jpg", "https://cdn.example/a b.png", "files/паспорт.pdf")

    store(product("nail", files=tuple(FileRef(path, "", False) for path in sent)))

    found = ProductFile.objects.order_by("position").values_list("path", flat=True)
    assert tuple(found) == sent


def test_27_a_description_in_html_is_kept_as_sent_and_never_trusted() -> None:
    sent = "<p onclick='x()'>Steel</p>"

    store(product("nail", description=sent))

    assert Product.objects.get().description == sent


def test_a_price_type_renamed_in_1c_keeps_its_prices() -> None:
    store(price_type("retail"))
    store(product("nail"))
    store(price("nail", "10"))

    store(price_type("retail", name="Shop price"))

    assert PriceType.objects.get().name == "Shop price"
    assert Price.objects.get().price_type == PriceType.objects.get()

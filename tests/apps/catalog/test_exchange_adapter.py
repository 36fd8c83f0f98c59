"""Rows of 1C become the catalogue: created, changed, unchanged, never doubled."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import connection

from apps.catalog.models import (
    Characteristic,
    Price,
    PriceType,
    Product,
    ProductFile,
    ProductGroup,
    ProductPropertyValue,
    Unit,
)
from exchange.rows import (
    CategoryRow,
    CharacteristicValue,
    FileRef,
    ProblemCode,
    PropertyOptionRow,
    PropertyRow,
    PropertyValue,
    TaxRate,
    UnitRow,
)
from tests.apps.catalog.rows import (
    NODE,
    group,
    offer,
    price,
    price_type,
    product,
    run,
    store,
)

pytestmark = pytest.mark.usefixtures("company")


def counts(stored: object) -> tuple[int, int, int]:
    return stored.created, stored.changed, stored.unchanged  # type: ignore[attr-defined]


def test_products_are_created_once_and_changed_in_place() -> None:
    first = store(product("nail", name="Nail"), product("bolt"))
    nail = Product.objects.get(ref="nail").pk

    second = store(product("nail", name="Nail 50 mm"), product("bolt"))

    assert counts(first) == (2, 0, 0)
    assert counts(second) == (0, 1, 1)
    assert Product.objects.get(pk=nail).name == "Nail 50 mm"
    assert Product.objects.count() == 2


def test_unchanged_rows_write_nothing() -> None:
    def everything() -> None:
        store(group("tools"), group("hammers", parent_ref="tools"))
        store(PropertyRow("colour", "Colour", "string", False, False, True, False))
        store(
            product(
                "nail",
                group_refs=("tools", "hammers"),
                unit_name="шт",
                unit_ref="796",
                files=(FileRef("import_files/a.jpg", "", True),),
                property_values=(PropertyValue("colour", "red"),),
                weight=Decimal("1.23456"),
                taxes=(TaxRate("НДС", Decimal(20), "20"),),
            )
        )
        store(offer("nail", "red", characteristics=(CharacteristicValue("", "Colour", "red"),)))
        store(price_type("retail"))
        store(price("nail", "12.123456"), price("nail", "13", characteristic_ref="red"))

    everything()
    before = row_versions()

    everything()

    assert row_versions() == before


def row_versions() -> list[tuple[object, ...]]:
    tables = [
        "catalog_product",
        "catalog_productgroup",
        "catalog_unit",
        "catalog_productfile",
        "catalog_price",
        "catalog_productpropertyvalue",
        "catalog_characteristic",
        "catalog_pricetype",
        "catalog_productgrouplink",
        "catalog_property",
    ]
    found: list[tuple[object, ...]] = []
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"SELECT '{table}', ctid::text, xmax::text FROM {table}")
            found += cursor.fetchall()
    return sorted(found, key=str)


def test_a_group_finds_its_parent_that_comes_later() -> None:
    store(group("hammers", parent_ref="tools"))

    store(group("tools"))

    assert ProductGroup.objects.get(ref="hammers").parent == ProductGroup.objects.get(ref="tools")


def test_a_deletion_mark_archives_and_its_absence_brings_back() -> None:
    store(product("nail"))

    store(product("nail", is_deleted=True))
    archived = Product.objects.get(ref="nail").is_archived
    store(product("nail"))

    assert archived
    assert not Product.objects.get(ref="nail").is_archived


def test_the_last_of_rows_with_the_same_identifier_wins() -> None:
    stored = store(product("nail", name="Nail"), product("nail", name="Nail 50 mm"))

    assert counts(stored) == (1, 0, 1)
    assert Product.objects.get(ref="nail").name == "Nail 50 mm"


def test_a_row_without_identifier_is_a_problem_and_the_others_are_kept() -> None:
    stored = store(product(""), product("nail"))

    assert [p.code for p in stored.problems] == [ProblemCode.MISSING_REF]
    assert stored.problems[0].line == 7
    assert (stored.read, stored.created, stored.unchanged) == (2, 1, 0)


def test_a_price_type_of_the_crm_is_taken_over_by_name() -> None:
    ours = PriceType.objects.create(name="Retail", currency="RUB")

    stored = store(price_type("a1", name="retail"), price_type("b2", name="Wholesale"))

    ours.refresh_from_db()
    assert (ours.node_id, ours.ref, ours.name) == (NODE, "a1", "retail")
    assert counts(stored) == (1, 1, 0)


def test_a_price_type_without_currency_uses_the_company_s() -> None:
    store(price_type("retail", currency=""))

    assert PriceType.objects.get(ref="retail").currency == "RUB"


def test_units_are_found_by_code_name_or_identifier() -> None:
    store(UnitRow("u1", "796", "шт", "Штука", "PCE", False))

    store(
        product("by_code", unit_ref="796"),
        product("by_name", unit_name="ШТ"),
        product("by_ref", unit_ref="u1"),
        product("new", unit_name="упак"),
    )

    pieces = Unit.objects.get(ref="u1")
    assert {p.ref: p.unit for p in Product.objects.exclude(ref="new")} == {
        "by_code": pieces,
        "by_name": pieces,
        "by_ref": pieces,
    }
    assert Product.objects.get(ref="new").unit == Unit.objects.get(name="упак")


def test_a_category_names_the_kind_of_products_that_point_at_it() -> None:
    store(CategoryRow("c1", "Fasteners", False))

    store(product("nail", category_ref="c1"), product("bolt", category_ref="c1", kind="Bolts"))

    assert dict(Product.objects.values_list("ref", "kind")) == {
        "nail": "Fasteners",
        "bolt": "Bolts",
    }


def test_a_property_value_is_an_entry_of_the_dictionary_or_itself() -> None:
    store(PropertyRow("colour", "Colour", "option", False, True, True, False))
    store(PropertyOptionRow("colour", "o1", "Red"))

    values = (PropertyValue("colour", "o1"), PropertyValue("colour", "crimson"))
    store(product("nail", property_values=values))

    found = ProductPropertyValue.objects.order_by("value").values_list("option__value", "value")
    assert list(found) == [("Red", ""), (None, "crimson")]


def test_a_removed_property_value_changes_the_product() -> None:
    store(PropertyRow("colour", "Colour", "string", False, False, True, False))
    store(product("nail", property_values=(PropertyValue("colour", "red"),)))

    later = run(now=run().now.replace(hour=10))
    stored = store(product("nail", property_values=()), context=later)

    assert counts(stored) == (0, 1, 0)
    assert not ProductPropertyValue.objects.exists()


def test_unknown_groups_and_properties_are_problems_of_their_values() -> None:
    stored = store(
        product("nail", group_refs=("nowhere",), property_values=(PropertyValue("size", "50"),))
    )

    assert {(p.code, p.value) for p in stored.problems} == {
        (ProblemCode.UNKNOWN_GROUP, "nowhere"),
        (ProblemCode.UNKNOWN_PROPERTY, "size"),
    }
    assert stored.created == 1


def test_offers_and_prices_of_unknown_goods_wait() -> None:
    store(price_type("retail"))

    offers = store(offer("ghost"), offer("ghost", "red"))
    prices = store(price("ghost", "10"))

    assert offers.parked == [offer("ghost", "red"), offer("ghost")]
    assert prices.parked == [price("ghost", "10")]
    assert prices.problems == []


def test_a_price_of_an_unknown_type_is_a_problem_and_the_others_are_kept() -> None:
    store(price_type("retail"))
    store(product("nail"))

    stored = store(price("nail", "10"), price("nail", "8", "secret"))

    assert [(p.code, p.value, p.line) for p in stored.problems] == [
        (ProblemCode.UNKNOWN_PRICE_TYPE, "secret", 11)
    ]
    assert counts(stored) == (1, 0, 0)


def test_a_price_too_large_for_any_goods_keeps_the_former_one() -> None:
    store(price_type("retail"))
    store(product("nail"))
    store(price("nail", "10"))

    stored = store(price("nail", "1e20"))

    assert [p.code for p in stored.problems] == [ProblemCode.TOO_LARGE]
    assert Price.objects.get().amount == Decimal(10)


def test_an_offer_names_its_variant_by_the_values_or_by_what_follows_the_product_s_name() -> None:
    store(product("shirt", name="Shirt"))

    store(
        offer("shirt", "a", name="Shirt (red, 42)"),
        offer("shirt", "b", characteristics=(CharacteristicValue("", "Size", "XL"),)),
    )

    assert dict(Characteristic.objects.values_list("ref", "name")) == {"a": "red, 42", "b": "XL"}


def test_text_that_is_too_long_is_cut_and_codes_are_left_out() -> None:
    stored = store(product("nail", name="n" * 600, article="a" * 101))

    assert [p.code for p in stored.problems] == [ProblemCode.TOO_LONG, ProblemCode.TOO_LONG]
    nail = Product.objects.get()
    assert (len(nail.name), nail.article) == (500, "")


def test_text_travels_exactly_whatever_stands_in_it() -> None:
    text = 'tab\there, "quotes", back\\slash, line\nbreak, \\.\n\\.\r\nend, null'

    store(product("nail", description=text, name="NULL"))

    nail = Product.objects.get()
    assert (nail.description, nail.name) == (text, "NULL")


def test_files_keep_their_order_and_leave_when_no_longer_named() -> None:
    store(product("nail", files=(FileRef("b.jpg", "front", True), FileRef("a.pdf", "", False))))

    store(product("nail", files=(FileRef("a.pdf", "", False),)))

    assert list(ProductFile.objects.values_list("path", "is_picture")) == [("a.pdf", False)]

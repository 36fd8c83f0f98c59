"""Own fields that properties of goods fill, and own objects that directories of 1C fill."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django_tenants.utils import tenant_context

from apps.catalog import own, tasks
from apps.catalog.models import DirectoryEntry, Product
from apps.core import objects
from apps.core.objects import Refused
from apps.custom import services
from apps.custom.models import CustomField, CustomObject, CustomRow
from apps.custom.services import FieldValues
from exchange.rows import (
    ProblemCode,
    PropertyOptionRow,
    PropertyRow,
    PropertyValue,
    ReferenceRow,
)
from replication.journal import current_position
from tenants.models import Company
from tests.apps.catalog.rows import NOW, finish, product, run, store


def named(kind: str, label: str, name: str, **more: Any) -> CustomField:
    """An own field that stands in 1C under this name."""
    return services.add_field(
        kind=kind, values=FieldValues(label=label, key=f"x_{label.lower()}", name_1c=name, **more)
    )


@pytest.fixture
def told(company: Company) -> None:
    """1C told of two properties: a dictionary of colours, and a power in free text."""
    store(
        PropertyRow("p-colour", "Цвет", "option", False, True, True, False),
        PropertyRow("p-power", "Мощность, Вт", "number", False, False, True, False),
    )
    store(
        PropertyOptionRow("p-colour", "o-red", "Red"),
        PropertyOptionRow("p-colour", "o-blue", "Blue"),
    )


def drill(*values: tuple[str, str], **more: Any) -> Any:
    said = tuple(PropertyValue(*each) for each in values)
    return product("drill", name="Drill", property_values=said, **more)


def fill(after: list[Any]) -> None:
    """Do what is done once a field is named in 1C; its index cannot be made in a transaction."""
    [filling] = [each for each in after if getattr(each, "func", None) is tasks.fill]
    filling()


def kept(ref: str = "drill") -> dict[str, Any]:
    found: dict[str, Any] = Product.objects.get(ref=ref).custom
    return found


@pytest.mark.usefixtures("told")
def test_a_property_fills_the_field_and_the_same_again_writes_nothing() -> None:
    """G048: an own field of products is what 1C says of a property, typed and filtered by."""
    named("products", "Power", "мощность,  вт", type="number")
    named("products", "Colour", "Цвет", type="choices", choices=["Red", "Blue"])

    first = store(drill(("p-power", "1 250,5"), ("p-colour", "o-red"), ("p-colour", "o-blue")))
    position = current_position()
    again = store(drill(("p-power", "1 250,5"), ("p-colour", "o-red"), ("p-colour", "o-blue")))

    assert kept() == {"x_power": 1250.5, "x_colour": ["blue", "red"]}
    assert (first.created, again.changed, again.unchanged) == (1, 0, 1)
    assert current_position() == position


@pytest.mark.usefixtures("told")
def test_what_1c_takes_away_is_taken_away_here_and_silence_keeps() -> None:
    named("products", "Power", "Мощность, Вт", type="number")
    services.add_field(kind="products", values=FieldValues(label="Pitch", key="x_pitch"))
    store(drill(("p-power", "500")))
    Product.objects.update(custom={"x_power": 500, "x_pitch": "Strong"})

    store(product("drill", name="Drill", property_values=None, article="D-1"))
    assert kept() == {"x_power": 500, "x_pitch": "Strong"}
    later = run(now=NOW + timedelta(hours=1))
    changed = store(drill(("p-colour", "o-red"), article="D-1"), context=later)

    assert kept() == {"x_pitch": "Strong"}
    assert changed.changed == 1


@pytest.mark.usefixtures("told")
def test_a_value_that_is_none_is_named_and_the_former_stays() -> None:
    named("products", "Power", "Мощность, Вт", type="number")
    store(drill(("p-power", "500")))

    stored = store(drill(("p-power", "strong")))

    [problem] = stored.problems
    assert (problem.code, problem.ref, problem.kept) == (
        ProblemCode.NOT_A_NUMBER, "drill", "former_value",
    )  # fmt: skip
    assert "Мощность, Вт" in problem.element
    assert problem.value == "strong"
    assert kept() == {"x_power": 500}


@pytest.mark.usefixtures("told")
def test_a_field_named_later_takes_what_1c_has_told(
    django_capture_on_commit_callbacks: Any,
) -> None:
    store(drill(("p-power", "500")), product("nail"))

    with django_capture_on_commit_callbacks() as after:
        named("products", "Power", "Мощность, Вт", type="number")
    fill(after)

    assert kept() == {"x_power": 500}
    assert kept("nail") == {}


@pytest.mark.usefixtures("told")
def test_a_property_nobody_told_of_leaves_what_people_entered() -> None:
    named("products", "Power", "Мощьность")  # misspelt
    store(drill(("p-power", "500")))
    Product.objects.update(custom={"x_power": "by hand"})

    assert own.fill_products(now=timezone.now()) == ([], [])

    assert kept() == {"x_power": "by hand"}


@pytest.mark.usefixtures("told")
def test_a_field_1c_fills_is_read_only_and_others_are_entered(owner_client: Client) -> None:
    """G048: own fields of products that 1C manages are entered here, what 1C says is not."""
    named("products", "Power", "Мощность, Вт", type="number")
    services.add_field(kind="products", values=FieldValues(label="Pitch", key="x_pitch"))
    store(drill(("p-power", "500")))
    drilled = Product.objects.get(ref="drill")

    form = owner_client.get(f"/catalog/{drilled.pk}/edit/").content.decode()
    assert "custom-x_pitch" in form
    assert "custom-x_power" not in form
    saved = owner_client.post(
        f"/catalog/{drilled.pk}/edit/", {"custom-x_pitch": "Never stops"}
    )
    assert saved.status_code == 302
    assert kept() == {"x_power": 500, "x_pitch": "Never stops"}
    card = owner_client.get(f"/catalog/{drilled.pk}/").content.decode()
    assert "Never stops" in card
    assert "Power" in card
    listed = owner_client.get("/catalog/?cols=name,x_pitch,x_power").content.decode()
    assert "Never stops" in listed


@pytest.mark.usefixtures("told")
def test_products_are_not_made_by_the_generic_doors() -> None:
    services.add_field(kind="products", values=FieldValues(label="Pitch", key="x_pitch"))
    store(drill())
    kind = objects.kind("products")

    with pytest.raises(Refused):
        objects.save(kind, values={"x_pitch": "New"}, by=None)
    objects.save(kind, values={"x_pitch": "New"}, by=None, key=Product.objects.get().pk)

    assert kept() == {"x_pitch": "New"}


# Directories --------------------------------------------------------------------------------------
def entry(ref: str, name: str, *, is_deleted: bool = False, **values: str) -> ReferenceRow:
    said = (("Ид", ref), ("Наименование", name), *values.items())
    return ReferenceRow("machines", "Оборудование", ref, said, is_deleted, 7)


@pytest.fixture
def machines(company: Company) -> CustomObject:
    """Machines of customers, told by a directory of 1C."""
    made = services.save_object(values={
        "label": "Machine", "label_plural": "Machines", "directory_1c": "оборудование",
    })  # fmt: skip
    named(made.key, "Serial", "СерийныйНомер")
    named(made.key, "Built", "Выпуск", type="date")
    return made


def rows() -> dict[str, tuple[str, Any, bool]]:
    return {row.ref: (row.name, row.custom, row.is_archived) for row in CustomRow.objects.all()}


def test_entries_of_a_directory_become_rows_of_the_object(machines: CustomObject) -> None:
    """G048: an own object is filled by a directory of 1C, once, and follows it."""
    first = entry("m1", "Lathe", СерийныйНомер="A-17", Выпуск="01.02.2020 0:00:00")
    store(first, entry("m2", "Mill", СерийныйНомер="B-1"))
    position = current_position()
    store(first, entry("m2", "Mill", СерийныйНомер="B-1"))

    assert rows() == {
        "m1": ("Lathe", {"x_serial": "A-17", "x_built": "2020-02-01"}, False),
        "m2": ("Mill", {"x_serial": "B-1"}, False),
    }
    assert current_position() == position
    store(entry("m1", "Lathe 2", СерийныйНомер=""), entry("m2", "Mill", is_deleted=True))
    assert rows() == {"m1": ("Lathe 2", {}, False), "m2": ("Mill", {}, True)}


def test_a_directory_sent_whole_archives_rows_and_brings_them_back(
    machines: CustomObject,
) -> None:
    store(entry("m1", "Lathe"), entry("m2", "Mill"))
    whole = run(catalog_ref="machines")
    store(entry("m1", "Lathe"), context=whole)
    finish(whole, "directory")

    assert {ref: gone for ref, (_n, _c, gone) in rows().items()} == {"m1": False, "m2": True}
    store(entry("m2", "Mill"))
    assert {ref: gone for ref, (_n, _c, gone) in rows().items()} == {"m1": False, "m2": False}


def test_a_value_of_an_entry_that_is_none_is_named(machines: CustomObject) -> None:
    stored = store(entry("m1", "Lathe", СерийныйНомер="A-17", Выпуск="soon"))

    [problem] = stored.problems
    assert (problem.code, problem.line, problem.ref, problem.kept) == (
        ProblemCode.NOT_A_DATE, 7, "m1", "former_value",
    )  # fmt: skip
    assert "Выпуск" in problem.element
    assert rows()["m1"][1] == {"x_serial": "A-17"}


def test_an_object_named_later_takes_what_1c_has_told(
    company: Company, django_capture_on_commit_callbacks: Any
) -> None:
    many = own.BATCH + 3
    store(*[entry(f"m{n}", f"Machine {n}") for n in range(many)])

    with django_capture_on_commit_callbacks() as after:
        services.save_object(values={
            "label": "Machine", "label_plural": "Machines", "directory_1c": "Оборудование",
        })  # fmt: skip
    fill(after)

    assert CustomRow.objects.count() == many


def test_the_name_1c_tells_is_not_changed_here_but_other_fields_are(
    machines: CustomObject,
) -> None:
    services.add_field(kind=machines.key, values=FieldValues(label="Note", key="x_note"))
    store(entry("m1", "Lathe", СерийныйНомер="A-17"))
    kind, row = objects.kind(machines.key), CustomRow.objects.get()

    with pytest.raises(Refused, match="change it there"):
        objects.save(kind, values={"name": "Other"}, by=None, key=row.pk)
    objects.save(kind, values={"x_note": "Ours"}, by=None, key=row.pk)
    store(entry("m1", "Lathe", СерийныйНомер="A-18"))

    row.refresh_from_db()
    assert row.custom == {"x_serial": "A-18", "x_note": "Ours"}


def test_two_objects_cannot_be_filled_by_one_directory(machines: CustomObject) -> None:
    with pytest.raises(Refused) as refused:
        services.save_object(values={
            "label": "Tool", "label_plural": "Tools", "directory_1c": "ОБОРУДОВАНИЕ",
        })  # fmt: skip

    assert "Machines" in refused.value.errors["directory_1c"][0]


def test_forms_offer_what_1c_told_of(
    machines: CustomObject, told: None, owner_client: Client
) -> None:
    store(entry("m1", "Lathe", Номер="A-17"))

    goods = owner_client.get("/customization/kinds/products/new/").content.decode()
    column = owner_client.get(f"/customization/kinds/{machines.key}/new/").content.decode()
    thing = owner_client.get("/customization/objects/new/").content.decode()

    assert '<option value="Мощность, Вт">' in goods
    assert '<option value="Номер">' in column
    assert '<option value="Оборудование">' in thing


def test_another_company_is_not_filled(company: Company, rival: Company) -> None:
    with tenant_context(rival):
        services.save_object(values={
            "label": "Machine", "label_plural": "Machines", "directory_1c": "Оборудование",
        })  # fmt: skip
    with tenant_context(company):
        store(entry("m1", "Lathe"))

    with tenant_context(rival):
        own.fill_objects(now=timezone.now())
        assert (CustomRow.objects.count(), DirectoryEntry.objects.count()) == (0, 0)

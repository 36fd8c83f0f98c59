"""Formulas of own fields: read, checked, computed by the database as by hand, shown everywhere."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django_tenants.utils import tenant_context

from apps.accounts.models import User
from apps.core import computed, objects
from apps.core.objects import Refused
from apps.custom import services
from apps.custom.formulas.syntax import FormulaProblem, parse
from apps.custom.models import CustomField, CustomRow
from apps.custom.services import FieldValues
from apps.imports.targets import targets
from tenants.models import Company
from tests.apps.custom.asking import ask

KIND = "o_equipment"
LIST = f"/customization/rows/{KIND}/"


def a_field(label: str, type_: str = "number", *, kind: str = KIND, **values: Any) -> CustomField:
    return services.add_field(kind=kind, values=FieldValues(label=label, type=type_, **values))


def a_formula(label: str, formula: str, *, kind: str = KIND) -> CustomField:
    return a_field(label, "formula", kind=kind, formula=formula)


def a_machine(name: str, by: User, **values: Any) -> CustomRow:
    return objects.save(objects.kind(KIND), values={"name": name, **values}, by=by)  # type: ignore[return-value]


def value(row: CustomRow, key: str, *, by: User | None = None) -> Any:
    kind = objects.kind(KIND)
    found = CustomRow.objects.get(pk=row.pk)
    computed.give([found], [kind.field(key)], kind=kind, user=by)
    return found.__dict__[key]


@pytest.fixture
def equipment(company: Company) -> None:
    services.save_object(values={"label": "Machine", "label_plural": "Equipment"})
    a_field("Price", "money")
    a_field("Number")
    a_field("Bought on", "date")
    a_field("Maker", "text")


@pytest.mark.parametrize(
    ("formula", "column", "word", "told"),
    [
        ("x_price *", 10, "end", "Here belongs a field"),
        ("x_price * (2", 13, "end", "“)”"),
        ("x_price ? 2", 9, "? 2", "This sign is not known"),
        ("sum(x_price)", 1, "sum", "if(), round()"),
        ("round()", 1, "round", "1–2 values"),
        ("x_price x_price", 9, "x_price", "Only a sign"),
        ('x_price & "a', 11, '"a', "not closed"),
        ("[Price", 1, "[Price", "not closed"),
    ],
)
def test_what_is_no_formula_is_told_with_its_place(
    formula: str, column: int, word: str, told: str
) -> None:
    with pytest.raises(FormulaProblem) as problem:
        parse(formula)

    assert (problem.value.column, problem.value.word) == (column, word)
    assert told in str(problem.value)


@pytest.mark.parametrize(
    ("formula", "told"),
    [
        ("[Prise] * 2", "Column 1, “[Prise]”: There is no such field. There are [Price]"),
        ("[Price] + [Maker]", "Column 9, “+”: It takes two numbers, or a date and a number of days;"
         " “&” joins texts; here it is given an amount, a text."),
        ("if([Price], 1, 2)", "Column 1, “if”: The first value is a comparison"),
        ("[Maker] > \"a\"", "Texts are compared by = and <> alone"),
        ("round([Price], [Number])", "0 to 10"),
        ("[Responsible] = 1", "this field is none of them"),
        ("if([Price] > 1, 1, today())", "of one type"),
        ("min([Maker], [Maker])", "numbers, or dates"),
        ("days([Price], today())", "It takes two dates"),
        ("", "Column 1, “end”"),
        ("+".join(["1"] * 150), "too long"),
        ("+".join(["1"] * 90), "computes too much"),
    ],
)  # fmt: skip
def test_a_formula_that_cannot_be_is_refused(equipment: None, formula: str, told: str) -> None:
    with pytest.raises(Refused) as refusal:
        a_formula("Total", formula)

    assert told in refusal.value.errors["formula"][0]
    assert not CustomField.objects.filter(type="formula").exists()


@pytest.mark.parametrize(
    ("formula", "type_", "comes_to"),
    [
        ("[Price] * [Number]", "money", Decimal("37.5")),
        ("x_price / 0", "money", None),
        ("[Price] / [Number]", "money", Decimal("4.1666666667")),
        ("-round([Price] / 7, 2)", "money", Decimal("-1.79")),
        ("round(2.5) + round(-2.5)", "number", Decimal(0)),
        ("1 + 2 * 3 - (4 - 5)", "number", Decimal(8)),
        ("[Bought on] + 30", "date", date(2026, 3, 31)),
        ("[Bought on] - 1000000", "date", None),
        ("[Bought on] + 10 * 1000000", "date", None),
        ("days([Bought on], today()) = today() - [Bought on]", "boolean", True),
        ('[Name] & ", " & [Number] & ", " & [Bought on]', "text", "Lathe, 3, 2026-03-01"),
        ('[Name] & [Maker]', "text", None),
        ('[Name] & coalesce([Maker], " is nobody\'s")', "text", "Lathe is nobody's"),
        ('if([Price] > 10 and not [Number] = 4, "dear", "cheap")', "text", "dear"),
        ('if([Maker] = "Bosch", 1; 2)', "number", Decimal(2)),
        ("if(empty([Maker]), 1)", "number", Decimal(1)),
        ("if([Number] > 5, 1)", "number", None),
        ("min([Price], [Number], 7)", "money", Decimal(3)),
        ("max([Bought on], today() - 100000)", "date", date(2026, 3, 1)),
        ("max([Price] / 0, 1)", "money", None),
        ("[Price] ≥ 12.5", "boolean", True),
        ("100 * 1.10", "number", Decimal(110)),
    ],
)  # fmt: skip
def test_a_formula_is_computed_by_the_database(
    equipment: None, manager: User, formula: str, type_: str, comes_to: Any
) -> None:
    """G048: a formula is computed by the database; empty values and zeros give empty."""
    row = a_machine(
        "Lathe", manager, x_price=Decimal("12.5"), x_number=3, x_bought_on=date(2026, 3, 1)
    )

    a_formula("Total", formula)

    assert objects.kind(KIND).field("x_total").type == type_
    assert value(row, "x_total") == comes_to


def test_a_formula_keeps_to_keys_and_shows_names(
    equipment: None, administrator_client: Client
) -> None:
    made = a_formula("Total", "[price] *Number")

    services.change_field(
        field_id=CustomField.objects.get(key="x_price").pk,
        values=FieldValues(label="Cost", type="money"),
    )

    assert made.recipe == {"formula": "x_price *x_number"}
    assert "[Cost] *[Number]" in administrator_client.get(
        f"/customization/fields/{made.pk}/"
    ).content.decode()


def test_a_formula_may_be_made_of_another_but_never_of_itself(
    equipment: None, manager: User
) -> None:
    row = a_machine("Lathe", manager, x_price=100)
    total = a_formula("Total", "[Price] * 2")
    a_formula("Half", "[Total] / 4")

    with pytest.raises(Refused) as refusal:
        services.change_field(
            field_id=total.pk, values=FieldValues(label="Total", formula="[Half] + 1")
        )

    assert "made of itself" in refusal.value.errors["formula"][0]
    assert value(row, "x_half") == Decimal(50)


def test_a_formula_others_are_made_of_stays_what_they_need(equipment: None) -> None:
    total = a_formula("Total", "[Price] * 2")
    a_formula("Half", "[Total] / 4")

    with pytest.raises(Refused) as refusal:
        services.change_field(
            field_id=total.pk, values=FieldValues(label="Total", formula="[Name] & 1")
        )

    assert "“Half” is made of this field" in refusal.value.errors["formula"][0]
    assert CustomField.objects.get(pk=total.pk).recipe == {"formula": "x_price * 2"}


def test_a_field_of_a_formula_does_not_go_without_a_word(
    equipment: None, administrator_client: Client
) -> None:
    price = CustomField.objects.get(key="x_price")
    total = a_formula("Total", "[Price] * 2")

    told = administrator_client.post(
        f"/customization/fields/{price.pk}/retire/", follow=True
    ).content.decode()

    assert "Computed of “Price”: “Total”." in told
    price.refresh_from_db()
    assert not price.is_archived
    assert not services.remove_unused_field(field_id=price.pk)
    services.retire_field(field_id=total.pk, is_archived=True)
    services.retire_field(field_id=price.pk, is_archived=True)
    with pytest.raises(Refused):
        services.retire_field(field_id=total.pk, is_archived=False)


def test_a_formula_is_never_entered(equipment: None, manager: User) -> None:
    a_formula("Total", "[Price] * 2")
    row = a_machine("Lathe", manager, x_price=1)

    objects.save(objects.kind(KIND), values={"x_total": 5}, by=manager, key=row.pk)

    row.refresh_from_db()
    assert row.custom == {"x_price": 1}
    assert not objects.kind(KIND).field("x_total").is_writable


@pytest.fixture
def machines(equipment: None, manager: User) -> None:
    """Three machines of 10, 20 and 30, two of each, and one without a price."""
    a_formula("Total", "[Price] * [Number]")
    a_formula("Class", 'if([Total] > 30, "dear", "cheap")')
    a_formula("Due on", "[Bought on] + 365")
    for name, price in (("Ant", 10), ("Bee", 20), ("Cat", 30), ("Dog", None)):
        a_machine(name, manager, x_price=price, x_number=2, x_bought_on=date(2026, 3, 1))


def names(page: str) -> list[str]:
    return [each for each in ("Ant", "Bee", "Cat", "Dog") if f">{each}<" in page]


def in_order(page: str) -> str:
    return "".join(sorted(names(page), key=lambda each: page.index(f">{each}<")))


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        (["x_total", "gt", "30"], ["Bee", "Cat"]),
        (["x_total", "between", "20", "40"], ["Ant", "Bee"]),
        (["x_total", "ne", "20"], ["Bee", "Cat", "Dog"]),
        (["x_total", "empty"], ["Dog"]),
        (["x_total", "filled"], ["Ant", "Bee", "Cat"]),
        (["x_class", "is", "DEAR"], ["Bee", "Cat"]),
        (["x_class", "lacks", "dear"], ["Ant", "Dog"]),
        (["x_due_on", "on", "2027-03-01"], ["Ant", "Bee", "Cat", "Dog"]),
        (["x_due_on", "after", "2027-03-01"], []),
    ],
)
def test_a_list_is_filtered_by_a_formula(
    machines: None, manager_client: Client, condition: list[str], found: list[str]
) -> None:
    page = manager_client.get(LIST, {"f": json.dumps(condition)}).content.decode()

    assert names(page) == found


@pytest.mark.parametrize(
    ("sort", "order"), [("x_total", "AntBeeCatDog"), ("-x_total", "CatBeeAntDog")]
)
def test_a_list_is_sorted_by_a_formula_page_by_page(
    machines: None, manager_client: Client, monkeypatch: pytest.MonkeyPatch, sort: str, order: str
) -> None:
    monkeypatch.setattr("apps.core.lists.screen.ListScreen.page_size", 3)

    first = manager_client.get(LIST, {"sort": sort})
    following = first.context["following_url"]
    rest = manager_client.get(f"{LIST}{following}" if following[0] == "?" else following)

    assert in_order(first.content.decode()) + in_order(rest.content.decode()) == order


def test_a_list_shows_groups_and_sums_of_a_formula(
    machines: None, manager_client: Client
) -> None:
    columns = "name,x_total,x_class"

    grouped = manager_client.get(LIST, {"group": "x_class", "cols": columns}).content.decode()
    inside = manager_client.get(
        LIST, {"group": "x_class", "in": "dear", "part": "rows", "cols": columns}
    ).content.decode()
    months = manager_client.get(LIST, {"group": "x_due_on", "cols": columns}).content.decode()
    sums = manager_client.get(LIST, {"part": "totals", "cols": columns}).content.decode()

    assert "dear" in grouped
    assert "100.00" in grouped
    assert names(inside) == ["Bee", "Cat"]
    assert "March 2027" in months
    assert "120.00" in sums


def test_a_list_asks_once_for_all_that_is_computed(
    machines: None, manager: User, manager_client: Client, django_assert_max_num_queries: Any
) -> None:
    manager_client.get(LIST)
    for place in range(20):
        a_machine(f"Machine {place}", manager, x_price=place, x_number=1)

    with django_assert_max_num_queries(12):
        page = manager_client.get(LIST, {"cols": "name,x_total,x_class,x_due_on"})

    assert "dear" in page.content.decode()


def test_card_and_export_show_a_formula(machines: None, manager_client: Client) -> None:
    row = CustomRow.objects.get(name="Cat")

    card = manager_client.get(f"/customization/row/{row.pk}/").content.decode()
    form = manager_client.get(f"/customization/row/{row.pk}/edit/").content.decode()
    csv = b"".join(
        manager_client.get(LIST, {"part": "csv", "cols": "name,x_total,x_due_on"})  # type: ignore[attr-defined]
        .streaming_content
    ).decode("utf-8-sig")

    assert "60" in card
    assert "dear" in card
    assert "x_total" not in form
    assert csv.splitlines()[1:] == [
        "Ant,20,2027-03-01", "Bee,40,2027-03-01", "Cat,60,2027-03-01", "Dog,,2027-03-01",
    ]  # fmt: skip


def test_a_computed_date_is_the_end_of_a_bar(machines: None, manager_client: Client) -> None:
    page = manager_client.get(LIST, {
        "show": "gantt", "bar_from": "x_bought_on", "bar_to": "x_due_on", "scale": "years",
        "at": "2026-01-01", "group": "x_class",
    })  # fmt: skip

    chart = page.context["chart"]
    assert [(label, len(bars)) for label, bars in chart.groups] == [("cheap", 2), ("dear", 2)]
    bar = chart.groups[0][1][0]
    assert (bar.begin.day, bar.end.day) == (date(2026, 3, 1), date(2027, 3, 1))
    assert chart.missing == 0


def test_the_grid_offers_no_input_for_a_formula(machines: None, manager_client: Client) -> None:
    row = CustomRow.objects.get(name="Cat")

    answer = manager_client.get(f"/objects/{KIND}/{row.pk}/x_total/")

    assert "is not changed here" in answer.content.decode()


def test_fields_of_anrival_are_not_counted_with(
    equipment: None, rival: Company
) -> None:
    a_formula("Total", "[Price] * 2")

    with tenant_context(rival):
        services.save_object(values={"label": "Machine", "label_plural": "Equipment"})
        with pytest.raises(Refused):
            a_formula("Total", "[Price] * 2")

        assert not CustomField.objects.exists()


def test_a_field_that_cannot_be_computed_any_more_is_told(
    equipment: None, administrator_client: Client, manager: User
) -> None:
    a_formula("Total", "[Price] * 2")
    a_formula("Half", "[Total] / 4")
    CustomField.objects.filter(key="x_total").update(recipe={"formula": "x_gone * 2"})
    row = a_machine("Lathe", manager, x_price=1)

    page = administrator_client.get(f"/customization/kinds/{KIND}/").content.decode()
    card = administrator_client.get(f"/customization/row/{row.pk}/")

    assert page.count("not computed") == 2
    assert "Column 1, “x_gone”" in page
    assert card.status_code == 200


def test_the_api_reads_filters_and_sorts_by_a_formula(
    machines: None, manager: User
) -> None:
    row = CustomRow.objects.get(name="Cat")

    def found(query: str) -> list[Any]:
        answer = ask(manager, f"{KIND}?{query}").json()
        return [(each["name"], each["x_total"]) for each in answer["data"]]

    assert found("sort=-x_total&limit=2") == [("Cat", "60"), ("Bee", "40")]
    assert found("x_total__gte=40&sort=name") == [("Bee", "40"), ("Cat", "60")]
    assert found("x_class=dear&x_due_on=2027-03-01&x_total__lt=50") == [("Bee", "40")]
    assert found("x_total__empty=true") == [("Dog", None)]
    one = ask(manager, f"{KIND}/{row.pk}").json()
    assert (one["x_class"], one["x_due_on"]) == ("dear", "2027-03-01")
    refused = ask(manager, f"{KIND}/{row.pk}", "PATCH", '{"x_total": "1"}')
    assert refused.status_code == 422
    assert refused.json()["errors"]["x_total"] == ["This field is not written here."]


def test_a_file_brings_no_value_of_a_formula(machines: None) -> None:
    keys = {each.key for each in targets(objects.kind(KIND))}

    assert "x_price" in keys
    assert "x_total" not in keys

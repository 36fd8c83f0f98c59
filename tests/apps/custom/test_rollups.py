"""Totals of the rows that lead to a row: of what the reader may see, by one statement."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from apps.accounts.models import Scope, User
from apps.core import computed, objects
from apps.core.objects import Refused
from apps.counterparties.models import ContactPerson, Counterparty
from apps.custom import indexes, services
from apps.custom.models import CustomField, CustomRow
from apps.custom.services import FieldValues
from tenants.models import Company
from tests.apps.custom.asking import ask
from tests.apps.custom.test_computed_rights import hide, narrow

ROWS = "o_equipment.counterparty"
LIST = "/counterparties/"


def a_field(label: str, type_: str, *, kind: str = "o_equipment", **values: Any) -> CustomField:
    return services.add_field(kind=kind, values=FieldValues(label=label, type=type_, **values))


def a_total(label: str, how: str, measure: str = "", **only: str) -> CustomField:
    measure = f"o_equipment.{measure}" if measure else ""
    return a_field(
        label, "rollup", kind="counterparties", rows=ROWS, how=how, measure=measure, **only
    )


def value(row: Any, key: str, *, by: User | None, kind: str = "counterparties") -> Any:
    of = objects.kind(kind)
    computed.give([row], [of.field(key)], kind=of, user=by)
    return row.__dict__[key]


@pytest.fixture
def customer(company: Company, manager: User) -> Counterparty:
    """A customer with machines of 10 and 20 that work, one of 40 that does not, one archived."""
    services.save_object(
        values={"label": "Machine", "label_plural": "Equipment", "has_counterparty": True}
    )
    a_field("Price", "money")
    a_field("Number", "number")
    a_field("Bought on", "date")
    a_field("State", "choice", choices=["Works", "Broken"])
    a_field("Worth", "formula", formula="[Price] * [Number]")
    found = Counterparty.objects.create(name="Azimuth", sort_name="azimuth", responsible=manager)
    Counterparty.objects.create(name="Meridian", sort_name="meridian", responsible=manager)
    for name, price, state, day in (
        ("Ant", 10, "works", date(2026, 1, 1)), ("Bee", 20, "works", date(2026, 2, 1)),
        ("Cat", 40, "broken", date(2026, 3, 1)), ("Dog", 80, "works", date(2026, 4, 1)),
    ):  # fmt: skip
        objects.save(objects.kind("o_equipment"), by=manager, values={
            "name": name, "counterparty": found.pk, "x_price": price, "x_number": 2,
            "x_state": state, "x_bought_on": day,
        })  # fmt: skip
    CustomRow.objects.filter(name="Dog").update(is_archived=True)
    return found


@pytest.mark.parametrize(
    ("how", "measure", "only", "type_", "comes_to", "of_none"),
    [
        ("count", "", ("", "", ""), "number", Decimal(3), Decimal(0)),
        ("sum", "x_price", ("", "", ""), "money", Decimal(70), None),
        ("min", "x_price", ("", "", ""), "money", Decimal(10), None),
        ("max", "x_bought_on", ("", "", ""), "date", date(2026, 3, 1), None),
        ("avg", "x_price", ("", "", ""), "money", Decimal("23.3333333333"), None),
        ("sum", "x_worth", ("", "", ""), "money", Decimal(140), None),
        ("sum", "x_price", ("x_state", "any", "Works"), "money", Decimal(30), None),
        ("sum", "x_price", ("x_price", "between", "15; 50"), "money", Decimal(60), None),
        ("count", "", ("x_bought_on", "after", "2026-01-15"), "number", Decimal(2), Decimal(0)),
        ("count", "", ("x_bought_on", "empty", ""), "number", Decimal(0), Decimal(0)),
        ("count", "", ("name", "contains", "ee"), "number", Decimal(1), Decimal(0)),
        ("count", "", ("x_worth", "ge", "40"), "number", Decimal(2), Decimal(0)),
    ],
)  # fmt: skip
def test_a_total_of_the_rows_that_lead_here(
    customer: Counterparty, manager: User, how: str, measure: str, only: tuple[str, str, str],
    type_: str, comes_to: Any, of_none: Any,
) -> None:  # fmt: skip
    """G048: count, sum, least, greatest, average of the rows that lead here, with a condition."""
    field, operator, text = only

    a_total(
        "Total", how, measure, only=f"o_equipment.{field}" if field else "", operator=operator,
        value=text,
    )  # fmt: skip

    other = Counterparty.objects.get(name="Meridian")
    assert objects.kind("counterparties").field("x_total").type == type_
    assert value(customer, "x_total", by=manager) == comes_to
    assert value(other, "x_total", by=manager) == of_none


def test_rows_lead_by_an_own_field_too(customer: Counterparty, manager: User) -> None:
    services.save_object(values={"label": "Repair", "label_plural": "Repairs"})
    a_field("Machine", "relation", kind="o_repairs", related="o_equipment")
    a_field("Cost", "money", kind="o_repairs")
    a_field(
        "Repairs", "rollup", rows="o_repairs.x_machine", how="sum", measure="o_repairs.x_cost"
    )
    a_field("Left", "formula", formula="[Price] - coalesce([Repairs], 0)")
    a_total("Left", "sum", "x_left")
    ant = CustomRow.objects.get(name="Ant")
    for cost in (1, 2):
        objects.save(objects.kind("o_repairs"), by=manager, values={
            "name": "Belt", "x_machine": ant.pk, "x_cost": cost,
        })  # fmt: skip

    assert value(ant, "x_left", by=manager, kind="o_equipment") == Decimal(7)
    assert value(customer, "x_left", by=manager) == Decimal(67)


def test_a_total_by_an_own_field_uses_its_index(company: Company, manager: User) -> None:
    a_field("Brought by", "relation", kind="counterparties", related="counterparties")
    a_field(
        "Brought", "rollup", kind="counterparties", rows="counterparties.x_brought_by", how="count"
    )
    indexes.bring()
    expression = objects.kind("counterparties").field("x_brought").computed(manager, "")  # type: ignore[misc]

    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    plan = Counterparty.objects.filter(name="Ant").annotate(x_brought=expression).explain()

    assert "custom_value_" in plan


def test_deals_are_added_up_in_the_currency_of_the_company(
    customer: Counterparty, manager: User
) -> None:
    a_field(
        "Deals", "rollup", kind="counterparties", rows="deals.counterparty", how="sum",
        measure="deals.amount",
    )  # fmt: skip

    assert value(customer, "x_deals", by=manager) is None
    assert objects.kind("counterparties").field("x_deals").type == "money"


def test_list_card_and_api_show_a_total(
    customer: Counterparty, manager: User, manager_client: Client
) -> None:
    a_total("Worth", "sum", "x_worth")
    a_total("Machines", "count")
    rich = json.dumps(["x_worth", "gt", "100"])

    listed = manager_client.get(
        LIST, {"cols": "name,x_worth,x_machines", "sort": "-x_worth"}
    ).content.decode()
    filtered = manager_client.get(LIST, {"f": rich}).content.decode()
    ContactPerson.objects.create(counterparty=customer, full_name="Olga")
    people = manager_client.get(
        f"{LIST}people/", {"f": json.dumps(["counterparty.x_machines", "eq", "3"])}
    ).content.decode()
    nobody = manager_client.get(
        f"{LIST}people/", {"f": json.dumps(["counterparty.x_machines", "eq", "4"])}
    ).content.decode()
    sums = manager_client.get(LIST, {"part": "totals", "cols": "name,x_worth"}).content.decode()
    card = manager_client.get(f"{LIST}{customer.pk}/").content.decode()
    api = ask(manager, "counterparties?sort=-x_worth&x_machines__gte=1").json()["data"]

    assert listed.index("Azimuth") < listed.index("Meridian")
    assert ">140.00<" in listed
    assert "Meridian" not in filtered
    assert "Olga" in people
    assert "Olga" not in nobody
    assert "140.00" in sums
    assert "Machines" in card
    assert [(each["name"], each["x_worth"], each["x_machines"]) for each in api] == [
        ("Azimuth", "140", "3")
    ]


def test_a_list_asks_once_for_all_totals(
    customer: Counterparty, manager: User, manager_client: Client,
    django_assert_max_num_queries: Any,
) -> None:  # fmt: skip
    for label, how in (("Sum", "sum"), ("Least", "min"), ("Greatest", "max"), ("Mean", "avg")):
        a_total(label, how, "x_price")
    for place in range(20):
        Counterparty.objects.create(name=f"Firm {place}", sort_name=f"firm {place}")
    manager_client.get(LIST)

    with django_assert_max_num_queries(12):
        page = manager_client.get(
            LIST, {"cols": "name,x_sum,x_least,x_greatest,x_mean", "sort": "-x_sum"}
        )

    assert "70.00" in page.content.decode()


def test_only_rows_the_reader_sees_count(
    customer: Counterparty, manager: User, owner: User
) -> None:
    a_total("Worth", "sum", "x_worth")
    a_total("Machines", "count")
    CustomRow.objects.filter(name__in=["Ant", "Bee"]).update(
        responsible=owner, counterparty_id=customer.pk
    )
    Counterparty.objects.update(responsible=owner)
    narrow(manager, "custom_objects", "counterparties")

    assert value(customer, "x_machines", by=owner) == 3
    assert value(customer, "x_machines", by=manager) == 1
    assert value(customer, "x_worth", by=manager) == Decimal(80)


def test_without_the_right_to_the_rows_there_is_no_total(
    customer: Counterparty, manager: User, manager_client: Client
) -> None:
    a_total("Machines", "count")
    narrow(manager, "custom_objects", scope=Scope.NONE)

    found = manager_client.get(
        LIST, {"f": json.dumps(["x_machines", "eq", "3"])}
    ).content.decode()

    assert value(customer, "x_machines", by=manager) is None
    assert "Azimuth" not in found


def test_neither_hidden_fields_nor_hidden_conditions_tell_by_totals(
    customer: Counterparty, manager: User, manager_client: Client
) -> None:
    a_field(
        "Latest", "rollup", kind="counterparties", rows="contacts.counterparty", how="max",
        measure="contacts.created_at", only="contacts.job_title",
        operator="contains", value="director",
    )  # fmt: skip
    ContactPerson.objects.create(
        counterparty=customer, full_name="Olga", job_title="Director"
    )
    before = value(customer, "x_latest", by=manager)
    hide(manager, contacts="job_title")

    listed = manager_client.get(LIST, {"cols": "name,x_latest"}).content.decode()

    assert before is not None
    assert value(customer, "x_latest", by=manager) is None
    assert "Latest" not in listed


def test_the_birthdays_of_a_vip_s_people_count_for_nobody_else(
    customer: Counterparty, manager: User, accountant: User
) -> None:
    a_field(
        "Eldest", "rollup", kind="counterparties", rows="contacts.counterparty", how="min",
        measure="contacts.born_on",
    )  # fmt: skip
    ContactPerson.objects.create(
        counterparty=customer, full_name="Olga", born_on=date(1980, 5, 1)
    )
    Counterparty.objects.update(is_vip=True)

    assert value(customer, "x_eldest", by=manager) == date(1980, 5, 1)
    assert value(customer, "x_eldest", by=accountant) is None


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"rows": ""}, "rows"), ({"rows": "o_equipment.x_gone"}, "rows"),
        ({"rows": "deals.owner"}, "rows"), ({"how": "median"}, "how"),
        ({"measure": ""}, "measure"), ({"measure": "o_equipment.name"}, "measure"),
        ({"measure": "deals.amount"}, "measure"),
        ({"measure": "o_equipment.x_bought_on"}, "measure"),
        ({"only": "o_equipment.x_state", "operator": "gt", "value": "1"}, "operator"),
        ({"only": "o_equipment.x_price", "operator": "gt", "value": "many"}, "value"),
        ({"only": "o_equipment.x_price", "operator": "gt"}, "value"),
        ({"only": "o_equipment.x_state", "operator": "any", "value": "Lost"}, "value"),
    ],
)  # fmt: skip
def test_a_total_that_cannot_be_is_refused_at_its_field(
    customer: Counterparty, asked: dict[str, str], field: str
) -> None:
    given = {"rows": ROWS, "how": "sum", "measure": "o_equipment.x_price", **asked}

    with pytest.raises(Refused) as refusal:
        a_field("Total", "rollup", kind="counterparties", **given)

    assert list(refusal.value.errors) == [field]
    assert not CustomField.objects.filter(type="rollup").exists()


def test_a_circle_through_a_total_is_refused(customer: Counterparty) -> None:
    a_total("Worth", "sum", "x_worth")
    a_field("Of customer", "lookup", shown="counterparty.x_worth")
    worth = CustomField.objects.get(kind="o_equipment", key="x_worth")

    with pytest.raises(Refused) as refusal:
        services.change_field(
            field_id=worth.pk, values=FieldValues(label="Worth", formula="[Of customer] / 2")
        )

    assert "made of itself" in refusal.value.errors["formula"][0]


def test_a_choice_that_a_total_asks_for_does_not_go_without_a_word(
    customer: Counterparty, manager: User
) -> None:
    a_total("Broken", "count", only="o_equipment.x_state", operator="any", value="Broken")
    state = CustomField.objects.get(key="x_state")

    with pytest.raises(Refused) as refusal:
        services.change_field(
            field_id=state.pk, values=FieldValues(label="State", choices=["Works"])
        )

    assert "“Broken” is made of this field" in refusal.value.errors["choices"][0]
    assert value(customer, "x_broken", by=manager) == 1


def test_the_form_shows_a_total_as_it_was_made(
    customer: Counterparty, administrator_client: Client
) -> None:
    made = administrator_client.post("/customization/kinds/counterparties/new/", {
        "label": "Worth", "type": "rollup", "rows": ROWS, "how": "sum",
        "measure": "o_equipment.x_price", "only": "o_equipment.x_state", "operator": "any",
        "value": "works, Broken",
    })  # fmt: skip
    field = CustomField.objects.get(type="rollup")
    page = administrator_client.get(f"/customization/fields/{field.pk}/").content.decode()

    assert made.status_code == 302
    assert field.recipe == {
        "kind": "o_equipment", "through": "counterparty", "how": "sum", "field": "x_price",
        "only": ["x_state", "any", "works", "broken"],
    }  # fmt: skip
    assert 'value="Works, Broken"' in page
    assert "Equipment (Counterparty)" in page

"""Fields of a related object, shown with the row: for whoever may see them there."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from apps.accounts.models import Scope, User
from apps.core import computed, objects
from apps.core.objects import Refused
from apps.counterparties.models import Counterparty
from apps.custom import services
from apps.custom.models import CustomField, CustomObject, CustomRow
from apps.custom.services import FieldValues
from tenants.models import Company
from tests.apps.custom.asking import ask
from tests.apps.custom.test_computed_rights import hide, narrow

KIND = "o_equipment"
LIST = f"/customization/rows/{KIND}/"


def a_field(label: str, type_: str = "text", *, kind: str = KIND, **values: Any) -> CustomField:
    return services.add_field(kind=kind, values=FieldValues(label=label, type=type_, **values))


def a_row(kind: str, by: User, **values: Any) -> Any:
    return objects.save(objects.kind(kind), values=values, by=by)


def value(row: Any, key: str, *, by: User | None, kind: str = KIND) -> Any:
    of = objects.kind(kind)
    computed.give([row], [of.field(key)], kind=of, user=by)
    return row.__dict__[key]


@pytest.fixture
def customer(company: Company, manager: User) -> Counterparty:
    a_field("Segment", "choice", kind="counterparties", choices=["Large", "Small"])
    a_field("Limit", "money", kind="counterparties")
    a_field("Since", "date", kind="counterparties")
    services.save_object(
        values={"label": "Machine", "label_plural": "Equipment", "has_counterparty": True}
    )
    return a_row(  # type: ignore[no-any-return]
        "counterparties", manager, name="Azimuth", responsible=manager.pk, x_segment="large",
        x_limit=Decimal("12.5"), x_since=date(2020, 5, 1), email="info@azimuth.example",
    )  # fmt: skip


@pytest.fixture
def machine(customer: Counterparty, manager: User) -> CustomRow:
    return a_row(KIND, manager, name="Lathe", counterparty=customer.pk)  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    ("field", "type_", "comes_to"),
    [
        ("x_segment", "choice", "large"), ("x_limit", "money", Decimal("12.5")),
        ("x_since", "date", date(2020, 5, 1)), ("email", "email", "info@azimuth.example"),
        ("is_customer", "boolean", True), ("kind", "choice", "company"), ("comment", "text", None),
    ],
)  # fmt: skip
def test_a_field_of_the_customer_is_shown_with_the_row(
    machine: CustomRow, manager: User, field: str, type_: str, comes_to: Any
) -> None:
    """G048: a field of the related object is shown with the row."""
    a_field("Shown", "lookup", shown=f"counterparty.{field}")

    assert objects.kind(KIND).field("x_shown").type.removeprefix("long_") == type_
    assert value(machine, "x_shown", by=manager) == comes_to


def test_whoever_serves_the_customer_is_shown_by_name(
    machine: CustomRow, manager_client: Client, manager: User, owner: User
) -> None:
    owner.full_name = "Irina Kovaleva"
    owner.save()
    Counterparty.objects.update(responsible=owner)
    a_field("Served by", "lookup", shown="counterparty.responsible")
    a_field("Segment", "lookup", shown="counterparty.x_segment")

    listed = manager_client.get(LIST, {"cols": "name,x_served_by,x_segment"}).content.decode()
    card = manager_client.get(f"/customization/row/{machine.pk}/").content.decode()
    api = ask(manager, f"{KIND}/{machine.pk}").json()

    assert ">Irina Kovaleva<" in listed
    assert ">Azimuth<" in manager_client.get(LIST, {"cols": "name,counterparty"}).content.decode()
    assert "Irina Kovaleva" in card
    assert ">Large<" in listed
    assert "Large" in card
    assert api["x_served_by"] == str(owner.pk)


def test_a_row_leads_on_through_an_own_field_and_through_look_ups(
    machine: CustomRow, manager: User
) -> None:
    services.save_object(values={"label": "Repair", "label_plural": "Repairs"})
    a_field("Machine", "relation", kind="o_repairs", related=KIND)
    a_field("Segment", "lookup", shown="counterparty.x_segment")
    a_field("Limit", "lookup", shown="counterparty.x_limit")
    a_field("Segment", "lookup", kind="o_repairs", shown="x_machine.x_segment")
    a_field("Limit", "lookup", kind="o_repairs", shown="x_machine.x_limit")
    a_field("Double", "formula", kind="o_repairs", formula="[Limit] * 2")
    repair = a_row("o_repairs", manager, name="Belt", x_machine=machine.pk)
    alone = a_row("o_repairs", manager, name="Alone")

    assert value(repair, "x_segment", by=manager, kind="o_repairs") == "large"
    assert value(repair, "x_double", by=manager, kind="o_repairs") == Decimal(25)
    assert value(alone, "x_double", by=manager, kind="o_repairs") is None


@pytest.mark.parametrize(
    ("condition", "is_found"),
    [
        (["x_segment", "any", "large"], True), (["x_segment", "none", "large"], False),
        (["x_limit", "ge", "12"], True), (["x_limit", "empty"], False),
        (["x_served_by", "any", "me"], True), (["x_served_by", "none", "me"], False),
    ],
)
def test_a_list_is_filtered_grouped_and_sorted_by_a_look_up(
    machine: CustomRow, manager_client: Client, condition: list[str], is_found: bool
) -> None:
    a_field("Segment", "lookup", shown="counterparty.x_segment")
    a_field("Limit", "lookup", shown="counterparty.x_limit")
    a_field("Served by", "lookup", shown="counterparty.responsible")

    page = manager_client.get(LIST, {"f": json.dumps(condition), "sort": "-x_limit"})
    grouped = manager_client.get(LIST, {"group": "x_segment", "cols": "name,x_limit"})
    sums = manager_client.get(LIST, {"part": "totals", "cols": "name,x_limit"})

    assert (">Lathe<" in page.content.decode()) is is_found
    assert "Large" in grouped.content.decode()
    assert "12.50" in sums.content.decode()


def test_rows_that_are_not_theirs_are_empty(
    machine: CustomRow, manager: User, owner: User, manager_client: Client, customer: Counterparty
) -> None:
    a_field("Limit", "lookup", shown="counterparty.x_limit")
    a_field("Double", "formula", formula="[Limit] * 2")
    Counterparty.objects.update(responsible=owner)
    narrow(manager, "counterparties")

    assert value(machine, "x_double", by=owner) == Decimal(25)
    assert value(machine, "x_double", by=manager) is None
    assert ">Lathe<" not in manager_client.get(
        LIST, {"f": json.dumps(["x_limit", "gt", "1"])}
    ).content.decode()
    assert "12.5" not in ask(manager, f"{KIND}/{machine.pk}").content.decode()


def test_without_the_right_to_the_object_all_is_empty(
    machine: CustomRow, manager: User, manager_client: Client
) -> None:
    a_field("Limit", "lookup", shown="counterparty.x_limit")
    a_field("Called", "lookup", shown="counterparty.name")
    a_field("Note", "formula", formula='[Called] & " of " & [Limit]')
    narrow(manager, "counterparties", scope=Scope.NONE)

    page = manager_client.get(
        LIST, {"cols": "name,x_limit,x_note", "f": json.dumps(["x_note", "empty"]),
               "sort": "x_note"}
    ).content.decode()

    assert value(machine, "x_note", by=manager) is None
    assert ">Lathe<" in page
    assert "Azimuth" not in page


def test_a_hidden_field_is_hidden_of_the_related_row_too(
    machine: CustomRow, manager: User, manager_client: Client
) -> None:
    a_field("Limit", "lookup", shown="counterparty.x_limit")
    a_field("Double", "formula", formula="[Limit] * 2")
    hide(manager, counterparties="x_limit")

    listed = manager_client.get(LIST, {"cols": "name,x_limit,x_double"}).content.decode()
    filtered = manager_client.get(
        LIST, {"f": json.dumps(["x_double", "gt", "1"])}
    ).content.decode()
    card = manager_client.get(f"/customization/row/{machine.pk}/").content.decode()
    api = ask(manager, f"{KIND}/{machine.pk}").json()

    assert "Double" not in listed
    assert "There is no field" in filtered
    assert "Double" not in card
    assert not api.keys() & {"x_limit", "x_double"}
    assert value(machine, "x_double", by=manager) is None


def test_the_details_of_a_vip_stay_closed(
    machine: CustomRow, manager: User, owner: User, customer: Counterparty, accountant: User
) -> None:
    a_field("Mail", "lookup", shown="counterparty.email")
    Counterparty.objects.update(is_vip=True)

    assert value(machine, "x_mail", by=manager) == "info@azimuth.example"  # responsible for it
    assert value(machine, "x_mail", by=accountant) is None


def test_a_circle_through_another_object_is_refused(machine: CustomRow) -> None:
    a_field("Machine", "relation", kind="counterparties", related=KIND)
    limit = a_field("Twice", "formula", kind="counterparties", formula="[Limit] * 2")
    a_field("Twice", "lookup", shown="counterparty.x_twice")
    a_field("Back", "lookup", kind="counterparties", shown="x_machine.x_twice")

    with pytest.raises(Refused) as refusal:
        services.change_field(
            field_id=limit.pk, values=FieldValues(label="Twice", formula="[Back] * 2")
        )

    assert "made of itself" in refusal.value.errors["formula"][0]


@pytest.mark.parametrize("shown", ["", "counterparty", "counterparty.x_gone", "name.name", "a.b"])
def test_a_look_up_that_leads_nowhere_is_refused(machine: CustomRow, shown: str) -> None:
    with pytest.raises(Refused) as refusal:
        a_field("Shown", "lookup", shown=shown)

    assert list(refusal.value.errors) == ["shown"]


def test_what_is_looked_up_does_not_go_without_a_word(
    machine: CustomRow, administrator_client: Client
) -> None:
    limit = CustomField.objects.get(key="x_limit")
    services.save_object(values={"label": "Repair", "label_plural": "Repairs"})
    a_field("Machine", "relation", kind="o_repairs", related=KIND)
    a_field("Limit", "lookup", shown="counterparty.x_limit")
    a_field("Called", "lookup", kind="o_repairs", shown="x_machine.name")
    equipment = CustomObject.objects.get(key=KIND)

    field = administrator_client.post(
        f"/customization/fields/{limit.pk}/retire/", follow=True
    ).content.decode()
    kind = administrator_client.post(
        f"/customization/objects/{equipment.pk}/retire/", follow=True
    ).content.decode()

    assert "Computed of “Limit”: “Limit”." in field
    assert "Computed of “Equipment”: “Called”." in kind
    equipment.refresh_from_db()
    assert not equipment.is_archived


def test_the_form_offers_what_relations_lead_to(
    machine: CustomRow, administrator_client: Client
) -> None:
    page = administrator_client.get(f"/customization/kinds/{KIND}/new/").content.decode()
    made = administrator_client.post(f"/customization/kinds/{KIND}/new/", {
        "label": "Limit", "type": "lookup", "shown": "counterparty.x_limit",
    })  # fmt: skip

    assert "Counterparty → Segment" in page
    assert made.status_code == 302
    field = CustomField.objects.get(type="lookup")
    assert field.recipe == {"through": "counterparty", "field": "x_limit"}
    assert 'value="counterparty.x_limit" selected' in administrator_client.get(
        f"/customization/fields/{field.pk}/"
    ).content.decode()

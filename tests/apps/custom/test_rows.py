"""Lists of own objects: what every list can do."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from apps.accounts.models import User
from apps.core import objects
from apps.core.models import BulkJob, SavedView
from apps.custom import services
from apps.custom.models import CustomRow
from apps.custom.services import FieldValues
from tenants.models import Company

LIST = "/customization/rows/o_equipment/"
LATHES = '["name","contains","lathe"]'


@pytest.fixture
def machines(company: Company, administrator: User) -> None:
    """Three lathes and a saw, each with a colour."""
    services.save_object(values={"label": "Machine", "label_plural": "Equipment"})
    services.add_field(
        kind="o_equipment", values=FieldValues(label="Colour", type="text")
    )
    kind = objects.kind("o_equipment")
    for name in ("Lathe 1", "Lathe 2", "Lathe 3", "Saw"):
        objects.save(kind, values={"name": name, "x_colour": "grey"}, by=administrator)


def colours() -> dict[str, Any]:
    return {row.name: row.custom.get("x_colour") for row in CustomRow.objects.order_by("name")}


def test_a_view_of_an_own_object_is_saved_and_counted(
    machines: None, manager_client: Client
) -> None:
    """G006, G048: a list of an own object keeps views like every other."""
    manager_client.post("/objects/o_equipment/views/", {
        "list": "own.o_equipment", "name": "Lathes", "address": f"f={LATHES}",
        "back": LIST,
    })  # fmt: skip
    view = SavedView.objects.get()

    shown = manager_client.get(f"{LIST}?view={view.pk}", {"f": LATHES}).content.decode()
    sizes = manager_client.get(
        "/objects/o_equipment/sizes/", {"list": "own.o_equipment"}
    ).content.decode()

    assert view.list_key == "own.o_equipment"
    assert "Lathe 2" in shown
    assert "Saw" not in shown
    assert "Lathes" in shown
    assert "3" in sizes


def test_an_own_field_of_all_that_match_is_changed_and_taken_back(
    machines: None, manager_client: Client
) -> None:
    """G048: many rows at once, also by an own field, with undo."""
    manager_client.post(f"/objects/o_equipment/many/?list=own.o_equipment&f={LATHES}", {
        "all": "yes", "field": "x_colour", "value": "green", "back": LIST,
    })  # fmt: skip
    changed = colours()

    manager_client.post(f"/jobs/{BulkJob.objects.get().pk}/undo/")

    assert changed == {"Lathe 1": "green", "Lathe 2": "green", "Lathe 3": "green", "Saw": "grey"}
    assert set(colours().values()) == {"grey"}


def test_many_rows_go_into_the_archive(machines: None, manager_client: Client) -> None:
    saw = CustomRow.objects.get(name="Saw")

    manager_client.post(
        "/objects/o_equipment/many/?list=own.o_equipment",
        {"id": [str(saw.pk)], "how": "archive", "back": LIST},
    )

    assert CustomRow.objects.get(pk=saw.pk).is_archived
    assert "Saw" not in manager_client.get(LIST).content.decode()


def test_a_cell_of_an_own_object_is_changed_in_its_list(
    machines: None, manager_client: Client
) -> None:
    saw = CustomRow.objects.get(name="Saw")
    address = f"/objects/o_equipment/{saw.pk}/x_colour/?list=own.o_equipment"
    seen = saw.updated_at.isoformat()

    answer = manager_client.post(address, {"value": "red", "seen": seen})

    assert answer.status_code == 200
    assert colours()["Saw"] == "red"


def test_nothing_of_another_company_is_reached(
    machines: None, company: Company, rival_owner_client: Client
) -> None:
    answers = [
        rival_owner_client.get(LIST),
        rival_owner_client.get("/objects/o_equipment/sizes/", {"list": "own.o_equipment"}),
        rival_owner_client.post("/objects/o_equipment/many/?list=own.o_equipment", {
            "all": "yes", "field": "x_colour", "value": "black",
        }),
    ]  # fmt: skip

    assert [each.status_code for each in answers] == [404, 404, 404]
    assert set(colours().values()) == {"grey"}


def test_a_list_that_is_none_is_no_list(manager_client: Client, company: Company) -> None:
    answer = manager_client.post(
        "/objects/counterparties/many/?list=own.counterparties", {"all": "yes", "field": "comment"}
    )

    assert answer.status_code in {400, 404}


def test_rows_of_an_own_object_are_grouped(
    machines: None, manager_client: Client, manager: User, administrator: User
) -> None:
    """G006: a list of an own object is grouped like every other."""
    CustomRow.objects.filter(name="Saw").update(responsible=manager)

    grouped = manager_client.get(LIST, {"group": "responsible"}).content.decode()
    of_one = {"group": "responsible", "in": str(manager.pk), "part": "rows"}
    opened = manager_client.get(LIST, of_one).content.decode()

    assert str(administrator) in grouped
    assert "Lathe 1" not in grouped
    assert "Saw" in opened
    assert "Lathe 1" not in opened

"""Own fields, own objects, cards and menus by the API, as on their pages."""

from __future__ import annotations

import json
from typing import Any

import pytest

from apps.accounts.models import User
from apps.custom import layouts, menus, own_arrangement
from apps.custom.models import CardLayout, CustomField, CustomObject, MenuLayout
from tenants.models import Company
from tests.apps.custom.asking import ask


def write(user: User, path: str, body: dict[str, Any], method: str = "PATCH") -> Any:
    return ask(user, path, method, json.dumps(body))


def a_field(owner: User, **more: Any) -> Any:
    body = {"kind": "counterparties", "label": "Colour", "type": "text", **more}
    return write(owner, "own_fields", body, "POST")


def test_a_field_is_in_the_api_as_soon_as_it_is_made(company: Company, owner: User) -> None:
    """F241, G069: the next request writes it."""
    made = a_field(
        owner, type="choice", choices=[{"label": "Red"}, {"label": "Green"}], is_required=False
    )
    customer = write(owner, "counterparties", {"name": "Alfa", "x_colour": "red"}, "POST")

    assert (made.status_code, made.json()["key"]) == (201, "x_colour")
    assert made.json()["choices"][0] == {"value": "red", "label": "Red"}
    assert (customer.status_code, customer.json()["x_colour"]) == (201, "red")


def test_a_field_is_renamed_moved_retired_and_brought_back(company: Company, owner: User) -> None:
    """F241: its key, its type and its values stay."""
    first = a_field(owner).json()["id"]
    second = a_field(owner, label="Size").json()["id"]

    renamed = write(owner, f"own_fields/{first}", {"label": "Hue"})
    write(owner, f"own_fields/{second}/move", {"place": 1}, "POST")
    gone = ask(owner, f"own_fields/{first}", "DELETE")
    hidden = ask(owner, "counterparties?fields=x_colour")
    back = ask(owner, f"own_fields/{first}/bring-back", "POST")
    retyped = write(owner, f"own_fields/{first}", {"type": "number"})

    assert (renamed.json()["label"], renamed.json()["key"]) == ("Hue", "x_colour")
    assert (gone.status_code, hidden.status_code, back.status_code) == (204, 400, 200)
    assert back.json()["is_archived"] is False
    assert retyped.status_code == 422
    order = CustomField.objects.order_by("position").values_list("label", flat=True)
    assert list(order) == ["Size", "Hue"]


def test_a_computed_field_names_others_by_key(company: Company, owner: User) -> None:
    """F241: one that others are computed of is not taken out of use."""
    number = a_field(owner, label="Weight", type="number").json()["id"]
    made = a_field(owner, label="Double", type="formula", formula="[Weight] * 2")
    refused = ask(owner, f"own_fields/{number}", "DELETE")

    assert made.json()["formula"] == "x_weight * 2"
    assert refused.status_code == 422
    assert "Double" in refused.json()["detail"]


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"kind": "stock"}, "kind"),
        ({"type": "colour"}, "type"),
        ({"type": "choice"}, "choices"),
        ({"type": "relation", "related": "moon"}, "related"),
        ({"type": "formula", "formula": "[Moon] + 1"}, "formula"),
        ({"key": "x_ä"}, "key"),
        ({"label": ""}, "label"),
        ({"type": "number", "default": "many"}, "default"),
    ],
    ids=["takes none", "no type", "no choices", "leads nowhere", "unknown name", "key", "no name",
         "default"],
)  # fmt: skip
def test_a_wrong_field_is_refused(
    company: Company, owner: User, more: dict[str, Any], field: str
) -> None:
    answer = a_field(owner, **more)

    assert (answer.status_code, list(answer.json()["errors"])) == (422, [field])
    assert not CustomField.objects.exists()


def test_an_object_is_made_used_retired_and_brought_back(company: Company, owner: User) -> None:
    """F241: its rows have an address of the API at once."""
    body = {"label": "Vehicle", "label_plural": "Vehicles", "icon": "tag"}
    made = write(owner, "own_objects", body, "POST").json()
    row = write(owner, made["key"], {"name": "Van"}, "POST")
    renamed = write(owner, f"own_objects/{made['id']}", {"label_plural": "Cars"})
    ask(owner, f"own_objects/{made['id']}", "DELETE")
    away = ask(owner, made["key"])
    ask(owner, f"own_objects/{made['id']}/bring-back", "POST")

    assert (row.status_code, renamed.json()["key"]) == (201, made["key"])
    assert away.status_code == 404
    assert ask(owner, made["key"]).json()["data"][0]["name"] == "Van"


def test_an_object_needs_a_name(company: Company, owner: User) -> None:
    answer = write(owner, "own_objects", {"label": "", "label_plural": "X"}, "POST")

    assert (answer.status_code, list(answer.json()["errors"])) == (422, ["label"])
    assert not CustomObject.objects.exists()


def test_a_card_is_arranged_for_a_role(company: Company, owner: User, manager: User) -> None:
    """F241, G021: a tab, a group of fields and the places of parts."""
    made = write(owner, "card_layouts", {
        "kind": "counterparties", "role": "manager",
        "tabs": [{"key": "money", "label": "Money"}],
        "groups": [{"key": "codes", "label": "Codes", "fields": "tax_number,phone"}],
        "parts": [{"key": "group:codes", "place": "tab:money"}],
    }, "POST")  # fmt: skip
    twice = write(owner, "card_layouts", {"kind": "counterparties", "role": "manager"}, "POST")

    row = CardLayout.objects.get()
    card = layouts.arranged(layouts.objects.kind("counterparties"), row.value)
    assert (made.status_code, twice.status_code) == (201, 422)
    assert card.tabs[0].label == "Money"
    assert [part.fields for part in card.at("tab:money")] == [("tax_number", "phone")]
    assert ask(owner, f"card_layouts/{row.pk}", "DELETE").status_code == 204


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"kind": "stock"}, "kind"),
        ({"role": "king"}, "role"),
        ({"parts": [{"key": "moon", "place": "left"}]}, "parts"),
        ({"parts": [{"key": "group:a", "place": "sky"}],
          "groups": [{"key": "a", "label": "A", "fields": "phone"}]}, "parts"),
        ({"groups": [{"key": "a", "label": "A", "fields": "moon"}]}, "groups"),
        ({"tabs": [{"key": "<b>", "label": "A"}]}, "tabs"),
    ],
    ids=["no card", "no role", "no part", "no place", "no field", "no key"],
)  # fmt: skip
def test_a_wrong_card_is_refused(
    company: Company, owner: User, more: dict[str, Any], field: str
) -> None:
    answer = write(owner, "card_layouts", {"kind": "counterparties", **more}, "POST")

    assert (answer.status_code, list(answer.json()["errors"])) == (422, [field])
    assert not CardLayout.objects.exists()


def test_the_menu_of_a_role_and_one_s_own(company: Company, owner: User, manager: User) -> None:
    """F241, F250: what is left out of the side bar stays where it is."""
    made = write(owner, "menus", {
        "role": "manager", "entries": [{"key": "deals", "is_hidden": True}]
    }, "POST")  # fmt: skip
    own = write(manager, "my_menu", {"entries": [{"key": "invoices", "is_hidden": False}]})
    wrong = write(manager, "my_menu", {"entries": [{"key": "moon"}]})
    kept = own_arrangement.stored_menu(manager)
    back = write(manager, "my_menu", {"entries": []})

    assert (made.status_code, own.status_code, wrong.status_code) == (201, 200, 422)
    assert kept == menus.arranged([{"key": "invoices", "is_hidden": False}])
    assert menus.stored_menu("manager").hidden == {"deals"}
    assert {"key": "deals", "is_hidden": True} in back.json()["entries"]
    assert "people" not in {each["key"] for each in back.json()["entries"]}


@pytest.mark.parametrize("path", ["own_fields", "own_objects", "card_layouts", "menus"])
def test_who_may_not_arrange_reads_and_writes_nothing(
    company: Company, owner: User, manager: User, path: str
) -> None:
    """F219: not even by the key of a row."""
    menus.save_menu(role="manager", entries=[], by=owner)
    row = MenuLayout.objects.get().pk

    assert ask(manager, path).status_code == 403
    assert write(manager, path, {"label": "Mine"}, "POST").status_code == 403
    assert write(manager, f"menus/{row}", {"entries": []}).status_code == 403
    assert ask(manager, f"menus/{row}", "DELETE").status_code == 403

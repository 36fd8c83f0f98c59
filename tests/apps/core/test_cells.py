"""One cell edited in the list: saved, taken back, refused, changed by somebody else."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apps.counterparties.models import Counterparty
from tenants.models import Company

pytestmark = pytest.mark.usefixtures("company")


@pytest.fixture
def partner(company: Company) -> Counterparty:
    """A customer with a phone."""
    return Counterparty.objects.create(name="Nail Ltd", sort_name="nail ltd", phone="111")


def at(partner: Counterparty, field: str = "phone") -> str:
    return f"/objects/counterparties/{partner.pk}/{field}/"


def seen(partner: Counterparty) -> str:
    return partner.updated_at.isoformat()


def test_a_cell_is_saved_and_taken_back(partner: Counterparty, manager_client: Client) -> None:
    """G010: changed in the cell, with «Undo» in the toast."""
    assert 'value="111"' in manager_client.get(at(partner)).content.decode()

    answer = manager_client.post(at(partner), {
        "value": "222", "seen": seen(partner), "list": "counterparties", "column": "phone",
    })  # fmt: skip
    partner.refresh_from_db()
    assert ">222<" in answer.content.decode()
    assert partner.phone == "222"

    undo = json.loads(answer["HX-Trigger"])["toast"]["undo"]["url"]
    assert manager_client.post(undo).status_code == 204
    partner.refresh_from_db()
    assert partner.phone == "111"
    assert manager_client.post(undo).status_code == 404


def test_undo_leaves_what_was_changed_since(partner: Counterparty, manager_client: Client) -> None:
    answer = manager_client.post(at(partner), {"value": "222", "seen": seen(partner)})
    Counterparty.objects.filter(pk=partner.pk).update(
        phone="333", updated_at=timezone.now() + timedelta(seconds=1)
    )

    told = manager_client.post(json.loads(answer["HX-Trigger"])["toast"]["undo"]["url"])

    partner.refresh_from_db()
    assert partner.phone == "333"
    assert "changed since" in told["HX-Trigger"]


def test_undo_is_for_who_edited(
    partner: Counterparty, manager_client: Client, owner_client: Client, rival_owner_client: Client
) -> None:
    answer = manager_client.post(at(partner), {"value": "222", "seen": seen(partner)})
    undo = json.loads(answer["HX-Trigger"])["toast"]["undo"]["url"]

    assert owner_client.post(undo).status_code == 404
    assert rival_owner_client.post(undo).status_code == 404


def test_a_refusal_stands_at_the_cell_and_changes_nothing(
    partner: Counterparty, manager_client: Client
) -> None:
    answer = manager_client.post(at(partner, "name"), {"value": " ", "seen": seen(partner)})

    partner.refresh_from_db()
    assert answer.status_code == 422
    assert "This field is required." in answer.content.decode()
    assert partner.name == "Nail Ltd"


def test_the_second_editor_is_told_and_nothing_is_lost(
    partner: Counterparty, manager_client: Client
) -> None:
    """F269, G029: the second sees what the first wrote, and may put theirs in its place."""
    before = seen(partner)
    manager_client.post(at(partner), {"value": "333", "seen": before})

    second = manager_client.post(at(partner), {"value": "444", "seen": before})

    partner.refresh_from_db()
    page = second.content.decode()
    assert second.status_code == 409
    assert "333" in page
    assert 'value="444"' in page
    assert partner.phone == "333"
    assert manager_client.post(
        at(partner), {"value": "444", "seen": seen(partner)}
    ).status_code == 200  # fmt: skip


def test_what_is_not_written_here_says_so(partner: Counterparty, manager_client: Client) -> None:
    """F005: a field that is read only is said to be."""
    page = manager_client.get(at(partner, "created_at")).content.decode()
    answer = manager_client.post(at(partner, "created_at"), {"value": "2020-01-01"})

    assert "is not changed here" in page
    assert "is not changed here" in answer.content.decode()


def test_who_may_only_look_does_not_edit(partner: Counterparty, accountant_client: Client) -> None:
    assert accountant_client.get(at(partner)).status_code == 403
    assert accountant_client.post(at(partner), {"value": "x"}).status_code == 403


def test_a_card_that_was_opened_stands_in_the_side_bar(
    partner: Counterparty, manager_client: Client, accountant_client: Client
) -> None:
    """G005: the latest cards and own pins in the side bar."""
    card = f"/counterparties/{partner.pk}/"

    shown = manager_client.post("/side-bar/", {"url": card}).content.decode()
    manager_client.post("/pins/", {"url": card})

    assert "Nail Ltd" in shown
    assert "Favourites" in manager_client.get("/side-bar/").content.decode()
    assert "Nail Ltd" in manager_client.get("/counterparties/?q=zz").content.decode()
    assert "Nail Ltd" not in accountant_client.get("/side-bar/").content.decode()


def test_only_ten_cards_are_recent(company: Company, manager_client: Client) -> None:
    for number in range(12):
        row = Counterparty.objects.create(name=f"Row {number:02}", sort_name=f"row {number:02}")
        manager_client.post("/side-bar/", {"url": f"/counterparties/{row.pk}/"})

    page = manager_client.get("/side-bar/").content.decode()

    assert page.count("<li>") == 10
    assert "Row 11" in page
    assert "Row 01" not in page


def test_a_page_asks_no_table_for_the_side_bar(
    partner: Counterparty, manager_client: Client
) -> None:
    """G005: what the side bar costs a page."""
    with CaptureQueriesContext(connection) as asked:
        manager_client.get("/counterparties/")

    assert not [each for each in asked if "core_remembered" in each["sql"]]


def test_an_address_that_is_no_card_is_not_pinned(
    company: Company, manager_client: Client, rival_owner_client: Client, partner: Counterparty
) -> None:
    for url in ("https://evil.example/", "/nowhere/", "//evil.example", "/accounts/logout/"):
        assert manager_client.post("/pins/", {"url": url}).status_code == 404
    card = f"/counterparties/{partner.pk}/"

    assert rival_owner_client.post("/pins/", {"url": card}).status_code == 404
    assert rival_owner_client.post("/side-bar/", {"url": card}).status_code == 404


def test_the_palette_lists_what_can_be_done(manager_client: Client) -> None:
    """G001: «>» lists actions."""
    page = manager_client.get("/search/?q=>", headers={"HX-Request": "true"}).content.decode()

    assert "New customer" in page
    assert 'href="/counterparties/"' in page


def test_single_keys_are_switched_off(manager_client: Client) -> None:
    """G004: single keys can be switched off."""
    manager_client.post("/preferences/", {"keys": "off", "next": "/"})

    assert "data-no-keys" in manager_client.get("/counterparties/").content.decode()

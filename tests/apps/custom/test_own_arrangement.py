"""What people arrange for themselves: the menu and cards, before what their role has."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django_tenants.utils import tenant_context

from apps.accounts.models import User
from apps.core import navigation, objects
from apps.counterparties.models import Counterparty
from apps.custom import menus
from apps.custom.models import PersonalArrangement
from tenants.models import Company
from tests.apps.custom.test_layouts import customer, no_menu_is_remembered, posted

__all__ = ["customer", "no_menu_is_remembered"]
MENU, CARD = "/customization/mine/", "/customization/mine/counterparties/"


def test_one_arranges_ones_own_menu_and_others_keep_theirs(
    company: Company, manager_client: Client, owner_client: Client
) -> None:
    """F244: the order of the menu, and what is left out of it, per user; reset goes back."""
    entries = menus_on(manager_client.get(MENU).content.decode())
    assert "people" not in entries  # nothing stands there that the role does not see
    first, second, third = entries[:3]
    wanted = [second, first, *entries[2:]]
    address = next(reverse(each.url_name) for each in navigation.items() if each.key == third)
    assert f'href="{address}"' in manager_client.get("/accounts/profile/").content.decode()

    manager_client.post(MENU, {"entry": wanted, "shown": [e for e in entries if e != third]})

    assert menus_on(manager_client.get(MENU).content.decode()) == wanted
    assert f'href="{address}"' not in manager_client.get("/accounts/profile/").content.decode()
    assert f'href="{address}"' in owner_client.get("/accounts/profile/").content.decode()
    assert menus_on(owner_client.get(MENU).content.decode())[0] == first
    manager_client.post(MENU, {"do": "reset"})
    assert menus_on(manager_client.get(MENU).content.decode()) == entries


def menus_on(page: str) -> list[str]:
    """The entries that a page arranges, in their order."""
    return re.findall(r'name="entry" value="([^"]+)"', page)


def test_one_arranges_ones_own_card(
    company: Company, customer: Counterparty, manager_client: Client, owner_client: Client
) -> None:
    """F244: the layout of a card per user: an own tab and a hidden part count for oneself alone."""
    given = posted("counterparties")
    hidden = next(key for key, place in pairs(given) if place == "right")
    manager_client.post(CARD, {**given, "do": "add_tab", "name": "Close at hand"})
    with_tab = manager_client.get(CARD).content.decode()
    assert "Close at hand" in with_tab

    manager_client.post(CARD, {**given, f"place:{hidden}": "hidden"})

    kind = objects.kind("counterparties")
    stored = PersonalArrangement.objects.get(key="card:counterparties").value
    assert {"key": hidden, "place": "hidden"} in stored["parts"]
    address = f"/counterparties/{customer.pk}/"
    mine, theirs = (client.get(address).content for client in (manager_client, owner_client))
    assert mine != theirs
    assert kind.key == "counterparties"
    manager_client.post(CARD, {"do": "reset"})
    assert PersonalArrangement.objects.get(key="card:counterparties").value is None


def pairs(given: dict[str, Any]) -> list[tuple[str, str]]:
    return [(name.removeprefix("place:"), place) for name, place in given.items()
            if name.startswith("place:")]  # fmt: skip


@pytest.mark.parametrize("kind", ["nothing", "invoices"])
def test_a_card_that_is_not_arranged_leads_nowhere(manager_client: Client, kind: str) -> None:
    assert manager_client.get(f"/customization/mine/{kind}/").status_code == 404


def test_an_arrangement_stays_in_its_company(
    acme: Company, manager: User, manager_client: Client, rival: Company
) -> None:
    entries = menus_on(manager_client.get(MENU).content.decode())
    manager_client.post(MENU, {"entry": entries[::-1], "shown": entries})

    with tenant_context(rival):
        assert not PersonalArrangement.objects.exists()
        someone = User.objects.create_user(email="x@rival.example")
        assert menus.menu_of(someone).order == {}

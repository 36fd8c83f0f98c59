"""Cards and menus as administrators arrange them, for everybody or for one role."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django_tenants.utils import tenant_context

from apps.accounts.models import User
from apps.core import objects
from apps.counterparties.models import ContactPerson, Counterparty
from apps.custom import layouts, menus
from apps.custom import services as custom
from apps.custom.layouts import stored_layout
from apps.custom.models import CardLayout, MenuLayout
from apps.custom.services import FieldValues
from tenants.audit.models import SecurityEvent
from tenants.models import Company
from tests.apps.deals.conftest import Funnel, funnel, shop

__all__ = ["funnel", "shop"]

PAGE = "/customization/kinds/counterparties/layout/"


@pytest.fixture(autouse=True)
def no_menu_is_remembered() -> None:
    """The menu of each role is remembered for a while; tests begin without."""
    from django.core.cache import cache

    cache.clear()


@pytest.fixture
def customer(acme: Company, manager: User) -> Counterparty:
    """A customer with a contact person."""
    with tenant_context(acme):
        made = Counterparty.objects.create(name="Alfa", sort_name="alfa", responsible=manager)
        ContactPerson.objects.create(counterparty=made, full_name="Anna Arkhipova")
        return made


def posted(kind: str, role: str = "", **more: Any) -> dict[str, Any]:
    """Return what the page would post, with some of it changed."""
    stands = stored_layout(objects.kind(kind), role)
    given: dict[str, Any] = {
        "part": [part.key for part in stands.parts], "tab": [tab.key for tab in stands.tabs],
        **{f"place:{key}": place for key, place in stands.places.items()},
        **{f"tab_label:{tab.key}": str(tab.label) for tab in stands.tabs},
    }  # fmt: skip
    return given | {name.replace("__", ":"): value for name, value in more.items()}


def arrange(client: Client, acme: Company, kind: str, role: str = "", **more: Any) -> Any:
    with tenant_context(acme):
        given = posted(kind, role, **more)
    page = f"/customization/kinds/{kind}/layout/" + (f"?role={role}" if role else "")
    return client.post(page, given)


def test_contact_persons_move_into_a_tab_without_code(
    administrator_client: Client, manager_client: Client, acme: Company, customer: Counterparty
) -> None:
    """G025: the section «Contact persons» stands in a tab of its own from the next page."""
    arrange(administrator_client, acme, "counterparties", do="add_tab", name="People")
    moved = {"place:counterparties.card.people": "tab:t1"}
    arrange(administrator_client, acme, "counterparties", **moved)

    card = manager_client.get(f"/counterparties/{customer.pk}/").content.decode()
    tab = manager_client.get(f"/counterparties/{customer.pk}/?tab=t1").content.decode()

    assert ">People</a>" in card
    assert "Anna Arkhipova" not in card
    assert "Anna Arkhipova" in tab


def test_a_role_has_a_card_of_its_own(
    administrator_client: Client, manager_client: Client, accountant_client: Client,
    acme: Company, customer: Counterparty,
) -> None:  # fmt: skip
    """G025: the accountant's card leaves contact persons out, the manager's keeps them."""
    hidden = {"place:counterparties.card.people": "hidden"}

    arrange(administrator_client, acme, "counterparties", "accountant", **hidden)

    for_accountant = accountant_client.get(f"/counterparties/{customer.pk}/").content.decode()
    for_manager = manager_client.get(f"/counterparties/{customer.pk}/").content.decode()
    assert ("Anna Arkhipova" in for_accountant, "Anna Arkhipova" in for_manager) == (False, True)


def test_fields_are_grouped_in_the_order_they_were_put(
    administrator_client: Client, manager_client: Client, acme: Company, customer: Counterparty
) -> None:
    """G025: a group of fields stands on the card, and nothing repeats them."""
    with tenant_context(acme):
        custom.add_field(kind="counterparties", values=FieldValues("Gate", key="gate"))
        objects.save(
            objects.kind("counterparties"), values={"x_gate": "North 7", "source": "Fair"},
            by=None, key=customer.pk,
        )  # fmt: skip
    arrange(administrator_client, acme, "counterparties", do="add_group", name="Logistics")
    chosen = {
        "group_label:group:g1": "Logistics", "group_field:group:g1": ["x_gate", "source"],
        "place:group:g1": "left",
    }  # fmt: skip
    arrange(administrator_client, acme, "counterparties", **chosen)

    card = manager_client.get(f"/counterparties/{customer.pk}/").content.decode()

    group = card[card.index("<h2>Logistics</h2>") :]
    assert group.index("North 7") < group.index("Fair")
    assert card.count("North 7") == 1


@pytest.mark.parametrize("way", ["up", "down"])
def test_the_order_is_changed_by_buttons_alone(
    administrator_client: Client, acme: Company, way: str
) -> None:
    """G025: by keyboard, without a script."""
    with tenant_context(acme):
        before = [p.key for p in stored_layout(objects.kind("counterparties"), "").at("left")]
    key = before[1]

    arrange(administrator_client, acme, "counterparties", do=f"{way}:{key}")

    with tenant_context(acme):
        after = [p.key for p in stored_layout(objects.kind("counterparties"), "").at("left")]
    assert after.index(key) == (0 if way == "up" else 2)
    assert sorted(after) == sorted(before)


def test_an_own_tab_goes_and_leaves_its_parts(
    administrator_client: Client, acme: Company
) -> None:
    arrange(administrator_client, acme, "counterparties", do="add_tab", name="People")
    moved = {"place:counterparties.card.people": "tab:t1", "do": "remove_tab:t1"}

    arrange(administrator_client, acme, "counterparties", **moved)

    with tenant_context(acme):
        layout = stored_layout(objects.kind("counterparties"), "")
    assert "t1" not in {tab.key for tab in layout.tabs}
    assert layout.places["counterparties.card.people"] == "tab:timeline"


def test_a_damaged_layout_shows_the_card_as_at_first(
    manager_client: Client, acme: Company, customer: Counterparty
) -> None:
    with tenant_context(acme):
        CardLayout.objects.create(
            kind="counterparties", value={"parts": [{"key": "gone", "place": "nowhere"}]}
        )

    card = manager_client.get(f"/counterparties/{customer.pk}/")

    assert card.status_code == 200
    assert b"Anna Arkhipova" in card.content


def test_going_back_shows_the_card_as_at_first(
    administrator_client: Client, acme: Company
) -> None:
    arrange(administrator_client, acme, "counterparties", do="add_tab", name="People")

    administrator_client.post(PAGE, {"do": "reset"})

    with tenant_context(acme):
        assert not CardLayout.objects.exists()


def test_the_cards_of_deals_persons_and_own_objects_are_arranged_too(
    administrator_client: Client, funnel: Funnel, manager_client: Client, acme: Company
) -> None:
    """G025: every card whose kind can be arranged answers with each of its tabs."""
    with tenant_context(acme):
        deal = funnel.deal(comment="Wants blue nails")
        person = ContactPerson.objects.create(
            counterparty=funnel.shop.customer, full_name="Anna Arkhipova"
        )
        own = custom.save_object(
            values={"label": "Vehicle", "label_plural": "Vehicles", "icon": "package"}
        )
        row = objects.save(objects.kind(own.key), values={"name": "Truck"}, by=None)
    cards = {
        "deals": (f"/deals/{deal.pk}/", "comment", "Wants blue nails"),
        "contacts": (f"/counterparties/people/{person.pk}/", "roles", "Where this person works"),
        own.key: (f"/customization/row/{row.pk}/", "facts", "Responsible"),
    }  # fmt: skip

    for kind, (address, part, text) in cards.items():
        arrange(administrator_client, acme, kind, do="add_tab", name="More")
        arrange(administrator_client, acme, kind, **{f"place:{part}": "tab:t1"})

        assert text in manager_client.get(f"{address}?tab=t1").content.decode(), kind


def test_every_kind_offers_each_of_its_parts(
    administrator_client: Client, acme: Company
) -> None:
    with tenant_context(acme):
        kinds = {each.key: layouts.stored_layout(each, "") for each in layouts.arranged_kinds()}

    for kind, layout in kinds.items():
        page = administrator_client.get(f"/customization/kinds/{kind}/layout/").content.decode()
        offered = re.findall(r'name="part" value="([^"]+)"', page)
        assert sorted(offered) == sorted(part.key for part in layout.parts)
        assert all(str(part.label) != part.key for part in layout.parts)
    assert {"counterparties", "contacts", "deals"} <= kinds.keys()


def test_the_menu_of_a_role_has_its_order_and_leaves_entries_out(
    administrator_client: Client, manager_client: Client, accountant_client: Client, acme: Company
) -> None:
    """G025: the side bar of one role; what is left out still answers."""
    page = administrator_client.get("/customization/menu/?role=manager").content.decode()
    keys = re.findall(r'name="entry" value="([^"]+)"', page)
    keys.remove("deals")
    wanted = {"entry": ["deals", *keys], "shown": [key for key in ["deals", *keys]
                                                   if key != "invoices"]}  # fmt: skip

    administrator_client.post("/customization/menu/?role=manager", wanted)

    def menu(client: Client) -> list[str]:
        text = client.get("/counterparties/").content.decode()
        return re.findall(r'<li><a href="([^"]+)"', text[text.index('<ul class="nav">') :])

    assert menu(manager_client)[0] == "/deals/"
    assert "/invoices/" not in menu(manager_client)
    assert "/invoices/" in menu(accountant_client)
    assert manager_client.get("/invoices/").status_code == 200


def test_arranging_stands_in_the_security_log(
    administrator_client: Client, acme: Company
) -> None:
    arrange(administrator_client, acme, "counterparties", do="add_tab", name="People")
    administrator_client.post("/customization/menu/", {"entry": ["deals"], "shown": []})

    with tenant_context(acme):
        kinds = set(SecurityEvent.objects.values_list("kind", flat=True))
    assert {"layouts.changed", "menus.changed"} <= kinds


def test_who_may_not_customize_arranges_nothing(
    manager_client: Client, manager: User, acme: Company
) -> None:
    answers = [
        manager_client.post(PAGE, {"do": "add_tab", "name": "X"}).status_code,
        manager_client.post("/customization/menu/", {"entry": ["deals"]}).status_code,
        manager_client.get(PAGE).status_code,
    ]

    assert answers == [403, 403, 403]
    with tenant_context(acme):
        assert not CardLayout.objects.exists()
        assert not MenuLayout.objects.exists()


def test_another_company_keeps_its_own_cards_and_menu(
    administrator_client: Client, administrator: User, rival: Company, rival_owner: User,
    acme: Company,
) -> None:  # fmt: skip
    arrange(administrator_client, acme, "counterparties", do="add_tab", name="People")
    with tenant_context(acme):
        menus.save_menu(
            role="", entries=[{"key": "deals", "is_hidden": True}], by=administrator
        )
        assert menus.menu_of(administrator).hidden == {"deals"}

    with tenant_context(rival):
        layout = layouts.layout_for(objects.kind("counterparties"), rival_owner)
        assert "t1" not in {tab.key for tab in layout.tabs}
        assert menus.menu_of(rival_owner).hidden == frozenset()


def test_a_role_that_is_not_there_is_none(administrator_client: Client) -> None:
    assert administrator_client.get(f"{PAGE}?role=nobody").status_code == 404

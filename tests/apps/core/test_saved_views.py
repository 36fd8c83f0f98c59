"""Saved views: tabs of a list, shared and found again by their address."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from apps.accounts.models import User
from apps.core import saved
from apps.core.models import SavedView
from apps.counterparties.models import Counterparty
from tenants.models import Company
from tests.apps.deals.conftest import funnel, shop

__all__ = ["funnel", "shop"]

pytestmark = pytest.mark.usefixtures("company")
LIST, VIEWS = "/counterparties/", "/objects/counterparties/views/"
NAIL = 'f=["name","contains","nail"]'


@pytest.fixture
def rows(company: Company) -> None:
    """Two customers."""
    for name in ("Nail Ltd", "Board Ltd"):
        Counterparty.objects.create(name=name, sort_name=name.lower())


def save(client: Client, **values: str) -> str:
    posted = {"list": "counterparties", "back": LIST, "name": "Nails", "address": NAIL, **values}
    return str(client.post(VIEWS, posted)["Location"])


def test_the_address_of_a_view_shows_a_colleague_the_same(
    rows: None, manager_client: Client, accountant_client: Client
) -> None:
    """G006, G007: save and share a view; its address opens the same for a colleague."""
    address = save(manager_client, sharing="company")

    page = accountant_client.get(address).content.decode()

    assert "Nail Ltd" in page
    assert "Board Ltd" not in page
    assert "Nails" in page


def test_the_address_of_a_private_view_shows_the_rows_and_not_the_tab(
    rows: None, manager_client: Client, accountant_client: Client
) -> None:
    address = save(manager_client, name="Mine alone")

    page = accountant_client.get(address).content.decode()

    assert "Board Ltd" not in page
    assert "Mine alone" not in page


def test_a_view_tells_how_many_rows_it_has_now(rows: None, manager_client: Client) -> None:
    """F124: a saved segment counts itself anew."""
    save(manager_client)
    Counterparty.objects.create(name="Nail and more", sort_name="nail and more")

    page = manager_client.get("/objects/counterparties/sizes/?list=counterparties")

    assert ">2</small>" in page.content.decode()


def test_a_changed_view_carries_a_dot_until_it_is_saved(rows: None, manager_client: Client) -> None:
    address = save(manager_client)
    assert "Changed and not saved" not in manager_client.get(address).content.decode()

    changed = manager_client.get(f"{address}&sort=-name").content.decode()

    assert "Changed and not saved" in changed


def test_a_view_is_renamed_and_deleted(rows: None, manager_client: Client) -> None:
    save(manager_client)
    view = SavedView.objects.get()

    save(manager_client, view=str(view.pk), over="yes", name="Renamed", sharing="company")
    view.refresh_from_db()
    assert (view.name, view.sharing) == ("Renamed", "company")

    manager_client.post(f"/views/{view.pk}/", {"do": "delete", "back": LIST})
    assert not SavedView.objects.exists()


def test_the_view_an_administrator_chose_is_seen_first(
    rows: None, manager_client: Client, owner_client: Client
) -> None:
    save(manager_client, sharing="company")
    view = SavedView.objects.get()

    refused = manager_client.post(f"/views/{view.pk}/", {"do": "default", "back": LIST})
    owner_client.post(f"/views/{view.pk}/", {"do": "default", "back": LIST})

    assert refused.status_code == 403
    assert f"view={view.pk}" in manager_client.get(LIST)["Location"]
    assert manager_client.get(f"{LIST}?view=all").status_code == 200


def test_who_may_not_share_does_not(
    rows: None, accountant: User, accountant_client: Client
) -> None:
    answer = accountant_client.post(
        VIEWS, {"list": "counterparties", "name": "x", "sharing": "company"}
    )

    assert answer.status_code == 403
    assert not SavedView.objects.exists()


def test_somebody_elses_private_view_is_not_there(
    manager: User, accountant: User, accountant_client: Client
) -> None:
    view = saved.save_view(
        list_key="counterparties", name="Mine", address="", sharing="private", by=manager,
        may_share=True,
    )  # fmt: skip

    answer = accountant_client.post(f"/views/{view.pk}/", {"do": "delete"})

    assert answer.status_code == 404
    assert SavedView.objects.filter(pk=view.pk).exists()


def test_groups_tell_their_counts_and_open_their_rows(
    rows: None, owner: User, owner_client: Client
) -> None:
    """G020: rows grouped, with counts; a group's rows come when it is opened."""
    Counterparty.objects.filter(name="Nail Ltd").update(responsible=owner)

    page = owner_client.get(f"{LIST}?group=responsible").content.decode()
    opened = owner_client.get(f"{LIST}?group=responsible&part=rows&in={owner.pk}").content.decode()

    assert "Olga Owner</span> <small>1</small>" in page
    assert "Nail Ltd" not in page
    assert "Nail Ltd" in opened
    assert "Board Ltd" not in opened


def test_sums_stand_below_the_columns_and_in_the_groups(
    owner_client: Client, funnel: Any
) -> None:
    """G020: group deals by owner, with sums per group; totals in the foot."""
    funnel.deal("One", amount=Decimal("100.50"))
    funnel.deal("Two", amount=Decimal("200.25"))

    foot = owner_client.get("/deals/list/?part=totals").content.decode()
    groups = owner_client.get("/deals/list/?group=owner").content.decode()

    assert "300.75" in foot
    assert "300.75" in groups


def test_a_person_orders_columns_and_makes_them_wide(rows: None, owner_client: Client) -> None:
    """F244: columns per user."""
    owner_client.post("/preferences/columns/", {
        "list": "counterparties", "next": LIST, "column": ["phone", "tax_number"],
    })  # fmt: skip
    owner_client.post("/preferences/widths/", {"list": "counterparties", "w-phone": "222"})

    page = owner_client.get(LIST).content.decode()

    assert page.index('data-column="phone"') < page.index('data-column="tax_number"')
    assert 'data-width="222"' in page


def test_another_companys_view_is_not_there(rival_owner_client: Client, manager: User) -> None:
    view = saved.save_view(
        list_key="counterparties", name="Acme's", address="", sharing="company", by=manager,
        may_share=True,
    )  # fmt: skip

    assert rival_owner_client.post(f"/views/{view.pk}/", {"do": "delete"}).status_code == 404

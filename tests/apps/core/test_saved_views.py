"""Saved views: tabs of a list, shared and found again by their address."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client
from django.utils import timezone

from apps.accounts.models import Role, User
from apps.core import saved
from apps.core.models import FormerView, SavedView
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
        may_share=True, now=timezone.now(),
    )  # fmt: skip

    answer = accountant_client.post(f"/views/{view.pk}/", {"do": "delete"})

    assert answer.status_code == 404
    assert SavedView.objects.filter(pk=view.pk).exists()


@pytest.fixture
def colleague(company: Company) -> Client:
    """A second manager, who may share views too."""
    second = User.objects.create_user(email="second@acme.example", role=Role.MANAGER)
    browser = Client(headers={"host": "acme.localhost"})
    browser.force_login(second, backend="allauth.account.auth_backends.AuthenticationBackend")
    return browser


@pytest.fixture
def shared(rows: None, manager_client: Client) -> SavedView:
    """A view that the manager made for everybody."""
    save(manager_client, sharing="company")
    return SavedView.objects.get()


def seen(view: SavedView) -> str:
    """Return what a form carries that shows this version."""
    return view.updated_at.isoformat()


def latest() -> FormerView:
    """Return the latest former state of a view."""
    return FormerView.objects.order_by("-changed_at", "-id")[0]


def test_who_did_not_make_a_shared_view_is_offered_a_copy_first(
    shared: SavedView, manager_client: Client, colleague: Client, owner_client: Client
) -> None:
    """G006: a shared view is changed at once by its author and by who may change settings."""
    address = f"{LIST}?{NAIL}&view={shared.pk}"

    author, other = manager_client.get(address), colleague.get(address)
    administrator = owner_client.get(address)

    assert "Keep as my own" in other.content.decode()
    assert 'name="over" value="yes"' not in other.content.decode()
    for page in (author, administrator):
        assert 'name="over" value="yes"' in page.content.decode()
        assert "Keep as my own" not in page.content.decode()


def test_a_copy_is_ones_own_and_leaves_the_shared_view(
    shared: SavedView, colleague: Client
) -> None:
    save(colleague, view=str(shared.pk), name="Mine", address="sort=-name")

    shared.refresh_from_db()
    assert (shared.name, shared.address) == ("Nails", saved.state_of(QueryDict(NAIL)))
    assert SavedView.objects.get(name="Mine").sharing == "private"


@pytest.mark.parametrize("do", ["delete", "overwrite"])
def test_a_shared_view_is_not_changed_by_another_without_a_word_for_it(
    shared: SavedView, colleague: Client, do: str
) -> None:
    if do == "delete":
        answer = colleague.post(f"/views/{shared.pk}/", {"do": "delete", "back": LIST})
    else:
        answer = colleague.post(VIEWS, {
            "list": "counterparties", "view": str(shared.pk), "over": "yes", "name": "Theirs",
        })  # fmt: skip

    assert answer.status_code == 403
    shared.refresh_from_db()
    assert shared.name == "Nails"


def test_a_view_changed_for_everybody_stays_its_authors_and_seen_by_all(
    shared: SavedView, colleague: Client, manager: User
) -> None:
    save(colleague, view=str(shared.pk), over="everybody", name="Ours", sharing="private")

    shared.refresh_from_db()
    assert (shared.name, shared.user_id, shared.sharing) == ("Ours", manager.pk, "company")


def test_a_changed_view_is_brought_back_from_the_toast(
    shared: SavedView, colleague: Client
) -> None:
    address = save(colleague, view=str(shared.pk), over="everybody", name="Ours")
    undo = f"/former-views/{latest().pk}/"
    assert f'action="{undo}"' in colleague.get(address).content.decode()

    colleague.post(undo, {"undo": "yes", "back": LIST})

    shared.refresh_from_db()
    assert (shared.name, shared.address) == ("Nails", saved.state_of(QueryDict(NAIL)))


def test_a_deleted_view_is_brought_back_with_its_address(
    shared: SavedView, manager: User, colleague: Client, accountant_client: Client
) -> None:
    colleague.post(f"/views/{shared.pk}/", {"do": "delete-for-everybody", "back": LIST})
    assert not SavedView.objects.exists()

    colleague.post(f"/former-views/{latest().pk}/", {"undo": "yes", "back": LIST})

    again = SavedView.objects.get()
    assert (again.pk, again.user_id, again.sharing) == (shared.pk, manager.pk, "company")
    assert "Nails" in accountant_client.get(f"{LIST}?view={shared.pk}").content.decode()


def test_undo_does_not_undo_what_came_after_it(
    shared: SavedView, manager_client: Client, colleague: Client
) -> None:
    save(colleague, view=str(shared.pk), over="everybody", name="Ours")
    undo = f"/former-views/{latest().pk}/"
    save(manager_client, view=str(shared.pk), over="yes", name="Final", sharing="company")

    answer = colleague.post(undo, {"undo": "yes", "back": LIST}, follow=True)

    shared.refresh_from_db()
    assert shared.name == "Final"
    assert "It was changed since, and stays as it is." in answer.content.decode()


def test_earlier_views_stand_on_a_page_for_thirty_days(
    shared: SavedView, manager_client: Client
) -> None:
    manager_client.post(f"/views/{shared.pk}/", {"do": "delete", "back": LIST})
    page = "/objects/counterparties/former-views/?list=counterparties"
    assert "Nails" in manager_client.get(page).content.decode()

    FormerView.objects.update(changed_at=timezone.now() - timedelta(days=31))

    assert "Nails" not in manager_client.get(page).content.decode()
    assert manager_client.post(f"/former-views/{latest().pk}/").status_code == 404
    saved.forget_old(now=timezone.now())
    assert not FormerView.objects.exists()


def test_earlier_views_are_closed_to_who_did_not_make_or_change_them(
    shared: SavedView, manager_client: Client, colleague: Client, owner_client: Client
) -> None:
    save(manager_client, view=str(shared.pk), over="yes", name="Private now", sharing="private")
    page = "/objects/counterparties/former-views/?list=counterparties"

    for other in (colleague, owner_client):
        assert "Bring back" not in other.get(page).content.decode()
        assert other.post(f"/former-views/{latest().pk}/").status_code == 404
    assert "Bring back" in manager_client.get(page).content.decode()
    assert SavedView.objects.get().sharing == "private"


def test_who_may_change_settings_brings_a_deleted_shared_view_back(
    shared: SavedView, manager_client: Client, colleague: Client, owner_client: Client
) -> None:
    manager_client.post(f"/views/{shared.pk}/", {"do": "delete", "back": LIST})
    page = "/objects/counterparties/former-views/?list=counterparties"

    assert "Bring back" not in colleague.get(page).content.decode()
    owner_client.post(f"/former-views/{latest().pk}/", {"back": LIST})

    assert SavedView.objects.get().user_id == shared.user_id


def test_the_second_to_change_a_view_is_told_who_was_first(
    shared: SavedView, manager: User, manager_client: Client, owner_client: Client
) -> None:
    """F269, G029: nobody's change of a shared view is lost unseen."""
    opened = seen(shared)
    save(manager_client, view=str(shared.pk), over="yes", name="First", sharing="company")
    theirs = {
        "list": "counterparties", "back": LIST, "view": str(shared.pk), "over": "yes",
        "name": "Second", "address": "sort=-name", "seen": opened,
    }  # fmt: skip

    page = owner_client.post(VIEWS, theirs, follow=True)

    shared.refresh_from_db()
    assert shared.name == "First"
    assert f"{manager} changed the view “First” meanwhile" in page.content.decode()
    assert seen(shared) in page.content.decode()
    owner_client.post(VIEWS, {**theirs, "seen": seen(shared)})
    shared.refresh_from_db()
    assert shared.name == "Second"


def test_a_view_changed_meanwhile_is_not_deleted(
    shared: SavedView, manager_client: Client, owner_client: Client
) -> None:
    opened = seen(shared)
    save(manager_client, view=str(shared.pk), over="yes", name="First", sharing="company")

    owner_client.post(f"/views/{shared.pk}/", {"do": "delete", "back": LIST, "seen": opened})

    assert SavedView.objects.get().name == "First"


def test_a_view_deleted_meanwhile_can_be_saved_anew(
    shared: SavedView, manager_client: Client, owner_client: Client
) -> None:
    owner_client.post(f"/views/{shared.pk}/", {"do": "delete", "back": LIST})

    answer = manager_client.post(VIEWS, {
        "list": "counterparties", "back": LIST, "view": str(shared.pk), "over": "yes",
        "name": "Nails", "address": "sort=-name",
    }, follow=True)  # fmt: skip

    assert "This view was deleted meanwhile." in answer.content.decode()
    assert "Save as a view" in answer.content.decode()


def test_another_companys_earlier_view_is_not_there(
    shared: SavedView, manager_client: Client, rival_owner_client: Client
) -> None:
    manager_client.post(f"/views/{shared.pk}/", {"do": "delete", "back": LIST})

    assert rival_owner_client.post(f"/former-views/{latest().pk}/").status_code == 404


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
        may_share=True, now=timezone.now(),
    )  # fmt: skip

    assert rival_owner_client.post(f"/views/{view.pk}/", {"do": "delete"}).status_code == 404

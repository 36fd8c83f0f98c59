"""The start page: widgets each person arranges, and roles are given."""

from __future__ import annotations

from django.test import Client

from apps.accounts.models import User
from apps.core import start
from apps.core.context_processors import allowed
from tenants.models import Company


def shown(user: User) -> list[str]:
    desktop = start.desktop(user=user, allowed=lambda right: allowed(user, right))
    return [each.key for each in desktop.shown]


def do(client: Client, action: str, widget: str = "", **more: str) -> int:
    return client.post("/arrange/", {"do": action, "widget": widget, **more}).status_code


def test_today_is_the_first_thing_one_sees(company: Company, manager: User) -> None:
    """F239: "today" is the default, and what is needless is not there."""
    assert shown(manager)[0] == "activities.today"
    assert "activities.latest" not in shown(manager)


def test_a_person_arranges_their_own_desktop(
    company: Company, manager: User, accountant: User, manager_client: Client
) -> None:
    """F238: a user arranges widgets; kept for that person alone."""
    before = shown(accountant)

    do(manager_client, "up", "sales.tiles")
    do(manager_client, "hide", "sales.attention")
    do(manager_client, "show", "activities.latest")

    mine = shown(manager)
    assert mine.index("sales.tiles") < mine.index("activities.soon")
    assert "sales.attention" not in mine
    assert mine[-1] == "activities.latest"
    assert shown(accountant) == before


def test_a_hidden_widget_is_not_shown(
    company: Company, manager: User, manager_client: Client
) -> None:
    """F239: widgets can be hidden, and come back."""
    do(manager_client, "hide", "activities.today")
    without = manager_client.get("/").content.decode()
    do(manager_client, "show", "activities.today")
    with_it = manager_client.get("/").content.decode()

    assert 'id="my-day"' not in without
    assert 'id="my-day"' in with_it


def test_a_role_is_given_an_arrangement(
    company: Company, owner: User, manager: User, owner_client: Client, manager_client: Client
) -> None:
    """F238: kept per user and role; one's own goes first."""
    do(owner_client, "hide", "sales.tiles")
    do(owner_client, "role", role="manager")

    given = shown(manager)
    do(manager_client, "show", "sales.tiles")
    own = shown(manager)
    do(manager_client, "usual")

    assert "sales.tiles" not in given
    assert "sales.tiles" in own
    assert shown(manager) == given


def test_only_who_arranges_the_company_gives_to_a_role(
    company: Company, manager: User, manager_client: Client
) -> None:
    before = shown(manager)

    assert do(manager_client, "role", role="manager") == 403
    assert shown(manager) == before


def test_dragging_keeps_an_order(company: Company, manager: User, manager_client: Client) -> None:
    wanted = list(reversed(shown(manager)))

    answer = manager_client.post(
        "/arrange/", {"do": "order", "order": wanted}, headers={"HX-Request": "true"}
    )

    assert answer.status_code == 204
    assert shown(manager) == wanted

"""What a person arranged for themselves by the API: views, pins, the start page, notices."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.utils import timezone

from apps.accounts import roles
from apps.accounts.models import AccessRole, Role, User
from apps.core.models import SavedView
from apps.core.saved import save_view
from apps.counterparties.models import Counterparty
from apps.notifications.models import Notification
from apps.notifications.services import notify
from tenants.models import Company
from tests.apps.custom.asking import ask


def write(user: User, path: str, body: dict[str, Any], method: str = "PATCH") -> Any:
    return ask(user, path, method, json.dumps(body))


def a_view(user: User, name: str = "Mine", **more: Any) -> Any:
    return write(user, "saved_views", {"list": "deals", "name": name, **more}, "POST")


def who_may_not_share(owner: User) -> User:
    scopes = dict(roles.ticked(AccessRole(base=Role.MANAGER)).scopes)
    del scopes["views.share"]
    role = roles.save_role(
        role=AccessRole(base=Role.MANAGER), name="Quiet", scopes=scopes, fields={}, by=owner
    )
    return User.objects.create_user(
        email="quiet@acme.example", role=Role.MANAGER, access_role=role, full_name="Quincy"
    )


def test_a_view_is_made_shared_and_removed(company: Company, manager: User) -> None:
    """G010, G069: its address holds the state of the list alone."""
    made = a_view(manager, address="sort=-amount&part=rows&q=nail")
    key = made.json()["id"]
    shared = write(manager, f"saved_views/{key}", {"sharing": "company"})
    gone = ask(manager, f"saved_views/{key}", "DELETE")

    assert (made.status_code, made.json()["address"]) == (201, "q=nail&sort=-amount")
    assert (shared.json()["sharing"], gone.status_code) == ("company", 204)
    assert not SavedView.objects.exists()


def test_a_view_of_one_s_own_is_nobody_else_s(
    company: Company, owner: User, manager: User
) -> None:
    """F219: a private view is not there for others, not even for an owner."""
    key = a_view(manager).json()["id"]

    assert ask(owner, f"saved_views/{key}").status_code == 404
    assert write(owner, f"saved_views/{key}", {"name": "Theirs"}).status_code == 404
    assert ask(owner, f"saved_views/{key}", "DELETE").status_code == 404
    assert SavedView.objects.get().name == "Mine"


def test_who_may_not_share_shares_nothing(company: Company, owner: User) -> None:
    """F219: neither one's own view nor somebody else's shared one."""
    quiet = who_may_not_share(owner)
    theirs = save_view(
        list_key="deals", name="All", address="", sharing="company", by=owner, may_share=True,
        now=timezone.now(),
    )  # fmt: skip

    refused = [
        a_view(quiet, sharing="company"),
        write(quiet, f"saved_views/{theirs.pk}", {"name": "Mine"}),
        ask(quiet, f"saved_views/{theirs.pk}", "DELETE"),
        write(quiet, f"saved_views/{a_view(quiet).json()['id']}", {"is_default": True}),
    ]

    assert [each.status_code for each in refused] == [403] * 4
    assert SavedView.objects.get(pk=theirs.pk).name == "All"
    assert not SavedView.objects.filter(is_default=True).exists()


def test_what_everybody_sees_first_is_set_by_administrators(
    company: Company, owner: User
) -> None:
    shared = a_view(owner, sharing="company", is_default=True)
    private = a_view(owner, name="Other", is_default=True)

    assert (shared.status_code, shared.json()["is_default"]) == (201, True)
    assert (private.status_code, list(private.json()["errors"])) == (422, ["is_default"])


@pytest.mark.parametrize(
    ("more", "field"),
    [({"list": "moon"}, "list"), ({"name": " "}, "name"), ({"sharing": "world"}, "sharing")],
    ids=["no list", "no name", "nobody"],
)
def test_a_wrong_view_is_refused(
    company: Company, manager: User, more: dict[str, Any], field: str
) -> None:
    answer = a_view(manager, **more)

    assert (answer.status_code, list(answer.json()["errors"])) == (422, [field])
    assert not SavedView.objects.exists()


def test_pins_are_what_a_person_sees(company: Company, manager: User, owner: User) -> None:
    """G015: cards and lists by their address; another's pins stay another's."""
    customer = Counterparty.objects.create(name="Alfa", sort_name="alfa")
    url = f"/counterparties/{customer.pk}/"

    put = write(manager, "pins", {"pins": [{"url": url}, {"url": "/deals/list/"}]})
    wrong = write(manager, "pins", {"pins": [{"url": "/accounts/logout/"}]})
    fewer = write(manager, "pins", {"pins": [{"url": url}]})

    assert (put.status_code, wrong.status_code) == (200, 422)
    assert fewer.json() == {"pins": [{"url": url, "title": "Alfa"}]}
    assert ask(owner, "pins").json() == {"pins": []}


def test_the_start_page_is_arranged_and_set_back(company: Company, manager: User) -> None:
    """F238: what is not named is hidden; without any it is that of the role."""
    before = ask(manager, "start_page").json()
    wanted = list(reversed(before["shown"]))[:2]

    put = write(manager, "start_page", {"shown": wanted})
    wrong = write(manager, "start_page", {"shown": ["moon"]})
    back = write(manager, "start_page", {"shown": []})

    assert (put.status_code, put.json()["is_own"], wrong.status_code) == (200, True, 422)
    assert [key for key in put.json()["shown"] if key in wanted] == wanted
    assert back.json() == before


def test_notices_are_one_s_own_and_read(company: Company, owner: User, manager: User) -> None:
    """F152: with the older ones at once."""
    notify(users=[manager], kind="shipped", values={"number": "1", "customer": "A"}, url="")
    notify(users=[manager], kind="shipped", values={"number": "2", "customer": "A"}, url="")
    rows = ask(manager, "notifications?sort=-created_at").json()["data"]

    read = write(manager, f"notifications/{rows[0]['id']}/read", {"with_older": True}, "POST")
    stranger = write(owner, f"notifications/{rows[0]['id']}/read", {}, "POST")

    assert [each["text"] for each in rows] == [
        "Invoice 2 of A is shipped", "Invoice 1 of A is shipped",
    ]  # fmt: skip
    assert (read.status_code, stranger.status_code) == (200, 404)
    assert not Notification.objects.filter(read_at__isnull=True).exists()
    assert ask(owner, "notifications").json()["data"] == []
    assert ask(manager, "notifications?read_at__empty=true").json()["data"] == []


def test_how_one_is_told(company: Company, manager: User) -> None:
    """F152: a topic that is not named stays as it was chosen."""
    put = write(manager, "notice_settings", {
        "topics": [{"topic": "shipments", "channels": ["mail"]}],
        "quiet_from": "22:00", "quiet_until": "07:30",
    })  # fmt: skip
    more = write(manager, "notice_settings", {"topics": [{"topic": "deals", "channels": []}]})
    half = write(manager, "notice_settings", {"quiet_until": None})
    closed = write(manager, "notice_settings", {"topics": [{"topic": "exchange"}]})
    wrong = write(manager, "notice_settings", {"digest_at": "25:00"})

    told = {each["topic"]: each["channels"] for each in more.json()["topics"]}
    assert (put.status_code, put.json()["quiet_from"]) == (200, "22:00")
    assert (told["shipments"], told["deals"]) == (["mail"], [])
    assert list(half.json()["errors"]) == ["quiet_until"]
    assert list(closed.json()["errors"]) == ["topics"]
    assert list(wrong.json()["errors"]) == ["digest_at"]

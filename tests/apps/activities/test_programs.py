"""Notes and tasks by programs: on cards, with people and comments; cards are followed."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django_tenants.utils import tenant_context

from apps.accounts.models import User
from apps.activities.models import Activity, Comment, Follower
from apps.api import tokens
from apps.counterparties.models import ContactPerson, Counterparty
from tenants.models import Company
from tests.apps.custom.asking import ask
from tests.apps.custom.test_computed_rights import narrow


@pytest.fixture
def romashka(company: Company, owner: User) -> Counterparty:
    return Counterparty.objects.create(name="Romashka", sort_name="romashka", responsible=owner)


@pytest.fixture
def anna(romashka: Counterparty) -> ContactPerson:
    return ContactPerson.objects.create(counterparty=romashka, full_name="Anna")


def send(by: User, path: str, method: str = "POST", **body: Any) -> Any:
    return ask(by, path, method=method, body=json.dumps(body))


def on(card: ContactPerson) -> dict[str, Any]:
    return {"cards": [{"kind": "contacts", "key": str(card.pk)}]}


def test_a_note_is_written_on_a_card_and_read_there(anna: ContactPerson, manager: User) -> None:
    """G069: the timeline's own words, by a key; the customer of the card has it, too."""
    made = send(manager, "activities", kind="note", subject="Likes nails", **on(anna)).json()
    send(manager, "activities", kind="note", subject="Elsewhere")

    found = ask(manager, f"activities?card={anna.pk}").json()["data"]

    assert [each["subject"] for each in found] == ["Likes nails"]
    assert made["counterparty"] == str(anna.counterparty_id)
    assert made["cards"] == [{"kind": "contacts", "key": str(anna.pk)}]


def test_one_s_own_note_is_changed_and_thrown_away(anna: ContactPerson, manager: User) -> None:
    key = send(manager, "activities", kind="note", subject="Nails", **on(anna)).json()["id"]

    changed = send(manager, f"activities/{key}", "PATCH", subject="Boards", cards=[])
    gone = ask(manager, f"activities/{key}", method="DELETE")

    assert (changed.json()["subject"], changed.json()["cards"]) == ("Boards", [])
    assert (gone.status_code, Activity.objects.get().is_archived) == (204, True)


def test_a_card_that_one_does_not_see_takes_no_note(anna: ContactPerson, manager: User) -> None:
    narrow(manager, "counterparties")

    hidden = send(manager, "activities", kind="note", subject="Nails", **on(anna))
    wrong = send(
        manager, "activities", kind="note", subject="N", cards=[{"kind": "x", "key": str(uuid4())}]
    )

    assert (hidden.status_code, wrong.status_code) == (422, 422)
    assert "no such card" in hidden.json()["errors"]["cards"][0]
    assert not Activity.objects.exists()


def test_who_takes_part_and_who_watches_is_written(
    romashka: Counterparty, manager: User, owner: User
) -> None:
    people = [{"user": str(owner.pk), "role": "watcher"}]
    made = send(manager, "activities", kind="task", subject="Call", people=people)

    left = send(manager, f"activities/{made.json()['id']}", "PATCH", people=[])

    assert made.json()["people"] == people
    assert left.json()["people"] == []
    assert left["ETag"] != made["ETag"]


def test_something_is_said_about_an_activity(romashka: Counterparty, manager: User) -> None:
    key = send(manager, "activities", kind="note", subject="Nails").json()["id"]

    said = send(manager, f"activities/{key}/comment", text="They want boards, too")
    nothing = send(manager, f"activities/{key}/comment", text=" ")

    assert [each["text"] for each in said.json()["comments"]] == ["They want boards, too"]
    assert (nothing.status_code, Comment.objects.get().author) == (422, manager)


def test_what_was_given_is_accepted_by_whom_it_was_given_to(
    romashka: Counterparty, manager: User, owner: User
) -> None:
    """F155: who gave it does not accept it."""
    made = send(owner, "activities", kind="task", subject="Call", owner=str(manager.pk)).json()

    refused = send(owner, f"activities/{made['id']}/accept")
    accepted = send(manager, f"activities/{made['id']}/accept")

    assert refused.status_code == 422
    assert accepted.json()["state"] == "accepted"


def test_a_card_is_followed_and_left(romashka: Counterparty, manager: User) -> None:
    path = f"counterparties/{romashka.pk}"

    twice = [send(manager, f"{path}/follow").status_code for _time in range(2)]
    followers = list(Follower.objects.values_list("user", "key"))
    left = send(manager, f"{path}/unfollow")

    assert (twice, left.status_code) == ([200, 200], 200)
    assert followers == [(manager.pk, romashka.pk)]
    assert not Follower.objects.exists()


def test_a_card_that_one_does_not_see_is_not_followed(
    romashka: Counterparty, manager: User
) -> None:
    narrow(manager, "counterparties")

    assert send(manager, f"counterparties/{romashka.pk}/follow").status_code == 404
    assert not Follower.objects.exists()


def test_another_company_comments_on_nothing(
    romashka: Counterparty, manager: User, rival: Company, rival_owner: User
) -> None:
    key = send(manager, "activities", kind="note", subject="Nails").json()["id"]
    with tenant_context(rival):
        _token, secret = tokens.make_token(user=rival_owner, name="R", scopes=["*:write", "*:read"])
        answer = Client(headers={"host": f"{rival.slug}.localhost"}).post(
            f"/api/v1/activities/{key}/comment", '{"text": "Hello"}',
            content_type="application/json", headers={"Authorization": f"Bearer {secret}"},
        )  # fmt: skip

    assert answer.status_code == 404
    assert not Comment.objects.exists()

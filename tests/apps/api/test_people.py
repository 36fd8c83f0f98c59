"""People, roles, teams and modules by the API: the rules of their screens, and nobody else's."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core import mail
from django.test import Client, override_settings

from apps.accounts import roles, teams
from apps.accounts.models import AccessRole, Role, Scope, Team, User
from apps.accounts.rights import can, forget
from apps.api import tokens
from tenants.audit.models import SecurityEvent
from tenants.models import Company
from tests.apps.custom.asking import ask

ADDRESSES = ("people", "roles", "teams", "modules")


def write(user: User, path: str, body: dict[str, Any], method: str = "PATCH") -> Any:
    return ask(user, path, method, json.dumps(body))


def noted() -> list[str]:
    return list(SecurityEvent.objects.order_by("pk").values_list("kind", flat=True))


def a_clerk(**rights: Scope) -> User:
    """A manager who may do a little more."""
    scopes = {right.replace("__", "."): scope for right, scope in rights.items()}
    ticked = roles.ticked(AccessRole(base=Role.MANAGER))
    boss = User.objects.filter(role=Role.OWNER).get()
    role = roles.save_role(
        role=AccessRole(base=Role.MANAGER), name="Clerk", scopes={**ticked.scopes, **scopes},
        fields={}, by=boss,
    )  # fmt: skip
    return User.objects.create_user(
        email="clerk@acme.example", role=Role.MANAGER, access_role=role, full_name="Clara"
    )


def test_a_person_is_given_another_role_and_noted(
    company: Company, owner: User, manager: User
) -> None:
    """F219, G069: a program does what the page of a person does."""
    answer = write(owner, f"people/{manager.pk}", {"role": "head", "is_active": True})

    manager.refresh_from_db()
    assert (answer.status_code, answer.json()["role"], manager.role) == (200, "head", Role.HEAD)
    assert "people.changed" in noted()


def test_the_only_owner_stays(company: Company, owner: User) -> None:
    answer = write(owner, f"people/{owner.pk}", {"is_active": False})

    owner.refresh_from_db()
    assert answer.status_code == 422
    assert "only owner" in answer.json()["detail"]
    assert owner.is_active


def test_nobody_gives_or_takes_what_they_do_not_have(
    company: Company, owner: User, manager: User
) -> None:
    """F219: neither an owner's role nor a right of another role."""
    clerk = a_clerk(people__view=Scope.ALL, people__change=Scope.ALL)

    to_owner = write(clerk, f"people/{manager.pk}", {"role": "owner"})
    to_head = write(clerk, f"people/{manager.pk}", {"role": "head"})
    of_owner = write(clerk, f"people/{owner.pk}", {"role": "manager"})

    manager.refresh_from_db()
    owner.refresh_from_db()
    assert [to_owner.status_code, to_head.status_code, of_owner.status_code] == [422, 422, 403]
    assert (manager.role, owner.role) == (Role.MANAGER, Role.OWNER)


def test_a_person_changed_meanwhile_is_not_overwritten(
    company: Company, owner: User, manager: User
) -> None:
    """F269: the version that was read has to be the one that stands."""
    cache_tag = ask(owner, f"people/{manager.pk}").headers["ETag"]
    write(owner, f"people/{manager.pk}", {"is_team_head": False, "role": "head"})
    _token, secret = tokens.make_token(user=owner, name="Shop", scopes=["*:read", "*:write"])

    late = Client(headers={"host": "acme.localhost"}).patch(
        f"/api/v1/people/{manager.pk}", '{"role": "accountant"}', content_type="application/json",
        headers={"Authorization": f"Bearer {secret}", "If-Match": cache_tag},
    )  # fmt: skip

    manager.refresh_from_db()
    assert (late.status_code, late.json()["current"]["role"]) == (412, "head")
    assert manager.role == Role.HEAD


def test_an_invitation_goes_out_once_for_one_key(
    company: Company, owner: User, django_capture_on_commit_callbacks: Any
) -> None:
    """G069: the same request again sends no second letter; without the key it is sent anew."""
    _token, secret = tokens.make_token(user=owner, name="HR", scopes=["invitations:write"])
    client = Client(headers={"host": "acme.localhost", "Authorization": f"Bearer {secret}"})
    body = '{"email": "New@Acme.example", "role": "manager"}'

    with django_capture_on_commit_callbacks(execute=True):
        first, again = (
            client.post("/api/v1/invitations", body, content_type="application/json",
                        headers={"Idempotency-Key": "one"})
            for _ in range(2)
        )  # fmt: skip
        anew = client.post("/api/v1/invitations", body, content_type="application/json")

    assert [first.status_code, again.status_code, anew.status_code] == [200, 200, 200]
    assert first.json() == again.json() == {
        "email": "new@acme.example", "role": "manager", "days": 7
    }  # fmt: skip
    assert again.headers["Idempotent-Replayed"] == "true"
    assert [letter.to for letter in mail.outbox] == [["new@acme.example"]] * 2
    assert noted().count("people.invited") == 2


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"email": "owner@acme.example", "role": "manager"}, "email"),
        ({"email": "nobody", "role": "manager"}, "email"),
        ({"email": "new@acme.example", "role": "king"}, "role"),
        ({"email": "new@acme.example", "role": "manager", "salary": 1}, "salary"),
    ],
    ids=["is here already", "no address", "no such role", "unknown field"],
)
def test_a_wrong_invitation_is_refused(
    company: Company, owner: User, body: dict[str, Any], field: str
) -> None:
    answer = write(owner, "invitations", body, "POST")

    assert (answer.status_code, list(answer.json()["errors"])) == (422, [field])
    assert mail.outbox == []


def test_a_role_is_made_ticked_and_removed(company: Company, owner: User) -> None:
    """F219, F220: what is not named is not given; a built-in role goes back to what it gave."""
    made = write(owner, "roles", {
        "name": "Storekeeper", "base": "manager",
        "rights": [
            {"right": "stock.view", "scope": "all"}, {"right": "deals.view", "scope": "own"},
        ],
        "fields": [{"object": "counterparties", "field": "phone", "access": "hidden"}],
    }, "POST")  # fmt: skip
    key = made.json()["id"]
    keeper = User.objects.create_user(
        email="k@acme.example", role=Role.MANAGER, access_role_id=key, full_name="Kim"
    )
    in_use = ask(owner, f"roles/{key}", "DELETE")
    write(owner, f"people/{keeper.pk}", {"role": "manager"})
    gone = ask(owner, f"roles/{key}", "DELETE")

    assert made.status_code == 201
    assert made.json()["rights"] == [
        {"right": "deals.view", "scope": "own"}, {"right": "stock.view", "scope": "all"},
    ]  # fmt: skip
    assert made.json()["fields"] == [
        {"object": "counterparties", "field": "phone", "access": "hidden"}
    ]
    assert (in_use.status_code, gone.status_code) == (422, 204)
    assert not AccessRole.objects.exists()
    assert {"roles.changed", "roles.removed"} <= set(noted())


def test_a_built_in_role_is_ticked_otherwise_and_set_back(
    company: Company, owner: User, manager: User
) -> None:
    """F219: it counts for everybody who has it, from the next request."""
    rights = [{"right": "deals.view", "scope": "team"}]
    made = write(owner, "roles", {"key": "manager", "rights": rights}, "POST")
    forget(manager)
    narrowed = can(manager, "counterparties.view")
    twice = write(owner, "roles", {"key": "manager", "rights": rights}, "POST")
    ask(owner, f"roles/{made.json()['id']}", "DELETE")
    forget(manager)

    assert (made.status_code, twice.status_code) == (201, 422)
    assert (narrowed, can(manager, "counterparties.view")) == (False, True)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"name": "X", "rights": [{"right": "moon.view", "scope": "all"}]}, "rights"),
        ({"name": "X", "rights": [{"right": "stock.view", "scope": "team"}]}, "rights"),
        ({"name": "X", "fields": [{"object": "stock", "field": "x", "access": "hidden"}]},
         "fields"),
        ({"name": " "}, "name"),
        ({"name": "X", "base": "owner"}, "base"),
        ({"key": "owner"}, "key"),
    ],
    ids=["no right", "no such scope", "no field", "no name", "no base", "not changeable"],
)
def test_a_wrong_role_is_refused(
    company: Company, owner: User, body: dict[str, Any], field: str
) -> None:
    answer = write(owner, "roles", body, "POST")

    assert (answer.status_code, list(answer.json()["errors"])) == (422, [field])
    assert not AccessRole.objects.exists()


def test_no_role_gives_more_than_its_maker_has(company: Company, owner: User) -> None:
    """F219: nobody ticks a right that is not theirs."""
    clerk = a_clerk(roles__view=Scope.ALL, roles__change=Scope.ALL)

    answer = write(clerk, "roles", {
        "name": "King", "rights": [{"right": "settings.change", "scope": "all"}]
    }, "POST")  # fmt: skip

    assert (answer.status_code, list(answer.json()["errors"])) == (422, ["rights"])
    assert not AccessRole.objects.filter(name="King").exists()


def test_a_team_has_people_a_head_and_a_place(
    company: Company, owner: User, manager: User
) -> None:
    """F220: teams stand below others; a ring is refused."""
    above = write(owner, "teams", {"name": "North"}, "POST").json()
    made = write(owner, "teams", {
        "name": "Ice", "parent": above["id"], "head": str(manager.pk), "members": [],
    }, "POST")  # fmt: skip
    ring = write(owner, f"teams/{above['id']}", {"parent": made.json()["id"]})
    renamed = write(owner, f"teams/{made.json()['id']}", {"name": "Snow"})
    taken = write(owner, f"teams/{made.json()['id']}", {"name": "north"})
    gone = ask(owner, f"teams/{above['id']}", "DELETE")

    manager.refresh_from_db()
    assert (made.status_code, made.json()["head"]) == (201, str(manager.pk))
    assert renamed.json()["members"] == [str(manager.pk)]
    assert (list(ring.json()["errors"]), list(taken.json()["errors"])) == (["parent"], ["name"])
    assert (gone.status_code, manager.is_team_head) == (204, True)
    assert list(Team.objects.values_list("name", "parent")) == [("Snow", None)]


def test_modules_are_switched_one_by_one(company: Company, owner: User) -> None:
    """F240: the modules that are not named stay as they are."""
    answer = write(owner, "modules", {"modules": [{"key": "till", "is_on": False}]})
    wrong = write(owner, "modules", {"modules": [{"key": "moon", "is_on": False}]})
    half = write(owner, "modules", {"modules": [{"key": "deals", "seats": "1.5"}]})

    told = {each["key"]: each["is_on"] for each in answer.json()["modules"]}
    assert answer.status_code == 200
    assert [key for key, is_on in told.items() if not is_on] == ["till"]
    assert (wrong.status_code, half.status_code) == (422, 422)


@pytest.mark.parametrize("path", ADDRESSES)
def test_whoever_has_not_the_right_reads_nothing(
    company: Company, manager: User, path: str
) -> None:
    assert ask(manager, path).status_code == 403


@pytest.mark.parametrize("path", ["people", "roles", "teams"])
def test_who_only_reads_writes_nothing(company: Company, owner: User, path: str) -> None:
    clerk = a_clerk(people__view=Scope.ALL, roles__view=Scope.ALL)
    team = teams.save_team(
        team=Team(), name="North", parent=None, members=[], head=None, by=owner
    )
    rows = {"people": owner.pk, "roles": clerk.access_role_id, "teams": team.pk}

    read = ask(clerk, f"{path}/{rows[path]}")
    changed = write(clerk, f"{path}/{rows[path]}", {"name": "Mine"})
    removed = ask(clerk, f"{path}/{rows[path]}", "DELETE")

    assert read.status_code == 200
    assert changed.status_code == 403
    assert removed.status_code in (403, 405)


@override_settings(IS_OFFICE=True)
def test_an_office_reads_what_the_centre_changes(
    company: Company, owner: User, manager: User
) -> None:
    """F219: at an office people and modules are copies."""
    read = ask(owner, f"people/{manager.pk}")
    changed = write(owner, f"people/{manager.pk}", {"role": "head"})
    switched = write(owner, "modules", {"modules": []})
    invited = write(owner, "invitations", {"email": "n@acme.example", "role": "manager"}, "POST")

    assert read.status_code == 200
    assert [each.status_code for each in (changed, switched, invited)] == [403, 403, 403]

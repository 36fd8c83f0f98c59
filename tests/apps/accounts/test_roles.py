"""Roles that a company ticks: whose rows, which fields, for whom at once."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django_tenants.utils import tenant_context

from apps.accounts import roles, teams
from apps.accounts.models import AccessRole, Role, RoleField, Scope, Team, User
from apps.accounts.rights import can, covers, fields, forget, mask, rights_of, scope_of, visible
from apps.accounts.rights.fields import MaskedRow
from apps.accounts.services import Place, change_person
from apps.counterparties.models import ContactPerson, Counterparty
from tenants.audit.models import SecurityEvent
from tenants.models import Company


def ticked(base: str = Role.MANAGER, **changes: Scope) -> dict[str, str]:
    """Return what a form posts for the rights of a built-in role with some changed."""
    scopes = rights_of(base)
    scopes |= {name.replace("__", "."): scope for name, scope in changes.items()}
    return {right: str(int(scope)) for right, scope in scopes.items() if scope}


def person(name: str, role: str = Role.MANAGER, **values: Any) -> User:
    return User.objects.create_user(
        email=f"{name.lower()}@acme.example", role=role, full_name=name, **values
    )


def customer(name: str, owner: User | None, **values: Any) -> Counterparty:
    return Counterparty.objects.create(
        name=name, sort_name=name.lower(), responsible=owner, **values
    )


def seen_by(user: User) -> list[str]:
    forget(user)
    rows = visible(user, Counterparty.objects.all(), "counterparties.view")
    return sorted(rows.values_list("name", flat=True))


def test_a_role_made_by_ticking_counts_from_the_next_page(
    owner_client: Client, manager_client: Client, manager: User, acme: Company
) -> None:
    """F219, F220: an administrator ticks «own», and the colleague's customer is gone at once."""
    with tenant_context(acme):
        customer("Zenit", person("Boris"))
        customer("Alfa", manager)
    assert b"Zenit" in manager_client.get("/counterparties/").content

    answer = owner_client.post(
        "/accounts/roles/built-in/manager/", ticked(counterparties__view=Scope.OWN)
    )

    assert answer.status_code == 302
    page = manager_client.get("/counterparties/").content
    assert b"Alfa" in page
    assert b"Zenit" not in page


@pytest.mark.parametrize("action", ["view", "create", "edit", "delete", "export"])
def test_each_action_of_an_object_is_ticked_apart(
    owner_client: Client, manager: User, acme: Company, action: str
) -> None:
    """F221: object × view, create, edit, delete, export."""
    changes = {f"deals__{action}": Scope.NONE}

    owner_client.post("/accounts/roles/built-in/manager/", ticked(**changes))

    with tenant_context(acme):
        given = {each for each in ("view", "create", "edit", "delete", "export")
                 if can(User.objects.get(pk=manager.pk), f"deals.{each}")}  # fmt: skip
    assert given == {"view", "create", "edit", "delete", "export"} - {action}


def test_an_operation_outside_the_role_is_refused_with_the_reason(
    owner_client: Client, manager_client: Client
) -> None:
    """F225: the page names the role and what it does not include."""
    owner_client.post(
        "/accounts/roles/built-in/manager/", ticked(counterparties__create=Scope.NONE)
    )

    answer = manager_client.get("/counterparties/new/")

    assert answer.status_code == 403
    assert "The role “Sales manager” does not include “Counterparties: create”" in (
        answer.content.decode()
    )


def test_two_roles_see_different_fields_of_one_customer(
    owner_client: Client, manager_client: Client, accountant_client: Client, acme: Company
) -> None:
    """F222, F223: what one role hides, another one shows; both stand side by side."""
    with tenant_context(acme):
        row = customer("Alfa", None, phone="+7 911 555 66 77", comment="Pays late")
    owner_client.post(
        "/accounts/roles/built-in/manager/",
        {**ticked(), "field:counterparties.phone": "hidden"},
    )
    owner_client.post(
        "/accounts/roles/built-in/accountant/",
        {**ticked(Role.ACCOUNTANT), "field:counterparties.comment": "hidden"},
    )

    for_manager = manager_client.get(f"/counterparties/{row.pk}/").content.decode()
    for_accountant = accountant_client.get(f"/counterparties/{row.pk}/").content.decode()

    assert ("555 66 77" in for_manager, "Pays late" in for_manager) == (False, True)
    assert ("555 66 77" in for_accountant, "Pays late" in for_accountant) == (True, False)
    compared = owner_client.get(
        "/accounts/roles/compare/?left=manager&right=accountant&only=other"
    ).content.decode()
    assert (
        '<td>Phone</td><td data-label="Sales manager">hidden</td>'
        '<td data-label="Accountant">shown</td>'
    ) in compared


def test_a_hidden_field_is_absent_in_list_export_search_form_and_api(
    owner_client: Client, manager_client: Client, acme: Company
) -> None:
    """F222: whatever door is taken."""
    with tenant_context(acme):
        row = customer("Alfa", None, phone="+7 911 555 66 77")
    owner_client.post(
        "/accounts/roles/built-in/manager/",
        {**ticked(), "field:counterparties.phone": "hidden"},
    )

    def told(address: str) -> str:
        answer = manager_client.get(address)
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        return content.decode()

    assert "555 66 77" not in told("/counterparties/")
    export = told("/counterparties/?part=csv")
    assert ("Alfa" in export, "Phone" in export, "555 66 77" in export) == (True, False, False)
    assert "Alfa" not in told("/counterparties/?part=body&q=9115556677")
    assert "Alfa" not in told("/search/?q=9115556677")
    assert "555 66 77" not in told(f"/counterparties/{row.pk}/edit/")
    api = told(f"/api/v1/counterparties/{row.pk}")
    assert ('"name":"Alfa"' in api, "phone" in api) == (True, False)


def test_saving_the_form_keeps_what_was_hidden(
    owner_client: Client, manager_client: Client, acme: Company
) -> None:
    with tenant_context(acme):
        row = customer("Alfa", None, phone="+7 911 555 66 77")
    owner_client.post(
        "/accounts/roles/built-in/manager/",
        {**ticked(), "field:counterparties.phone": "hidden"},
    )

    answer = manager_client.post(
        f"/counterparties/{row.pk}/edit/",
        {"name": "Alfa Ltd", "kind": "company", "phone": "+7 000", "confirmed": "yes"},
    )

    assert answer.status_code == 302, answer.content.decode()[:3000]
    with tenant_context(acme):
        saved = Counterparty.objects.get(pk=row.pk)
        assert (saved.name, saved.phone) == ("Alfa Ltd", "+7 911 555 66 77")


def test_a_masked_row_cannot_be_saved(company: Company) -> None:
    role = AccessRole.objects.create(name="Blind", base=Role.MANAGER)
    RoleField.objects.create(role=role, object="counterparties", field="phone", access="hidden")
    blind, row = person("Berta", access_role=role), customer("Alfa", None, phone="123456")

    mask(blind, [row])

    with pytest.raises(MaskedRow):
        row.save()
    assert Counterparty.objects.get(pk=row.pk).phone == "123456"


def test_a_head_sees_the_team_and_not_other_teams(company: Company) -> None:
    """G072: the team and the teams below it, and what nobody is responsible for."""
    north, south = Team.objects.create(name="North"), Team.objects.create(name="South")
    coast = Team.objects.create(name="Coast", parent=north)
    head = person("Helga", Role.HEAD, team=north, is_team_head=True)
    for name, team in (("Nina", north), ("Cora", coast), ("Sven", south)):
        customer(f"of {name}", person(name, team=team))
    customer("of nobody", None)

    assert seen_by(head) == ["of Cora", "of Nina", "of nobody"]


def test_own_rows_bring_what_belongs_to_them(company: Company) -> None:
    role = AccessRole.objects.create(name="Own", base=Role.MANAGER)
    roles.save_role(
        role=role, name="Own", by=person("Olga", Role.OWNER), fields={},
        scopes={"counterparties.view": Scope.OWN},
    )  # fmt: skip
    mine, other = person("Mia", access_role=role), person("Otto")
    for owner in (mine, other):
        row = customer(f"of {owner}", owner)
        ContactPerson.objects.create(counterparty=row, full_name=f"contact of {owner}")

    contacts = visible(mine, ContactPerson.objects.all(), "counterparties.view")

    assert seen_by(mine) == ["of Mia"]
    assert [each.full_name for each in contacts] == ["contact of Mia"]
    assert not covers(mine, Counterparty.objects.get(name="of Otto"), "counterparties.view")


def test_nobody_gives_a_right_they_do_not_have(company: Company) -> None:
    role = AccessRole.objects.create(name="Staff", base=Role.MANAGER)
    scopes = dict(roles.ticked(role).scopes) | {"roles.change": Scope.ALL, "roles.view": Scope.ALL}
    roles.save_role(
        role=role, name="Staff", scopes=scopes, fields={}, by=person("Olga", Role.OWNER)
    )
    clerk = person("Clara", access_role=role)

    with pytest.raises(roles.MoreThanOneself):
        roles.save_role(
            role=role, name="Staff", fields={}, by=clerk,
            scopes=scopes | {"security.view": Scope.ALL},
        )  # fmt: skip

    assert not can(User.objects.get(pk=clerk.pk), "security.view")


def test_who_may_change_people_makes_nobody_an_administrator(company: Company) -> None:
    role = AccessRole.objects.create(name="Staff", base=Role.MANAGER)
    scopes = dict(roles.ticked(role).scopes) | {"people.change": Scope.ALL}
    roles.save_role(
        role=role, name="Staff", scopes=scopes, fields={}, by=person("Olga", Role.OWNER)
    )
    clerk = person("Clara", access_role=role)

    with pytest.raises(roles.MoreThanOneself):
        change_person(user_id=clerk.pk, role=Role.ADMINISTRATOR, is_active=True, by=clerk)

    assert User.objects.get(pk=clerk.pk).role == Role.MANAGER


def test_a_role_that_people_have_is_not_removed(owner_client: Client, acme: Company) -> None:
    with tenant_context(acme):
        role = AccessRole.objects.create(name="Staff", base=Role.MANAGER)
        person("Clara", access_role=role)

    owner_client.post(f"/accounts/roles/{role.pk}/remove/")

    with tenant_context(acme):
        assert AccessRole.objects.filter(pk=role.pk).exists()


def test_a_built_in_role_goes_back_to_what_it_gave(owner_client: Client, acme: Company) -> None:
    owner_client.post("/accounts/roles/built-in/manager/", ticked(deals__view=Scope.NONE))
    with tenant_context(acme):
        role = roles.built_in(Role.MANAGER)

    owner_client.post(f"/accounts/roles/{role.pk}/remove/")

    with tenant_context(acme):
        assert scope_of(person("Clara"), "deals.view") == Scope.ALL


def test_changed_rights_stand_in_the_security_log(owner_client: Client, acme: Company) -> None:
    owner_client.post(
        "/accounts/roles/built-in/manager/",
        {**ticked(counterparties__view=Scope.OWN), "field:counterparties.phone": "hidden"},
    )

    with tenant_context(acme):
        event = SecurityEvent.objects.get(kind="roles.changed")
    assert event.detail["rights"] == ["counterparties.view=own"]
    assert event.detail["fields"] == ["counterparties.phone=hidden"]


def test_a_preset_sets_the_rows_of_everything_that_is_ticked(owner_client: Client) -> None:
    page = owner_client.post("/accounts/roles/new/", {**ticked(), "name": "X", "preset": "own"})

    text = page.content.decode()
    chosen = text.partition('name="counterparties.view"')[2].partition("</select>")[0]
    assert '<option value="1" selected>own</option>' in chosen


def test_of_a_vip_customer_the_details_are_for_those_who_may(company: Company) -> None:
    vip = customer("Alfa", person("Otto"), phone="123456", is_vip=True)
    for user, shown in (
        (person("Mia"), ""), (vip.responsible, "123456"), (person("Hans", Role.HEAD), "123456"),
    ):  # fmt: skip
        row = Counterparty.objects.get(pk=vip.pk)
        mask(user, [row])
        assert row.phone == shown, user


def test_a_team_never_stands_below_itself(company: Company) -> None:
    north = Team.objects.create(name="North")
    coast = Team.objects.create(name="Coast", parent=north)

    with pytest.raises(teams.TeamRing):
        teams.save_team(
            team=north, name="North", parent=coast, members=[], head=None, by=person("Olga")
        )

    assert Team.objects.get(pk=north.pk).parent is None


def test_a_person_is_put_into_a_team_on_their_page(
    owner_client: Client, manager: User, acme: Company
) -> None:
    with tenant_context(acme):
        north = Team.objects.create(name="North")

    owner_client.post(
        f"/accounts/people/{manager.pk}/",
        {"role": "manager", "is_active": "on", "team": str(north.pk), "is_team_head": "on"},
    )

    with tenant_context(acme):
        saved = User.objects.get(pk=manager.pk)
        assert (saved.team_id, saved.is_team_head) == (north.pk, True)


def test_a_read_only_field_is_not_changed(company: Company) -> None:
    role = AccessRole.objects.create(name="Reader", base=Role.MANAGER)
    RoleField.objects.create(
        role=role, object="counterparties", field="comment", access="read_only"
    )

    found = fields(person("Rita", access_role=role), "counterparties")

    assert (found.hidden, found.locked) == (frozenset(), {"comment"})


def test_place_is_kept_when_only_the_role_changes(company: Company) -> None:
    north = Team.objects.create(name="North")
    olga, mia = person("Olga", Role.OWNER), person("Mia", team=north)

    change_person(user_id=mia.pk, role=Role.HEAD, is_active=True, by=olga)
    assert User.objects.get(pk=mia.pk).team_id == north.pk

    change_person(user_id=mia.pk, role=Role.HEAD, is_active=True, by=olga, place=Place())
    assert User.objects.get(pk=mia.pk).team_id is None

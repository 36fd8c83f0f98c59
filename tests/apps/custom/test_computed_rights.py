"""Whoever may not see a field does not see what is computed of it, by no door and no question."""

from __future__ import annotations

import json

import pytest
from django.test import Client

from apps.accounts.models import AccessRole, Role, RoleField, RoleRight, Scope, User
from apps.counterparties.models import Counterparty
from apps.custom import services
from apps.custom.services import FieldValues
from tenants.models import Company
from tests.apps.custom.asking import ask

SECRET = "quartz"


def a_formula(label: str, formula: str) -> None:
    services.add_field(
        kind="counterparties", values=FieldValues(label=label, type="formula", formula=formula)
    )


def hide(person: User, **fields: str) -> None:
    """Take single fields from a person: ``counterparties="comment"``."""
    role = AccessRole.objects.create(name="Sees little", base=Role.MANAGER)
    for kind, key in fields.items():
        RoleField.objects.create(role=role, object=kind, field=key, access="hidden")
    person.access_role = role
    person.save()


def narrow(person: User, *objects: str, scope: Scope = Scope.OWN) -> None:
    """Let a person see their own rows of these objects only; none with ``Scope.NONE``."""
    role = AccessRole.objects.create(name="Sees own", base=Role.MANAGER)
    for name in objects:
        RoleRight.objects.create(role=role, object=name, action="view", scope=scope)
    person.access_role = role
    person.save()


@pytest.fixture
def customer(company: Company, manager: User) -> Counterparty:
    return Counterparty.objects.create(
        name="Azimuth", sort_name="azimuth", comment=SECRET, phone=SECRET, responsible=manager
    )


def asked(client: Client, customer: Counterparty, user: User, key: str) -> dict[str, str]:
    """Return what every door tells of a field, by door."""
    return {
        "list": client.get("/counterparties/", {"cols": f"name,{key}"}).content.decode(),
        "filter": client.get(
            "/counterparties/", {"f": json.dumps([key, "contains", SECRET])}
        ).content.decode(),
        "group": client.get("/counterparties/", {"group": key, "cols": "name"}).content.decode(),
        "card": client.get(f"/counterparties/{customer.pk}/").content.decode(),
        "api": ask(user, "counterparties").content.decode(),
        "api filter": ask(user, f"counterparties?{key}__contains={SECRET}")
        .content.decode(),
        "api sort": ask(user, f"counterparties?sort={key}&fields=name").content.decode(),
    }


def test_what_is_made_of_a_hidden_field_is_hidden(
    customer: Counterparty, manager: User, manager_client: Client
) -> None:
    a_formula("Note", '[Comment] & "!"')
    a_formula("Longer", '[Note] & "?"')
    open_ = asked(manager_client, customer, manager, "x_longer")
    hide(manager, counterparties="comment")

    closed = asked(manager_client, customer, manager, "x_longer")

    assert f"{SECRET}!?" in open_["list"]
    assert f"{SECRET}!?" in open_["api"]
    assert [door for door, told in closed.items() if f"{SECRET}!" in told] == []
    assert "There is no field" in closed["filter"]
    assert "There is no filter" in closed["api filter"]


def test_what_is_made_of_the_details_of_a_vip_is_closed(
    customer: Counterparty, manager: User, owner: User, manager_client: Client
) -> None:
    a_formula("Line", '"tel " & [Phone]')
    Counterparty.objects.update(is_vip=True, responsible=owner)

    closed = asked(manager_client, customer, manager, "x_line")

    assert [door for door, told in closed.items() if f"tel {SECRET}" in told] == []
    assert "Azimuth</a>" not in closed["filter"]
    assert "Azimuth" not in closed["api filter"]


def test_a_role_may_hide_what_is_computed(
    customer: Counterparty, manager: User, manager_client: Client
) -> None:
    a_formula("Note", '[Comment] & "!"')
    hide(manager, counterparties="x_note")

    closed = asked(manager_client, customer, manager, "x_note")

    assert [door for door, told in closed.items() if f"{SECRET}!" in told] == []

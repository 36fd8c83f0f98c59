"""Modules switched on and off, and who works with which."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone
from django_tenants.utils import tenant_context

from apps.accounts import modules
from apps.accounts.models import CompanyModule, Role, User
from apps.accounts.rights import can
from replication.nodes import add_office
from tenants.models import Company


def switch(client: Client, *, off: str) -> int:
    on = [key for key in modules.MODULES if key != off]
    return client.post("/accounts/modules/", {"on": on}).status_code


def test_a_module_is_switched_off_and_on_without_a_restart(
    owner_client: Client, manager_client: Client
) -> None:
    """F240: it is gone from side bar and menus, its address says why; then it is back."""
    assert 'href="/deals/' in manager_client.get("/accounts/profile/").content.decode()

    switch(owner_client, off="deals")

    assert 'href="/deals/' not in manager_client.get("/accounts/profile/").content.decode()
    answer = manager_client.get("/deals/")
    assert answer.status_code == 403
    assert "“Deals and quotations” is switched off" in answer.content.decode()

    switch(owner_client, off="")

    assert manager_client.get("/deals/").status_code == 200


def test_the_owner_does_not_see_a_module_that_is_off_either(owner_client: Client) -> None:
    switch(owner_client, off="till")

    assert 'href="/invoices/till/"' not in owner_client.get("/invoices/").content.decode()
    assert owner_client.get("/invoices/till/").status_code == 403


def test_a_small_firm_begins_with_the_essentials(owner_client: Client, acme: Company) -> None:
    """F246: one button hides the rest."""
    owner_client.post("/accounts/modules/", {"preset": "small"})

    with tenant_context(acme):
        off = set(CompanyModule.objects.filter(is_on=False).values_list("key", flat=True))
    assert off == set(modules.MODULES) - modules.SMALL_FIRM
    page = owner_client.get("/accounts/profile/").content.decode()
    assert 'href="/deals/' not in page
    assert 'href="/counterparties/"' in page


def test_a_module_is_used_at_some_workplaces_only(
    owner_client: Client, manager_client: Client, manager: User
) -> None:
    """F224: who works without it sees nothing of it, the others do."""
    owner_client.post(
        f"/accounts/people/{manager.pk}/",
        {"role": "manager", "is_active": "on", "without": ["deals"]},
    )

    assert manager_client.get("/deals/").status_code == 403
    assert owner_client.get("/deals/").status_code == 200


def test_no_more_people_use_a_module_than_it_has_workplaces(company: Company) -> None:
    """F224: seats."""
    olga = User.objects.create_user(email="olga@acme.example", role=Role.OWNER)
    for name in ("ann", "bob"):
        User.objects.create_user(email=f"{name}@acme.example", role=Role.MANAGER)

    with pytest.raises(modules.NoSeatLeft) as refused:
        modules.set_modules(is_on={}, seats={"deals": 2}, by=olga)

    assert (refused.value.people, refused.value.seats) == (3, 2)
    assert not CompanyModule.objects.exists()


def test_a_seat_is_refused_when_none_is_left(
    owner_client: Client, manager: User, acme: Company
) -> None:
    owner_client.post(
        f"/accounts/people/{manager.pk}/",
        {"role": "manager", "is_active": "on", "without": ["deals"]},
    )
    owner_client.post(
        "/accounts/modules/", {"on": list(modules.MODULES), "seats:deals": "1"}
    )

    answer = owner_client.post(
        f"/accounts/people/{manager.pk}/", {"role": "manager", "is_active": "on"}
    )

    assert answer.status_code == 422
    with tenant_context(acme):
        assert User.objects.get(pk=manager.pk).without_modules == ["deals"]


def test_offices_are_not_hidden_while_there_are_some(company: Company) -> None:
    olga = User.objects.create_user(email="olga@acme.example", role=Role.OWNER)
    add_office(name="Izmir", prefix="IZ", scope={}, schedule={"every": 15}, seats=0,
               now=timezone.now())  # fmt: skip

    with pytest.raises(modules.OfficesJoined):
        modules.set_modules(is_on={"offices": False}, seats={}, by=olga)

    assert can(olga, "offices.view")


def test_a_manager_switches_nothing(manager_client: Client) -> None:
    assert switch(manager_client, off="deals") == 403

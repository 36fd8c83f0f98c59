"""The security log: what stands in it and who reads it."""

from __future__ import annotations

import pytest
from django.test import Client
from django_tenants.utils import tenant_context

from apps.accounts.models import Role, User
from apps.counterparties.models import Counterparty
from tenants.audit.models import SecurityEvent
from tenants.models import Company


def log(client: Client, query: str = "") -> str:
    return client.get(f"/accounts/security/{query}").content.decode()


def test_an_administrator_sees_who_took_out_what_and_when(
    administrator_client: Client, manager_client: Client, manager: User
) -> None:
    """G047: exports, sign-ins and rights stand in one log that can be narrowed."""
    b"".join(manager_client.get("/counterparties/?part=csv").streaming_content)

    page = log(administrator_client, "?area=list")

    assert "a list was taken out" in page
    assert manager.email in page
    assert "counterparties" in page
    assert "a list was taken out" not in log(administrator_client, "?area=people")


def test_the_log_itself_is_taken_out_and_that_is_logged(
    administrator_client: Client, acme: Company
) -> None:
    answer = administrator_client.get("/accounts/security/?part=csv")
    b"".join(answer.streaming_content)

    with tenant_context(acme):
        assert SecurityEvent.objects.filter(kind="list.exported", detail__list="security").exists()


def test_reading_the_card_of_a_vip_customer_is_logged_once(
    manager_client: Client, manager: User, acme: Company
) -> None:
    """G047: who opened it, when; opened again at once it is no second line."""
    with tenant_context(acme):
        vip = Counterparty.objects.create(name="Alfa", sort_name="alfa", is_vip=True)

    for _time in range(2):
        manager_client.get(f"/counterparties/{vip.pk}/")

    with tenant_context(acme):
        event = SecurityEvent.objects.get(kind="vip.read")
    assert (event.login, event.detail["name"]) == (manager.email, "Alfa")


def test_signing_in_is_logged(visitor: Client, acme: Company) -> None:
    with tenant_context(acme):
        User.objects.create_user(
            email="nina@acme.example", password="a long enough secret", role=Role.MANAGER
        )

    visitor.post(
        "/accounts/login/", {"login": "nina@acme.example", "password": "a long enough secret"}
    )

    with tenant_context(acme):
        assert SecurityEvent.objects.filter(kind="sign_in.done", login="nina@acme.example").exists()


@pytest.mark.parametrize("client_of", ["manager_client", "accountant_client"])
def test_the_log_is_for_administrators(client_of: str, request: pytest.FixtureRequest) -> None:
    assert request.getfixturevalue(client_of).get("/accounts/security/").status_code == 403

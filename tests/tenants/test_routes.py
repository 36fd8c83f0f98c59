"""Every address of a company, asked by who is not signed in and by somebody of another company."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.urls import resolve
from django.utils import timezone
from django_tenants.utils import tenant_context

from apps.accounts.models import Role, User
from apps.onboarding.services import load_demo
from tenants.current import enter_public
from tenants.models import Company
from tenants.services import create_company, drop_company
from tests.tenants.routes import Route, routes

OPEN = {  # who is not signed in may see these
    "account_login", "account_logout", "account_signup", "account_inactive",
    "account_reset_password", "account_reset_password_done", "account_reset_password_from_key",
    "account_reset_password_from_key_done", "account_confirm_email", "account_arrive",
    "account_email_verification_sent", "people_join", "preferences",
    "web_form",
    "stop",  # tests/apps/reports/test_keeping.py
    "manifest", "service_worker", "offline",  # tell the company's name, as the sign-in page does
}  # fmt: skip
REFUSED = {401, 403, 405}
ALL_NOTICES = "/notifications/"  # where a notice that is not there leads
WITH_ID = [route for route in routes() if route.takes_id]


class Stranger(NamedTuple):
    """Another company, full of data, with the key of one row of each kind."""

    company: Company
    owner: User
    keys: dict[str, Any]


@pytest.fixture(scope="module")
def stranger(django_db_setup: None, django_db_blocker: Any) -> Iterator[Stranger]:
    """Another company with the demonstration in it."""
    with django_db_blocker.unblock():
        enter_public()
        company = create_company(slug="stranger", name="Stranger Trading")
        with tenant_context(company):
            owner = User.objects.create_user(email="s@stranger.example", role=Role.OWNER)
            load_demo(language="en", currency="USD", now=timezone.now())
            keys = {model._meta.label: _some_key(model) for model in _models_with_uuids()}
        yield Stranger(company, owner, {label: key for label, key in keys.items() if key})
        enter_public()
        drop_company(company=company)


def _models_with_uuids() -> list[Any]:
    return [
        model
        for model in apps.get_models()
        if model._meta.pk.get_internal_type() == "UUIDField" and model._meta.app_label != "tenants"
    ]


def _some_key(model: Any) -> Any:
    return model._base_manager.order_by("pk").values_list("pk", flat=True).first()


@pytest.mark.parametrize("route", routes(), ids=lambda route: route.path)
def test_a_page_is_closed_to_who_is_not_signed_in(visitor: Client, route: Route) -> None:
    if route.path.startswith("/sync/v1/"):
        pytest.skip("offices come with a token: tests/replication/transports")
    assert resolve(route.at(), urlconf="config.urls_company").func
    if route.name in OPEN or "1c" in route.path:
        pytest.skip("open by its nature; its own tests say to whom")

    for answer in (visitor.get(route.at()), visitor.post(route.at())):
        is_sent_away = answer.status_code == 302 and "/login/" in answer["Location"]
        assert is_sent_away or answer.status_code in REFUSED, answer.status_code


@pytest.mark.parametrize("route", WITH_ID, ids=lambda route: route.path)
def test_keys_of_another_company_lead_nowhere(
    stranger: Stranger, owner_client: Client, route: Route
) -> None:
    before = _lines_of_journal(stranger.company)

    for label, key in stranger.keys.items():
        for answer in (owner_client.get(route.at(key)), owner_client.post(route.at(key))):
            nowhere = answer.status_code in {404, 405} or answer.get("Location") == ALL_NOTICES
            assert nowhere, (label, answer.status_code)
            assert b"Stranger" not in answer.content

    assert _lines_of_journal(stranger.company) == before


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/invoices/{id}/", "sales.Invoice"), ("/catalog/{id}/", "catalog.Product"),
        ("/counterparties/{id}/", "counterparties.Counterparty"),
        ("/exchange/connections/{id}/", "exchange.Node"),
        ("/organizations/{id}/", "core.Organization"), ("/accounts/people/{id}/", "accounts.User"),
    ],
)  # fmt: skip
def test_the_same_keys_lead_somewhere_in_their_own_company(
    db: None, stranger: Stranger, path: str, kind: str
) -> None:
    browser = Client(headers={"host": "stranger.localhost"})
    with tenant_context(stranger.company):
        browser.force_login(
            stranger.owner, backend="allauth.account.auth_backends.AuthenticationBackend"
        )

    assert path in {route.path for route in WITH_ID}
    assert browser.get(path.replace("{id}", str(stranger.keys[kind]))).status_code == 200


def _lines_of_journal(company: Company) -> int:
    with tenant_context(company), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM replication_journal")
        return int(cursor.fetchone()[0])

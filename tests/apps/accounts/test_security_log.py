"""The security log: what stands in it and who reads it."""

from __future__ import annotations

import ast
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings
from django.test import Client
from django.utils import translation
from django_tenants.utils import tenant_context

from apps.accounts import security, security_words
from apps.accounts.models import Role, User
from apps.counterparties.models import Counterparty
from tenants.audit.models import SecurityEvent
from tenants.audit.services import record
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


def recorded() -> dict[str, set[str]]:
    """Return the kinds of event that the program writes down, with the names of their values."""
    found: dict[str, set[str]] = {}
    for room in ("apps", "exchange", "replication", "tenants"):
        for module in (Path(settings.BASE_DIR) / room).rglob("*.py"):
            for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "record":
                    told = {each.arg: each.value for each in node.keywords if each.arg}
                    kind = told.pop("kind", None)
                    if isinstance(kind, ast.Constant):
                        found.setdefault(str(kind.value), set()).update(told)
    return found


@pytest.mark.parametrize("kind", sorted(recorded()))
def test_every_event_has_its_words(kind: str) -> None:
    """G047: no kind of event and no value stands in the log by its code."""
    silent = {"login", "address", "reason", "code", "cause", "row"}  # said by the event itself

    assert kind in security.WORDS
    assert kind.partition(".")[0] in security.GROUPS
    assert recorded()[kind] - silent <= set(security_words.LABELS)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "Role: Own · Rights: Deals: create (own), Reports: see cost and margin (no)"
               " · Fields: Counterparties: Phone (hidden)"),
        ("ru", "Роль: Own · Права: Сделки: создавать (свои), Отчёты: видеть себестоимость и маржу"
               " (нет) · Поля: Контрагенты: Телефон (скрыто)"),
    ],
)  # fmt: skip
def test_changed_rights_are_told_in_the_reader_s_words(language: str, said: str) -> None:
    event = SecurityEvent(kind="roles.changed", detail={
        "role": "Own", "rights": ["deals.create=own", "reports.cost=none"],
        "fields": ["counterparties.phone=hidden"],
    })  # fmt: skip

    with translation.override(language):
        assert security_words.detail(event, {}) == said


def test_what_has_no_word_is_left_out() -> None:
    event = SecurityEvent(kind="office.refused", detail={
        "office": str(uuid4()), "reason": "stale_base", "table": "sales_invoice", "rows": 3,
    })  # fmt: skip

    with translation.override("en"):
        assert security_words.detail(event, {}) == "About: Invoice · Rows: 3"


def test_the_log_names_whose_data_was_taken_out(
    administrator_client: Client, acme: Company
) -> None:
    """G047: a key of a row is told by the row's name, with few queries for all lines."""
    with tenant_context(acme):
        customer = Counterparty.objects.create(name="Alfa", sort_name="alfa")
        record(kind="personal_data.exported", subject=str(customer.pk), by="anna@acme.example")

    page = log(administrator_client)

    assert "what is kept of a person was taken out" in page
    assert "About: Alfa · By: anna@acme.example" in page
    assert str(customer.pk) not in page

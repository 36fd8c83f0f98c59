"""What a role hides of any kind is on no page, in no export and in no answer of the API."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple
from uuid import UUID

import pytest
from django.db import connection, models
from django.test import Client
from django.utils import timezone
from django_tenants.utils import tenant_context

from apps.accounts.models import AccessRole, Role, RoleField, User
from apps.core import objects
from apps.core.objects import ObjectKind
from apps.onboarding.services import load_demo
from tenants.models import Company
from tenants.services import create_company, drop_company
from tests.tenants.routes import Route, routes
from tests.tenants.walking import Session, begin_session, browser_with

MARK = "Xylophon"
NOT_ASKED = {"account_logout"}


class Walk(NamedTuple):
    """The company, who sees none of the fields that may be hidden, and a row of each kind."""

    company: Company
    person: User
    keys: dict[str, UUID]
    session: Session


def hiding() -> list[ObjectKind]:
    """Return the kinds of which a role may hide fields."""
    return [each for each in objects.registered() if each.hideable]


def hidden_columns(kind: ObjectKind) -> list[str]:
    """Return the columns of texts that may be hidden: what can bear a mark."""
    found = []
    for field in kind.fields:
        if field.key not in kind.hideable or "__" in field.source:
            continue
        column = kind.model._meta.get_field(field.source)
        is_text = isinstance(column, models.CharField | models.TextField)
        if is_text and not column.choices and (column.max_length or 99) >= len(MARK):
            found.append(field.source)
    return found


@pytest.fixture(scope="module")
def walk(django_db_setup: None, django_db_blocker: Any) -> Iterator[Walk]:
    """The demonstration with a mark in everything that is hidden."""
    with django_db_blocker.unblock():
        connection.set_schema_to_public()
        company = create_company(slug="hidewalk", name="Walk Trading")
        with tenant_context(company):
            User.objects.create_user(email="owner@hidewalk.example", role=Role.OWNER)
            load_demo(language="en", currency="USD", now=timezone.now())
            role = AccessRole.objects.create(name="Sees little", base=Role.MANAGER)
            keys = {}
            for kind in hiding():
                for key in kind.hideable:
                    RoleField.objects.create(
                        role=role, object=kind.key, field=key, access="hidden"
                    )
                kind.model.objects.update(**dict.fromkeys(hidden_columns(kind), MARK))
                row = kind.model.objects.order_by("pk").first()
                assert row is not None, kind.key
                keys[kind.key] = row.pk
            person = User.objects.create_user(
                email="little@hidewalk.example", role=Role.MANAGER, access_role=role
            )
        yield Walk(company, person, keys, begin_session(company, person))
        connection.set_schema_to_public()
        drop_company(company=company)


@pytest.fixture
def browser(db: None, walk: Walk) -> Client:
    """The person's browser."""
    return browser_with(walk.session, walk.company)


def test_deals_activities_and_customers_have_fields_to_hide() -> None:
    """F222: single fields of these are hidden or read only."""
    assert {"counterparties", "deals", "activities"} <= {kind.key for kind in hiding()}


@pytest.mark.parametrize("route", routes(), ids=lambda route: route.path)
def test_no_page_shows_what_is_hidden(walk: Walk, browser: Client, route: Route) -> None:
    """F222: pages, parts of them, exports and files."""
    if route.name in NOT_ASKED or "1c" in route.path or route.path.startswith("/sync/"):
        pytest.skip("other tests say who may ask")
    keys = list(walk.keys.values()) if route.takes_id else [UUID(int=0)]
    queries = ("",) if route.takes_id else ("", "?part=body", "?part=csv")

    for key in keys:
        for query in queries:
            answer = browser.get(route.at(key) + query)
            parts = b"".join(answer.streaming_content) if answer.streaming else answer.content
            assert answer.status_code != 500, route.path
            assert MARK.encode() not in parts, route.path + query


@pytest.mark.parametrize("kind", [each.key for each in hiding()])
def test_the_api_shows_nothing_that_is_hidden(walk: Walk, browser: Client, kind: str) -> None:
    """F222: rows have no such fields, and are not found by them."""
    page = browser.get(f"/api/v1/{kind}?limit=200")
    row = browser.get(f"/api/v1/{kind}/{walk.keys[kind]}")
    found = browser.get(f"/api/v1/{kind}?q={MARK}").json()

    assert (page.status_code, row.status_code) == (200, 200)
    assert MARK.encode() not in page.content + row.content
    assert not set(objects.kind(kind).hideable) & row.json().keys()
    assert found["data"] == []


def test_what_one_may_only_read_stays_whatever_is_posted(walk: Walk, browser: Client) -> None:
    """F222: a hidden comment of a deal survives a change of its name."""
    key = walk.keys["deals"]

    answer = browser.patch(
        f"/api/v1/deals/{key}", {"comment": "Overwritten"}, content_type="application/json"
    )

    assert answer.status_code == 422
    with tenant_context(walk.company):
        assert objects.kind("deals").model.objects.get(pk=key).comment == MARK

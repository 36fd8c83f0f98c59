"""Rights to create and to delete are asked at every door, made from the registry and the addresses.

Whoever may see and edit everything, and neither create nor delete anything, walks all of them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.urls import resolve, reverse
from django.utils import timezone
from django_tenants.utils import tenant_context

from apps.accounts.models import AccessRole, Role, RoleRight, Scope, User
from apps.accounts.rights import NotAllowed, matrix, object_of
from apps.core import navigation, objects
from apps.core.lists import bulk
from apps.core.lists.screen import _screens
from apps.core.objects import ObjectKind
from apps.onboarding.services import load_demo
from tenants.models import Company
from tenants.services import create_company, drop_company
from tests.tenants.routes import Route, routes
from tests.tenants.walking import Session, begin_session, browser_with

_MAKES = re.compile(r"(^|_)(new|add|copy|make|quick|compose|create)($|_)")
_DELETES = re.compile(r"(^|_)(archive|trash|throw|discard|remove|delete|purge)($|_)")
# Views whose names say one thing and which do another: say what.
OTHERS = {
    "counterparties:file_add": "a file is a change of the row it lies on",
    "counterparties:file_archive": "likewise",
    "counterparties:consent_add": "a consent is a change of the person",
    "mail:discard": "a letter of one's own that has not left is taken back, not thrown away",
    "mail:stranger_add": "an address more is a change of the customer",
}  # fmt: skip


class Walk(NamedTuple):
    """The company, who may neither create nor delete, and a row of each kind."""

    company: Company
    person: User
    keys: dict[str, UUID]
    session: Session


def writable() -> list[ObjectKind]:
    """Return the kinds that people make."""
    return [each for each in objects.registered() if each.makes_rows]


def deletable() -> list[ObjectKind]:
    """Return the kinds whose rows people throw away."""
    return [each for each in objects.registered() if each.archive is not None]


@pytest.fixture(scope="module")
def walk(django_db_setup: None, django_db_blocker: Any) -> Iterator[Walk]:
    """The demonstration, seen by an administrator's copy without these two rights."""
    with django_db_blocker.unblock():
        connection.set_schema_to_public()
        company = create_company(slug="makewalk", name="Walk Trading")
        with tenant_context(company):
            User.objects.create_user(email="owner@makewalk.example", role=Role.OWNER)
            load_demo(language="en", currency="USD", now=timezone.now())
            role = AccessRole.objects.create(name="Neither", base=Role.MANAGER)
            for name, actions in matrix.ACTIONS.items():
                for action in actions:
                    is_left_out = action in ("create", "delete") or name == "trash"
                    scope = Scope.NONE if is_left_out else Scope.ALL
                    RoleRight.objects.create(role=role, object=name, action=action, scope=scope)
            person = User.objects.create_user(
                email="neither@makewalk.example", role=Role.MANAGER, access_role=role
            )
            keys = {}
            for kind in objects.registered():
                row = kind.model._default_manager.filter(**kind.only).order_by("pk").first()
                if row is not None and isinstance(row.pk, UUID):
                    keys[kind.key] = row.pk
        yield Walk(company, person, keys, begin_session(company, person))
        connection.set_schema_to_public()
        drop_company(company=company)


@pytest.fixture
def browser(db: None, walk: Walk) -> Client:
    """The person's browser."""
    return browser_with(walk.session, walk.company)


def state(walk: Walk) -> dict[str, Any]:
    """Return how many rows of each kind there are, and how many of them are thrown away.

    Of kinds that have these rights: our own organizations are made by whoever may change them.
    """
    with tenant_context(walk.company), connection.cursor() as cursor:
        cursor.execute(*_counting())
        return {name: numbers for name, *numbers in cursor.fetchall()}


@cache
def _counting() -> tuple[str, list[Any]]:
    """Return one statement for all kinds: it is asked twice in each test."""
    parts: list[str] = []
    values: list[Any] = []
    for kind in objects.registered():
        if "create" not in matrix.ACTIONS.get(kind.right_object, ()):
            continue
        rows, given = (
            kind.model._default_manager.filter(**kind.only).order_by().query.sql_with_params()
        )
        names = {each.name for each in kind.model._meta.concrete_fields}
        gone = "count(*) FILTER (WHERE is_archived)" if "is_archived" in names else "0"
        parts.append(f"SELECT %s, count(*), {gone} FROM ({rows}) rows")
        values += [kind.key, *given]
    return " UNION ALL ".join(parts), values


def _right_of(name: str) -> str:
    """Return the right that guards a view."""
    route = next(each for each in routes() if each.name == name.partition(":")[2]
                 and _full(each) == name)  # fmt: skip
    return str(getattr(resolve(route.at(), urlconf="config.urls_company").func, "right", ""))


def _full(route: Route) -> str:
    found = resolve(route.at(), urlconf="config.urls_company")
    return ":".join([*found.namespaces, route.name])


@pytest.mark.parametrize("kind", writable(), ids=lambda kind: kind.key)
def test_nothing_is_made_by_the_generic_doors(
    walk: Walk, browser: Client, kind: ObjectKind
) -> None:
    """F221: not by the API, nor by what imports and every other door save with."""
    before = state(walk)

    answer = browser.post(f"/api/v1/{kind.key}", json.dumps({}), content_type="application/json")
    with tenant_context(walk.company), pytest.raises(NotAllowed) as refused:
        objects.save(kind, values={}, by=walk.person)

    assert answer.status_code == 403
    assert refused.value.right == f"{object_of(kind)}.create"
    assert state(walk) == before


@pytest.mark.parametrize("kind", deletable(), ids=lambda kind: kind.key)
def test_nothing_is_thrown_away_by_the_generic_doors(
    walk: Walk, browser: Client, kind: ObjectKind
) -> None:
    """F221: not by the API, nor by a change of many rows."""
    before, key = state(walk), walk.keys[kind.key]

    answer = browser.delete(f"/api/v1/{kind.key}/{key}")
    with tenant_context(walk.company):
        job = bulk.begin(kind=kind, by=walk.person, how="archive", keys=[key])
        bulk.run(job_id=job.pk)

    assert (answer.status_code, job.total) == (403, 0)
    assert state(walk) == before


@pytest.mark.parametrize("screen", sorted(_screens.values(), key=lambda each: each.key),
                         ids=lambda each: each.key)  # fmt: skip
def test_the_button_of_a_list_asks_for_the_right_of_its_page(screen: Any) -> None:
    """F221: «New …» is offered to whoever may make one, and to nobody else."""
    if not screen.create_url_name or screen.kind == "":
        pytest.skip("nothing is made from this list")

    wanted = f"{object_of(objects.kind(screen.kind))}.create"

    assert screen.create_right == wanted
    assert _right_of(screen.create_url_name) == wanted


def test_the_menu_of_what_can_be_made_asks_for_the_right_of_its_page() -> None:
    """F221: in the menu ＋ stands what a person may make."""
    wrong = {
        each.key: (each.right, _right_of(each.url_name))
        for each in navigation.creations(allowed=lambda right: True)
        if not each.right.endswith(".create") or _right_of(each.url_name) != each.right
    }

    assert wrong == {}


def _told() -> list[tuple[str, str, str]]:
    """Return the views whose names say that they make or delete: name, right, what is asked."""
    found = []
    for route in routes():
        name = _full(route)
        right = str(getattr(resolve(route.at(), urlconf="config.urls_company").func, "right", ""))
        of = right.partition(".")[0]
        for pattern, action in ((_MAKES, "create"), (_DELETES, "delete")):
            if pattern.search(route.name) and action in matrix.ACTIONS.get(of, ()):
                found.append((name, right, f"{of}.{action}"))
    return found


@pytest.mark.parametrize(("name", "right", "wanted"), _told(), ids=lambda each: each)
def test_a_view_that_makes_or_deletes_asks_for_just_that(
    name: str, right: str, wanted: str
) -> None:
    """F221: a new view of this name cannot forget it."""
    if name in OTHERS:
        pytest.skip(OTHERS[name])

    assert right == wanted


@pytest.mark.parametrize("route", routes(), ids=lambda route: route.path)
def test_no_address_makes_or_throws_away_anything(
    walk: Walk, browser: Client, route: Route
) -> None:
    """F221: whatever is posted to it."""
    if "1c" in route.path or route.path.startswith("/sync/") or route.name == "account_logout":
        pytest.skip("other tests say who may ask")
    if route.path == "/start/demo/remove/":
        pytest.skip("all of the demonstration goes, by the right to do that")
    before = state(walk)
    keys = list(walk.keys.values()) if route.takes_id else [next(iter(walk.keys.values()))]
    posted = {
        "id": [str(key) for key in walk.keys.values()], "name": "New", "subject": "New",
        "line": "Call tomorrow", "text": "New", "counterparty": str(walk.keys["counterparties"]),
        "kind": "task", "do": "archive", "action": ["archive", "trash"], "how": "archive",
    }  # fmt: skip

    for key in dict.fromkeys(keys):
        browser.post(route.at(key), posted)

    assert state(walk) == before


def test_the_pages_themselves_are_there(walk: Walk, browser: Client) -> None:
    """What the walk posts to would be answered to whoever has the rights."""
    assert browser.get(reverse("deals:list", urlconf="config.urls_company")).status_code == 200
    assert browser.get(f"/deals/{walk.keys['deals']}/").status_code == 200

"""Every address of a company, asked by a colleague who may see their own rows only.

Made from the table of addresses and the registry of kinds, so that neither a new view nor a new
kind can be forgotten: whoever adds one is told here what it shows to whom it should not.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple
from uuid import UUID

import pytest
from django.test import Client
from django.utils import timezone
from django_tenants.utils import tenant_context

from apps.accounts.models import AccessRole, Role, RoleField, RoleRight, Scope, User
from apps.accounts.rights import matrix, object_of, visible
from apps.accounts.roles import scopes_offered
from apps.core import objects
from apps.core.live import for_user, told_to
from apps.core.objects import ObjectKind
from apps.counterparties.models import Counterparty
from apps.onboarding.services import load_demo
from tenants.current import enter_public
from tenants.models import Company
from tenants.services import create_company, drop_company
from tests.tenants.routes import Route, routes
from tests.tenants.walking import Session, begin_session, browser_with

MARK = "Zebulon"
ASKED = MARK[:5]  # pages repeat what was asked
PHONE = "+7 911 222 33 44"
NOT_ASKED = {"account_logout"}  # ends the sign-in of the walk
ALL_NOTICES = "/notifications/"  # where a notice that is not there leads
# Kinds of which the demonstration makes no row of a colleague: say why.
WITHOUT_ROWS: dict[str, str] = {}


class Walk(NamedTuple):
    """A company in which one person owns everything, and another one may see their own."""

    company: Company
    mate: User
    mine: User
    keys: dict[str, UUID]  # a row of the colleague's, by kind
    own: UUID  # the one customer of the restricted person
    session: Session


def owned_kinds() -> list[ObjectKind]:
    """Return the kinds whose rows belong to somebody."""
    return [each for each in objects.kinds() if each.owner or each.parent]


@pytest.fixture(scope="module")
def walk(django_db_setup: None, django_db_blocker: Any) -> Iterator[Walk]:
    """The demonstration, all of it a colleague's, and one customer of one's own."""
    with django_db_blocker.unblock():
        enter_public()
        company = create_company(slug="walk", name="Walk Trading")
        with tenant_context(company):
            mate = User.objects.create_user(
                email="mate@walk.example", role=Role.MANAGER, full_name="Mate"
            )
            load_demo(language="en", currency="USD", now=timezone.now())
            _give_everything_to(mate)
            mine = _restricted_person()
            own = Counterparty.objects.create(
                name="Minerva", sort_name="minerva", responsible=mine, phone=PHONE
            )
            keys = {}
            for kind in owned_kinds():
                seen = visible(mine, kind.model.objects.all(), f"{object_of(kind)}.view")
                row = kind.model.objects.exclude(pk__in=seen.values("pk")).order_by("pk").first()
                if row is not None:
                    keys[kind.key] = row.pk
        yield Walk(company, mate, mine, keys, own.pk, begin_session(company, mine))
        enter_public()
        drop_company(company=company)


def _give_everything_to(mate: User) -> None:
    """Let every row be the colleague's, and bear a word that nothing else bears."""
    for kind in owned_kinds():
        rows = kind.model.objects.all()
        if kind.owner and "__" not in kind.owner:
            rows.update(**{kind.owner: mate})
        for path in kind.participants:
            if "__" not in path:
                rows.update(**{path: mate})
    for kind in owned_kinds():
        title = kind.title or "pk"
        names = {each.name for each in kind.model._meta.concrete_fields}
        if title in names and title not in ("pk", "number"):
            for row in kind.model.objects.all():
                kind.model.objects.filter(pk=row.pk).update(
                    **{title: f"{MARK} {getattr(row, title)}"[:100]}
                )


def _restricted_person() -> User:
    role = AccessRole.objects.create(name="Own only", base=Role.MANAGER)
    for name, actions in matrix.ACTIONS.items():
        for action in actions:
            if action == "export":
                RoleRight.objects.create(role=role, object=name, action=action, scope=Scope.NONE)
            elif len(scopes_offered(name)) > 2 and matrix.DEFAULTS[Role.MANAGER].get(
                f"{name}.{action}"
            ):
                RoleRight.objects.create(role=role, object=name, action=action, scope=Scope.OWN)
    RoleField.objects.create(role=role, object="counterparties", field="phone", access="hidden")
    return User.objects.create_user(
        email="mine@walk.example", role=Role.MANAGER, access_role=role, full_name="Mine"
    )


@pytest.fixture
def browser(db: None, walk: Walk) -> Client:
    """The restricted person's browser."""
    return browser_with(walk.session, walk.company)


def body(answer: Any) -> str:
    """Return what an answer says, a streamed one too."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return str(content, "utf-8", "replace")


def tells_nothing(walk: Walk, answer: Any) -> None:
    """Check that an answer holds no row of the colleague's and not the hidden field."""
    text = body(answer)
    asked = answer.request["PATH_INFO"] + "?" + answer.request["QUERY_STRING"]
    assert answer.status_code != 500, asked
    assert MARK not in text, asked
    assert PHONE not in text, asked
    told = [name for name, key in walk.keys.items() if f"{key}" in text and f"{key}" not in asked]
    assert told == [], asked


def test_every_owned_kind_has_a_row_of_the_colleague(walk: Walk) -> None:
    missing = {kind.key for kind in owned_kinds()} - walk.keys.keys()

    assert missing == set(WITHOUT_ROWS)


@pytest.mark.parametrize(
    "route", [each for each in routes() if not each.takes_id], ids=lambda route: route.path
)
def test_no_page_tells_of_a_colleagues_rows(walk: Walk, browser: Client, route: Route) -> None:
    """F219: they are not found, listed, counted or taken out."""
    if route.name in NOT_ASKED or "1c" in route.path or route.path.startswith("/sync/"):
        pytest.skip("other tests say who may ask")

    for query in ("", f"?q={ASKED}", "?part=body", "?part=csv", f"?q={ASKED}&part=count"):
        tells_nothing(walk, browser.get(route.path + query, follow=False))


@pytest.mark.parametrize(
    "route", [each for each in routes() if each.takes_id], ids=lambda route: route.path
)
def test_keys_of_a_colleagues_rows_lead_nowhere(
    walk: Walk, browser: Client, route: Route
) -> None:
    """F219: they are not opened or changed, whatever is known of them."""
    before = _state(walk)

    for name, key in walk.keys.items():
        for answer in (browser.get(route.at(key)), browser.post(route.at(key))):
            nowhere = answer.status_code in {403, 404, 405, 401, 415}
            nowhere = nowhere or answer.get("Location") == ALL_NOTICES
            assert nowhere, (name, answer.status_code, answer.get("Location"))
            tells_nothing(walk, answer)

    assert _state(walk) == before


@pytest.mark.parametrize("kind", [each.key for each in objects.kinds()])
def test_the_api_tells_of_no_colleagues_row(walk: Walk, browser: Client, kind: str) -> None:
    """F219, F222: lists, counts and single rows of every kind."""
    pages = [f"/api/v1/{kind}", f"/api/v1/{kind}?count=yes&limit=200"]
    if kind in walk.keys:
        pages.append(f"/api/v1/{kind}/{walk.keys[kind]}")

    for page in pages:
        tells_nothing(walk, browser.get(page))
    if kind in walk.keys:
        assert browser.get(pages[-1]).status_code in {403, 404}


def test_ones_own_rows_are_seen(walk: Walk, browser: Client) -> None:
    listed = body(browser.get("/counterparties/"))
    card = browser.get(f"/counterparties/{walk.own}/")

    assert "Minerva" in listed
    assert card.status_code == 200
    assert PHONE not in body(card)


def test_a_list_is_not_taken_out_without_the_right(walk: Walk, browser: Client) -> None:
    assert browser.get("/counterparties/?part=csv").status_code == 403


def test_a_browser_learns_no_keys_of_a_colleagues_rows(walk: Walk, db: None) -> None:
    key = str(walk.keys["counterparties"])
    tables = {
        "counterparties_counterparty": [[key, None]], "sales_invoiceline": [[key, key]],
        "catalog_product": [[key, None]],
    }  # fmt: skip
    event = {"after": "1", "position": "2", "tables": tables}

    with tenant_context(walk.company):
        told = for_user(event, user_id=walk.mine.pk, told=told_to(walk.mine.pk))

    assert told["tables"] == {
        "counterparties_counterparty": None, "sales_invoiceline": None,
        "catalog_product": [[key, None]],
    }  # fmt: skip


def _state(walk: Walk) -> list[Any]:
    """Return when each of the colleague's rows was changed last."""
    with tenant_context(walk.company):
        return [
            kind.model.objects.filter(pk=walk.keys[kind.key]).values().first()
            for kind in owned_kinds()
            if kind.key in walk.keys
        ]

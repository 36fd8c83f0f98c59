"""What stands around the rows of a list is made once: never for one person in place of another."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django_tenants.utils import tenant_context

from apps.accounts.models import AccessRole, Role, User
from apps.core.lists import kept
from apps.core.models import UserPreference
from apps.counterparties.models import Counterparty
from apps.custom.services import FieldValues, add_field
from tenants.models import Company
from tests.apps.core.test_frame import _colleague
from tests.conftest import _signed_in

LIST = "/counterparties/"


@pytest.fixture(autouse=True)
def pages(monkeypatch: pytest.MonkeyPatch) -> dict[Any, kept.Around]:
    """Begin with nothing kept; return what is kept."""
    fresh = kept.Kept()
    monkeypatch.setattr("apps.core.lists.kept.kept", fresh)
    return fresh._pages


@pytest.fixture(autouse=True)
def names(acme: Company, rival: Company) -> None:
    for company, name in ((acme, "Polar Star"), (rival, "Southern Cross")):
        with tenant_context(company):
            Counterparty.objects.create(name=name, sort_name=name.lower())


def page(client: Client, address: str = LIST) -> str:
    return client.get(address).content.decode()


def without_marks(text: str) -> str:
    """Leave out what is another at every look: tokens and the position."""
    text = re.sub(r'(csrfmiddlewaretoken" value=|X-CSRFToken": )"[^"]+"', "", text)
    return re.sub(r'data-position="[^"]*"', "", text)


def test_the_second_look_is_the_page_of_the_first(
    owner_client: Client, pages: dict[Any, kept.Around]
) -> None:
    page(owner_client)  # the menu comes into the cache
    first = page(owner_client)

    again = page(owner_client)

    assert len(pages) == 1
    assert without_marks(again) == without_marks(first)
    assert "Polar Star" in again
    assert kept._marked not in first + again


def test_a_row_that_came_meanwhile_stands_in_the_kept_page(
    acme: Company, owner_client: Client
) -> None:
    page(owner_client), page(owner_client)
    with tenant_context(acme):
        Counterparty.objects.create(name="Aurora", sort_name="aurora")

    assert "Aurora" in page(owner_client)


def test_another_company_never_gets_a_kept_page(
    owner_client: Client, rival_owner_client: Client
) -> None:
    for _look in range(2):
        first, other = page(owner_client), page(rival_owner_client)

        assert "Acme Trading" in first
        assert "Rival Trading" in other
        assert "Polar Star" not in other
        assert "Acme Trading" not in other


def test_a_colleague_gets_their_own_page_and_token(acme: Company) -> None:
    clients = [_signed_in(_colleague(acme, name), acme) for name in ("Mila One", "Vera Two")]
    for client in clients:
        page(client)

    first, other = (page(client) for client in clients)

    assert '<span class="who">Mila One</span>' in first
    assert '<span class="who">Vera Two</span>' in other
    tokens = [set(re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', each))
              for each in (first, other)]  # fmt: skip
    assert all(len(each) == 1 for each in tokens)
    assert tokens[0].isdisjoint(tokens[1])


def test_each_look_has_a_token_that_is_taken(acme: Company, owner: User) -> None:
    client = _signed_in(owner, acme)
    client.handler.enforce_csrf_checks = True
    page(client), page(client)
    [token] = set(re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', page(client)))

    answer = client.post(
        reverse("core:list_columns", urlconf="config.urls_company"),
        {"list": "counterparties", "next": LIST, "usual": "yes", "csrfmiddlewaretoken": token},
    )

    assert answer.status_code == 302


def test_a_right_that_was_taken_away_is_gone_from_the_next_look(
    acme: Company, manager: User, manager_client: Client
) -> None:
    page(manager_client)
    before = page(manager_client)
    with tenant_context(acme):
        role = AccessRole.objects.create(name="Reader", base=Role.ACCOUNTANT)
        User.objects.filter(pk=manager.pk).update(role=Role.ACCOUNTANT, access_role=role)

    after = page(manager_client)

    assert 'href="/counterparties/new/"' in before
    assert 'href="/counterparties/new/"' not in after


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda owner: setattr(owner, "language", "tr"), id="language"),
        pytest.param(lambda owner: setattr(owner, "full_name", "Another Name"), id="name"),
    ],
)
def test_what_changed_of_a_person_is_another_page(
    acme: Company, owner: User, owner_client: Client, change: Any
) -> None:
    page(owner_client)
    before = page(owner_client)
    with tenant_context(acme):
        person = User.objects.get(pk=owner.pk)
        change(person)
        person.save()

    assert without_marks(page(owner_client)) != without_marks(before)


def test_chosen_columns_and_a_new_field_are_another_page(
    acme: Company, owner: User, owner_client: Client
) -> None:
    page(owner_client)
    before = page(owner_client)
    with tenant_context(acme):
        add_field(kind="counterparties", values=FieldValues("Favourite colour", type="text"))
    with_field = page(owner_client)
    with tenant_context(acme):
        UserPreference.objects.create(
            user_id=owner.pk, key="columns:counterparties", value=["name", "comment"]
        )

    chosen = page(owner_client)

    assert "Favourite colour" not in before
    assert "Favourite colour" in with_field
    assert 'data-column="comment"' not in with_field
    assert 'data-column="comment"' in chosen


def test_another_look_is_another_page(owner_client: Client) -> None:
    page(owner_client), page(owner_client)
    owner_client.cookies["kopru_theme"] = "dark"

    assert 'data-theme="dark"' in page(owner_client)


def test_a_message_is_shown_once(owner_client: Client, acme: Company) -> None:
    page(owner_client), page(owner_client)
    with tenant_context(acme):
        key = Counterparty.objects.get().pk

    answer = owner_client.post("/counterparties/archive/", {"id": [str(key)]}, follow=True)

    assert 'class="toast' in answer.content.decode().split('id="toast-template"')[0]
    again = page(owner_client).split('id="toast-template"')[0]
    assert 'class="toast ' not in again


def test_a_page_that_asks_the_database_is_not_kept(
    acme: Company, owner_client: Client, pages: dict[Any, kept.Around]
) -> None:
    with tenant_context(acme):
        key = Counterparty.objects.get().pk
    page(owner_client)  # the menu comes into the cache
    pages.clear()

    page(owner_client, f"/counterparties/people/?counterparty={key}")

    assert pages == {}


def test_pages_are_read_with_the_same_few_queries(owner_client: Client) -> None:
    page(owner_client), page(owner_client)

    with CaptureQueriesContext(connection) as asked:
        page(owner_client)

    assert len(asked) <= 6


def test_what_was_not_asked_for_longest_is_forgotten_first() -> None:
    few = kept.Kept(most=2)
    one, two, three = (kept.Around([name], (), False) for name in ("one", "two", "three"))
    few.put("one", one)
    few.put("two", two)
    few.get("one")

    few.put("three", three)

    assert [few.get(each) for each in ("one", "two", "three")] == [one, None, three]

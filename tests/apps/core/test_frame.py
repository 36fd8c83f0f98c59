"""The frame around pages is made once: never for one company or role in place of another."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.utils import translation
from django_tenants.utils import tenant_context

from apps.accounts.models import Role, User
from apps.core import frame
from apps.core.frame import Frame, Kept, frame_of
from apps.core.navigation import Mark, NavItem, NavLink
from tenants.models import Company
from tests.conftest import _person, _signed_in

ENTRY = re.compile(r'data-go="[a-z]"')


@pytest.fixture(autouse=True)
def nothing_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("apps.core.frame.kept", Kept())


def page(client: Client, address: str = "/counterparties/") -> str:
    return client.get(address).content.decode()


def test_another_company_never_gets_a_kept_frame(
    owner_client: Client, rival: Company, rival_owner: User
) -> None:
    first, other = page(owner_client), page(_signed_in(rival_owner, rival))

    assert "Acme Trading" in first
    assert "Rival Trading" in other
    assert "Acme Trading" not in other


def test_another_role_never_gets_a_kept_frame(acme: Company, owner_client: Client) -> None:
    accountant = _signed_in(_person(acme, Role.ACCOUNTANT, "Anna"), acme)

    first, other = page(owner_client), page(accountant)

    assert 'href="/accounts/people/"' in first
    assert 'href="/accounts/people/"' not in other
    assert len(ENTRY.findall(other)) < len(ENTRY.findall(first))


def test_a_right_that_was_taken_away_is_gone_from_the_next_page(
    acme: Company, owner: User, owner_client: Client
) -> None:
    before = page(owner_client)
    with tenant_context(acme):
        User.objects.filter(pk=owner.pk).update(role=Role.ACCOUNTANT)

    after = page(owner_client)

    assert 'href="/accounts/people/"' in before
    assert 'href="/accounts/people/"' not in after


def test_a_colleague_of_the_same_role_gets_their_own_name_and_token(acme: Company) -> None:
    clients = [
        _signed_in(_colleague(acme, name), acme) for name in ("Mila One", "Vera Two")
    ]  # fmt: skip

    first, other = (page(client) for client in clients)

    assert '<span class="who">Mila One</span>' in first
    assert '<span class="who">Vera Two</span>' in other
    tokens = [set(re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', each))
              for each in (first, other)]  # fmt: skip
    assert all(len(each) == 1 for each in tokens)
    assert tokens[0].isdisjoint(tokens[1])
    assert frame._marked not in first + other


def test_each_page_says_which_entry_leads_to_it_and_where_forms_come_back(
    owner_client: Client,
) -> None:
    page(owner_client)

    other = page(owner_client, "/deals/list/?q=a%26b")

    assert len(re.findall(r'<a href="/deals/" aria-current="page"', other)) == 2
    assert '<a href="/counterparties/" aria-current' not in other
    assert 'name="next" value="/deals/list/?q=a%26b"' in other


def test_many_settings_are_folded_until_one_of_them_is_open(
    owner_client: Client, manager_client: Client
) -> None:
    folded = '<details class="nav-recent nav-settings" >'
    unfolded = '<details class="nav-recent nav-settings" open>'

    assert folded in page(owner_client)
    assert unfolded in page(owner_client, "/accounts/people/")
    assert folded in page(owner_client)
    assert unfolded in page(manager_client), "few stand in sight everywhere"


def test_another_language_and_look_is_another_frame(owner_client: Client) -> None:
    page(owner_client)
    owner_client.cookies["kopru_language"] = "tr"
    owner_client.cookies["kopru_theme"] = "dark"

    other = page(owner_client)

    assert "Karşı taraflar" in other or "Cari" in other
    assert 'name="theme" value="dark" aria-pressed="true"' in other


def test_frames_are_kept_apart_by_whatever_they_can_show() -> None:
    item = NavItem("a", "A", "core:start", "home", 1)
    links = [NavLink(item, "/", False)]
    marked = [NavLink(item, "/", False, Mark("bad", "Late"))]
    same = [frame_of(None, links=links).parts for _time in range(2)]
    with translation.override("ru"):
        russian = frame_of(None, links=links).parts
    others = [
        frame_of(None, links=marked).parts, frame_of(None, links=links, has_notices=True).parts,
        frame_of(None).parts, russian,
    ]  # fmt: skip

    assert same[0] is same[1]
    assert len({id(each) for each in (same[0], *others)}) == 5


def test_what_was_not_asked_for_longest_is_forgotten_first() -> None:
    kept = Kept(most=2)
    frames = {name: Frame(None, name, "en") for name in ("one", "two", "three")}
    first = {name: kept.parts(frames[name]) for name in ("one", "two", "one", "three")}

    assert kept.parts(frames["one"]) is first["one"]
    assert kept.parts(frames["two"]) is not first["two"]


def _colleague(company: Company, name: str) -> User:
    with tenant_context(company):
        return User.objects.create_user(
            email=f"{name[:4].lower()}@acme.example", role=Role.MANAGER, full_name=name
        )

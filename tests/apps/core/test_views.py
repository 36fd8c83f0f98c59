"""Start page, palette, preferences, refused requests."""

from __future__ import annotations

import pytest
from django.test import Client

from apps.accounts.models import User
from apps.core import search
from apps.core.models import UserPreference
from apps.core.navigation import NavItem, links
from apps.core.navigation import register as add_to_navigation
from tenants.models import Company


@pytest.mark.parametrize("address", ["/", "/search/?q=nail"])
def test_screens_of_a_company_ask_who_one_is(visitor: Client, address: str) -> None:
    answer = visitor.get(address)

    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/?next=/")


def test_the_start_page_greets_by_name(manager_client: Client) -> None:
    page = manager_client.get("/").content.decode()

    assert "Good day, Marina Manager" in page
    assert 'aria-current="page"' in page


def test_pages_forbid_what_is_inline(manager_client: Client) -> None:
    answer = manager_client.get("/")

    policy = answer["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    page = answer.content.decode()
    assert "<script>" not in page
    assert " style=" not in page
    assert " onclick=" not in page
    assert "hx-on" not in page


def test_the_palette_finds_what_rooms_registered(
    manager_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "_finders", {})
    search.register(
        search.Finder(
            "nails", "Nails", "package", "",
            lambda user, query, limit: [search.Found(f"{query} 50 mm", "12.40", "/nail/")][:limit],
        )
    )  # fmt: skip

    page = manager_client.get("/search/?q=Nail").content.decode()

    assert 'href="/nail/"' in page
    assert "Nail 50 mm" in page


def test_whoever_has_no_script_searches_on_a_page(manager_client: Client) -> None:
    page = manager_client.get("/search/?q=nothing+of+the+kind").content.decode()
    part = manager_client.get(
        "/search/?q=nothing+of+the+kind", headers={"HX-Request": "true"}
    ).content.decode()

    assert "<!doctype html>" in page
    assert 'name="q" value="nothing of the kind"' in page
    assert "<!doctype html>" not in part
    assert "Nothing found for “nothing of the kind”" in part


def test_the_palette_leaves_out_what_one_may_not_see(
    manager_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "_finders", {})
    search.register(
        search.Finder(
            "people", "People", "users", "people.change",
            lambda user, query, limit: [search.Found("Olga Owner", "", "/people/1/")],
        )
    )  # fmt: skip

    assert "Olga Owner" not in manager_client.get("/search/?q=olga").content.decode()


def test_navigation_shows_what_one_may_see_and_where_one_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("apps.core.navigation._items", {})
    add_to_navigation(NavItem("b", "Search", "core:search", "search", 20))
    add_to_navigation(NavItem("a", "Start", "core:start", "home", 10))
    add_to_navigation(NavItem("c", "Hidden", "core:start", "lock", 5, right="people.change"))

    shown = links(path="/search/", allowed=lambda right: False)

    assert [link.item.key for link in shown] == ["a", "b"]
    assert [link.is_current for link in shown] == [False, True]


def test_theme_and_density_stay_with_the_browser(manager_client: Client) -> None:
    """G077: theme and density are chosen and stay."""
    answer = manager_client.post("/preferences/", {"theme": "dark", "next": "/search/"})
    manager_client.post("/preferences/", {"density": "compact"})

    page = manager_client.get("/").content.decode()
    assert answer["Location"] == "/search/"
    assert 'data-theme="dark"' in page
    assert 'data-density="compact"' in page


def test_the_language_stays_with_the_person(
    manager_client: Client, manager: User, company: Company
) -> None:
    manager_client.post("/preferences/", {"language": "tr"})

    manager.refresh_from_db()
    assert manager.language == "tr"
    assert '<html lang="tr"' in manager_client.get("/").content.decode()


@pytest.mark.parametrize("field", ["theme", "density", "language"])
def test_a_preference_nobody_offers_is_not_kept(manager_client: Client, field: str) -> None:
    answer = manager_client.post("/preferences/", {field: '"><script>'})

    assert not answer.cookies


@pytest.mark.parametrize(
    "back", ["https://elsewhere.example/", "//elsewhere.example", "javascript:1"]
)
def test_preferences_lead_back_to_our_pages_only(manager_client: Client, back: str) -> None:
    assert manager_client.post("/preferences/", {"next": back})["Location"] == "/"


def test_columns_are_kept_and_forgotten(manager_client: Client, company: Company) -> None:
    address = "/preferences/columns/"
    manager_client.post(address, {"list": "invoices", "column": ["number", "total"]})
    kept = UserPreference.objects.get()
    manager_client.post(address, {"list": "invoices", "usual": "yes", "column": ["number"]})

    assert (kept.key, kept.value) == ("columns:invoices", ["number", "total"])
    assert not UserPreference.objects.exists()


@pytest.mark.parametrize("address", ["/search/?q=%00", "/catalog/?q=%00", "/counterparties/?q=%00"])
def test_the_character_zero_is_refused_before_it_reaches_the_database(
    manager_client: Client, address: str
) -> None:
    assert manager_client.get(address).status_code == 400


def test_what_is_not_there_has_a_page_of_its_own(manager_client: Client) -> None:
    answer = manager_client.get("/nothing-here/")

    assert answer.status_code == 404
    assert "<h1" in answer.content.decode()


def test_a_fragment_of_somebody_signed_out_leads_to_the_sign_in_page(visitor: Client) -> None:
    answer = visitor.get(
        "/search/?q=a",
        headers={"HX-Request": "true", "HX-Current-URL": "http://acme.localhost/catalog/?q=1"},
    )

    assert answer.status_code == 204
    assert answer["HX-Redirect"] == "/accounts/login/?next=/catalog/%3Fq%3D1"


def test_another_company_does_not_know_this_one_s_people(
    manager_client: Client, rival: Company
) -> None:
    answer = manager_client.get("/", headers={"host": "rival.localhost"})

    assert answer.status_code == 302


def test_what_can_be_made_is_offered_by_right(
    owner_client: Client, accountant_client: Client
) -> None:
    mine = owner_client.get("/").content.decode()
    theirs = accountant_client.get("/").content.decode()

    assert 'href="/invoices/new/" data-letter="i"' in mine
    assert 'href="/counterparties/quick/" data-letter="k"' in mine
    assert 'href="/activities/new/" data-letter="t"' in theirs
    assert "/invoices/new/" not in theirs

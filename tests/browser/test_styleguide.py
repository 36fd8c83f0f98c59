"""Every piece of the design system, in both themes, wide and on a phone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.browser.conftest import Running, sign_in
from tests.browser.looking import troubles

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390, 320])
def test_every_piece_can_be_read_and_reached(
    running: Running, window: BrowserContext, theme: str, width: int
) -> None:
    """G077: both themes pass the contrast of AA, wide, on a phone and at 320 px."""
    page = sign_in(window, running, "owner")
    window.add_cookies([{"name": "kopru_theme", "value": theme, "url": running.url}])
    page.set_viewport_size({"width": width, "height": 844})

    page.goto(f"{running.url}/styleguide/")

    expect(page.locator("html")).to_have_attribute("data-theme", theme)
    assert troubles(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth + 1")


def test_the_policy_of_pages_stops_nothing_of_ours(
    running: Running, window: BrowserContext
) -> None:
    page = sign_in(window, running, "owner")
    refused: list[str] = []
    page.on("console", lambda said: refused.append(said.text) if said.type == "error" else None)

    for screen in ("/styleguide/", "/invoices/", "/invoices/new/", "/catalog/", "/exchange/"):
        page.goto(f"{running.url}{screen}")

    assert refused == []


def test_a_list_is_searched_in_place_and_its_address_follows(
    running: Running, window: BrowserContext
) -> None:
    page = sign_in(window, running, "manager")
    page.goto(f"{running.url}/counterparties/")
    name = page.locator("main table tbody a").first.inner_text().strip()

    page.keyboard.press("/")
    page.keyboard.type("nobody is called so")
    expect(page.locator("main .empty")).to_be_visible()
    expect(page.locator(".list-count")).to_have_text("0")
    page.locator("[data-list-search]").fill(name)

    expect(page.locator("main table tbody a").first).to_have_text(name)
    expect(page).to_have_url(re.compile(r"[?&]q="))

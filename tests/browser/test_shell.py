"""The shell around every screen: by keyboard, in the chosen look, without scripts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.conftest import Running, sign_in

pytestmark = pytest.mark.browser
CHECKER = Path(__file__).parent / "vendor" / "axe-4.14.1.min.js"


def barriers(page: Page) -> list[Any]:
    """Return everything the checker finds, whatever its weight."""
    page.evaluate(CHECKER.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run(document)")["violations"]
    return [(one["id"], [node["html"][:160] for node in one["nodes"]][:3]) for one in found]


@pytest.fixture
def styleguide(running: Running, window: BrowserContext) -> Page:
    """The page of all pieces, opened by the owner, the focus nowhere."""
    page = sign_in(window, running, "owner")
    page.emulate_media(reduced_motion="reduce")
    page.goto(f"{running.url}/styleguide/")
    page.locator("h1").click()
    return page


@pytest.mark.parametrize("opened", ["Control+k", "Shift+?"], ids=["palette", "sheet of shortcuts"])
def test_no_dialog_is_a_barrier(styleguide: Page, opened: str) -> None:
    styleguide.keyboard.press(opened)
    expect(styleguide.locator("dialog[open]")).to_be_visible()

    assert barriers(styleguide) == []


def test_the_palette_leads_where_one_wants_without_the_mouse(styleguide: Page) -> None:
    styleguide.keyboard.press("Control+k")
    styleguide.keyboard.press("ArrowDown")
    second = styleguide.locator("#palette-results").get_by_role("option").nth(1)
    expect(second).to_have_attribute("aria-selected", "true")
    wanted = second.get_attribute("href") or ""

    styleguide.keyboard.press("Enter")

    expect(styleguide).to_have_url(re.compile(re.escape(wanted) + "$"))
    assert "/styleguide" not in styleguide.url


def test_single_keys_are_letters_where_one_writes(styleguide: Page) -> None:
    field = styleguide.get_by_label("Name").first
    field.fill("")
    field.press_sequentially("jx?/c")

    expect(field).to_have_value("jx?/c")
    expect(styleguide.locator("dialog[open]")).to_have_count(0)


def test_rows_are_walked_and_ticked_by_keyboard(styleguide: Page) -> None:
    for key in ("j", "j", "x"):
        styleguide.keyboard.press(key)

    expect(styleguide.locator("#row-2 [data-select]")).to_be_checked()
    expect(styleguide.locator(".bulk-bar")).to_contain_text("1")
    styleguide.keyboard.press("Escape")
    expect(styleguide.locator(".bulk-bar")).to_be_hidden()


def test_escape_goes_back_one_layer(styleguide: Page) -> None:
    styleguide.get_by_role("button", name="Open", exact=True).click()
    expect(styleguide.locator("#example")).to_be_visible()

    styleguide.keyboard.press("Escape")

    expect(styleguide.locator("#example")).to_be_hidden()


def test_the_chosen_look_comes_with_the_page(styleguide: Page) -> None:
    styleguide.locator(".sidebar-foot summary").click()
    styleguide.get_by_role("button", name="Dark").click()

    expect(styleguide.locator("html")).to_have_attribute("data-theme", "dark")
    expect(styleguide).to_have_url(re.compile("/styleguide/$"))


@pytest.fixture
def plain(chromium: Browser, running: Running, window: BrowserContext) -> Iterator[Page]:
    """A signed-in browser that runs no scripts."""
    sign_in(window, running, "owner")
    context = chromium.new_context(java_script_enabled=False, storage_state=window.storage_state())
    yield context.new_page()
    context.close()


def test_the_search_is_a_page_without_scripts(plain: Page, running: Running) -> None:
    plain.goto(f"{running.url}/")
    plain.locator(".search-button").click()
    plain.locator("main [name=q]").fill("a")
    plain.locator("main").get_by_role("button", name="Find").click()

    expect(plain.locator("main .row-link").first).to_be_visible()


def test_a_list_is_searched_and_paged_without_scripts(plain: Page, running: Running) -> None:
    plain.goto(f"{running.url}/counterparties/")
    expect(plain.locator("main tbody a").first).to_be_visible()

    plain.locator("main [name=q]").fill("nobody of this name")
    plain.locator("main [name=q]").press("Enter")

    expect(plain.locator("main .empty")).to_be_visible()


def test_back_restores_the_list_one_came_from(running: Running, window: BrowserContext) -> None:
    """G007: what is asked of a list stands in its address; Back shows it, scrolled as it was."""
    page = sign_in(window, running, "owner")
    page.set_viewport_size({"width": 1200, "height": 500})
    page.goto(f"{running.url}/catalog/prices/")
    page.locator("[data-list-search]").fill("screw")
    expect(page).to_have_url(re.compile("[?&]q=screw"))
    rows = page.locator("main tbody tr[id]")
    expect(rows.last).to_contain_text(re.compile("screw", re.IGNORECASE))
    several, address = rows.count(), page.url
    rows.last.scroll_into_view_if_needed()
    was = page.evaluate("scrollY")
    assert was > 100

    rows.last.locator("a").first.click()
    expect(page).not_to_have_url(address)
    page.go_back()

    expect(page).to_have_url(address)
    expect(page.locator("[data-list-search]")).to_have_value("screw")
    expect(rows).to_have_count(several)
    page.wait_for_function("(was) => Math.abs(scrollY - was) < 60", arg=was)

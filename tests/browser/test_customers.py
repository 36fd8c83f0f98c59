"""Customers in a browser: entered by keyboard, found at once, without barriers."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.conftest import Running, opened, sign_in
from tests.browser.looking import troubles

pytestmark = pytest.mark.browser


@pytest.fixture
def page(running: Running, window: BrowserContext) -> Page:
    """The start page of a manager."""
    page = sign_in(window, running, "manager")
    page.emulate_media(reduced_motion="reduce")
    return page


def test_a_customer_is_entered_and_found_by_keyboard(running: Running, page: Page) -> None:
    """F117: entered over any page without the mouse, found by a part of the phone."""
    page.goto(f"{running.url}/invoices/")
    page.keyboard.press("c")
    page.keyboard.press("k")
    field = page.get_by_label("Company or person")
    expect(field).to_be_focused()
    field.press_sequentially("Tower Bridge Fixings")
    page.get_by_label("Phone").fill("+44 20 7946 0111")
    page.keyboard.press("Control+Enter")
    expect(page).to_have_url(re.compile(r"/counterparties/[0-9a-f-]{36}/$"))

    page.wait_for_load_state()
    page.keyboard.press("Control+k")
    expect(page.get_by_role("combobox", name="Search")).to_be_focused()
    page.keyboard.type("79460111")

    expect(page.locator("#palette-results")).to_contain_text("Tower Bridge Fixings")


def test_waiting_requests_are_decided_by_keyboard_within_the_list(
    running: Running, page: Page
) -> None:
    """G037: j chooses, d declines, a accepts; one stays in the list and can take it back."""
    page.goto(f"{running.url}/counterparties/unsorted/")
    rows = page.locator("[data-inbox] tbody tr")
    count = rows.count()

    for key, said in (("d", "1 was declined."), ("a", "1 was accepted.")):
        page.keyboard.press("j")
        page.keyboard.press(key)

        expect(page.locator("#toasts")).to_contain_text(said)
        expect(rows).to_have_count(count - 1)
        expect(page).to_have_url(f"{running.url}/counterparties/unsorted/")
        page.get_by_role("button", name="Undo").last.click()
        expect(rows).to_have_count(count)


@pytest.fixture(scope="module")
def seen(running: Running, chromium: Browser) -> Iterator[Page]:
    """A manager's page that goes from screen to screen."""
    with opened(chromium) as context:
        page = sign_in(context, running, "manager")
        page.emulate_media(reduced_motion="reduce")
        yield page


@pytest.mark.parametrize(
    "path",
    ["/counterparties/", "/counterparties/people/", "/counterparties/unsorted/", "/requests/",
     "/requests/board/", "/requests/report/", "/requests/new/", "/counterparties/new/",
     "/counterparties/quick/"],
)  # fmt: skip
def test_no_screen_of_customers_is_a_barrier(running: Running, seen: Page, path: str) -> None:
    seen.goto(f"{running.url}{path}")
    seen.wait_for_load_state("networkidle")

    assert troubles(seen) == []


def test_no_card_is_a_barrier(running: Running, seen: Page) -> None:
    for path in ("/counterparties/", "/counterparties/people/", "/requests/"):
        seen.goto(f"{running.url}{path}")
        card = seen.locator("tbody a.row-link, tbody a[data-row-link]").first.get_attribute("href")
        seen.goto(f"{running.url}{card}")
        seen.wait_for_load_state("networkidle")

        assert troubles(seen) == [], path

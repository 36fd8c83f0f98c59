"""Arranging a card in a browser: parts are dragged and carried by keyboard, a form takes a lead."""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.browser.conftest import Running, sign_in
from tests.browser.looking import Looks

pytestmark = pytest.mark.browser
PAGE = "/customization/kinds/counterparties/layout/"
PEOPLE = "counterparties.card.people"
SCREENS = (
    "/customization/", PAGE, "/customization/kinds/deals/layout/", "/customization/menu/",
    "/exports/", "/exports/regularly/?list=counterparties", "/forms/", "/forms/new/",
)  # fmt: skip


@pytest.fixture
def arranging(running: Running, window: BrowserContext) -> Page:
    page = sign_in(window, running, "owner")
    page.goto(running.url + PAGE)
    return page


def part(page: Page, key: str = PEOPLE) -> Locator:
    return page.locator(f'[data-part]:has(input[value="{key}"])')


def place(page: Page) -> Locator:
    return part(page).locator("select")


def test_a_part_is_dragged_into_a_tab_and_carried_back_by_keyboard(arranging: Page) -> None:
    """G025: «Contact persons» goes into a tab without code, by drag; Alt and ← bring it back."""
    files = arranging.locator('[data-place="tab:files"] .arrange-list')

    part(arranging).locator(".arrange-grip").drag_to(files)
    expect(place(arranging)).to_have_value("tab:files")
    arranging.get_by_role("button", name="Save").click()
    expect(place(arranging)).to_have_value("tab:files")

    for expected in ("tab:1c", "tab:timeline", "left"):
        part(arranging).focus()
        part(arranging).press("Alt+ArrowLeft")
        expect(place(arranging)).to_have_value(expected)
    part(arranging).press("Alt+ArrowUp")
    arranging.get_by_role("button", name="As at first").click()
    expect(place(arranging)).to_have_value("left")


@pytest.mark.parametrize("screen", SCREENS)
def test_the_screens_have_no_serious_finding(looked: Looks, screen: str) -> None:
    assert looked.faults([screen], "light") == {}

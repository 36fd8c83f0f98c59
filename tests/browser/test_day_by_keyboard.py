"""The working day without a mouse: nothing here points, clicks or touches."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Running, speak

pytestmark = pytest.mark.browser
FARTHEST = 150  # presses of Tab to what is wanted


class Keys:
    """A person who has a keyboard only."""

    def __init__(self, page: Page, running: Running) -> None:
        self.page, self.running = page, running

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def write(self, text: str) -> None:
        self.page.keyboard.type(text)

    def reach(self, selector: str, key: str = "Tab") -> None:
        """Go with Tab until the focus is on what is wanted, and see that it can be seen there."""
        for _ in range(FARTHEST):
            if self.page.locator(f":is({selector}):focus").count():
                break
            self.press(key)
        expect(self.page.locator(f":is({selector}):focus")).to_be_in_viewport()

    def into_page(self) -> None:
        """Pass the side bar by the link that is there for it."""
        self.page.wait_for_load_state()
        self.reach(".skip-link")
        self.press("Enter")

    def push(self, selector: str) -> None:
        """Press what stands on the page, found with Tab."""
        self.into_page()
        self.reach(selector)
        self.press("Enter")

    def go(self, *keys: str) -> None:
        """Go somewhere by the keys of the shell."""
        self.page.wait_for_load_state()
        self.press("Escape", *keys)

    def find(self, words: str) -> None:
        """Open what the palette finds first."""
        self.page.wait_for_load_state()
        self.press("Control+k")
        expect(self.page.locator("#palette-input")).to_be_focused()
        self.write(words)
        expect(self.page.locator("#palette-results [aria-selected=true]")).to_contain_text(words)
        with self.page.expect_navigation():
            self.press("Enter")

    def shows(self, selector: str, text: str | re.Pattern[str]) -> None:
        expect(self.page.locator(selector).first).to_contain_text(text)
        self.page.wait_for_load_state()  # its scripts hear the keys from now on


@pytest.fixture
def keys(chromium: Browser, running: Running) -> Iterator[Keys]:
    """A window in which the mouse does nothing."""
    context = chromium.new_context(
        viewport={"width": 1440, "height": 900}, locale="en-GB", reduced_motion="reduce"
    )
    context.set_default_timeout(60_000)
    context.add_init_script(
        "for (const kind of ['mousedown', 'pointerdown', 'touchstart'])"
        " addEventListener(kind, (event) => { if (event.isTrusted) throw Error('a mouse'); });"
    )
    page = context.new_page()
    page.goto(f"{running.url}/accounts/login/")
    keys = Keys(page, running)
    login = running.logins["manager"]
    keys.write(login["user"])  # the first field has the focus
    keys.press("Tab")
    keys.write(login["password"])
    keys.press("Enter")
    page.wait_for_selector("#sidebar", state="attached")
    speak(page, "en")
    yield keys
    context.close()


def test_the_whole_day_is_worked_by_keyboard(keys: Keys) -> None:
    """G084, G002, G021: a call, a lead, a deal, the board, an offer, an invoice: keys alone."""
    page = keys.page

    keys.go("g", "t")  # what is to be done today
    page.wait_for_url("**/activities/")
    keys.shows("main h1, .topbar h1", "Today")
    subject = page.locator(".todo-row .row-link").first.inner_text()
    keys.press("j", "Enter")
    keys.shows("main h1, .topbar h1", subject)
    keys.push("#outcome")
    keys.write("They take forty boxes.")
    keys.press("Control+Enter")
    keys.shows(".status-good", "Done")

    keys.go("g", "u")  # requests that wait
    keys.shows("main h1, .topbar h1", "Unsorted")
    lead = page.locator("main tbody .row-link").first.inner_text()
    deal = f"Order of {lead}"
    keys.press("j", "a")
    expect(page.locator("#toasts")).to_contain_text("1 was accepted.")
    keys.find(lead)
    keys.shows("main h1", lead)
    keys.push("button[name=to][value=qualified]")
    keys.shows(".lead-bar", "Make a customer")

    keys.push('.lead-bar a[href*="/deals/new/"]')  # a deal with two lines
    expect(page.locator("[name=line_name][role=combobox]").first).to_be_focused()
    keys.reach("[name=name]", "Shift+Tab")
    keys.press("Control+a")
    keys.write(deal)
    keys.reach("[name=line_name]")
    for place, (asked, quantity) in enumerate((("drill", "4"), ("saw", "2"))):
        keys.write(asked)
        line = page.locator("#lines .line").nth(place)
        expect(line.locator(".choices [aria-selected=true]")).to_be_visible()
        keys.press("Enter")
        keys.write(quantity)
        keys.press("Enter")  # the next line
    expect(page.locator("[data-sum=total]")).not_to_have_text(re.compile(r"^(—|\D*0\D00)$"))
    keys.press("Control+Enter")
    keys.shows("main h1, .topbar h1", deal)

    keys.go("g", "d")  # the board
    keys.shows("main h1, .topbar h1", "Deals")
    page.wait_for_load_state()
    keys.press("/")
    keys.write(deal)
    keys.press("Enter")
    card = page.locator(".board-column .deal-card", has_text=deal)
    expect(card).to_have_count(1)
    keys.into_page()
    keys.reach(f"#{page.locator('.deal-card').first.get_attribute('id')}")
    keys.press("Alt+ArrowRight")
    expect(page.locator("[data-says]")).to_contain_text("Moved to Needs are clear")
    keys.press("Enter")
    keys.shows(".deal-road .is-here", "Needs are clear")

    keys.find(deal)  # an offer, then the invoice of it
    keys.push('form[action$="/quote/"] button')
    keys.shows("main h1, .topbar h1", "Quotation")
    keys.push('form[action$="/invoice/"] button')
    expect(page.locator("button[value=issue]")).to_be_visible()
    keys.push("button[value=issue]")
    keys.shows("main h1, .topbar h1", re.compile(r"Invoice \d\d-\d{5}"))

    keys.go("g", "k")  # lists: looked at beside, ticked, sorted
    keys.shows("main h1, .topbar h1", "Counterparties")
    keys.press("j", "Space")
    expect(page.locator("#peek")).to_be_visible()
    first = page.locator("[data-peek-body]").inner_text()
    keys.press("j")
    expect(page.locator("[data-peek-body]")).not_to_have_text(first)
    keys.press("Escape", "x")
    expect(page.locator(".bulk-bar")).to_be_visible()
    keys.press("Escape")
    keys.press("?")
    expect(page.locator("#keys")).to_be_visible()
    keys.press("Escape")

    keys.go("g", "h")  # and home
    page.wait_for_url(re.compile(r"\d/$"))
    page.wait_for_load_state()
    keys.reach(".sidebar-foot summary")
    keys.press("Enter")
    keys.reach('form[action$="/logout/"] button')
    keys.press("Enter")
    expect(page).to_have_url(re.compile("/login/|/logout/"))

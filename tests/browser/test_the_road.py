"""The purpose of the product, seen in a browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, BrowserContext, Route, expect

from tests.browser.conftest import Running, sign_in
from tests.browser.desk import WIDE
from tests.browser.looking import SCHEMES, Looks, troubles

pytestmark = pytest.mark.browser
STILL = 0.01  # a tenth of what counts as good (web.dev, Cumulative Layout Shift)
SCREENS = (
    "/", "/catalog/", "/catalog/prices/", "/stock/", "/counterparties/", "/invoices/",
    "/invoices/payments/", "/catalog/?q=nothing+is+called+so&stock=yes", "/exchange/",
    "/exchange/connect/", "/organizations/", "/accounts/people/", "/accounts/profile/",
)  # fmt: skip
READ_THE_BELL = """() => new Promise((done) => {
  document.addEventListener("htmx:after:swap", () => done(), { once: true });
  document.body.dispatchEvent(new Event("live:notifications_notification"));
})"""


@pytest.mark.parametrize("dialect", ["ut", "unf", "bus"])
def test_paid_appears_without_touching_the_page(
    running: Running, window: BrowserContext, dialect: str
) -> None:
    page = sign_in(window, running, "manager")
    page.goto(f"{running.url}/invoices/?status=sent")
    unpaid = page.locator("main table tbody tr", has_text="Unpaid").locator("a").first
    number = unpaid.inner_text().strip()
    page.locator("main table tbody").get_by_role("link", name=number, exact=True).click()
    expect(page.locator("main h1")).to_contain_text(number)
    expect(page.locator("html")).to_have_attribute("data-live", "on")

    running.onec("exchange", "--as", dialect)
    running.onec("pay", number)
    running.onec("exchange", "--as", dialect)

    # УНФ never asks for the import of orders: they are taken after three seconds of silence, by a
    # clock that ticks every two.
    paid = page.locator("main .road li.is-done", has_text="Paid")
    expect(paid).to_be_visible()


@pytest.mark.parametrize("scheme", SCHEMES)
def test_screens_have_no_serious_barrier(looked: Looks, scheme: str) -> None:
    assert looked.faults(SCREENS, scheme) == {}


@pytest.mark.parametrize("width", [390, 1440])
def test_nothing_jumps_while_a_screen_is_loaded(
    running: Running, window: BrowserContext, width: int
) -> None:
    page = sign_in(window, running, "owner")
    page.set_viewport_size({"width": width, "height": 900})
    page.add_init_script(
        "window.shifts = []; new PerformanceObserver(list => { for (const e of list.getEntries())"
        " if (!e.hadRecentInput) window.shifts.push(e.value); })"
        ".observe({type: 'layout-shift', buffered: true});"
    )
    jumping = {}
    for screen in SCREENS:
        page.goto(f"{running.url}{screen}")
        page.wait_for_load_state("networkidle")
        shifted = page.evaluate("window.shifts.reduce((sum, value) => sum + value, 0)")
        if shifted > STILL:
            jumping[screen] = shifted

    assert jumping == {}


def test_nothing_scrolls_sideways_on_a_phone(running: Running, window: BrowserContext) -> None:
    page = sign_in(window, running, "owner")
    page.set_viewport_size({"width": 390, "height": 844})
    wide = []
    for screen in SCREENS:
        page.goto(f"{running.url}{screen}")
        if page.evaluate("document.documentElement.scrollWidth > innerWidth + 1"):
            wide.append(screen)

    assert wide == []


def test_the_menu_of_what_can_be_made_is_no_barrier(
    running: Running, window: BrowserContext
) -> None:
    page = sign_in(window, running, "owner")
    page.keyboard.press("c")
    expect(page.locator("[data-create-menu] a").first).to_be_focused()

    assert troubles(page) == []


def test_c_and_a_letter_make_something_from_anywhere(
    running: Running, window: BrowserContext
) -> None:
    page = sign_in(window, running, "manager")
    page.goto(f"{running.url}/stock/")

    page.keyboard.press("c")
    page.keyboard.press("k")

    expect(page.locator("dialog[open] [name=name]")).to_be_visible()


def test_what_is_searched_in_place_is_what_goes_to_the_spreadsheet(
    running: Running, window: BrowserContext
) -> None:
    page = sign_in(window, running, "manager")
    page.goto(f"{running.url}/catalog/prices/")
    page.locator("[data-list-search]").fill("hammer drill")
    expect(page.locator("#rows-prices tr").first).to_contain_text("Hammer drill")

    with page.expect_download() as saved:
        page.get_by_text("Export", exact=True).click()
        page.get_by_role("link", name="As text (CSV)").click()

    lines = saved.value.path().read_text(encoding="utf-8-sig").splitlines()
    assert lines[0].startswith("Name,Article,Unit,")
    assert all("Hammer drill" in line for line in lines[1:])


def test_what_is_unfolded_before_the_scripts_are_there_is_filled_when_they_are(
    running: Running, chromium: Browser
) -> None:
    """On a bad line one works before everything is loaded; an empty menu would stay empty."""
    window = chromium.new_context(viewport=WIDE, locale="en-GB", service_workers="block")
    page = sign_in(window, running, "head")
    waiting: list[Route] = []
    page.route("**/js/lists*.js", lambda route: waiting.append(route))
    page.goto(f"{running.url}/counterparties/", wait_until="commit")
    page.locator("[data-select-all]").check()
    page.locator(".bulk-edit summary").click()
    expect(page.locator(".bulk-edit")).to_have_attribute("open", "")
    assert waiting, "the script came before"

    waiting.pop().continue_()

    expect(page.locator(".bulk-panel [name=field]")).to_be_visible()
    window.close()


def test_a_menu_that_a_lost_line_left_empty_is_filled_when_it_is_opened_again(
    running: Running, window: BrowserContext
) -> None:
    page = sign_in(window, running, "head")
    page.goto(f"{running.url}/counterparties/")
    page.locator("[data-select-all]").check()
    page.route("**/many/*", lambda route: route.abort())
    with page.expect_event("requestfailed"):
        page.locator(".bulk-edit summary").click()
    page.unroute("**/many/*")
    page.locator(".bulk-edit summary").click()

    page.locator(".bulk-edit summary").click()

    expect(page.locator(".bulk-panel [name=field]")).to_be_visible()


def test_products_are_sorted_and_ticked_beside_their_tree(
    running: Running, window: BrowserContext
) -> None:
    page = sign_in(window, running, "owner")
    page.goto(f"{running.url}/catalog/")
    page.get_by_role("link", name="In stock", exact=True).click()
    expect(page.locator("th[aria-sort=ascending]")).to_contain_text("In stock")

    page.keyboard.press("j")
    page.keyboard.press("x")

    expect(page.locator("[data-bulk]")).to_be_visible()
    expect(page.locator("#catalog-tree")).to_contain_text("All products")


def test_a_product_is_found_by_keyboard(running: Running, window: BrowserContext) -> None:
    page = sign_in(window, running, "manager")

    page.keyboard.press("Control+k")
    page.keyboard.type("hammer drill")
    expect(page.locator("#palette-results")).to_contain_text("Hammer drill")
    page.keyboard.press("Enter")

    expect(page.locator("main h1")).to_contain_text("Hammer drill")


def test_what_is_typed_at_the_till_stays_while_the_bell_is_read_anew(
    running: Running, window: BrowserContext
) -> None:
    """F114: an order is taken at a point of sale, whatever else happens on the page."""
    page = sign_in(window, running, "manager")
    page.goto(f"{running.url}/invoices/till/")
    page.fill("#till-code", "grinder")
    page.evaluate(READ_THE_BELL)

    expect(page.locator("#till-code")).to_have_value("grinder")
    page.keyboard.press("Enter")
    expect(page.locator("button[name=choose_product]").first).to_be_visible()


def test_a_company_signs_up_and_is_at_work(running: Running, window: BrowserContext) -> None:
    page = window.new_page()
    page.goto(f"{running.public_url}/")
    page.fill("#id_name", "Blue Harbour Ltd")
    page.fill("#id_slug", "blue-harbour")
    expect(page.locator("#name-state")).to_contain_text("is free")
    page.fill("#id_email", "ann@harbour.example")
    page.fill("#id_password", "a long enough secret")
    page.get_by_role("button", name="Create the company").click()

    expect(page.locator("#sidebar")).to_contain_text("Blue Harbour Ltd")
    assert "//blue-harbour.localhost" in page.url

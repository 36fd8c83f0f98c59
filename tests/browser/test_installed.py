"""Köprü on a phone: read without a line, and one thumb for a call, a note, a stage."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.conftest import Running, sign_in
from tests.instances import Line

pytestmark = pytest.mark.browser
PHONE = {"width": 390, "height": 844}
_KEPT = """async () => {
  const found = [];
  for (const name of await caches.keys()) {
    if (!name.startsWith("pages-")) continue;
    for (const each of await (await caches.open(name)).keys()) found.push(each.url);
  }
  return found;
}"""


@pytest.fixture
def line(running: Running) -> Line:
    return Line(urlsplit(running.public_url).port or 80)


@pytest.fixture
def through(running: Running, line: Line) -> Running:
    """The same Köprü, through a line that can be cut."""
    address = f"http://demo.localhost:{line.port}"
    return Running(address, address, running.logins, running.environment)


@pytest.fixture
def phone(chromium: Browser) -> Iterator[BrowserContext]:
    context = chromium.new_context(
        viewport=PHONE, locale="en-GB", has_touch=True, is_mobile=True, reduced_motion="reduce"
    )
    context.set_default_timeout(60_000)
    yield context
    context.close()


def kept(page: Page) -> list[str]:
    return [urlsplit(each).path for each in page.evaluate(_KEPT)]


def signed_in(context: BrowserContext, running: Running, who: str) -> Page:
    """Sign in and wait until the service worker looks after the pages."""
    page = sign_in(context, running, who)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.wait_for_function("() => navigator.serviceWorker.controller !== null")
    return page


def test_what_was_opened_lately_is_read_without_a_line(
    phone: BrowserContext, through: Running, line: Line
) -> None:
    """G076: offline read, said honestly; what was not opened says so and names what was."""
    page = signed_in(phone, through, "manager")
    page.goto(f"{through.url}/counterparties/")
    page.locator("main tbody .row-link").first.click()
    name = page.locator("main h1").inner_text()
    card = page.url
    page.wait_for_function(f"() => ({_KEPT})().then((all) => all.includes({card!r}))")

    line.cut()
    page.goto(card)

    expect(page.locator("main h1")).to_have_text(name)
    expect(page.locator("[data-kept]")).to_contain_text("There is no connection. You read what was")
    style = page.evaluate("getComputedStyle(document.querySelector('.bottombar')).position")
    assert style == "fixed", "its style sheet is there"
    page.goto(f"{through.url}/deals/funnel/")
    expect(page.locator("h1")).to_have_text("There is no connection")
    expect(page.locator("[data-kept-pages]")).to_contain_text(name)
    line.mend()
    page.reload()
    expect(page.locator(".topbar")).to_be_visible()
    expect(page.locator("[data-kept]")).to_be_hidden()


def test_what_is_kept_is_one_persons_and_gone_with_them(
    phone: BrowserContext, running: Running
) -> None:
    """G076: cleared at sign-out; the next person finds nothing."""
    page = signed_in(phone, running, "manager")
    page.goto(f"{running.url}/deals/list/")
    page.wait_for_function(f"() => ({_KEPT})().then((all) => all.length > 0)")

    page.evaluate("document.querySelector('form[action$=\"/logout/\"]').requestSubmit()")
    page.wait_for_url(re.compile("/login/|/logout/|/$"))
    page.wait_for_function(f"() => ({_KEPT})().then((all) => all.length === 0)")

    page = signed_in(phone, running, "accountant")
    page.goto(f"{running.url}/invoices/")
    page.wait_for_function(f"() => ({_KEPT})().then((all) => all.length > 0)")
    assert "/deals/list/" not in kept(page)


def test_one_thumb_calls_notes_and_moves_a_stage(phone: BrowserContext, running: Running) -> None:
    """G076, F112: at 390 px a call, a note and a stage are within the thumb's reach; nothing
    scrolls sideways.
    """
    page = sign_in(phone, running, "manager")
    page.goto(f"{running.url}/deals/list/?state=open")
    page.locator("main tbody .row-link").first.tap()
    bar = page.locator(".thumb-bar")
    expect(bar).to_be_visible()
    page.wait_for_load_state()  # its scripts hear touches from now on

    reach = bar.evaluate("(bar) => innerHeight - bar.getBoundingClientRect().top")
    small = bar.evaluate(
        "(bar) => [...bar.querySelectorAll('a, select')]"
        ".filter((each) => each.getBoundingClientRect().height < 44).length"
    )
    assert (small, reach < PHONE["height"] / 3) == (0, True)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    expect(bar.locator('a[href^="tel:+"]')).to_be_visible()

    expect(page.locator("#compose")).to_be_attached()  # the timeline comes after the card
    bar.locator('a[href="#compose"]').tap()
    text = page.locator("#composer-text")
    expect(text).to_be_in_viewport()
    text.fill("Asked for forty boxes")
    page.locator(".composer button").tap()
    expect(page.locator("#timeline")).to_contain_text("Asked for forty boxes")

    stages = bar.locator("select")
    other = stages.locator("option:not(:checked)").first.inner_text()
    stages.select_option(label=other)
    expect(page.locator(".deal-road .is-here")).to_contain_text(other)

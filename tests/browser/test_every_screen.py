"""Every screen, looked at by a program: barriers, sideways scroll, words of another language.

The screens come from the table of addresses; what is left out stands below with its reason.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from lxml import html
from playwright.sync_api import Browser, Page

from tests.browser.conftest import Running, sign_in, speak, troubles
from tests.browser.screens import fetched, looks, outside, screens
from tests.browser.words import catalogue

pytestmark = pytest.mark.browser
CONTRAST = {"type": "rule", "values": ["color-contrast"]}
# Addresses of one row of which the demonstration has none; their rooms' own tests show them.
WITHOUT_ROWS = {
    "/jobs/{id}/", "/counterparties/files/{id}/", "/catalog/files/{id}/", "/deals/{id}/move/",
    "/portal/counterparties/{id}/", "/portal/counterparties/{id}/pdf/",  # open to customers alone
    "/exports/{id}/file/",
}  # fmt: skip
# Else each generation of inherited colours sets out when the one above it has arrived.
_AT_ONCE = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync("*, *::before, *::after { transition: none !important; }");
  document.adoptedStyleSheets.push(sheet);
}"""
_SETTLED = """async () => {
  for (let frame = 0, still = 0; still < 2; frame += 1) {
    if (frame > 600) throw Error("something goes on moving");
    await new Promise(requestAnimationFrame);
    still = document.getAnimations().some((one) => one.playState === "running") ? 0 : still + 1;
  }
}"""
_RAW_DATE = re.compile(r"\b\d{4}-\d\d-\d\d\b")
# Sentences of ours that are also the demonstration's own English words.
_OF_THE_DEMO = {
    "Wholesale", "Retail", "Purchase", "Website", "Recommended", "Director", "Sales",
    "Needs are clear", "Quotation", "Agreed", "Waits for payment", "Lost", "Won", "No answer",
    "Bought from a competitor", "Not in stock, or too late", "Not needed any more",
    "Too expensive", "Trade fair", "hour", "Warehouse",
}  # fmt: skip


@pytest.fixture(scope="module")
def page(running: Running, chromium: Browser) -> Iterator[Page]:
    """The owner's page, which sees every screen."""
    context = chromium.new_context(
        viewport={"width": 1440, "height": 900}, locale="en-GB", reduced_motion="reduce"
    )
    context.set_default_timeout(60_000)
    yield sign_in(context, running, "owner")
    context.close()


def test_every_address_of_one_row_is_opened(running: Running, page: Page) -> None:
    found, missing = screens(running, page)

    assert set(missing) <= WITHOUT_ROWS
    assert len(found) > 140


@pytest.fixture(scope="module")
def faults(running: Running, page: Page) -> dict[str, dict[str, list[Any]]]:
    """What the checker finds on each screen, by scheme; each screen is opened once for both.

    In the dark the contrast alone is another one. A phone of 390 px is looked at in the light.
    """
    found: dict[str, dict[str, list[Any]]] = {"light": {}, "dark": {}}
    schemes = ["light", "dark"]
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    for address in screens(running, page)[0].values():
        page.goto(running.url + address)
        page.evaluate(_AT_ONCE)
        for scheme in schemes:
            see(page, scheme)
            wrong = troubles(page) + sideways(page) if scheme == "light" else unreadable(page)
            if wrong:
                found[scheme][address] = wrong
        schemes.reverse()  # the next one is opened in what this one was left in
    return found


def see(page: Page, scheme: str) -> None:
    """Let the page be drawn in a scheme."""
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
    page.evaluate(_SETTLED)
    assert page.evaluate(f"matchMedia('(prefers-color-scheme: {scheme})').matches")


def unreadable(page: Page) -> list[Any]:
    return troubles(page, CONTRAST)


def sideways(page: Page) -> list[Any]:
    """Return by how much the page is wider than a phone."""
    page.set_viewport_size({"width": 390, "height": 844})
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    page.set_viewport_size({"width": 1440, "height": 900})
    return [["sideways", wide]] if wide > 1 else []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_screen_is_a_barrier_or_scrolls_sideways(
    faults: dict[str, dict[str, list[Any]]], scheme: str
) -> None:
    """G084, G077, F112: no serious finding of axe-core on any screen, contrast in both themes."""
    assert faults[scheme] == {}


def test_no_further_look_of_a_screen_is_a_barrier(running: Running, page: Page) -> None:
    """G084: what tabs and switches lead to: bars, months, halves of a card, kinds of a list."""
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    found = looks(running, page)

    wrong = _barriers(running, page, found)

    assert len(found) > 20
    assert wrong == {}


def test_no_page_of_who_is_not_signed_in_is_a_barrier(
    running: Running, chromium: Browser
) -> None:
    """G084: signing in, a form of the site, a customer's own pages."""
    context = chromium.new_context(locale="en-GB", reduced_motion="reduce")
    context.set_default_timeout(60_000)
    page = context.new_page()
    page.goto(f"{running.url}/accounts/login/")
    found = outside(running, page)

    wrong = _barriers(running, page, found)

    context.close()
    assert "/accounts/login/" in found
    assert len(found) > 5
    assert wrong == {}


def _barriers(running: Running, page: Page, addresses: list[str]) -> dict[str, list[Any]]:
    """Return what axe-core finds on pages, and which are wider than a phone."""
    wrong = {}
    for address in addresses:
        page.set_viewport_size({"width": 1440, "height": 900})
        page.goto(running.url + address)
        found = [*troubles(page), *sideways(page)]
        if found:
            wrong[address] = found
    return wrong


@pytest.mark.parametrize("language", ["ru", "tr"])
def test_no_screen_speaks_another_language(
    running: Running, page: Page, language: str
) -> None:
    """G073, F248: no sentence of ours is left in English on any screen, no day is raw."""
    english = {
        msgid for (_context, msgid), said in catalogue(language).items()
        if said != msgid and len(msgid) > 3 and msgid not in _OF_THE_DEMO
    }  # fmt: skip
    addresses = screens(running, page)[0].values()
    page.goto(running.url)
    speak(page, language)
    wrong = {
        address: found
        for address in addresses
        if address != "/styleguide/"  # of those who write screens; in English
        if (found := _not_said(fetched(page, address)[1], english))
    }
    speak(page, "en")

    assert wrong == {}


def _not_said(text: str, english: set[str]) -> list[str]:
    """Return what a page shows that no reader of another language should see."""
    found = []
    for part in _shown(html.fromstring(text)):
        said = " ".join(part.split())
        if said in english or said == "None" or "%(" in said or "{{" in said:
            found.append(said)
        elif _RAW_DATE.search(said):
            found.append(said[:80])
    return found


def _shown(root: Any) -> Iterator[str]:
    """Yield what a page says: texts, and what stands in for them."""
    silent = {"script", "style", "code", "pre", "kbd", "template", "option"}
    for element in root.iter():
        if not isinstance(element.tag, str):
            continue
        if element.tail and element.getparent().tag not in silent:
            yield element.tail
        if element.get("lang") and element.tag != "html":
            continue  # a language is called as its own people call it
        for name in ("aria-label", "title", "placeholder", "alt"):
            if element.get(name):
                yield element.get(name)
        if element.text and element.tag not in silent:
            yield element.text

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

from tests.browser.conftest import Running, sign_in, speak
from tests.browser.looking import SCHEMES, Looks
from tests.browser.screens import fetched, looks, outside, screens
from tests.browser.words import catalogue

pytestmark = pytest.mark.browser
# Addresses of one row of which the demonstration has none; their rooms' own tests show them.
WITHOUT_ROWS = {
    "/jobs/{id}/", "/counterparties/files/{id}/", "/catalog/files/{id}/", "/deals/{id}/move/",
    "/portal/counterparties/{id}/", "/portal/counterparties/{id}/pdf/",  # open to customers alone
    "/exports/{id}/file/", "/api/v1/exports/{id}/file",
}  # fmt: skip
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


@pytest.mark.parametrize("scheme", SCHEMES)
def test_no_screen_is_a_barrier_or_scrolls_sideways(
    running: Running, page: Page, looked: Looks, scheme: str
) -> None:
    """G084, G077, F112: no serious finding of axe-core on any screen, contrast in both themes."""
    assert looked.faults(screens(running, page)[0].values(), scheme) == {}


def test_no_further_look_of_a_screen_is_a_barrier(
    running: Running, page: Page, looked: Looks
) -> None:
    """G084: what tabs and switches lead to: bars, months, halves of a card, kinds of a list."""
    found = looks(running, page)

    assert len(found) > 20
    assert looked.faults(found, "light", seen_in=["light"]) == {}


def test_no_page_of_who_is_not_signed_in_is_a_barrier(
    running: Running, chromium: Browser
) -> None:
    """G084: signing in, a form of the site, a customer's own pages."""
    context = chromium.new_context(locale="en-GB", reduced_motion="reduce")
    context.set_default_timeout(60_000)
    page = context.new_page()
    page.goto(f"{running.url}/accounts/login/")
    found = outside(running, page)

    wrong = Looks(running.url, page).faults(found, "light", seen_in=["light"])

    context.close()
    assert "/accounts/login/" in found
    assert len(found) > 5
    assert wrong == {}


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

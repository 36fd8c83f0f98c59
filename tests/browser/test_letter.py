"""The form of a letter at a timeline, opened and left by its keys."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from tests.browser.conftest import Running, sign_in
from tests.browser.looking import Looks

pytestmark = pytest.mark.browser


def test_the_keys_of_a_timeline_open_what_can_be_entered(
    running: Running, chromium: Browser
) -> None:
    """G023: m opens the form of a letter in the composer's place, v and n lead back to it."""
    context = chromium.new_context(locale="en-GB", reduced_motion="reduce")
    page = sign_in(context, running, "owner")
    page.goto(f"{running.url}/counterparties/")
    page.locator("main a.row-link").first.click()
    expect(page.locator("#compose")).to_be_attached()
    page.wait_for_load_state()  # its scripts hear the keys from now on

    page.keyboard.press("m")
    # The form, or where there is no box to write from, what leads to one.
    expect(page.locator("#composer-further")).to_contain_text(
        re.compile("Subject|Connect a mailbox")
    )
    expect(page.locator("#composer-text")).to_be_hidden()
    page.keyboard.press("Escape")  # out of its fields
    page.keyboard.press("v")
    expect(page.locator("#composer-further")).to_be_hidden()
    expect(page.locator("#composer-text")).to_be_focused()

    assert page.locator("[name=kind]:checked").get_attribute("value") == "meeting"
    context.close()


def test_write_opens_a_letter_here_where_there_is_a_box(
    running: Running, chromium: Browser
) -> None:
    """G023: «Write» of a card is a letter in place, to the customer, kept on the timeline."""
    context = chromium.new_context(locale="en-GB", reduced_motion="reduce")
    page = sign_in(context, running, "owner")
    page.goto(f"{running.url}/mail/boxes/new/")
    for name, value in {
        "name": "Orders", "address": "orders@demo.example", "password": "secret",
        "imap_host": "imap.demo.example", "smtp_host": "smtp.demo.example",
    }.items():  # fmt: skip
        field = page.locator(f"main [name={name}]")
        if not field.is_visible():
            page.locator("main summary").last.click()
        field.fill(value)
    page.locator("main form .btn, main form button:not([type=button])").last.click()
    expect(page.locator("main")).to_contain_text("orders@demo.example")

    page.goto(f"{running.url}/counterparties/")
    page.locator("main a.row-link").first.click()
    expect(page.locator("#compose")).to_be_attached()
    page.wait_for_load_state()  # its scripts hear clicks from now on
    page.locator("a[data-write]").click()

    expect(page.locator("#compose-mail")).to_be_visible()
    expect(page.locator("#mail_subject, #mail_text").first).to_be_visible()
    assert "mailto" not in page.url
    context.close()


def test_a_card_with_letters_is_no_barrier(
    running: Running, window: BrowserContext, looked: Looks
) -> None:
    """G084, G023: a letter and what unfolds its text below it can be hit, each."""
    page = sign_in(window, running, "manager")
    page.goto(f"{running.url}/mail/")
    page.locator("main a.row-link", has_text="Our new accountant").first.click()
    card = page.locator("main a[href^='/deals/'], main a[href^='/counterparties/']").first

    address = card.get_attribute("href") or ""

    assert looked.faults([address], "light", seen_in=["light"]) == {}

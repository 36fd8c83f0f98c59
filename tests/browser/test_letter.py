"""The form of a letter at a timeline, opened and left by its keys."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import Running, sign_in

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

    page.keyboard.press("m")
    expect(page.locator("#composer-further")).to_contain_text("Connect a mailbox")
    expect(page.locator("#composer-text")).to_be_hidden()
    page.keyboard.press("v")
    expect(page.locator("#composer-further")).to_be_hidden()
    expect(page.locator("#composer-text")).to_be_focused()

    assert page.locator("[name=kind]:checked").get_attribute("value") == "meeting"
    context.close()

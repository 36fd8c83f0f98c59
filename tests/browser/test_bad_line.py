"""A line on which answers come late: what somebody has in hand is not drawn anew under them."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.browser.conftest import Running, sign_in

pytestmark = pytest.mark.browser


class Late:
    """A refresh of a part of the page that was asked for and whose answer is on its way."""

    def __init__(self, page: Page, event: str, part: str) -> None:
        self.page, self.part = page, re.compile(f"[?&]part={part}(&|$)")
        self.held: list[Route] = []
        page.route(self.part, lambda route: self.held.append(route))
        with page.expect_request(self.part):
            page.evaluate(f"document.body.dispatchEvent(new CustomEvent('{event}'))")

    def comes(self) -> None:
        """Let the answer come, and wait until the page has it."""
        self.page.evaluate(
            "document.addEventListener('htmx:before:swap', () => (window.hasCome = true))"
        )
        self.held.pop().continue_()
        self.page.unroute(self.part)
        self.page.wait_for_function("() => window.hasCome")


def test_what_is_typed_in_a_cell_stays_and_the_list_is_fresh_when_it_is_left(
    running: Running, window: BrowserContext
) -> None:
    page = sign_in(window, running, "owner")
    page.goto(f"{running.url}/counterparties/")
    late = Late(page, "list-changed", "body")
    cell = page.locator('main tbody td[data-f="name"], main tbody td[data-f]').first
    cell.click(position={"x": 4, "y": 4})
    field = cell.locator("[data-cell-form] :is(input:not([type=hidden]), textarea)").first
    field.fill("typed on a bad line")

    late.comes()

    expect(field).to_have_value("typed on a bad line")
    with page.expect_response(late.part):
        page.keyboard.press("Escape")
    expect(page.locator("main [data-cell-form]")).to_have_count(0)


def test_a_bar_in_the_hand_stays_and_the_bars_are_fresh_when_it_is_let_go(
    running: Running, window: BrowserContext
) -> None:
    page = sign_in(window, running, "owner")
    page.goto(f"{running.url}/deals/list/?show=gantt&scale=years")
    grip = page.locator("[data-side=to]").first
    day = int(grip.get_attribute("aria-valuenow") or "")
    late = Late(page, "list-changed", "body")
    box = grip.bounding_box()
    assert box
    middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(*middle)
    page.mouse.down()
    page.mouse.move(middle[0] - 60, middle[1], steps=3)
    expect(grip).not_to_have_attribute("aria-valuenow", str(day))
    moved = grip.get_attribute("aria-valuenow") or ""

    late.comes()

    expect(grip).to_have_attribute("aria-valuenow", moved)
    page.mouse.move(*middle, steps=3)
    expect(grip).to_have_attribute("aria-valuenow", str(day))
    with page.expect_response(late.part):
        page.mouse.up()


def test_a_card_that_is_asked_about_stays_and_the_board_is_fresh_when_it_is_answered(
    running: Running, window: BrowserContext
) -> None:
    page = sign_in(window, running, "manager")
    page.goto(f"{running.url}/deals/")
    new = page.locator('.board-column[data-name="New"]')
    key = new.locator(".deal-card").first.get_attribute("id")
    late = Late(page, "deal-moved", "board")
    page.locator(f"#{key}").get_by_role("button", name="Move").click()
    page.locator("#move-to").get_by_role("button", name="Lost").click()
    expect(page.locator("#stage-asks")).to_be_visible()

    late.comes()

    expect(page.locator(f"#{key}")).to_have_count(0)
    with page.expect_response(late.part):
        page.locator("#stage-asks").get_by_text("Cancel").click()
    expect(new.locator(f"#{key}")).to_be_visible()

"""The board of deals in a browser: dragged, carried by keyboard, asked for a reason, undone."""

from __future__ import annotations

import re
import time

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.browser.conftest import Running, sign_in
from tests.browser.looking import SCHEMES, Looks

pytestmark = pytest.mark.browser
SCREENS = (
    "/deals/", "/deals/list/", "/deals/list/?show=gantt&group=stage", "/deals/new/",
    "/deals/funnel/", "/deals/funnel/forecast/",
    "/deals/funnel/losses/", "/deals/funnel/again/", "/deals/funnel/plan/", "/deals/pipelines/",
    "/deals/quotations/",
)  # fmt: skip


@pytest.fixture
def board(running: Running, window: BrowserContext) -> Page:
    page = sign_in(window, running, "manager")
    page.goto(f"{running.url}/deals/")
    return page


def column(page: Page, name: str) -> Locator:
    return page.locator(f'.board-column[data-name="{name}"]')


def test_a_card_is_dragged_to_another_column(board: Page) -> None:
    """F135: a deal moves by drag through stages. G012: it moves at once, totals change."""
    key = column(board, "New").locator(".deal-card").first.get_attribute("id")
    card = board.locator(f"#{key}")  # whatever comes before it meanwhile
    before = column(board, "Quotation").locator(".board-count").inner_text()

    card.drag_to(column(board, "Quotation").locator("[data-cards]"))

    expect(column(board, "Quotation").locator(f"#{key}")).to_be_visible()
    expect(column(board, "Quotation").locator(".board-count")).to_have_text(str(int(before) + 1))
    board.get_by_role("button", name="Undo").last.click()
    expect(column(board, "New").locator(f"#{key}")).to_be_visible()


def test_a_card_is_carried_by_keyboard(board: Page) -> None:
    """G012: the keyboard does the same, and a screen reader is told."""
    key = column(board, "New").locator(".deal-card").first.get_attribute("id")
    card = board.locator(f"#{key}")  # whatever comes before it meanwhile

    card.focus()
    board.keyboard.press("Alt+ArrowRight")

    expect(column(board, "Needs are clear").locator(f"#{key}")).to_be_focused()
    expect(board.locator("[data-says]")).to_contain_text("Moved to Needs are clear, 1 of")
    board.keyboard.press("Alt+ArrowLeft")
    expect(column(board, "New").locator(f"#{key}")).to_be_focused()


def test_orders_of_two_lines_are_entered_by_keyboard(board: Page) -> None:
    """F138: 20 in ten minutes leave half a minute for each; no mouse, nothing named by hand."""
    begun = time.monotonic()

    for words in (("drill", "nail"), ("paint", "screw")):
        board.keyboard.press("c")
        board.keyboard.press("d")
        expect(board.locator("[name=counterparty_name]")).to_be_focused()
        board.keyboard.type("Azimuth")
        choose_first(board)
        for word in words:
            expect(board.locator("[name=line_name]:focus")).to_have_value("")
            board.keyboard.type(word)
            choose_first(board)
            expect(board.locator("[name=line_quantity]:focus")).to_be_visible()
            board.keyboard.type("2")
            board.keyboard.press("Enter")
        board.keyboard.press("Control+Enter")
        expect(board).to_have_url(re.compile(r"/deals/[0-9a-f-]{36}/$"))
        expect(board.locator("h1")).to_contain_text(" and 1 more")

    assert (time.monotonic() - begun) / 2 < 30


def choose_first(page: Page) -> None:
    expect(page.locator("[role=option]:visible").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")


def test_a_folded_column_says_what_it_is(board: Page) -> None:
    """G012: a folded column keeps its name and count in sight, and opens again."""
    folded = column(board, "Agreed")
    fold = folded.locator("[data-fold]")

    fold.click()

    strip, name = folded.bounding_box(), fold.bounding_box()
    count = folded.locator(".board-count").bounding_box()
    assert strip["width"] < 60
    for each in (name, count):
        assert strip["x"] <= each["x"]
        assert each["x"] + each["width"] <= strip["x"] + strip["width"]
    fold.click()
    expect(folded.locator("[data-cards]")).to_be_visible()


def test_a_lost_deal_is_asked_why_and_goes_back_when_nobody_answers(board: Page) -> None:
    """G018: «Lost» asks the reason; without one the card goes back."""
    key = column(board, "New").locator(".deal-card").first.get_attribute("id")
    card = board.locator(f"#{key}")  # whatever comes before it meanwhile

    card.get_by_role("button", name="Move").click()
    board.locator("#move-to").get_by_role("button", name="Lost").click()
    expect(board.locator("#stage-asks")).to_contain_text("Why was the deal lost?")
    board.locator("#stage-asks").get_by_text("Cancel").click()

    expect(column(board, "New").locator(f"#{key}")).to_be_visible()


def test_the_end_of_a_bar_is_dragged_and_moved_by_keys(
    running: Running, window: BrowserContext
) -> None:
    """G019: dragged to change; G084: the arrow keys do the same; G010: and it is taken back."""
    page = sign_in(window, running, "owner")
    page.goto(f"{running.url}/deals/list/?show=gantt&scale=years")
    grip = page.locator("[data-side=to]").first
    name = f"#{grip.get_attribute('id')}"
    day = int(grip.get_attribute("aria-valuenow") or "")
    with page.expect_response(lambda answer: "part=body" in answer.url):
        grip.drag_to(page.locator(".gantt-bar").first, target_position={"x": 500, "y": 12})
    expect(page.locator(name)).not_to_have_attribute("aria-valuenow", str(day))
    with page.expect_response(lambda answer: "part=body" in answer.url):
        page.get_by_role("button", name="Undo").last.click()
    expect(page.locator(name)).to_have_attribute("aria-valuenow", str(day))

    page.locator(name).focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("PageUp")
    page.keyboard.press("Escape")
    expect(page.locator(name)).to_have_attribute("aria-valuenow", str(day))
    page.keyboard.press("ArrowRight")
    with page.expect_response(lambda answer: "part=body" in answer.url):
        page.keyboard.press("Enter")
    expect(page.locator(name)).to_have_attribute("aria-valuenow", str(day + 1))
    expect(page.locator(name)).to_be_focused()


@pytest.mark.parametrize("scheme", SCHEMES)
def test_screens_of_deals_have_no_serious_barrier(
    running: Running, window: BrowserContext, looked: Looks, scheme: str
) -> None:
    page = sign_in(window, running, "owner")
    page.goto(f"{running.url}/deals/")
    card = page.locator(".deal-name").first.get_attribute("href") or ""

    assert looked.faults([*SCREENS, card], scheme) == {}

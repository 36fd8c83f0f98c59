"""A centre and two offices, each a Köprü of its own: the line cut, both sell, both meet again."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import Running, sign_in
from tests.instances import PATIENCE, Line, Office

pytestmark = pytest.mark.browser
SHOTS = os.environ.get("KOPRU_SHOTS", "")


@pytest.fixture(scope="module")
def line(running: Running) -> Line:
    return Line(urlsplit(running.public_url).port or 80)


@pytest.fixture(scope="module")
def offices(
    running: Running, line: Line, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[list[Office]]:
    """Two offices that have joined and serve; the second one's first copy is cut on the way."""
    centre = f"http://demo.localhost:{line.port}"
    made = []
    for name, prefix in (("Kazan", "KZ"), ("Izmir", "IM")):
        done = subprocess.run(
            [sys.executable, "-m", "launcher", "manage", "office_add", "demo", name, prefix,
             "--every", "600"],
            env=running.environment, capture_output=True, text=True, check=True,
        )  # fmt: skip
        code = done.stdout.split()[-1]
        office = Office(tmp_path_factory.mktemp(name) / "data", running.environment, centre)
        made.append((office, code))
    first, second = made
    assert "Copied" in first[0].join(first[1])
    # The line breaks after 20,000 bytes of the copy and comes back while the office tries again.
    line.bytes_left = 20_000
    with ThreadPoolExecutor(1) as beside:
        mended = beside.submit(mend_what_has_broken, line)
        assert "Copied" in second[0].join(second[1])
        assert mended.result()
    for office, _code in made:
        office.up()
    yield [office for office, _code in made]
    for office, _code in made:
        office.stop()


def mend_what_has_broken(line: Line) -> bool:
    has_broken = line.is_gone.wait(PATIENCE)
    line.mend()
    return has_broken


def at(office: Office, running: Running) -> Running:
    return Running(office.url, office.url, running.logins, office.environment)


def shot(page: Page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/{name}.png")


def sell(page: Page, office: Office, product: str) -> str:
    """Take an order at the till and return its number."""
    page.goto(f"{office.url}/invoices/till/")
    page.fill("#till-code", product)
    page.keyboard.press("Enter")
    page.locator("button[name=choose_product]").first.click()
    expect(page.locator(".till-lines li")).to_have_count(1)
    page.keyboard.press("Control+Enter")
    done = page.locator(".till-done")
    expect(done).to_be_visible()
    found = re.search(r"Order (\S+) is taken", done.inner_text())
    assert found
    return found[1]


def recognise(page: Page, office: Office, phone: str, name: str) -> None:
    """Type a customer's phone at the till and see who it is."""
    page.goto(f"{office.url}/invoices/till/")
    page.fill("#till-code", phone)
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text(name)


def change_phone(page: Page, url: str, name: str, phone: str) -> None:
    page.goto(f"{url}/counterparties/?q={name}")
    page.locator("main table tbody tr a").first.click()
    page.wait_for_selector("[data-edit]")
    page.locator("[data-edit]").click()
    page.fill("[name=phone]", phone)
    page.get_by_role("button", name="Save").click()
    bare = "+" + "".join(letter for letter in phone if letter.isdigit())
    expect(page.locator(f'main a[href="tel:{bare}"]').first).to_be_visible()


def sync(page: Page, office: Office) -> None:
    """Press the button on the strip and wait until the office has met the centre."""
    page.goto(f"{office.url}/counterparties/")
    button = page.get_by_role("button", name="Sync now")
    expect(button).to_be_visible()
    button.click()
    expect(page.locator(".office-strip")).to_contain_text("nothing waits")


def test_both_offices_sell_without_a_line_and_everything_meets(
    running: Running, window: BrowserContext, line: Line, offices: list[Office]
) -> None:
    """F108, F113, F114: an office sells with the line cut, from the customers it holds; its orders
    are sent later, and what both changed is merged with a list of conflicts.
    """
    kazan, izmir = offices
    centre = sign_in(window, running, "owner")
    kazans = sign_in(window, at(kazan, running), "manager")
    izmirs = sign_in(window.browser.new_context(locale="en-GB"), at(izmir, running), "manager")  # type: ignore[union-attr]
    centre.goto(f"{running.url}/invoices/?status=sent")
    unpaid = centre.locator("main table tbody tr", has_text="Unpaid").locator("a").first
    number = unpaid.inner_text().strip()

    line.cut()
    recognise(kazans, kazan, "+44 113 445 7374", "Azimuth")
    sold = [sell(kazans, kazan, "grinder"), sell(izmirs, izmir, "grinder")]
    change_phone(kazans, kazan.url, "Azimuth", "+7 843 111-11-11")
    change_phone(izmirs, izmir.url, "Azimuth", "+90 232 222-22-22")
    running.onec("exchange")
    running.onec("pay", number)
    running.onec("exchange")
    kazans.get_by_role("button", name="Sync now").click()
    expect(kazans.locator(".office-strip")).to_contain_text(
        re.compile("The line broke|cannot be reached")
    )
    shot(kazans, "office-without-line")

    line.mend()
    for page, office in ((kazans, kazan), (izmirs, izmir), (kazans, kazan)):
        sync(page, office)

    assert sold[0].startswith("KZ")
    assert sold[1].startswith("IM")
    for page, url in ((centre, running.url), (kazans, kazan.url)):
        page.goto(f"{url}/invoices/")
        for each in sold:
            expect(page.locator("main table")).to_contain_text(each)
    shot(kazans, "office-with-both-orders")
    centre.goto(f"{running.url}/offices/conflicts/")
    expect(centre.locator("main table")).to_contain_text("Azimuth")
    shot(centre, "conflicts")
    centre.locator("main table tbody tr a", has_text="Azimuth").first.click()
    expect(centre.locator("main")).to_contain_text("+7 843 111-11-11")
    expect(centre.locator("main")).to_contain_text("+90 232 222-22-22")
    shot(centre, "conflict")
    kazans.goto(f"{kazan.url}/invoices/?q={number}")
    expect(kazans.locator("main table tbody tr").first).to_contain_text("Paid")
    shot(kazans, "paid-at-the-office")


def test_an_office_killed_in_the_middle_of_its_work_goes_on_and_agrees(
    running: Running, line: Line, offices: list[Office]
) -> None:
    izmir = offices[1]
    line.bytes_left = 3_000  # somewhere within an answer
    izmir.branch("sync")
    izmir.kill()
    line.mend()

    izmir.up()
    synced = izmir.branch("sync")
    verified = izmir.branch("verify")

    assert synced.returncode == 0, synced.stdout + synced.stderr
    assert "hold the same rows" in verified.stdout, verified.stdout + verified.stderr

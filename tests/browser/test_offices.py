"""A centre and two offices, each a Köprü of its own: the line cut, both sell, both meet again."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from launcher import ports
from launcher.files import DataDir, read_json
from tests.browser.conftest import PATIENCE, Running, sign_in

pytestmark = pytest.mark.browser
SHOTS = os.environ.get("KOPRU_SHOTS", "")


class Line:
    """The line to the centre: may be cut between two requests, or in the middle of an answer."""

    def __init__(self, target: int) -> None:
        self.target = target
        self.is_cut = False
        self.bytes_left: int | None = None  # of what comes down; then the line is gone
        self.open: set[socket.socket] = set()
        self.server = socket.create_server((ports.LOOPBACK, 0))
        self.port = int(self.server.getsockname()[1])
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        """Pull the cable."""
        self.is_cut = True
        for each in list(self.open):
            _hang_up(each)

    def mend(self) -> None:
        self.is_cut, self.bytes_left = False, None

    def _accept(self) -> None:
        while True:
            try:
                caller, _ = self.server.accept()
            except OSError:
                return
            if self.is_cut:
                caller.close()
                continue
            centre = socket.create_connection((ports.LOOPBACK, self.target))
            self.open |= {caller, centre}
            threading.Thread(target=self._carry, args=(caller, centre), daemon=True).start()
            threading.Thread(target=self._carry, args=(centre, caller, True), daemon=True).start()

    def _carry(self, source: socket.socket, target: socket.socket, is_down: bool = False) -> None:
        try:
            while data := source.recv(65536):
                if is_down and self.bytes_left is not None:
                    data = data[: self.bytes_left]
                    self.bytes_left -= len(data)
                target.sendall(data)
                if self.bytes_left == 0 and is_down:
                    break
        except OSError:
            pass
        for each in (source, target):
            _hang_up(each)
            self.open.discard(each)


def _hang_up(end: socket.socket) -> None:
    """Close a connection under whoever still reads from it."""
    with contextlib.suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    end.close()


class Office:
    """A branch office in a directory of its own."""

    def __init__(self, folder: Path, environment: dict[str, str], centre: str) -> None:
        self.data = DataDir(folder)
        self.environment = {**environment, "KOPRU_DATA_DIR": str(folder)}
        self.centre = centre
        self.run: subprocess.Popen[bytes] | None = None
        self.url = ""

    def branch(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "launcher", "branch", *arguments],
            env=self.environment, capture_output=True, text=True, check=False,
        )  # fmt: skip

    def join(self, code: str) -> str:
        done = self.branch("join", self.centre, code, "--no-serve")
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def up(self) -> None:
        """Serve the office, as the second start does."""
        port = ports.free_port()
        self.data.run_file.unlink(missing_ok=True)
        self.run = subprocess.Popen(
            [sys.executable, "-m", "launcher", "up", "--port", str(port)],
            env=self.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        until = time.monotonic() + PATIENCE
        while not self.data.run_file.exists() and time.monotonic() < until:
            assert self.run.poll() is None
            time.sleep(0.1)
        self.url = f"http://localhost:{port}"

    def kill(self) -> None:
        """Kill every process of it at once, as a power cut does."""
        assert self.run is not None
        pids = read_json(self.data.run_file)["pids"]
        for pid in pids.values():
            os.kill(int(pid), signal.SIGKILL)
        self.run.wait()

    def stop(self) -> None:
        if self.run is not None and self.run.poll() is None:
            self.run.terminate()
            self.run.wait()


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
    mended = threading.Timer(6.0, line.mend)
    mended.start()
    assert "Copied" in second[0].join(second[1])
    mended.join()
    for office, _code in made:
        office.up()
    yield [office for office, _code in made]
    for office, _code in made:
        office.stop()


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


def change_phone(page: Page, url: str, name: str, phone: str) -> None:
    page.goto(f"{url}/counterparties/?q={name}")
    page.locator("main table tbody tr a").first.click()
    page.wait_for_selector("[data-edit]")
    page.locator("[data-edit]").click()
    page.fill("[name=phone]", phone)
    page.get_by_role("button", name="Save").click()
    expect(page.locator("main dl.facts").first).to_contain_text(phone)


def sync(page: Page, office: Office) -> None:
    """Press the button on the strip and wait until the office has met the centre."""
    page.goto(f"{office.url}/counterparties/")
    button = page.get_by_role("button", name="Sync now")
    expect(button).to_be_visible()
    button.click()
    expect(page.locator(".office-strip")).to_contain_text("nothing waits", timeout=30_000)


def test_both_offices_sell_without_a_line_and_everything_meets(
    running: Running, window: BrowserContext, line: Line, offices: list[Office]
) -> None:
    kazan, izmir = offices
    centre = sign_in(window, running, "owner")
    kazans = sign_in(window, at(kazan, running), "manager")
    izmirs = sign_in(window.browser.new_context(locale="en-GB"), at(izmir, running), "manager")  # type: ignore[union-attr]
    centre.goto(f"{running.url}/invoices/?status=sent")
    unpaid = centre.locator("main table tbody tr", has_text="Unpaid").locator("a").first
    number = unpaid.inner_text().strip()

    line.cut()
    sold = [sell(kazans, kazan, "grinder"), sell(izmirs, izmir, "grinder")]
    change_phone(kazans, kazan.url, "Azimuth", "+7 843 111-11-11")
    change_phone(izmirs, izmir.url, "Azimuth", "+90 232 222-22-22")
    running.onec("exchange")
    running.onec("pay", number)
    running.onec("exchange")
    kazans.get_by_role("button", name="Sync now").click()
    expect(kazans.locator(".office-strip")).to_contain_text(
        re.compile("The line broke|cannot be reached"), timeout=30_000
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

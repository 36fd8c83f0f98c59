"""A whole Köprü in a browser: ``./kopru up`` with the demonstration, once for the run."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from launcher import ports
from launcher.browser import find_chromium
from launcher.files import ROOT, DataDir, read_json
from tests.browser.looking import Looks

PATIENCE = 300
SESSION = "kopru_session"
# What is waited for ends the wait; the limit is for a machine that does much else meanwhile.
LONGEST_WAIT = 60_000
expect.set_options(timeout=LONGEST_WAIT)


@dataclass(frozen=True)
class Running:
    """A running ``up``: where it is, who may sign in, and its simulated 1C."""

    url: str
    public_url: str
    logins: dict[str, dict[str, str]]
    environment: dict[str, str]

    def onec(self, *arguments: str) -> str:
        """Do something at the keyboard of the simulated 1C; return what it said."""
        done = subprocess.run(
            [sys.executable, "-m", "launcher", "onec", *arguments],
            env=self.environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Start everything; stop it at the end of the run."""
    folder = tmp_path_factory.mktemp("up") / "data"
    ours = {name: value for name, value in os.environ.items() if not name.startswith("KOPRU_")}
    environment = {
        **ours, "PYTHONPATH": str(ROOT), "KOPRU_DATA_DIR": str(folder), "LANG": "en_GB.UTF-8",
        "LC_ALL": "en_GB.UTF-8",
    }  # fmt: skip
    port = ports.free_port()
    command = [sys.executable, "-m", "launcher", "up", "--port", str(port)]
    log = (tmp_path_factory.mktemp("log") / "up.txt").open("wb")
    run = subprocess.Popen(command, env=environment, stdout=log, stderr=subprocess.STDOUT)
    data = DataDir(folder)
    until = time.monotonic() + PATIENCE
    while not data.run_file.exists() and run.poll() is None and time.monotonic() < until:
        time.sleep(0.1)
    assert data.run_file.exists(), Path(log.name).read_text()
    told = read_json(data.run_file)
    yield Running(
        told["company_url"].rstrip("/"), told["public_url"].rstrip("/"), told["logins"], environment
    )
    run.terminate()
    run.wait()


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """The installed Chromium; gone with this folder, so that its event loop meets no other test."""
    root = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_chromium(), args=[*root, "--disable-dev-shm-usage"]
        )
        yield browser
        browser.close()


@pytest.fixture(autouse=True)
def nothing_left_open(chromium: Browser) -> Iterator[None]:
    """Close the windows a test has left open: their pages would go on listening."""
    before = chromium.contexts
    yield
    for context in chromium.contexts:
        if context not in before:
            context.close()


@pytest.fixture(scope="package")
def looked(running: Running, chromium: Browser) -> Iterator[Looks]:
    """What was found on the owner's screens."""
    with opened(chromium) as context:
        yield Looks(running.url, sign_in(context, running, "owner"))


@pytest.fixture
def window(chromium: Browser) -> Iterator[BrowserContext]:
    """A browser window of a wide screen, without memory."""
    with opened(chromium) as context:
        yield context


@contextmanager
def opened(chromium: Browser) -> Iterator[BrowserContext]:
    """Open such a window: for a module whose tests look at one screen after the other."""
    context = chromium.new_context(viewport={"width": 1440, "height": 900}, locale="en-GB")
    context.set_default_timeout(LONGEST_WAIT)
    yield context
    context.close()


_sessions: dict[tuple[str, str], Any] = {}  # of each place and role: what its browser was given


def sign_in(context: BrowserContext, running: Running, role: str, language: str = "en") -> Page:
    """Open the start page as the demonstration's person of this role, who reads this language.

    Its scripts are there: it hears keys.

    Each of them types their password once in the run; later windows go on with that sign-in, and
    where it has ended (somebody signed out) the password is typed again.
    """
    page = context.new_page()
    known = _sessions.get((running.url, role))
    if known:
        context.add_cookies([known])
        page.goto(f"{running.url}/")
    if not known or not page.locator("#sidebar").count():
        type_password(page, running, role)
        _sessions[running.url, role] = next(
            each for each in context.cookies(running.url) if each["name"] == SESSION
        )
    speak(page, language)
    page.wait_for_load_state()
    return page


def type_password(page: Page, running: Running, role: str) -> None:
    """Sign in on the page for it."""
    login = running.logins[role]
    page.goto(f"{running.url}/accounts/login/")
    page.fill("[name=login]", login["user"])
    page.fill("[name=password]", login["password"])
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_selector("#sidebar", state="attached")


def speak(page: Page, language: str) -> None:
    """Choose the language, which is kept with the person, unless it is chosen already."""
    if page.locator("html").get_attribute("lang") != language:
        # By script: on a phone the menu is folded away.
        page.locator(f"button[name=language][value={language}]").evaluate("(it) => it.click()")
        expect(page.locator("html")).to_have_attribute("lang", language)

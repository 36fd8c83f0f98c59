"""In a real browser, under the strict policy: a list changes by itself, and catches up."""

from __future__ import annotations

import contextlib
import os
import threading
import time
from collections.abc import Iterator
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.wsgi import get_wsgi_application
from django.db import connection
from django_tenants.utils import tenant_context
from playwright.sync_api import Browser, Page, expect, sync_playwright

from apps.catalog.models import Product
from launcher import ports
from launcher.browser import find_chromium
from tenants.models import Company
from tests.live import RunningPump, cookie_of, person, socket_server
from tests.serving import serve

pytestmark = pytest.mark.browser


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@contextlib.contextmanager
def page_server() -> Iterator[int]:
    """Serve pages and static files on a free port; yield the port."""
    server = make_server(
        "127.0.0.1", 0, StaticFilesHandler(get_wsgi_application()), _Server, _Quiet
    )
    serve(server)
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture
def chromium(monkeypatch: pytest.MonkeyPatch) -> Iterator[Browser]:
    """The installed Chromium; its event loop stands in the thread that also asks the database."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    root = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_chromium(), args=[*root, "--disable-dev-shm-usage"]
        )
        yield browser
        browser.close()


@pytest.fixture
def free_port() -> int:
    return ports.free_port()


@pytest.fixture
def cookie(committed: Company) -> str:
    return cookie_of(committed, person(committed, "marina"))


@pytest.fixture
def products_page(cookie: str, chromium: Browser, free_port: int, settings: Any) -> Iterator[Page]:
    """The list of products, signed in, with the socket on ``free_port``."""
    settings.LIVE_PORT = free_port
    name, _, value = cookie.partition("=")
    with page_server() as port, chromium.new_context() as context:
        url = f"http://ladoga.localhost:{port}"
        context.add_cookies([{"name": name, "value": value, "url": url}])
        page = context.new_page()
        said: list[str] = []
        page.on("console", lambda message: said.append(message.text))
        page.goto(f"{url}/catalog/")
        yield page
        assert not [text for text in said if "Content Security Policy" in text]


def add_product(company: Company, name: str) -> None:
    """Add a product in a thread: beside the browser's event loop, this one has no company."""

    def add() -> None:
        with tenant_context(company):
            Product.objects.create(name=name)
        connection.close()

    thread = threading.Thread(target=add)
    thread.start()
    thread.join()


def seen_after(page: Page, company: Company, name: str) -> float:
    """Add a product and return the seconds until the page shows it."""
    add_product(company, name)
    began = time.monotonic()
    expect(page.get_by_text(name).first).to_be_visible(timeout=25_000)
    return time.monotonic() - began


def test_a_list_changes_by_itself_and_catches_up_after_a_lost_line(
    products_page: Page, committed: Company, free_port: int
) -> None:
    page = products_page
    state = page.locator("html")
    with RunningPump():
        with socket_server(free_port):
            expect(state).to_have_attribute("data-live", "on", timeout=25_000)
            taken = [seen_after(page, committed, f"Nail {length} mm") for length in (50, 60, 70)]
            assert min(taken) < 1  # the machine does other things, too
        expect(state).to_have_attribute("data-live", "lost")
        add_product(committed, "Screw 40 mm")
        with socket_server(free_port):
            expect(page.get_by_text("Screw 40 mm").first).to_be_visible(timeout=25_000)
            expect(state).to_have_attribute("data-live", "on")


def test_what_changed_between_the_page_and_its_socket_is_shown(
    products_page: Page, committed: Company, free_port: int
) -> None:
    add_product(committed, "Bolt M8")

    with socket_server(free_port):
        expect(products_page.get_by_text("Bolt M8").first).to_be_visible(timeout=25_000)

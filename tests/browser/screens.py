"""Every screen of the running demonstration, from the table of addresses.

An address that leads to one row is tried with the rows of its own room until one is shown, so that
a new screen is walked without being named anywhere.
"""

from __future__ import annotations

import json
import subprocess
import sys

from playwright.sync_api import Page

from tests.browser.conftest import Running
from tests.tenants.routes import Route, routes

NOT_ASKED = {"account_logout", "service_worker"}  # ends the sign-in; is no page
# Which room's rows an address may lead to, where the first word of it is not the room's name.
_ROOMS = {
    "invoices": "sales", "organizations": "core", "requests": "service",
    "customization": "custom", "imports": "imports", "offices": "replication", "api": "api",
}  # fmt: skip
OK, METHOD_NOT_ALLOWED, REDIRECT = 200, 405, 0  # a redirect that is not followed has no status
_FETCH = """async (address) => {
  const answer = await fetch(address, { redirect: "manual" });
  const isPage = (answer.headers.get("content-type") ?? "").startsWith("text/html");
  return [answer.status, isPage ? await answer.text() : ""];
}"""
_TELL_ROWS = """
import json
from django.apps import apps
from django_tenants.utils import tenant_context
from tenants.models import Company
with tenant_context(Company.objects.get(slug="demo")):
    rows = {}
    for model in apps.get_models():
        if model._meta.pk.get_internal_type() != "UUIDField" or model._meta.app_label == "tenants":
            continue
        keys = model._base_manager.order_by("-pk").values_list("pk", flat=True)[:3]
        rows.setdefault(model._meta.app_label, []).extend(map(str, keys))
print("ROWS", json.dumps(rows))
"""


_known: dict[str, tuple[dict[str, str], list[str]]] = {}


def screens(running: Running, page: Page) -> tuple[dict[str, str], list[str]]:
    """Return the screens, by their route, and the routes to one row that showed no page."""
    if running.url in _known:
        return _known[running.url]
    rows = _rows(running)
    found: dict[str, str] = {}
    missing = []
    for route in routes():
        if route.name in NOT_ASKED or "1c" in route.path or route.path.startswith("/sync/"):
            continue
        address = _shown(page, route, rows)
        if address:
            found[route.path] = address
        elif address is None:
            missing.append(route.path)
    _known[running.url] = found, missing
    return found, missing


def _shown(page: Page, route: Route, rows: dict[str, list[str]]) -> str | None:
    """Return the address of a page; ``""`` for what is no page, ``None`` where no row fits."""
    if not route.takes_id:
        return route.path if _is_page(page, route.path) else ""
    word = route.path.split("/")[1]
    keys = [*rows.get(_ROOMS.get(word, word), []), *rows["counterparties"]]
    for key in dict.fromkeys(keys):
        status, text = fetched(page, route.at(key))
        if status in (METHOD_NOT_ALLOWED, REDIRECT):
            return ""
        if status == OK:
            return route.at(key) if "<html" in text[:400] else ""
    return None


def _is_page(page: Page, address: str) -> bool:
    status, text = fetched(page, address)
    return status == OK and "<html" in text[:400]


def fetched(page: Page, address: str) -> tuple[int, str]:
    """Ask for an address as the person who is signed in; return the status and the HTML."""
    status, text = page.evaluate(_FETCH, address)
    return int(status), str(text)


def _rows(running: Running) -> dict[str, list[str]]:
    """Return the keys of some rows of each room."""
    done = subprocess.run(
        [sys.executable, "-m", "launcher", "manage", "shell", "-c", _TELL_ROWS],
        env=running.environment, capture_output=True, text=True, check=True,
    )  # fmt: skip
    line = next(each for each in done.stdout.splitlines() if each.startswith("ROWS "))
    told: dict[str, list[str]] = json.loads(line.removeprefix("ROWS "))
    return told

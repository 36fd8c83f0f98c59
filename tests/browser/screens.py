"""Every screen of the running demonstration, from the table of addresses.

An address that leads to one row is tried with the rows of its own room until one is shown, so that
a new screen is walked without being named anywhere.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from urllib.parse import urljoin

from lxml import html
from playwright.sync_api import Page

from tests.browser.conftest import Running
from tests.tenants.routes import Route, routes

NOT_ASKED = {"account_logout", "service_worker"}  # ends the sign-in; is no page
# Which room's rows an address may lead to, where the first word of it is not the room's name.
_ROOMS = {
    "invoices": "sales finance", "organizations": "core", "requests": "service",
    "customization": "custom", "imports": "imports", "offices": "replication", "api": "api",
    "forms": "webforms",
}  # fmt: skip
OK, METHOD_NOT_ALLOWED, REDIRECT = 200, 405, 0  # a redirect that is not followed has no status
_FETCH = """async (address) => {
  const answer = await fetch(address, { redirect: "manual" });
  const isPage = (answer.headers.get("content-type") ?? "").startsWith("text/html");
  return [answer.status, isPage ? await answer.text() : ""];
}"""
# What the demonstration has none of is made first: whoever opens its page once has one.
_TELL_ROWS = """
import json
from django.apps import apps
from django.utils import timezone
from django_tenants.utils import tenant_context
from apps.accounts.models import User
from apps.core import objects
from apps.counterparties.models import ContactPerson
from apps.custom.models import CustomRow
from apps.custom.services import save_object
from apps.portal.services import make_link
from apps.webforms.models import WebForm
from apps.webhooks.models import Webhook
from tenants.models import Company
with tenant_context(Company.objects.get(slug="demo")):
    owner = User.objects.get(role="owner")
    words = {"label": "Vehicle", "label_plural": "Vehicles", "icon": "package"}
    vehicles = save_object(values={**words, "has_counterparty": True})
    CustomRow.objects.create(kind=vehicles, name="Van 7")
    address = {"url": "https://hooks.example/kopru", "is_active": False}
    Webhook.objects.create(name="Warehouse", owner=owner, kinds=["deals"], **address)
    person = ContactPerson.objects.filter(counterparty__invoices__number__gt="").first()
    _link, token = make_link(
        counterparty=person.counterparty, person_id=person.pk, days=7, language="en", by=owner,
        now=timezone.now(),
    )
    invoice = person.counterparty.invoices.exclude(number="").first()
    form = WebForm.objects.first()
    outside = [f"/portal/enter/{token}/", "/portal/", f"/portal/invoices/{invoice.pk}/"]
    outside.append(f"/forms/at/{form.key}/")
    rows = {}
    for model in apps.get_models():
        if model._meta.pk.get_internal_type() != "UUIDField" or model._meta.app_label == "tenants":
            continue
        keys = model._base_manager.order_by("-pk").values_list("pk", flat=True)[:3]
        rows.setdefault(model._meta.app_label, []).extend(map(str, keys))
print("ROWS", json.dumps([rows, outside]))
"""


# Links in rows of tabs and in switches.
_TO_LOOKS = """//main//*[contains(concat(" ", @class, " "), " tabs ")
  or contains(concat(" ", @class, " "), " segmented ")]//a/@href"""
_known: dict[str, tuple[dict[str, str], list[str]]] = {}
_told: dict[str, tuple[dict[str, list[str]], list[str]]] = {}


def screens(running: Running, page: Page) -> tuple[dict[str, str], list[str]]:
    """Return the screens, by their route, and the routes to one row that showed no page."""
    if running.url in _known:
        return _known[running.url]
    rows = told(running)[0]
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
    own = [key for label in _ROOMS.get(word, word).split() for key in rows.get(label, [])]
    keys = [*own, *rows["counterparties"]]
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


def looks(running: Running, page: Page) -> list[str]:
    """Return the further looks of screens: what their tabs and switches lead to, each once."""
    found = screens(running, page)[0].values()
    known = {_without_keys(address) for address in found}
    others = []
    for address in found:
        text = html.fromstring(fetched(page, address)[1])
        for link in text.xpath(_TO_LOOKS):
            look = urljoin(address, link)
            if look.startswith("/") and _without_keys(look) not in known:
                known.add(_without_keys(look))
                others.append(look)
    return others


def outside(running: Running, page: Page) -> list[str]:
    """Return the pages of whoever is not signed in, those of a customer's link behind it."""
    open_to_all = [
        route.path for route in routes()
        if not route.takes_id and route.name not in NOT_ASKED and _is_page(page, route.path)
    ]  # fmt: skip
    return [*open_to_all, *told(running)[1]]


def told(running: Running) -> tuple[dict[str, list[str]], list[str]]:
    """Return the keys of some rows of each room, and addresses for people outside; asked once."""
    if running.url not in _told:
        done = subprocess.run(
            [sys.executable, "-m", "launcher", "manage", "shell", "-c", _TELL_ROWS],
            env=running.environment, capture_output=True, text=True, check=True,
        )  # fmt: skip
        line = next(each for each in done.stdout.splitlines() if each.startswith("ROWS "))
        rows, further = json.loads(line.removeprefix("ROWS "))
        _told[running.url] = rows, further
    return _told[running.url]


def _without_keys(address: str) -> str:
    return re.sub(r"[0-9a-f-]{36}|\d{4}-\d\d-\d\d", "", address)

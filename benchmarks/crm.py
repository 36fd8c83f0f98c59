"""``./kopru bench crm``: what a sales manager waits for, in a company of the size given.

One web worker, asked over HTTP by a signed-in manager: lists, cards and boards are whole HTML pages
with rows in them, not bare JSON; a deal is created through the REST API by a key. The limit beside
each: the same server with a program that sends the main statement of the page to the database and
answers with as many bytes. Chromium says when the first page of rows is painted, with warm caches,
and when as many rows of bare text are.

Reference (the best median of Odoo 17, EspoCRM 8.4, Tryton 8 and Creme CRM 2.8 at the first size on
a machine of two cores): list 12 ms, search by name 99 ms, card 23 ms, create a deal 13 ms, and 85
requests a second with four clients.
"""

from __future__ import annotations

import argparse
import cProfile
import http.client
import json
import os
import pstats
import random
import threading
import time
from collections.abc import Callable
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from statistics import median, quantiles
from typing import Any
from urllib.parse import quote

from django.db import connection, models

from benchmarks import beside_import, live
from tenants.context import as_schema_owner

Figures = dict[str, Any]
REFERENCE = {
    "list": 12, "search in the list": 99, "search everywhere": 99, "card": 23, "create a deal": 13,
}  # fmt: skip
OF_G014 = ("board", "further cards", "list of deals", "deals by amount")
BOARD_MS = 300
WORDS = (
    "Azimuth", "Vector", "Falcon", "Northgate", "Işık", "Çiğdem", "Артём", "Полюс", "Ладога",
    "Summit", "Harbour", "Delta", "Yıldız", "Ege", "Marmara", "Вектор", "Орион", "Кедр", "Fern",
    "Granite", "Copper", "Willow", "Anadolu", "Сириус",
)  # fmt: skip
KEY = "('{prefix}-0000-7000-8000-' || lpad(to_hex({n}), 12, '0'))::uuid"
AT_ONCE = 100_000  # rows of one statement
PARTNER, PERSON, DEAL = "01a20001", "01a20002", "01a20003"


def run(arguments: list[str]) -> Figures:
    """Measure, print the table and return the figures."""
    options = _options(arguments)
    from django.core.management import call_command

    call_command("collectstatic", interactive=False, verbosity=0)
    company = _company(options)
    if options.only_fill:
        return {}
    cookie, key, stage = _signed_in(company)
    if options.profile:
        return _profiled(company, cookie, key, stage, options)
    with _one_worker() as port:
        asked = _Asked(port, company.slug, cookie, key)
        figures = _measured(asked, options, stage)
    _limits(figures, options, company.schema_name)
    figures |= {name: getattr(options, name) for name in ("counterparties", "contacts", "deals")}
    _print(figures)
    if options.cases:
        return figures
    with _one_worker() as port:
        figures["painted"] = _painted(port, company.slug, cookie)
    _print_painted(figures["painted"])
    return figures


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="kopru bench crm", description=__doc__)
    parser.add_argument("--counterparties", type=int, default=30_000)
    parser.add_argument("--contacts", type=int, default=70_000)
    parser.add_argument("--deals", type=int, default=20_000)
    parser.add_argument("--activities", type=int, default=100_000)
    parser.add_argument("--times", type=int, default=60)
    parser.add_argument("--cases", nargs="*", metavar="CASE", help="only these, without Chromium")
    parser.add_argument("--only-fill", action="store_true", help="for a later run with --keep")
    parser.add_argument("--profile", metavar="CASE", help="tell where the time of one case goes")
    return parser.parse_args(arguments)


# The company -------------------------------------------------------------------------------------
def _company(options: argparse.Namespace) -> Any:
    """Return the company of this size: the one an earlier run has kept, else filled now."""
    from tenants.models import Company

    numbers = (options.counterparties, options.contacts, options.deals, options.activities)
    slug = "-".join(("crm", *map(str, numbers)))
    company = Company.objects.filter(slug=slug).first()
    if company is None:
        live._company(slug)
        company = Company.objects.get(slug=slug)
        _fill(company, options)
    return company


def _signed_in(company: Any) -> tuple[str, str, Any]:
    """Return the cookie of the manager, the key of a program and a stage."""
    from django_tenants.utils import tenant_context

    from apps.accounts.models import User
    from apps.api.tokens import make_token
    from apps.deals.models import Stage

    with tenant_context(company):
        user = User.objects.get()
        _token, secret = make_token(user=user, name="bench", scopes=["*:read", "*:write"])
        stages = Stage.objects.filter(kind="open", deals__isnull=False)
        stage = stages.order_by("pipeline__position", "pipeline_id", "position", "id")[0]
    return live.signed_in(company), secret, stage


def _fill(company: Any, options: argparse.Namespace) -> None:
    """Fill the company by one statement a table."""
    from django_tenants.utils import tenant_context

    from apps.accounts.models import User
    from apps.activities.models import Activity, ActivityKind, ActivityState
    from apps.counterparties.models import ContactPerson, Counterparty
    from apps.custom.indexes import bring
    from apps.custom.services import FieldValues, add_field
    from apps.deals.models import Deal, DealLine, Pipeline, Stage
    from apps.deals.services.pipelines import begin

    with tenant_context(company):
        user = User.objects.get()
        User.objects.update(role="owner")
        owner = f"'{user.pk}'::uuid"
        add_field(kind="counterparties", values=FieldValues("Score", type="number"))
        word = f"({_array(WORDS)})"
        name = f"{word}[1 + g % 24] || ' ' || {word}[1 + g / 7 % 24] || ' ' || g"
        fill(Counterparty, options.counterparties, {
            "id": KEY.format(prefix=PARTNER, n="g"), "name": name, "sort_name": f"lower({name})",
            "phone": "'+90 232 ' || lpad((g % 10000000)::text, 7, '0')",
            "email": "'office' || g || '@example.com'", "tax_number": "lpad(g::text, 10, '0')",
            "responsible_id": owner, "custom": "jsonb_build_object('x_score', g % 1000)",
        })  # fmt: skip
        fill(ContactPerson, options.contacts, {
            "id": KEY.format(prefix=PERSON, n="g"),
            "counterparty_id": KEY.format(prefix=PARTNER, n=f"1 + g % {options.counterparties}"),
            "full_name": name, "phone": "'+90 533 ' || lpad((g % 10000000)::text, 7, '0')",
            "email": "'person' || g || '@example.com'",
        })  # fmt: skip
        if not Pipeline.objects.exists():
            begin()
        pipeline = Pipeline.objects.order_by("position", "id")[0]
        stages = list(Stage.objects.filter(pipeline=pipeline, kind="open").order_by("position"))
        keys = ", ".join(f"'{stage.pk}'::uuid" for stage in stages)
        fill(Deal, options.deals, {
            "id": KEY.format(prefix=DEAL, n="g"), "name": "'Order ' || g",
            "counterparty_id": KEY.format(prefix=PARTNER, n=f"1 + g % {options.counterparties}"),
            "pipeline_id": f"'{pipeline.pk}'::uuid",
            "stage_id": f"(ARRAY[{keys}])[1 + g % {len(stages)}]", "owner_id": owner,
            "amount": "(g % 90000)::numeric", "currency": "'TRY'",
            "touched_at": "now() - g * interval '7 minutes'",
        })  # fmt: skip
        fill(DealLine, options.deals * 2, {
            "deal_id": KEY.format(prefix=DEAL, n=f"1 + g / 2 % {options.deals}"),
            "name": "'Nail ' || g", "quantity": "3", "price": "12.4", "total": "37.2",
            "discount_percent": "0",
        })  # fmt: skip
        fill(Activity, options.activities, {
            "kind": f"'{ActivityKind.CALL}'", "state": f"'{ActivityState.DONE}'",
            "subject": "'Call ' || g", "owner_id": owner,
            "counterparty_id": KEY.format(prefix=PARTNER, n=f"1 + g % {options.counterparties}"),
            "at": "now() - g * interval '5 minutes'",
        })  # fmt: skip
        bring()
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def fill(model: type[models.Model], number: int, given: dict[str, str]) -> None:
    """Insert rows by one statement: expressions over ``g``, defaults of the model for the rest."""
    columns, values = [], []
    for field in model._meta.concrete_fields:
        if getattr(field, "generated", False):
            continue
        columns.append(f'"{field.column}"')
        values.append(given.get(str(field.column), _default(field)))
    table = f'"{model._meta.db_table}"'
    with as_schema_owner(), connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")  # the journal, while filling
        for start in range(1, number + 1, AT_ONCE):
            cursor.execute(
                f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(values)}"
                f" FROM generate_series({start}, {min(start + AT_ONCE - 1, number)}) g"
            )
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def _default(field: Any) -> str:
    if field.primary_key:
        return "gen_random_uuid()"
    if getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False):
        return "now()"
    if field.null:
        return "NULL"
    value = field.get_default()
    if isinstance(field, models.DateTimeField | models.DateField):
        return "now()"
    if isinstance(value, dict | list):
        return f"'{json.dumps(value)}'::jsonb"
    if isinstance(value, bool):
        return str(value).lower()
    return f"'{value}'" if isinstance(value, str) else str(0 if value is None else value)


def _array(words: Any) -> str:
    return "ARRAY[" + ", ".join(f"'{word}'" for word in words) + "]"


# The manager -------------------------------------------------------------------------------------
class _Asked:
    """Asks over one kept connection, as a browser or as a program."""

    def __init__(self, port: int, slug: str, cookie: str, key: str) -> None:
        self.port, self.slug, self.cookie, self.key = port, slug, cookie, key
        self.line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def __call__(self, path: str, *, body: Any = None, part: bool = False) -> bytes:
        headers = {"Host": f"{self.slug}.localhost:{self.port}"}
        if path.startswith("/api/"):
            headers["Authorization"] = f"Bearer {self.key}"
        else:
            headers["Cookie"] = self.cookie
        if part:
            headers["HX-Request"] = "true"
        if body is not None:
            headers["Content-Type"] = "application/json"
        text = json.dumps(body) if body is not None else None
        self.line.request("POST" if body is not None else "GET", path, text, headers)
        answer = self.line.getresponse()
        said = answer.read()
        if answer.status not in {200, 201}:
            raise RuntimeError(f"{path}: {answer.status} {said[:300]!r}")
        return said


def _cases(
    asked: Callable[..., bytes], options: argparse.Namespace, stage: Any
) -> dict[str, Callable[[], bytes]]:
    """Return what is asked for, by what it is called in the table."""
    chance = random.Random(7)  # noqa: S311  (no secret)

    def place() -> str:
        """Return somewhere in a column of the board, as its scroll names it."""
        at = datetime.now(UTC) - timedelta(minutes=7 * chance.randint(1, options.deals - 1000))
        return quote(f"{at.isoformat()}|{PARTNER}-0000-7000-8000-000000000000")

    def partner() -> str:
        return f"{PARTNER}-0000-7000-8000-{chance.randint(1, options.counterparties):012x}"

    def own_field() -> str:
        return quote(f'["and",["x_score","ge","{chance.randint(900, 990)}"]]')

    def words() -> str:
        word = chance.choice(("azim", "fal", "ladoga", "isik", "granite", "cop"))
        return f"{word}+{chance.randint(1, options.counterparties)}"

    return {
        "list": lambda: asked("/counterparties/"),
        "list of deals": lambda: asked("/deals/list/"),
        "deals by amount": lambda: asked("/deals/list/?sort=-amount"),
        "by an own field": lambda: asked(f"/counterparties/?f={own_field()}&sort=-x_score"),
        "the same by API": lambda: asked(
            f"/api/v1/counterparties?x_score__gte={chance.randint(900, 990)}&sort=-x_score"
        ),
        "search in the list": lambda: asked(f"/counterparties/?q={words()}"),
        "search everywhere": lambda: asked(f"/search/?q={words()}", part=True),
        "card": lambda: asked(f"/counterparties/{partner()}/"),
        "board": lambda: asked(f"/deals/?pipeline={stage.pipeline_id}"),
        "further cards": lambda: asked(
            f"/deals/?part=column&stage={stage.pk}&after={place()}", part=True
        ),
        "create a deal": lambda: asked(
            "/api/v1/deals", body={"name": "New", "counterparty": partner(), "currency": "TRY"}
        ),
    }  # fmt: skip


def _measured(asked: _Asked, options: argparse.Namespace, stage: Any) -> Figures:
    cases = _cases(asked, options, stage)
    if options.cases:
        cases = {name: cases[name] for name in options.cases}
    figures: Figures = {"cases": {}}
    for name, call in cases.items():
        size = len(call() or b"")
        for _time in range(5):
            call()
        before = _processor()
        spread = _spread([_timed(call) for _ in range(options.times)])
        used = (_processor() - before) * 1000 / options.times
        figures["cases"][name] = {**spread, "processor_ms": used, "bytes": size}
    figures["requests_per_second"] = _together(asked)
    return figures


def _profiled(
    company: Any, cookie: str, key: str, stage: Any, options: argparse.Namespace
) -> Figures:
    """Ask inside this process; print the queries and where the time goes."""
    from django.test import Client

    client = Client(HTTP_HOST=f"{company.slug}.localhost", HTTP_COOKIE=cookie)

    def asked(path: str, *, body: Any = None, part: bool = False) -> bytes:
        headers = {"Authorization": f"Bearer {key}"} if path.startswith("/api/") else {}
        headers |= {"HX-Request": "true"} if part else {}
        if body is None:
            answer = client.get(path, headers=headers)
        else:
            answer = client.post(path, body, content_type="application/json", headers=headers)
        if answer.status_code not in {200, 201}:
            raise RuntimeError(f"{path}: {answer.status_code} {answer.content[:300]!r}")
        return bytes(answer.content)

    call = _cases(asked, options, stage)[options.profile]
    for _time in range(5):
        call()
    said: list[tuple[float, str]] = []

    def told(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        began = time.perf_counter()
        result = execute(sql, params, many, context)
        said.append(((time.perf_counter() - began) * 1000, sql))
        return result

    with connection.execute_wrapper(told):
        call()
    for milliseconds, sql in said:
        print(f"{milliseconds:6.2f} ms  {sql}")
    whole, processor = [], []
    for _time in range(options.times):
        began = time.process_time()
        whole.append(_timed(call))
        processor.append((time.process_time() - began) * 1000)
    profile = cProfile.Profile()
    for _time in range(options.times):
        profile.runcall(call)
    for order in ("cumulative", "tottime"):
        pstats.Stats(profile).sort_stats(order).print_stats(90)
    print(
        f"{options.profile}: {len(said)} queries, median {median(whole):.1f} ms, least"
        f" {min(whole):.1f}; processor median {median(processor):.1f}, least {min(processor):.1f}"
    )
    return {"whole_ms": median(whole), "processor_ms": median(processor)}


def _limits(figures: Figures, options: argparse.Namespace, schema: str) -> None:
    """Put the limit of each case beside its figures, taken in the same run."""
    partner = f"{PARTNER}-0000-7000-8000-{1 + options.counterparties // 2:012x}"
    statements = {
        "list": "SELECT c.*, u.full_name FROM counterparties_counterparty c LEFT JOIN accounts_user"
        " u ON u.id = c.responsible_id WHERE NOT c.is_archived ORDER BY c.sort_name, c.id LIMIT 51",
        "list of deals": "SELECT d.*, c.name, s.name FROM deals_deal d JOIN"
        " counterparties_counterparty c ON c.id = d.counterparty_id JOIN deals_stage s ON"
        " s.id = d.stage_id WHERE NOT d.is_archived ORDER BY d.touched_at DESC, d.id DESC LIMIT 51",
        "search everywhere": "SELECT name FROM counterparties_counterparty WHERE NOT is_archived"
        " AND search_text LIKE '%granite%' LIMIT 6",
        "card": f"SELECT * FROM counterparties_counterparty WHERE id = '{partner}'",
        "board": "SELECT stage_id, currency, count(*), sum(amount) FROM deals_deal"
        " WHERE NOT is_archived AND closed_at IS NULL GROUP BY 1, 2",
        "create a deal": _copied_deal(),
    }
    cases = figures["cases"]
    statements = {name: statement for name, statement in statements.items() if name in cases}
    paths = {f"/{n.replace(' ', '-')}": (statements[n], cases[n]["bytes"]) for n in statements}
    os.environ["BENCH_BARE"] = json.dumps({"schema": schema, "paths": paths})
    with beside_import._web(workers=1, threads=4, application="benchmarks._bare:application") as at:
        line = http.client.HTTPConnection("127.0.0.1", at, timeout=60)
        for name in statements:
            path = f"/{name.replace(' ', '-')}"

            def ask(path: str = path) -> None:
                line.request("GET", path)
                line.getresponse().read()

            for _time in range(5):
                ask()
            cases[name]["limit_ms"] = median(_timed(ask) for _ in range(options.times))


def _copied_deal() -> str:
    """Return the statement that makes one more deal like the first."""
    from apps.deals.models import Deal

    names = [
        str(field.column) for field in Deal._meta.concrete_fields
        if not field.primary_key and not getattr(field, "generated", False)
    ]  # fmt: skip
    columns = ", ".join(f'"{name}"' for name in names)
    return (
        f"INSERT INTO deals_deal (id, {columns})"
        f" SELECT gen_random_uuid(), {columns} FROM deals_deal LIMIT 1"
    )


def _painted(port: int, slug: str, cookie: str, times: int = 9) -> Figures:
    """Return when Chromium first paints the list, which has its rows in it, with warm caches.

    The limit beside it, turn by turn: as many rows of bare text, without a style sheet or a script.
    """
    from launcher.commands import find_chromium

    chromium = find_chromium()
    if chromium is None:
        return {}
    from playwright.sync_api import sync_playwright

    name, _equals, value = cookie.partition("=")
    site = f"http://{slug}.localhost:{port}"
    root = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=[*root, "--disable-dev-shm-usage"]
        )
        context = browser.new_context(viewport={"width": 1440, "height": 900})
        context.add_cookies([{"name": name, "value": value, "url": site}])
        page = context.new_page()
        bare = "<!doctype html><title>Bare</title><table>" + "<tr><td>Row</td></tr>" * 50
        page.route(f"{site}/bare/", lambda it: it.fulfill(body=bare, content_type="text/html"))
        found, limits = [], []
        for turn in range(times + 2):
            page.goto(f"{site}/bare/", wait_until="networkidle")
            limit, _waited = page.evaluate(_PAINTED)
            page.goto(f"{site}/counterparties/", wait_until="networkidle")
            painted, waited = page.evaluate(_PAINTED)
            if turn > 1:  # the first ones fill the caches
                found.append((painted, waited))
                limits.append(limit)
        rows = page.locator("tbody tr[id^=row-]").count()
        browser.close()
    if not rows:
        raise RuntimeError("the page that was painted has no rows: is anybody signed in?")
    return {
        "fcp_ms": median(each[0] for each in found), "rows": rows,
        "first_byte_ms": median(each[1] for each in found), "limit_ms": median(limits),
    }  # fmt: skip


_PAINTED = """() => new Promise((told) => new PerformanceObserver((list) => {
    const [painted] = list.getEntriesByName("first-contentful-paint");
    const [asked] = performance.getEntriesByType("navigation");
    if (painted) told([painted.startTime, asked.responseStart]);
}).observe({ type: "paint", buffered: true }))"""


def _timed(call: Callable[[], Any]) -> float:
    began = time.perf_counter()
    call()
    return (time.perf_counter() - began) * 1000


def _processor() -> float:
    """Return the seconds of processor that the web worker has used so far."""
    import psutil

    used = 0.0
    for child in psutil.Process().children(recursive=True):
        if "gunicorn" in " ".join(child.cmdline()):
            times = child.cpu_times()
            used += times.user + times.system
    return used


def _spread(found: list[float]) -> Figures:
    return {"least_ms": min(found), "p50_ms": median(found), "p95_ms": quantiles(found, n=20)[18]}


def _together(asked: _Asked, clients: int = 4, seconds: float = 8.0) -> float:
    counts: list[int] = []
    until = time.perf_counter() + seconds

    def client() -> None:
        own = _Asked(asked.port, asked.slug, asked.cookie, asked.key)
        count = 0
        while time.perf_counter() < until:
            own("/counterparties/")
            count += 1
        counts.append(count)

    threads = [threading.Thread(target=client) for _ in range(clients)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    return sum(counts) / seconds


@contextmanager
def _one_worker() -> Any:
    with beside_import._web(workers=1, threads=4) as port:
        yield port


def _print(figures: Figures) -> None:
    print(
        f"{figures['counterparties']:,} counterparties, {figures['contacts']:,} contacts,"
        f" {figures['deals']:,} deals"
    )
    print(
        f"{'':18}{'processor':>10}{'least':>10}{'median':>10}{'p95':>10}{'bytes':>10}{'limit':>10}{'ratio':>8}"
        f"{'reference':>11}{'ratio':>8}"
    )
    for name, found in figures["cases"].items():
        best, limit, median_ms = REFERENCE.get(name), found.get("limit_ms"), found["p50_ms"]
        print(
            f"{name:18}{found['processor_ms']:7.1f} ms{found['least_ms']:7.1f} ms"
            f"{median_ms:7.1f} ms{found['p95_ms']:7.1f} ms{found['bytes']:10,}"
            f"{f'{limit:.1f} ms' if limit else '':>10}"
            f"{f'{median_ms / limit:.1f}' if limit else '':>8}"
            f"{f'{best} ms' if best else '':>11}"
            f"{f'{median_ms / best:.2f}' if best else '':>8}"
        )
    board = [figures["cases"][name] for name in OF_G014 if name in figures["cases"]]
    if board:
        worst = max(each["p95_ms"] for each in board)
        print(
            f"G014, {figures['deals']:,} open deals: board, its further cards and the lists in"
            f" {worst:.0f} ms at the 95th percentile (aim {BOARD_MS} ms:"
            f" {'kept' if worst <= BOARD_MS else 'missed'})"
        )
    print(f"list, four clients: {figures['requests_per_second']:.0f} requests/s (reference 85)")


def _print_painted(painted: Figures) -> None:
    if not painted:
        print("first contentful paint: no Chromium is installed here")
        return
    print(
        f"first contentful paint, {painted['rows']} rows, warm: {painted['fcp_ms']:.0f} ms"
        f" (first byte after {painted['first_byte_ms']:.0f} ms; aim 250 ms); as many rows of bare"
        f" text: {painted['limit_ms']:.0f} ms, ratio {painted['fcp_ms'] / painted['limit_ms']:.2f}"
    )

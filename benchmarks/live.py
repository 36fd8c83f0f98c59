"""From the commit to a thousand open pages: many companies, one process of sockets, one pump.

A client writes one row in a company; every page of that company must hear of it, no other may.
Beside it, in the same run, the bare channel layer: the same number of sockets, groups and messages
without journal, pump, rights and positions. Read the ratios.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import quantiles
from typing import Any

from channels.generic.websocket import AsyncWebsocketConsumer
from websockets.asyncio.client import connect
from websockets.typing import Origin

Figures = dict[str, Any]
Write = Callable[[str], str]  # makes a change in a company, returns its key
PATIENCE = 60.0


class BareConsumer(AsyncWebsocketConsumer):
    """Joins the group of its path and passes on what comes."""

    async def connect(self) -> None:
        """Join."""
        self.group = self.scope["path"].strip("/").replace("/", ".")
        await self.channel_layer.group_add(self.group, self.channel_name)
        await self.accept()

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        """Answer, so that both kinds of server are asked alike."""
        await self.send(json.dumps({"position": "", "tables": {}}))

    async def bare_event(self, event: dict[str, Any]) -> None:
        """Pass on."""
        await self.send(json.dumps({"tables": event["tables"]}))


def run(arguments: list[str]) -> Figures:
    """Measure, print the table and return the figures."""
    options = _options(arguments)
    print("making companies ...", flush=True)
    cookies = {slug: _company(slug) for slug in _slugs(options.companies)}
    figures: Figures = {"options": vars(options)}
    with _server("config.asgi:application") as (port, process), _pump():
        figures["live"] = asyncio.run(_measure(options, port, process.pid, cookies, _commit))
    with _server("benchmarks.live:bare") as (port, process):
        figures["bare"] = asyncio.run(_measure(options, port, process.pid, {}, _broadcast()))
    for way in ("one_by_one", "at_once"):
        live, bare = figures["live"][way], figures["bare"][way]
        figures[f"ratio_{way}"] = {q: live[q] / bare[q] for q in ("p50_ms", "p99_ms")}
    _print(figures)
    return figures


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="kopru bench live", description=__doc__)
    parser.add_argument("--companies", type=int, default=50)
    parser.add_argument("--sockets", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--pause", type=float, default=0.03, help="seconds between two commits")
    return parser.parse_args(arguments)


def _slugs(count: int) -> list[str]:
    return [f"live-{number:03}" for number in range(count)]


def __getattr__(name: str) -> Any:
    """Make the bare server's application only in the process that serves it."""
    if name != "bare":
        raise AttributeError(name)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    return BareConsumer.as_asgi()


# What is written ---------------------------------------------------------------------------------
def _company(slug: str) -> str:
    """Make a company with one person; return the Cookie header of their browser."""
    from django.contrib.auth import get_user_model
    from django_tenants.utils import tenant_context

    from tenants.services import create_company

    company = create_company(slug=slug, name=slug.title())
    with tenant_context(company):
        get_user_model().objects.create(email=f"anna@{slug}.example", full_name="Anna")
    return signed_in(company)


def signed_in(company: Any) -> str:
    """Sign the one person of a company in; return the Cookie header of their browser."""
    from django.conf import settings
    from django.contrib.auth import (
        BACKEND_SESSION_KEY,
        HASH_SESSION_KEY,
        SESSION_KEY,
        get_user_model,
    )
    from django.contrib.sessions.backends.db import SessionStore
    from django_tenants.utils import tenant_context

    with tenant_context(company):
        user = get_user_model().objects.get()
        session = SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[-1]
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.save()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"


def _commit(slug: str) -> str:
    from django_tenants.utils import schema_context, tenant_context

    from apps.catalog.models import Unit
    from tenants.models import Company

    with schema_context("public"):
        company = Company.objects.get(slug=slug)
    with tenant_context(company):
        return str(Unit.objects.create(name=slug).pk)


def _broadcast() -> Write:
    from uuid import uuid4

    from replication.pump import layer_sender

    send = layer_sender()

    def write(slug: str) -> str:
        key = str(uuid4())
        tables = {"catalog_unit": [[key, None]]}
        send(f"ws.live.{slug}", {"type": "bare.event", "tables": tables})
        return key

    return write


# Pages -------------------------------------------------------------------------------------------
class Pages:
    """All open sockets, and what each has heard when."""

    def __init__(self, port: int, cookies: dict[str, str]) -> None:
        self.port, self.cookies = port, cookies
        self.heard: list[tuple[str, str, float]] = []  # company, key, moment
        self.arrived = asyncio.Event()
        self.tasks: list[asyncio.Task[None]] = []
        self.ready = 0

    async def open(self, slug: str) -> None:
        """Open a page and listen until the end."""
        host = f"{slug}.localhost"
        headers = {"Cookie": self.cookies[slug]} if self.cookies else None
        path = "/ws/live/" if self.cookies else f"/ws/live/{slug}/"
        async with connect(
            f"ws://{host}:{self.port}{path}", host="127.0.0.1", port=self.port,
            origin=Origin(f"http://{host}:8000"), additional_headers=headers, compression=None,
            open_timeout=PATIENCE, ping_interval=None,
        ) as opened:  # fmt: skip
            await opened.send(json.dumps({"since": None}))
            await opened.recv()
            self.ready += 1
            self.arrived.set()
            async for text in opened:
                moment = time.perf_counter()
                for pair in json.loads(text).get("tables", {}).get("catalog_unit") or ():
                    self.heard.append((slug, pair[0], moment))
                self.arrived.set()

    async def until(self, is_done: Callable[[], bool]) -> None:
        """Wait until something is so, or patience ends."""
        end = time.monotonic() + PATIENCE
        while not is_done() and time.monotonic() < end:
            self.arrived.clear()
            try:
                await asyncio.wait_for(self.arrived.wait(), end - time.monotonic())
            except TimeoutError:
                return


async def _measure(
    options: argparse.Namespace, port: int, pid: int, cookies: dict[str, str], write: Write
) -> Figures:
    slugs = _slugs(options.companies)
    pages = Pages(port, cookies)
    before = _rss(pid)
    began = time.perf_counter()
    for number in range(options.sockets):
        pages.tasks.append(asyncio.create_task(pages.open(slugs[number % len(slugs)])))
    await pages.until(lambda: pages.ready == options.sockets)
    figures: Figures = {
        "sockets": pages.ready, "open_s": time.perf_counter() - began,
        "rss_mb": _rss(pid), "rss_before_mb": before,
    }  # fmt: skip
    for way, pause in (("one_by_one", options.pause), ("at_once", 0.0)):
        rounds = options.rounds if pause else 1
        figures[way] = await _round(options, pages, slugs * rounds, write, pause)
    figures["rss_after_mb"] = _rss(pid)
    for task in pages.tasks:
        task.cancel()
    await asyncio.gather(*pages.tasks, return_exceptions=True)
    return figures


async def _round(
    options: argparse.Namespace, pages: Pages, slugs: list[str], write: Write, pause: float
) -> Figures:
    pages.heard.clear()
    written: dict[str, tuple[str, float]] = {}
    loop = asyncio.get_running_loop()
    for slug in slugs:
        key = await loop.run_in_executor(_one_thread(), write, slug)
        written[key] = (slug, time.perf_counter())
        await asyncio.sleep(pause)
    each = options.sockets // options.companies
    await pages.until(lambda: len(pages.heard) >= len(slugs) * each)
    wrong = [entry for entry in pages.heard if written.get(entry[1], ("",))[0] != entry[0]]
    delays = [
        max(moment - written[key][1], 0.0) * 1000
        for _, key, moment in pages.heard
        if key in written
    ]
    cut = quantiles(delays, n=100) if len(delays) > 1 else [0.0] * 99
    return {
        "commits": len(slugs), "expected": len(slugs) * each, "heard": len(set(pages.heard)),
        "wrong": len(wrong), "p50_ms": cut[49], "p99_ms": cut[98], "max_ms": max(delays, default=0),
    }  # fmt: skip


def _one_thread() -> Any:
    """Return the thread that writes: one connection to the database, one to the layer."""
    from concurrent.futures import ThreadPoolExecutor

    if not hasattr(_one_thread, "pool"):
        _one_thread.pool = ThreadPoolExecutor(1)  # type: ignore[attr-defined]
    return _one_thread.pool  # type: ignore[attr-defined]


# Processes ---------------------------------------------------------------------------------------
@contextmanager
def _server(application: str) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    command = ["-m", "uvicorn", application, "--port", str(port), "--lifespan", "off"]
    with _process([*command, "--log-level", "warning"]) as process:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            with socket.socket() as tried:
                if tried.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield port, process


@contextmanager
def _pump() -> Iterator[None]:
    from django.db import connection

    with _process(["-m", "django", "run_journal_pump"]):
        until, listens = time.monotonic() + PATIENCE, False
        while not listens and time.monotonic() < until:
            time.sleep(0.1)
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE query LIKE 'LISTEN%'"
                    " AND datname = current_database())"
                )
                listens = cursor.fetchone()[0]
        time.sleep(1)  # it looks at every company first
        yield


@contextmanager
def _process(command: list[str]) -> Iterator[subprocess.Popen[bytes]]:
    environment = {"DJANGO_SETTINGS_MODULE": "config.settings", **os.environ}
    process = subprocess.Popen([sys.executable, *command], env=environment)  # noqa: S603
    try:
        yield process
    finally:
        process.terminate()
        process.wait(20)


def _rss(pid: int) -> float:
    for line in Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0


def _print(figures: Figures) -> None:
    print(f"\n{'':28}{'live':>12}{'bare layer':>12}{'ratio':>8}")
    for way, words in (("one_by_one", "one by one"), ("at_once", "all at once")):
        for quantile in ("p50_ms", "p99_ms"):
            live, bare = figures["live"][way][quantile], figures["bare"][way][quantile]
            print(f"{words + ', ' + quantile:28}{live:12.0f}{bare:12.0f}{live / bare:8.1f}")
    for kind in ("live", "bare"):
        found = figures[kind]
        print(
            f"{kind}: {found['sockets']} sockets opened in {found['open_s']:.1f} s,"
            f" RSS {found['rss_before_mb']:.0f} → {found['rss_after_mb']:.0f} MB; heard"
            f" {found['one_by_one']['heard']} of {found['one_by_one']['expected']} and"
            f" {found['at_once']['heard']} of {found['at_once']['expected']}; wrong"
            f" {found['one_by_one']['wrong'] + found['at_once']['wrong']}"
        )

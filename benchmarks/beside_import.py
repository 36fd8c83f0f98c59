"""``./kopru bench beside-import``: what others notice while a large catalogue is imported.

A 1C signs in at the door of one company over HTTP, uploads a generated catalogue in parts and asks
``mode=import`` until it is done; each answer is timed (1C gives up after 30 seconds or so). Beside
it somebody of another company walks through the screens without a pause, before and meanwhile. One
web process, one worker, as ``./kopru up`` starts them. The peer is a bare process that computes
without end beside the same walk: what one busy program costs on this machine, whatever it does.
"""

from __future__ import annotations

import argparse
import base64
import http.client
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median, quantiles
from typing import Any
from uuid import uuid4

from benchmarks import catalogue_import, live

Figures = dict[str, Any]
SCREENS = ("/", "/catalog/", "/catalog/prices/", "/stock/", "/counterparties/", "/invoices/")
PART = 4 << 20
PATIENCE = 900.0
LIMIT = 25.0  # seconds an answer of the door may take
PASSWORD = uuid4().hex


def run(arguments: list[str]) -> Figures:
    """Measure, print the table and return the figures."""
    options = _options(arguments)
    with tempfile.TemporaryDirectory(prefix="kopru-bench-") as folder:
        return _measure(options, Path(folder))


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="kopru bench beside-import", description=__doc__)
    parser.add_argument("--products", type=int, default=40_000)
    parser.add_argument("--calm-products", type=int, default=5_000)
    parser.add_argument("--seconds", type=float, default=15.0, help="of walking before")
    options = parser.parse_args(arguments)
    options.price_types = options.warehouses = 2
    return options


def _measure(options: argparse.Namespace, folder: Path) -> Figures:
    from django.core.management import call_command

    call_command("collectstatic", interactive=False, verbosity=0)
    cookie = live._company("calm")
    live._company("busy")
    _node("busy")
    _fill("calm", options, folder / "calm")
    large = _files(options, options.products, folder / "busy")
    with _web() as port, _worker():
        walk = _Walk(port, cookie)
        walk.during(threading.Event(), 3.0)  # warms caches and connections up
        before = walk.during(threading.Event(), options.seconds)
        with _computing():
            peer = walk.during(threading.Event(), options.seconds)
        over = threading.Event()
        answers: list[tuple[str, float]] = []
        one_c = threading.Thread(target=_exchange, args=(port, large, answers, over))
        began = time.perf_counter()
        one_c.start()
        meanwhile = walk.during(over, PATIENCE)
        one_c.join()
    figures = {
        "products": options.products,
        "import_seconds": time.perf_counter() - began,
        "screens_before": _spread(before),
        "screens_beside_a_busy_process": _spread(peer),
        "screens_meanwhile": _spread(meanwhile),
        "door": {
            kind: {"answers": len(found), "longest": max(found), "median": median(found)}
            for kind in dict.fromkeys(kind for kind, _ in answers)
            if (found := [seconds for each, seconds in answers if each == kind])
        },
    }
    _print(figures)
    return figures


# The company that imports, and the one that does not --------------------------------------------
def _node(slug: str) -> None:
    from django.utils import timezone
    from django_tenants.utils import tenant_context

    from exchange.access import set_password
    from exchange.models import Node
    from tenants.models import Company

    with tenant_context(Company.objects.get(slug=slug)):
        node = Node.objects.create(name="1C", login="1c", settings={})
        set_password(node=node, password=PASSWORD, now=timezone.now())


def _files(options: argparse.Namespace, products: int, folder: Path) -> list[Path]:
    values = {**vars(options), "products": products, "offers": products * 2}
    catalogue_import.write_files(folder, argparse.Namespace(**values))
    return sorted(folder.iterdir())


def _fill(slug: str, options: argparse.Namespace, folder: Path) -> None:
    _files(options, options.calm_products, folder)
    subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-m", "benchmarks.catalogue_import", slug, str(folder)],
        check=True,
        stdout=subprocess.DEVNULL,
    )


# 1C ----------------------------------------------------------------------------------------------
def _exchange(
    port: int, files: list[Path], answers: list[tuple[str, float]], over: threading.Event
) -> None:
    try:
        _speak(port, files, answers)
    finally:
        over.set()


def _speak(port: int, files: list[Path], answers: list[tuple[str, float]]) -> None:
    basic = base64.b64encode(f"1c:{PASSWORD}".encode()).decode()
    headers = {"Host": f"busy.localhost:{port}", "Authorization": f"Basic {basic}"}
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def ask(query: str, body: bytes | None = None) -> str:
        began = time.perf_counter()
        line.request(
            "POST" if body is not None else "GET", f"/exchange/1c/?type=catalog&{query}", body,
            headers,
        )  # fmt: skip
        said = line.getresponse().read().decode()
        answers.append((query.split("&")[0].removeprefix("mode="), time.perf_counter() - began))
        if said.startswith("failure"):
            raise RuntimeError(said)
        return said

    _, name, value, *_rest = ask("mode=checkauth").splitlines()
    headers["Cookie"] = f"{name}={value}"
    ask("mode=init")
    for path in files:
        with path.open("rb") as source:
            while part := source.read(PART):
                ask(f"mode=file&filename={path.name}", part)
    for path in files:
        while not ask(f"mode=import&filename={path.name}").startswith("success"):
            time.sleep(0.2)


# The person --------------------------------------------------------------------------------------
class _Walk:
    """Somebody who opens one screen after the other."""

    def __init__(self, port: int, cookie: str) -> None:
        self.port = port
        self.headers = {"Host": f"calm.localhost:{port}", "Cookie": cookie}

    def during(self, over: threading.Event, seconds: float) -> list[float]:
        """Return how long each screen took until it is over."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        found: list[float] = []
        until = time.perf_counter() + seconds
        while not over.is_set() and time.perf_counter() < until:
            for path in SCREENS:
                began = time.perf_counter()
                line.request("GET", path, headers=self.headers)
                answer = line.getresponse()
                answer.read()
                found.append(time.perf_counter() - began)
                if answer.status != 200:
                    raise RuntimeError(f"{path}: {answer.status}")
        line.close()
        return found


def _spread(seconds: list[float]) -> Figures:
    cut = quantiles(seconds, n=20)
    return {"screens": len(seconds), "p50_ms": median(seconds) * 1000, "p95_ms": cut[18] * 1000}


# Processes ---------------------------------------------------------------------------------------
@contextmanager
def _web(
    *, workers: int = 2, threads: int = 16, application: str = "config.wsgi:application"
) -> Iterator[int]:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    command = ["-m", "gunicorn", application, "--bind", f"127.0.0.1:{port}"]
    command += ["--worker-class", "gthread", "--workers", str(workers)]
    command += ["--threads", str(threads)]
    command += ["--timeout", "60", "--log-level", "error"]
    os.environ["KOPRU_PUBLIC_URL"] = f"http://localhost:{port}"
    with live._process(command):
        until = time.monotonic() + live.PATIENCE
        while time.monotonic() < until:
            with socket.socket() as tried:
                if tried.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield port


@contextmanager
def _worker() -> Iterator[None]:
    from tenants.figures import QUEUES

    queues = QUEUES if isinstance(QUEUES, str) else ",".join(QUEUES)
    command = ["-m", "celery", "-A", "config.celery", "worker", "-Q", queues, "-c", "2"]
    with live._process([*command, "--without-gossip", "--without-mingle", "-l", "ERROR"]):
        time.sleep(5)  # it has no sign of being ready that costs nothing to look for
        yield


@contextmanager
def _computing() -> Iterator[None]:
    with live._process(["-c", "while True: sum(range(100_000))"]):
        yield


def _print(figures: Figures) -> None:
    before = figures["screens_before"]["p95_ms"]
    for kind in ("screens_before", "screens_beside_a_busy_process", "screens_meanwhile"):
        found = figures[kind]
        print(
            f"{kind.replace('_', ' '):32}{found['screens']:7} screens, median"
            f" {found['p50_ms']:6.1f} ms, p95 {found['p95_ms']:7.1f} ms ="
            f" {found['p95_ms'] / before:5.2f}"
        )
    for kind, found in figures["door"].items():
        print(
            f"door, mode={kind:12}{found['answers']:5} answers, median {found['median']:6.2f} s,"
            f" longest {found['longest']:6.2f} s (limit {LIMIT:.0f})"
        )
    print(f"import of {figures['products']} products took {figures['import_seconds']:.1f} s")

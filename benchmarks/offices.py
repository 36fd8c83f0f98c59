"""``./kopru bench offices``: how many branch offices one centre serves that exchange every minute.

The centre is the web process of ``./kopru up``; each office is a base of its own that calls it over
HTTP with the program offices really run, and has changed something since. The offices share the
machine with the centre, so what they cost themselves is in the figures, too. An exchange counts
from the moment it was due: one that had to wait for others is slow.
"""

from __future__ import annotations

import argparse
import os
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from statistics import median, quantiles
from typing import Any

from django.db import connection
from django.utils import timezone
from django_tenants.utils import schema_context, tenant_context

from benchmarks import beside_import, live

Figures = dict[str, Any]
LIMIT = 2.0  # seconds, 95th percentile of a whole exchange


def run(arguments: list[str]) -> Figures:
    """Measure, print the table and return the figures."""
    parser = argparse.ArgumentParser(prog="kopru bench offices", description=__doc__)
    parser.add_argument("--offices", type=int, default=200)
    parser.add_argument("--customers", type=int, default=2_000, help="that every office holds")
    parser.add_argument("--rounds", type=int, default=3, help="minutes that are measured")
    parser.add_argument("--period", type=float, default=60.0, help="seconds between two exchanges")
    parser.add_argument("--threads", type=int, default=12)
    options = parser.parse_args(arguments)
    figures = _measure(options)
    _print(figures)
    return figures


@contextmanager
def _among_others() -> Iterator[None]:
    yield


def _measure(options: argparse.Namespace) -> Figures:
    from django.core.management import call_command

    from replication.transports import office

    # An office exchanges with one process at a time, by a lock of its database; here all of them
    # stand in one database.
    office._alone = _among_others
    call_command("collectstatic", interactive=False, verbosity=0)
    live._company("centre")
    centre = _company("centre")
    with tenant_context(centre):
        _customers(options.customers)
    with beside_import._web() as port:
        address = f"http://centre.localhost:{port}"
        began = time.perf_counter()
        offices = []
        for number in range(options.offices):
            offices.append(_office(number, centre, address))
            # A server process that has made many schemas drags the caches of them all along.
            connection.close()
        joined = time.perf_counter() - began
        with _Offices(options, centre, offices) as bench:
            bench.go_round(1)  # warms caches and connections up
            found = bench.go_round(options.rounds)
    seconds = [each for each in found if each is not None]
    return {
        "options": vars(options), "joining_seconds": joined, "exchanges": len(seconds),
        "failed": len(found) - len(seconds), "per_minute": 60 * len(seconds) / bench.took,
        "p50": median(seconds), "p95": quantiles(seconds, n=20)[18], "longest": max(seconds),
    }  # fmt: skip


def _company(slug: str) -> Any:
    from tenants.models import Company

    with schema_context("public"):
        return Company.objects.get(slug=slug)


def _customers(count: int) -> None:
    from apps.counterparties.models import Counterparty

    Counterparty.objects.bulk_create(
        [Counterparty(name=f"Customer {n}", sort_name=f"customer {n}") for n in range(count)]
    )


def _office(number: int, centre: Any, address: str) -> Any:
    """Make an office and give it its first copy."""
    from replication import nodes
    from replication.messages import RELEASE
    from replication.models import BranchNode
    from replication.packing import pack
    from replication.transports import office
    from tenants.services import create_company

    company = create_company(slug=f"office-{number}", name=f"Office {number}")
    with tenant_context(centre):
        node, code = nodes.add_office(
            name=f"Office {number}", prefix=_prefix(number), scope={}, schedule={}, seats=0,
            now=timezone.now(),
        )  # fmt: skip
    private, public = nodes.new_key_pair()
    with tenant_context(centre):  # not over the line: from one address it lets few join a minute
        told = {"release": RELEASE}
        joined = nodes.accept(code=code, public_key=public, told=told, now=timezone.now())
        pack(node=BranchNode.objects.get(pk=node.pk), now=timezone.now())
    with tenant_context(company):
        here = nodes.begin_branch(joined=joined, address=address, private_key=private)
        office.exchange_once(node=here, files_seconds=0)
    return company


def _prefix(number: int) -> str:
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
    return letters[number // len(letters)] + letters[number % len(letters)]


class _Offices:
    """Offices that exchange on schedule, spread over the period."""

    def __init__(self, options: argparse.Namespace, centre: Any, offices: list[Any]) -> None:
        self.options, self.centre, self.offices = options, centre, offices
        self.took = 0.0
        # An office has a connection of its own with warm caches; here each stays with its thread.
        self.threads = [ThreadPoolExecutor(1) for _ in range(options.threads)]

    def __enter__(self) -> _Offices:
        return self

    def __exit__(self, *_: object) -> None:
        for thread in self.threads:
            thread.submit(connection.close)
            thread.shutdown()

    def go_round(self, rounds: int) -> list[float | None]:
        """Let each office exchange so many times; return seconds, ``None`` for one that failed."""
        count, period = len(self.offices), self.options.period
        began = time.perf_counter()
        dues = [
            (place % len(self.threads), began + (turn + place / count) * period, company)
            for turn in range(rounds)
            for place, company in enumerate(self.offices)
        ]
        stopped = threading.Event()
        busy = threading.Thread(target=self._work_at_the_centre, args=(stopped,))
        busy.start()
        waited = [
            self.threads[thread].submit(self._exchange, due, company)
            for thread, due, company in dues
        ]
        found = [each.result() for each in waited]
        self.took = time.perf_counter() - began
        stopped.set()
        busy.join()
        return found

    def _exchange(self, due: float, company: Any) -> float | None:
        from apps.counterparties.models import Counterparty
        from replication.models import BranchNode
        from replication.transports.office import ExchangeFailed, exchange_once

        time.sleep(max(0.0, due - time.perf_counter()))
        try:
            with tenant_context(company):
                Counterparty.objects.create(name=f"New at {company.slug}")
                exchange_once(node=BranchNode.objects.get(), files_seconds=0)
        except ExchangeFailed as failure:
            print(company.slug, failure.code, failure.detail)
            return None
        return time.perf_counter() - due

    def _work_at_the_centre(self, stopped: threading.Event) -> None:
        """Change a customer at the centre every half second: all offices have to hear of it."""
        from apps.counterparties.models import Counterparty

        number = 0
        while not stopped.wait(0.5):
            number += 1
            with tenant_context(self.centre):
                Counterparty.objects.filter(name=f"Customer {number % 500}").update(
                    phone=str(number)
                )
        connection.close()


def _print(figures: Figures) -> None:
    options = figures["options"]
    print(f"\n{options['offices']} offices, one exchange every {options['period']:.0f} s each;"
          f" {os.cpu_count()} cores for all of them and the centre")  # fmt: skip
    print(f"  joined with a first copy in {figures['joining_seconds']:.0f} s")
    print(f"  {figures['exchanges']:,} exchanges, {figures['failed']} failed,"
          f" {figures['per_minute']:,.0f} a minute")  # fmt: skip
    print(
        f"  a whole exchange: median {figures['p50']:.2f} s, 95th percentile {figures['p95']:.2f} s"
        f" (limit {LIMIT:.0f}), longest {figures['longest']:.2f} s"
    )

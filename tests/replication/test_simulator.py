"""The simulator finds nothing wrong with the engine, and finds each fault put into it."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection

from replication import applying, packing, receiving
from tenants.models import Company
from tests.replication.conftest import SLUGS, empty_bases
from tests.replication.offices import Place
from tests.replication.simulator import Broken, begin

STEPS = 60


@pytest.fixture
def places(_bases: None, django_db_blocker: Any) -> Iterator[list[Place]]:
    """A centre and two offices that have not joined."""
    with django_db_blocker.unblock():
        connection.set_schema_to_public()
        found = [Place(Company.objects.get(slug=slug), slug.title()) for slug in SLUGS[:3]]
        empty_bases(found)
        yield found
        connection.set_schema_to_public()


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_everything_that_goes_wrong_converges(places: list[Place], seed: int) -> None:
    begin(places, seed=seed, steps=STEPS).run()


@pytest.mark.parametrize("seed", [7, 8])
def test_three_offices_converge_as_well(places: list[Place], seed: int) -> None:
    omsk = Place(Company.objects.get(slug=SLUGS[3]), SLUGS[3].title())
    empty_bases([omsk])

    begin([*places, omsk], seed=seed, steps=STEPS).run()


def simulations(places: list[Place], tries: int, *, first: int = 0) -> None:
    """Run until an invariant breaks; ``first`` is the seed that showed this fault last time."""
    for seed in sorted(range(tries), key=lambda each: each != first):
        empty_bases(places)
        begin(places, seed=seed, steps=STEPS).run()


def test_a_reader_without_watermark_is_found(
    places: list[Place], monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: dict[tuple[str, str], int] = {}

    def by_number(after: str, until: str) -> tuple[str, list[Any]]:
        """The cursor of a reader that goes by ``id > last``."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT coalesce(max(id), 0) FROM replication_journal")
            seen[connection.schema_name, until] = cursor.fetchone()[0]
        last = seen.get((connection.schema_name, after), 0)
        return "xid IN (SELECT j.xid FROM replication_journal j WHERE j.id > %s)", [last]

    monkeypatch.setattr(packing, "window", by_number)

    with pytest.raises(Broken):
        simulations(places, 20, first=4)


def test_dropped_tombstones_are_found(places: list[Place], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packing._Packing, "_parted", lambda *args, **kwargs: None)

    with pytest.raises(Broken):
        simulations(places, 5)


def test_pending_changes_that_are_overwritten_are_found(
    places: list[Place], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(applying.Applying, "_is_pending", lambda *args: False)

    with pytest.raises(Broken):
        simulations(places, 20, first=1)


def test_messages_taken_twice_are_found(
    places: list[Place], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(receiving, "_repeated", _applied_again)

    with pytest.raises(Broken):
        simulations(places, 20)


def _applied_again(node: Any, message: Any, head: Any) -> Any:
    again = applying.Applying(node=node, head=head, now=head.packed_at, is_first=False)
    again.take(receiving.sections(message.body))
    return receiving.Receipt(head.number, node.received_number)


LONG = int(os.environ.get("SIMULATOR_STEPS", "0"))


@pytest.mark.skipif(not LONG, reason="a long run is asked for with SIMULATOR_STEPS=10000")
def test_a_long_run(places: list[Place]) -> None:
    first = int(os.environ.get("SIMULATOR_SEED", "1000"))
    said: Counter[str] = Counter()
    for seed in range(first, first + LONG // 200):
        empty_bases(places)
        simulation = begin(places, seed=seed, steps=200)
        simulation.run()
        said += simulation.said
        print(f"seed {seed}: {sum(said.values())} steps", flush=True)
    print(dict(said.most_common()))

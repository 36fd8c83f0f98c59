"""A deterministic simulator: a centre and offices driven through everything that goes wrong.

Every step is chosen by a seeded generator and runs on the real SQL: edits on any side, bulk and raw
ones, transactions left open across an exchange, deletions, hand-overs between offices, joined
duplicates, changed scopes, messages lost, repeated, reordered, cut and changed, clocks that jump,
crashes in the middle of applying. Afterwards the line heals and the invariants of the replication
reference, chapter 7, are checked. A failing seed fails again.

    python -m tests.replication.simulator --steps 10000 --seed 1    (inside ./kopru test's database)
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

import uuid_utils.compat
from django.db import connection

from apps.counterparties.models import ContactPerson, Counterparty
from replication import conflicts, plan, retrying, scopes
from replication.applying import Applying
from replication.conflicts import CannotTake
from replication.messages import Message, MessageRefused
from replication.models import BranchNode, Conflict, MessageLog, ParkedChange
from replication.packing import acknowledge, pack
from replication.receiving import receive
from replication.staged import defaults_for
from tests.replication.offices import NOW, Place, contents, join, messages_of, node_at
from tests.replication.writers import connect

CUSTOMERS, CONTACTS = "counterparties_counterparty", "counterparties_contactperson"
COLUMNS = ("phone", "email", "comment", "address")
BY = UUID("01a20000-0000-7000-8000-00000000000b")
SETTLING_ROUNDS = 8


class Broken(AssertionError):
    """An invariant does not hold; the message says which, with the seed."""


class Crash(Exception):
    """The process is killed here."""


@dataclass
class Simulation:
    """One run. The first office holds everything, the second its own customers."""

    centre: Place
    offices: list[Place]
    seed: int
    steps: int
    said: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.random = random.Random(self.seed)  # noqa: S311
        self.places = [self.centre, *self.offices]
        self.now = NOW
        self.open: list[Any] = []  # transactions left open
        self.told: dict[tuple[str, str, str], list[str]] = {}  # values an office has packed
        self.unsent: dict[str, dict[tuple[str, str, str], str]] = {}
        self.deleted: set[str] = set()
        self.serial = 0

    def run(self) -> None:
        """Take the steps, heal the line, check what must hold.

        :raises Broken: something does not hold.
        """
        steps = self.choices()
        for _ in range(self.steps):
            name, step = self.random.choice(steps)
            self.said[name] += 1
            self.now += timedelta(seconds=self.random.randint(1, 300))
            step()
        self.heal()
        self.check()

    def choices(self) -> list[tuple[str, Callable[[], None]]]:
        weights: list[tuple[int, str, Callable[[], None]]] = [
            (4, "insert", self.insert), (3, "insert child", self.insert_child),
            (8, "update", self.update), (1, "bulk update", self.update_many),
            (2, "delete", self.delete), (2, "open transaction", self.leave_open),
            (1, "close transaction", self.close), (2, "hand over", self.hand_over),
            (1, "join duplicates", self.join), (1, "change scope", self.change_scope),
            (5, "exchange", self.exchange), (2, "up only", self.up), (2, "down only", self.down),
            (1, "message lost", self.lose), (3, "old message again", self.repeat),
            (1, "message cut or changed", self.corrupt), (1, "wrong order", self.reorder),
            (2, "crash while applying", self.crash), (1, "clock jumps", self.jump),
            (1, "parked tried again", self.retry),
        ]  # fmt: skip
        return [(name, step) for weight, name, step in weights for _ in range(weight)]

    # Edits ------------------------------------------------------------------------------------
    def place(self) -> Place:
        return self.random.choice(self.places)

    def word(self) -> str:
        self.serial += 1
        return f"w{self.serial}"

    def some(self, place: Place, model: Any) -> Any:
        keys = sorted(model.objects.values_list("pk", flat=True))
        return self.random.choice(keys) if keys else None

    def insert(self) -> None:
        place = self.place()
        with place.entered():
            is_double = self.random.random() < 0.2
            Counterparty.objects.create(
                name=self.word(), office_id=self.office_of(place),
                tax_number=f"77{self.random.randint(0, 4)}" if is_double else "",
            )  # fmt: skip

    def office_of(self, place: Place) -> Any:
        """An office enters its own customers; the centre those of anybody."""
        if place.node_id:
            return place.node_id
        return self.random.choice([None, *(office.node_id for office in self.offices)])

    def insert_child(self) -> None:
        place = self.place()
        with place.entered():
            parent = self.some(place, Counterparty)
            if parent:
                ContactPerson.objects.create(counterparty_id=parent, full_name=self.word())

    def update(self) -> None:
        place = self.place()
        with place.entered():
            key = self.some(place, Counterparty)
            if not key:
                return
            chosen = self.random.sample(COLUMNS, self.random.randint(1, 2))
            values = {column: self.word() for column in chosen}
            Counterparty.objects.filter(pk=key).update(**values)
            self.note(place, key, values)

    def update_many(self) -> None:
        place = self.place()
        with place.entered():
            value = self.word()
            keys = sorted(Counterparty.objects.values_list("pk", flat=True))[:20]
            Counterparty.objects.filter(pk__in=keys).update(comment=value)
            for key in keys:
                self.note(place, key, {"comment": value})

    def note(self, place: Place, key: UUID, values: dict[str, str]) -> None:
        for column, value in values.items():
            mine = self.unsent.setdefault(place.name, {})
            mine[(CUSTOMERS, str(key), column)] = value

    def delete(self) -> None:
        self.close()
        place = self.place()
        with place.entered():
            key = self.some(place, self.random.choice([Counterparty, ContactPerson]))
            if key:
                for model in (ContactPerson, Counterparty):
                    model.objects.filter(pk=key).delete()
                self.deleted.add(str(key))

    def leave_open(self) -> None:
        """A transaction that began before an exchange and commits after it."""
        place = self.place()
        with place.entered():
            key = self.some(place, Counterparty)
        if key is None or len(self.open) > 2:
            return
        value, writer = self.word(), connect(place.company)
        with writer.cursor() as cursor:
            entry = plan.of_table(CONTACTS)
            assert entry is not None
            row = {"id": str(uuid_utils.compat.uuid7()), "created_at": NOW, "updated_at": NOW,
                   "full_name": value, "counterparty_id": str(key)}  # fmt: skip
            row |= defaults_for(entry, tuple(row))
            names, places = ", ".join(row), ", ".join(["%s"] * len(row))
            cursor.execute(
                f"INSERT INTO {CONTACTS} ({names}) VALUES ({places})",
                list(row.values()),
            )
        self.open.append(writer)

    def close(self) -> None:
        while self.open:
            writer = self.open.pop(0)
            writer.commit()
            writer.close()

    def hand_over(self) -> None:
        with self.centre.entered():
            key = self.some(self.centre, Counterparty)
            if key:
                office = self.random.choice([None, *(each.node_id for each in self.offices)])
                Counterparty.objects.filter(pk=key).update(office_id=office)

    def join(self) -> None:
        self.close()
        with self.centre.entered():
            proposal = Conflict.objects.filter(kind="same_key", is_open=True).order_by("pk").first()
            if proposal is None or proposal.other_key is None:
                return
            keep, away = sorted([proposal.key, proposal.other_key])
            try:
                conflicts.join(table=proposal.table, keep=keep, away=away, by=BY, now=self.now)
                self.deleted.add(str(away))
            except CannotTake:
                conflicts.settle(conflict=proposal, by=BY, now=self.now)

    def change_scope(self) -> None:
        office = self.offices[-1]
        choice = self.random.choice(["office", "office", "all"])
        with self.centre.entered():
            scope = {} if choice == "all" else {"counterparties": {"choice": choice}}
            scopes.change_scope(node=node_at(self.centre, office), scope=scope)

    # Exchange ---------------------------------------------------------------------------------
    def office(self) -> Place:
        return self.random.choice(self.offices)

    def packed(self, origin: Place, office: Place) -> list[bytes]:
        with origin.entered():
            node = node_at(origin, office)
            pack(node=node, now=self.now)
            found = [message.encode() for message in messages_of(node)]
        if origin is not self.centre:
            for what, value in self.unsent.pop(origin.name, {}).items():
                self.told.setdefault(what, []).append(value)
        origin.sent = (origin.sent + found)[-40:]
        return found

    def deliver(self, target: Place, office: Place, data: bytes) -> bool:
        self.close()  # what is open holds its parents: a deletion would wait for ever
        with target.entered():
            try:
                receive(node=node_at(target, office), message=Message.decode(data), now=self.now)
            except MessageRefused:
                return False
        return True

    def up(self) -> None:
        office = self.office()
        for data in self.packed(office, office):
            self.deliver(self.centre, office, data)

    def down(self) -> None:
        office = self.office()
        for data in self.packed(self.centre, office):
            self.deliver(office, office, data)

    def exchange(self, office: Place | None = None) -> None:
        office = office or self.office()
        for data in self.packed(office, office):
            self.deliver(self.centre, office, data)
        for data in self.packed(self.centre, office):
            self.deliver(office, office, data)
        with office.entered():
            received = node_at(office, office).received_number
        with self.centre.entered():
            node = node_at(self.centre, office)
            acknowledge(node=node, number=received)
            said = (node.received_number, node.sent_number)
        with office.entered():
            acknowledge(node=node_at(office, office), number=said[0], sent=said[1])

    def lose(self) -> None:
        office = self.office()
        self.packed(self.random.choice([office, self.centre]), office)

    def repeat(self) -> None:
        pool = [data for place in self.places for data in place.sent]
        if not pool:
            return
        data = self.random.choice(pool)
        head = Message.decode(data).head
        office = next(each for each in self.offices if each.node_id == head.node)
        self.deliver(office if head.sender == "centre" else self.centre, office, data)

    def corrupt(self) -> None:
        office = self.office()
        for data in self.packed(office, office)[:1]:
            changed = bytearray(data)
            if self.random.random() < 0.5:
                changed = changed[: self.random.randrange(len(changed))]
            else:
                changed[self.random.randrange(len(changed))] ^= 1 << self.random.randrange(8)
            if bytes(changed) != data and self.deliver(self.centre, office, bytes(changed)):
                raise Broken(f"seed {self.seed}: a changed message was taken")

    def reorder(self) -> None:
        office = self.office()
        for data in reversed(self.packed(office, office)):
            self.deliver(self.centre, office, data)

    def crash(self) -> None:
        office = self.office()
        origin = self.random.choice([office, self.centre])
        target = self.centre if origin is office else office
        for data in self.packed(origin, office):
            with self.crashing(self.random.randint(0, 3)):
                try:
                    self.deliver(target, office, data)
                except Crash:
                    self.said["crashes"] += 1
                    return

    @contextmanager
    def crashing(self, after: int) -> Iterator[None]:
        """Kill whoever applies after so many sections, or before the end."""
        stage, check, left = Applying._stage, Applying._check, [after]

        def killed_in_stage(own: Applying, *args: Any, **kwargs: Any) -> None:
            stage(own, *args, **kwargs)
            left[0] -= 1
            if left[0] == 0:
                raise Crash

        def killed_in_check(own: Applying) -> None:
            check(own)
            if after == 0:
                raise Crash

        Applying._stage, Applying._check = killed_in_stage, killed_in_check  # type: ignore[method-assign]
        try:
            yield
        finally:
            Applying._stage, Applying._check = stage, check  # type: ignore[method-assign]

    def jump(self) -> None:
        self.now += timedelta(days=self.random.choice([-2, -1, 1, 2]))
        with self.centre.entered():
            offset = self.random.choice([-86400, 0, 86400])
            BranchNode.objects.filter(pk=self.office().node_id).update(clock_offset=offset)

    def retry(self) -> None:
        self.close()
        with self.place().entered():
            for parked in ParkedChange.objects.order_by("pk")[:2]:
                retrying.retry(parked=parked, now=self.now)

    # Afterwards -------------------------------------------------------------------------------
    def heal(self) -> None:
        """Let everything arrive: exchange until nothing moves."""
        self.close()
        for _ in range(SETTLING_ROUNDS):
            before = self.numbers()
            for office in self.offices:
                self.exchange(office)
            if self.numbers() == before:
                return

    def numbers(self) -> list[tuple[int, int]]:
        with self.centre.entered():
            found = BranchNode.objects.exclude(public_key=b"").order_by("pk")
            return list(found.values_list("sent_number", "received_number"))

    def check(self) -> None:
        """I1 to I7 of the reference.

        :raises Broken: one does not hold.
        """
        for office in self.offices:
            self.check_equal(office)
        self.check_nothing_lost()
        self.check_orphans()
        self.check_numbers()

    def check_equal(self, office: Place) -> None:
        with self.centre.entered():
            node = node_at(self.centre, office)
            limited = scopes.restricted(node.scope)
            held = {table: {str(key) for key in node_members(node, table)} for table in limited}
        for entry in plan.all_travelling():
            ours, theirs = contents(self.centre, entry), contents(office, entry)
            if entry.table in held:
                stray = set(theirs) - held[entry.table]
                if stray:
                    raise Broken(f"seed {self.seed} I5: {office.name} holds {entry.table} {stray}")
                ours = {key: row for key, row in ours.items() if key in held[entry.table]}
            if ours != theirs:
                raise Broken(self.difference(office, entry, ours, theirs))

    def difference(self, office: Place, entry: Any, ours: Any, theirs: Any) -> str:
        lines = [f"seed {self.seed} I1: {office.name} differs in {entry.table}"]
        for key in sorted({*ours, *theirs}):
            if ours.get(key) != theirs.get(key):
                lines.append(f"  {key} centre {ours.get(key)} office {theirs.get(key)}")
        return "\n".join(lines[:12])

    def check_nothing_lost(self) -> None:
        """I2: what an office packed is current, was replaced by a later change, or is kept."""
        with self.centre.entered(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT coalesce(string_agg(t::text, ' '), '') FROM counterparties_counterparty t"
            )
            kept = cursor.fetchone()[0]
            for sql in (
                "SELECT coalesce(string_agg(changed::text, ' '), '') FROM replication_journal",
                "SELECT coalesce(string_agg(concat(base, centre, branch), ' '), '')"
                " FROM replication_conflict",
                "SELECT coalesce(string_agg(\"row\"::text, ' '), '') FROM replication_parkedchange",
            ):
                cursor.execute(sql)
                kept += " " + cursor.fetchone()[0]
        words = set(kept.replace('"', " ").replace(",", " ").replace("[", " ").split())
        words |= set(kept.replace("(", " ").replace(")", " ").replace(",", " ").split())
        for (table, key, column), values in self.told.items():
            latest = values[-1]
            if latest not in words and key not in self.deleted:
                raise Broken(f"seed {self.seed} I2: {latest} of {table} {key} {column} is lost")

    def check_orphans(self) -> None:
        for place in self.places:
            with place.entered():
                orphans = ContactPerson.objects.exclude(
                    counterparty_id__in=Counterparty.objects.values("pk")
                )
                if orphans.exists():
                    raise Broken(f"seed {self.seed} I3: an orphan in {place.name}")

    def check_numbers(self) -> None:
        for place in self.places:
            with place.entered():
                for direction in ("in", "out"):
                    found = MessageLog.objects.filter(direction=direction, number__gt=0)
                    for node_id in set(found.values_list("node_id", flat=True)):
                        numbers = sorted(
                            found.filter(node_id=node_id).values_list("number", flat=True)
                        )
                        if numbers != list(range(1, len(numbers) + 1)):
                            raise Broken(f"seed {self.seed} I6: {place.name} {numbers[-5:]}")


def node_members(node: BranchNode, table: str) -> list[UUID]:
    """Return what the centre believes an office holds of a table."""
    from replication.models import Membership

    return list(Membership.objects.filter(node=node, table=table).values_list("key", flat=True))


def begin(places: list[Place], *, seed: int, steps: int) -> Simulation:
    """Join the offices to a centre without rows and return a simulation of them."""
    centre, *offices = places
    for place in places:
        place.sent.clear()
    for number, office in enumerate(offices):
        last = number == len(offices) - 1
        scope = {"counterparties": {"choice": "office"}} if last else {}
        join(centre, office, prefix=f"S{number}", scope=scope)
    simulation = Simulation(centre, offices, seed, steps)
    for office in offices:
        simulation.exchange(office)
    return simulation

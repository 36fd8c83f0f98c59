"""The wall between the engine and the CRM: rooms register adapters for the rows they store.

The engine knows no room by name. A room subclasses ``Adapter`` in its ``exchange_adapter.py`` and
registers it in ``AppConfig.ready()``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar, Generic, Protocol, TypeVar
from uuid import UUID

from exchange.rows import Problem

R = TypeVar("R")
P = TypeVar("P")


class Shared(Protocol):
    """What the adapters of one batch share."""

    def close(self) -> None:
        """Take note that the last row is prepared."""


@dataclass(frozen=True)
class StoreContext:
    """What an adapter is told about the run whose rows it stores."""

    node_id: UUID
    session_id: UUID
    file: str
    now: datetime
    is_full: bool = False  # the run, not the file: what it does not name may be archived at its end
    catalog_ref: str = ""  # of the header that the rows stand under
    # In ``finish_run`` only, what came whole for ``catalog_ref``: "catalog" (groups and products),
    # "offers" (prices and stock) or "directory" (the free directory of this identifier).
    scope: str = ""
    settings: dict[str, Any] = field(
        default_factory=dict
    )  # of the node, e.g. {"zero_missing_stock": True}
    # What the adapters of one batch tell each other, e.g. which goods its rows name.
    shared: dict[str, Shared] = field(default_factory=dict)

    def close_shared(self) -> None:
        """Tell what is shared that every row of the batch is prepared."""
        for shared in self.shared.values():
            shared.close()


@dataclass
class Stored:
    """What became of the rows of one call."""

    read: int = 0
    created: int = 0
    changed: int = 0
    unchanged: int = 0
    archived: int = 0
    problems: list[Problem] = field(default_factory=list)
    # Rows that wait for something not here yet (an offer before its product): the engine keeps them
    # and offers them again after later files and runs.
    parked: list[Any] = field(default_factory=list)

    def add(self, other: Stored) -> None:
        """Add another result to this one."""
        self.read += other.read
        self.created += other.created
        self.changed += other.changed
        self.unchanged += other.unchanged
        self.archived += other.archived
        self.problems += other.problems
        self.parked += other.parked


class Adapter(Generic[R]):
    """Stores rows of one type, set by set, inside the transaction of the file.

    ``store`` may be called several times for a file, with up to some thousand rows each; the same
    rows stored twice change nothing (no row written, so nothing reaches the journal).
    """

    row_type: ClassVar[type]
    kind: ClassVar[str]  # "products": the word in counts, settings and on screens
    rank: ClassVar[int] = 100  # rows of a lower rank are stored first when a batch holds several

    def store(self, rows: Sequence[R], context: StoreContext) -> Stored:
        """Store the rows.

        Values that cannot be taken come back as problems, rows that must wait as parked; both leave
        the rest stored.
        """
        raise NotImplementedError

    def prepare(self, rows: Sequence[R], context: StoreContext) -> Any:
        """Work out what needs no database; happens in the thread that reads the file.

        Every kind of a batch is prepared before the first one is stored.
        """
        return rows

    def apply(self, prepared: Any, context: StoreContext) -> Stored:
        """Store what ``prepare`` worked out; ``store`` is the two after one another."""
        return self.store(prepared, context)

    def finish_run(self, context: StoreContext) -> Stored:
        """At the end of a run: archive or zero what a full run left out, by the node's settings.

        Asked when the run is over, once for each catalogue and ``context.scope`` that came whole
        without a failed file (``context.is_full`` is true then); never asked after a partial run.
        Asked again for the same run it changes nothing.
        """
        return Stored()


class PreparedAdapter(Adapter[R], Generic[R, P]):
    """An adapter of rows that come by the hundred thousand: prepared while others are stored."""

    def store(self, rows: Sequence[R], context: StoreContext) -> Stored:
        """Prepare and apply."""
        prepared = self.prepare(rows, context)
        context.close_shared()
        return self.apply(prepared, context)

    def prepare(self, rows: Sequence[R], context: StoreContext) -> P:
        """Work out what needs no database."""
        raise NotImplementedError

    def apply(self, prepared: P, context: StoreContext) -> Stored:
        """Store it."""
        raise NotImplementedError


_adapters: dict[type, Adapter[Any]] = {}


def register(adapter: type[Adapter[Any]]) -> type[Adapter[Any]]:
    """Register an adapter class (a decorator); a later one for the same rows replaces it."""
    _adapters[adapter.row_type] = adapter()
    return adapter


def adapter_for(row_type: type) -> Adapter[Any] | None:
    """Return the adapter of a row type; ``None`` when no room has registered for it."""
    return _adapters.get(row_type)


def all_adapters() -> Iterable[Adapter[Any]]:
    """Return every adapter, lowest rank first."""
    return sorted(_adapters.values(), key=lambda adapter: (adapter.rank, adapter.kind))

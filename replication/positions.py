"""Positions in a journal: texts of PostgreSQL snapshots, and what one of them says of another.

``xmin:xmax:running,running``: every transaction below ``xmax`` that is not listed as running has
been seen, everything else has not (PostgreSQL, «pg_snapshot Components»).
"""

from __future__ import annotations

from bisect import insort
from typing import NamedTuple

LONGEST = 20_000  # characters; a thousand transactions that run at once


class NotAPosition(ValueError):
    """The text is not a position."""


class Snapshot(NamedTuple):
    """A position taken apart."""

    xmin: int
    xmax: int
    running: tuple[int, ...]

    def __str__(self) -> str:
        return f"{self.xmin}:{self.xmax}:{','.join(map(str, self.running))}"

    def sees(self, transaction: int) -> bool:
        """Tell whether a transaction had committed (or failed) at the position."""
        return transaction < self.xmax and transaction not in self.running


def parse(position: str) -> Snapshot:
    """Take a position apart.

    :raises NotAPosition: it is none.
    """
    if len(position) > LONGEST:
        raise NotAPosition("too long")
    try:
        xmin, xmax, running = position.split(":")
        found = Snapshot(
            int(xmin), int(xmax), tuple(int(each) for each in running.split(",") if running)
        )
    except ValueError as error:
        raise NotAPosition(position[:50]) from error
    inside = all(found.xmin <= each < found.xmax for each in found.running)
    ordered = all(a < b for a, b in zip(found.running, found.running[1:], strict=False))
    if not (0 < found.xmin <= found.xmax < 2**63 and inside and ordered):
        raise NotAPosition(position[:50])
    return found


def covers(position: str, earlier: str) -> bool:
    """Tell whether everything seen at ``earlier`` has been seen at ``position`` too."""
    late, early = parse(position), parse(earlier)
    ahead = early.xmax - late.xmax
    if ahead > len(early.running):
        return False
    begun_between = range(late.xmax, max(early.xmax, late.xmax))
    return not any(early.sees(each) for each in (*late.running, *begun_between))


def without(position: str, transaction: int) -> str:
    """Return the position as it is when a transaction is counted among the running ones."""
    found = parse(position)
    if not found.sees(transaction):
        return position
    running = list(found.running)
    insort(running, transaction)
    return str(found._replace(xmin=min(found.xmin, transaction), running=tuple(running)))

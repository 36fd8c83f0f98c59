"""What every page needs to know, read by the statement that reads who is signed in.

A room that would otherwise ask the database with each page registers an expression here: it is
evaluated beside the person, costs no round trip of its own, and stands in what ``take`` is told.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from replication.journal import POSITION, position_of


@dataclass(frozen=True)
class ReadTogether:
    """An SQL expression of one JSON value, and who is told its value, with the person read."""

    sql: str
    take: Callable[[Any, Any], None]
    is_of_moment: bool = False  # another at every reading, though nobody changed anything


_known: dict[str, ReadTogether] = {}


def register(
    name: str, *, sql: str, take: Callable[[Any, Any], None], is_of_moment: bool = False
) -> None:
    """Read this with every person; registered again it replaces the former one.

    ``sql`` names its tables with aliases of its own: it stands among other expressions.
    """
    _known[name] = ReadTogether(sql, take, is_of_moment)


def expression(*, is_of_moment: bool = False) -> str:
    """Return everything registered as one JSON object: what stays so, or what is of the moment."""
    parts = ", ".join(
        f"'{name}', {each.sql}"
        for name, each in sorted(_known.items())
        if each.is_of_moment == is_of_moment
    )
    return f"json_build_object({parts})"


def told(person: Any, values: Mapping[str, Any]) -> None:
    """Tell each room what was read with a person."""
    for name, value in values.items():
        _known[name].take(person, value)


def _take_position(person: Any, value: Any) -> None:
    person.read_at_position = position_of(*value)


register("position", sql=POSITION, take=_take_position, is_of_moment=True)

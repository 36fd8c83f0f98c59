"""What rooms and the engine above say of their models and readers; this engine knows none by name.

Every model is captured into the journal or declared local with a reason: a test sees to it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

# Names of readers with their positions, in the company in force; "" for one that never read.
Places = Callable[[], Iterable[tuple[str, str]]]

_local: dict[str, str] = {}
_personal: set[str] = set()
_places: list[Places] = []
_lasting: list[Places] = []


def declare_local(label: str, reason: str) -> None:
    """Declare that changes of a model (``app.Model``) concern nobody else, and why."""
    _local[label.lower()] = reason


def local_models() -> Mapping[str, str]:
    """Return the declared labels, in lower case, with their reasons."""
    return dict(_local)


def declare_personal(table: str) -> None:
    """Declare that a row of the table concerns one person only: the one its route names."""
    _personal.add(table)


def personal_tables() -> frozenset[str]:
    """Return the tables whose rows concern one person each."""
    return frozenset(_personal)


def hold_for(places: Places) -> None:
    """Keep lines for readers that store their positions themselves (nodes of an exchange)."""
    if places not in _places:
        _places.append(places)


def keep_for(places: Places) -> None:
    """Keep lines for readers that may stay away as long as they like: nobody else has the lines."""
    if places not in _lasting:
        _lasting.append(places)


def lasting_places() -> list[str]:
    """Return the positions of those readers in the company in force."""
    return [position for places in _lasting for _name, position in places() if position]


def held_places() -> list[tuple[str, str]]:
    """Return names and positions of those readers in the company in force."""
    return [place for places in _places for place in places() if place[1]]

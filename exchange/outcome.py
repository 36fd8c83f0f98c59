"""The end of runs, for whoever wants to know: rooms register a listener."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

Listener = Callable[[UUID, str], None]
_listeners: list[Listener] = []


def listen(listener: Listener) -> None:
    """Have ``listener(session_id, state)`` called when a run is over; it stands once."""
    if listener not in _listeners:
        _listeners.append(listener)


def tell(session_id: UUID, state: str) -> None:
    """Tell the listeners that a run is over; a run with nothing new to say may be told twice."""
    for listener in _listeners:
        listener(session_id, state)

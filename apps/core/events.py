"""What happened, told to the rooms above: published after commit, listened to where it matters.

A lower room never calls up; it publishes an event of its own and does not know who listens.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

from django.db import transaction

E = TypeVar("E")
_listeners: dict[type, list[Callable[[Any], None]]] = defaultdict(list)


def listen(kind: type[E], listener: Callable[[E], None]) -> None:
    """Have ``listener`` called for each event of this kind; registered again it stands once."""
    if listener not in _listeners[kind]:
        _listeners[kind].append(listener)


def publish(event: object) -> None:
    """Tell the listeners once the transaction is committed; a rolled-back one tells nothing."""
    for listener in _listeners[type(event)]:
        transaction.on_commit(partial(listener, event))

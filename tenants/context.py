"""Who is acting: author, origin node and cause of the changes that follow.

The database backend carries these three to PostgreSQL (``kopru.author``, ``kopru.origin``,
``kopru.cause``), where the journal's triggers read them.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import NamedTuple
from uuid import UUID


class Actor(NamedTuple):
    """The author (a user's id), the node a change came from, and what caused it."""

    author: UUID | None = None
    origin: UUID | None = None
    cause: str = ""


NOBODY = Actor()
_actor: ContextVar[Actor] = ContextVar("kopru_actor", default=NOBODY)


def current_actor() -> Actor:
    """Return who acts in this request, task or socket."""
    return _actor.get()


@contextmanager
def acting(
    *, author: UUID | None = None, origin: UUID | None = None, cause: str = ""
) -> Iterator[None]:
    """Let everything inside be done in this name; the former actor returns afterwards."""
    token = _actor.set(Actor(author, origin, cause))
    try:
        yield
    finally:
        _actor.reset(token)

"""Who is acting: author, origin node and cause of the changes that follow; owner or not.

The database backend carries the three to PostgreSQL (``kopru.author``, ``kopru.origin``,
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


_is_owner: ContextVar[bool] = ContextVar("kopru_schema_owner", default=False)


def is_schema_owner() -> bool:
    """Tell whether the code may change tables, not only rows."""
    return _is_owner.get()


@contextmanager
def as_schema_owner() -> Iterator[None]:
    """Let everything inside run as the login role, which owns the companies' tables.

    For migrations only: the company's own role may not change tables, and without it the second
    wall between companies is not there.
    """
    token = _is_owner.set(True)
    try:
        yield
    finally:
        _is_owner.reset(token)

"""Several values of the cache asked for at once, by readers who know nothing of each other.

The frame of every page is made of what three rooms keep in the cache. Whoever calls them all says
what they will ask for, so that the page waits once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.core.cache import cache

_read: ContextVar[dict[str, Any] | None] = ContextVar("read_ahead", default=None)


@contextmanager
def read_ahead(keys: Sequence[str]) -> Iterator[None]:
    """Read these keys at once; ``kept_at`` finds them while the block is left open."""
    found = cache.get_many(keys)
    before = _read.set({key: found.get(key) for key in keys})
    try:
        yield
    finally:
        _read.reset(before)


def kept_at(key: str) -> Any:
    """Return what the cache has at a key, ``None`` for nothing; see ``read_ahead``."""
    ahead = _read.get()
    return ahead[key] if ahead is not None and key in ahead else cache.get(key)

"""How often one may try links, and how often a customer may write: counted in Valkey."""

from __future__ import annotations

import time

from django.core.cache import cache

TRIES, TRIES_WINDOW = 20, 600  # wrong links of one address
WORDS, WORDS_WINDOW = 30, 3600  # messages by one link


def spend(what: str, who: str, *, limit: int, window: int, now: float | None = None) -> bool:
    """Count once more; tell whether it is still within the limit."""
    moment = int(time.time() if now is None else now) // window
    key = f"portal:{what}:{who}:{moment}"
    cache.add(key, 0, timeout=2 * window)
    return int(cache.incr(key)) <= limit


def is_over(what: str, who: str, *, limit: int, window: int, now: float | None = None) -> bool:
    """Tell whether the limit is reached, without counting."""
    moment = int(time.time() if now is None else now) // window
    return int(cache.get(f"portal:{what}:{who}:{moment}") or 0) >= limit

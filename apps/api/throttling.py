"""How often a program may ask: so many requests a minute for each key, counted in Valkey."""

from __future__ import annotations

import time
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.core.cache import cache

WINDOW = 60


@dataclass(frozen=True)
class Budget:
    """What is left of the minute."""

    limit: int
    left: int
    seconds: int  # until the next minute

    @property
    def headers(self) -> dict[str, str]:
        """Return what every answer says of it."""
        return {
            "RateLimit-Limit": str(self.limit),
            "RateLimit-Remaining": str(max(self.left, 0)),
            "RateLimit-Reset": str(self.seconds),
        }


def spend(*, owner: UUID, now: float | None = None) -> Budget:
    """Count a request of a key; ``left`` below zero: it is one too many."""
    moment = time.time() if now is None else now
    minute, second = divmod(int(moment), WINDOW)
    key = f"api:{owner}:{minute}"
    try:
        spent = cache.incr(key)
    except ValueError:  # the first one of this minute
        cache.add(key, 0, timeout=2 * WINDOW)
        spent = cache.incr(key)
    limit = settings.API_REQUESTS_PER_MINUTE
    return Budget(limit, limit - spent, WINDOW - second)

"""When to look after a company's exchange next: uploads gone quiet, runs to close, a killed worker.

One sorted set in Valkey, scored by moment, so that nobody walks over the schemas of all companies.
It
is a hint only: losing it delays work until the hourly sweep, never loses it.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache

import redis
from django.conf import settings

from tenants.current import current_schema


def ask(*, at: datetime, schema: str | None = None) -> None:
    """Have the company looked after at ``at``, or earlier when that was asked for already."""
    _client().zadd(_key(), {schema or current_schema(): at.timestamp()}, lt=True)


def due(*, now: datetime, limit: int = 500) -> list[str]:
    """Take the schemas that are due; each is postponed by a minute in case its task gets lost."""
    names = _client().zrangebyscore(_key(), "-inf", now.timestamp(), start=0, num=limit)
    later = (now + timedelta(minutes=1)).timestamp()
    taken = []
    for raw in names:
        name = raw.decode() if isinstance(raw, bytes) else str(raw)
        # XX: a schema that another dispatcher has removed meanwhile is not brought back.
        if _client().zadd(_key(), {name: later}, xx=True, ch=True):
            taken.append(name)
    return taken


def settle(*, at: datetime | None, schema: str | None = None) -> None:
    """Replace the moment by the one the company's tables give; ``None``: nothing is waiting."""
    name = schema or current_schema()
    if at is None:
        _client().zrem(_key(), name)
    else:
        _client().zadd(_key(), {name: at.timestamp()})


@cache
def _client() -> redis.Redis:
    return redis.Redis.from_url(settings.REDIS_URL)


def _key() -> str:
    return f"{settings.CACHES['public'].get('KEY_PREFIX', 'public')}:exchange:attention"

"""What the centre notes each time an office calls: signs of trouble that one meeting cannot show.

Each answer gives the office a baton that it shows at its next call. One that is neither the latest
nor what was shown when the latest was given comes from a base that was restored, or from a second
base with the same key; when that happens again within days there are two. An answer that was lost
on the line is no such case: the office shows the same baton again.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from replication.models import BranchNode

MEETINGS = 4  # of which the backlog is remembered
STRAYS_WITHIN = timedelta(days=3)
SHOWN = timedelta(days=3)  # an alarm about something that happened at one moment
GROWING_ROWS, LARGE_ROWS = 1_000, 100_000


def noted(*, node: BranchNode, baton: str, waiting: int, now: datetime) -> dict[str, Any]:
    """Return what is to be remembered of an office, ``node.told``, with the baton given now."""
    told = dict(node.told)
    current, shown = told.get("baton", ""), told.get("baton_shown", "")
    if current and baton not in (current, shown):
        strays = [*_within(told.get("strays", []), now), now.isoformat()]
        told["strays"] = strays[-2:]
        if len(strays) > 1:
            told["copied_at"] = now.isoformat()
    told["baton"], told["baton_shown"] = secrets.token_hex(8), baton
    told["backlogs"] = [*told.get("backlogs", []), waiting][-MEETINGS:]
    return told


def is_recent(told: Mapping[str, Any], name: str, *, now: datetime) -> bool:
    """Tell whether something happened lately: ``copied_at``, ``restored_at``."""
    at: str = told.get(name) or ""
    return bool(at) and now - datetime.fromisoformat(at) < SHOWN


def is_growing(told: Mapping[str, Any], waiting: int) -> bool:
    """Tell whether more waits for an office at each meeting, or very much does."""
    backlogs = [*told.get("backlogs", [])][1 - MEETINGS :]
    is_rising = len(backlogs) == MEETINGS - 1 and all(
        more > less for less, more in pairwise(backlogs)
    )
    return waiting > LARGE_ROWS or (is_rising and backlogs[-1] >= GROWING_ROWS)


def _within(moments: list[str], now: datetime) -> list[str]:
    return [at for at in moments if now - datetime.fromisoformat(at) < STRAYS_WITHIN]

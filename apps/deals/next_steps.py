"""The next step of each deal: the room of activities tells it, this room does not know activities.

Four states, as the board shows them (G016): ``overdue``, ``today``, ``later`` and ``none``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

STATES = ("overdue", "today", "later", "none")


@dataclass(frozen=True)
class NextStep:
    """What is to be done next about a deal, and until when."""

    title: str
    due_at: datetime | None = None
    url: str = ""

    def state(self, today: date) -> str:
        """Return how it stands: one without a moment is for later."""
        if self.due_at is None:
            return "later"
        due = timezone.localdate(self.due_at)
        return "overdue" if due < today else "today" if due == today else "later"


@dataclass(frozen=True)
class Source:
    """Who knows the next steps.

    ``of(deal_ids)`` returns the earliest open step of each deal that has one, with one query;
    ``narrow(rows, state, today)`` keeps the deals whose next step is in that state; ``plan_url``
    returns where a step is planned for a deal.
    """

    of: Callable[[Sequence[UUID]], Mapping[UUID, NextStep]]
    narrow: Callable[[QuerySet[Any], str, date], QuerySet[Any]]
    plan_url: Callable[[UUID], str] = lambda deal_id: ""


@dataclass
class _Registry:
    source: Source | None = None


_registry = _Registry()


def register(source: Source) -> None:
    """Let this source tell the next steps; registered again it replaces the former one."""
    _registry.source = source


def is_known() -> bool:
    """Tell whether any room tells next steps; without one, nothing is said of them."""
    return _registry.source is not None


def of(deal_ids: Sequence[UUID]) -> Mapping[UUID, NextStep]:
    """Return the next step of each of these deals that has one."""
    source = _registry.source
    return source.of(deal_ids) if source is not None and deal_ids else {}


def plan_url(deal_id: UUID) -> str:
    """Return where a next step is planned; ``""`` when no room does that."""
    return _registry.source.plan_url(deal_id) if _registry.source is not None else ""


def narrow(rows: QuerySet[Any], state: str, today: date) -> QuerySet[Any]:
    """Keep the deals whose next step is in a state; without a source each has none."""
    if state not in STATES:
        return rows
    if _registry.source is None:
        return rows if state == "none" else rows.none()
    return _registry.source.narrow(rows, state, today)

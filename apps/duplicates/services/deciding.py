"""What a person decides about a pair without merging it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from apps.accounts.models import User
from apps.duplicates.models import DuplicatePair, PairState


def dismiss(*, pairs: Collection[UUID], by: User, now: datetime) -> int:
    """Say that pairs are two; no later search shows them again. Returns how many changed."""
    found = DuplicatePair.objects.filter(pk__in=pairs, state=PairState.OPEN)
    return found.update(state=PairState.DISMISSED, decided_by=by, decided_at=now)


def reopen(*, pairs: Collection[UUID]) -> int:
    """Take that back; returns how many changed."""
    found = DuplicatePair.objects.filter(pk__in=pairs, state=PairState.DISMISSED)
    return found.update(state=PairState.OPEN, decided_by=None, decided_at=None)

"""How one person likes the screens: small values by key, kept with the company's data."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from apps.core.models import UserPreference


def read(*, user_id: UUID | None, key: str) -> Any:
    """Return the value kept under a key; ``None`` when there is none."""
    if user_id is None:
        return None
    return (
        UserPreference.objects.filter(user_id=user_id, key=key)
        .values_list("value", flat=True)
        .first()
    )


def keep(*, user_id: UUID, key: str, value: Any) -> None:
    """Keep a value under a key in place of the former."""
    UserPreference.objects.update_or_create(user_id=user_id, key=key, defaults={"value": value})


def forget(*, user_id: UUID, key: str) -> None:
    """Go back to what everybody sees."""
    UserPreference.objects.filter(user_id=user_id, key=key).delete()

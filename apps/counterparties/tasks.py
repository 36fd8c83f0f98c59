"""Jobs of counterparties: many of them are checked with their registers."""

from __future__ import annotations

from uuid import UUID

from celery import shared_task
from django.utils import timezone

from apps.counterparties import register


@shared_task(time_limit=3600)
def check_with_register(*, keys: list[str], user_id: str) -> None:
    """Ask registers for counterparties a person chose; asked twice within a day it asks nobody."""
    register.check_many(
        keys=[UUID(key) for key in keys], by_id=UUID(user_id), now=timezone.now()
    )

"""Erasing by the clock."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from apps.retention import services


@shared_task(time_limit=3600)
def erase_old() -> None:
    """Erase what the company's rules say; may run twice."""
    services.run(now=timezone.now())

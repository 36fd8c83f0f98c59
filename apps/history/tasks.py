"""Jobs of the history."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from apps.history import services


@shared_task(time_limit=1800)
def gather() -> None:
    """Copy what the company's journal has new, and forget what is too old."""
    services.care(now=timezone.now())

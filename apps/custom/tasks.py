"""Jobs of the room: indexes of custom fields."""

from __future__ import annotations

from celery import shared_task

from apps.custom import indexes


@shared_task(time_limit=3600, queue="bulk")
def bring_indexes() -> None:
    """Make the indexes that the company's custom fields need, and drop those nobody needs."""
    indexes.bring()

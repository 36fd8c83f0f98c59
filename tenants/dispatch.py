"""Work by the clock for all companies: one row in the schedule, one query, a message for each.

Each company has a place of its own in the window, always the same one, so a thousand companies do
not start at the same second and none waits a different time each day.
"""

from __future__ import annotations

import zlib

from celery import Task, current_app, shared_task

from tenants.models import Company
from tenants.tasks import HEADER


def place_in(*, schema: str, window: int) -> int:
    """Return the second at which a company's turn is, within a window of so many seconds."""
    return zlib.crc32(schema.encode()) % max(window, 1)


def fan_out(task: Task, *, window: int) -> int:
    """Start a task in every active company, spread over the window; return how many."""
    active = Company.objects.active().order_by("schema_name")
    schemas = list(active.values_list("schema_name", flat=True))
    for schema in schemas:
        countdown = place_in(schema=schema, window=window)
        task.apply_async(
            headers={HEADER: schema}, countdown=countdown, expires=countdown + 2 * window
        )
    return len(schemas)


@shared_task(control=True, time_limit=600)
def start_everywhere(*, task: str, window: int) -> None:
    """Start a company's task, named as in the schedule, in every active company."""
    fan_out(current_app.tasks[task], window=window)

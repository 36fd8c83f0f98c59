"""Letting a worker make a file, once what asked for it is committed."""

from __future__ import annotations

from uuid import UUID

from celery import current_app
from django.db import transaction


def start_export(job_id: UUID) -> None:
    """Let a worker make the file of a job; the task stands above the lists that ask for it."""
    transaction.on_commit(
        lambda: current_app.tasks["apps.core.tasks.run_export"].delay(job_id=str(job_id))
    )

"""One worker for one run: a job that is delivered twice, or started beside itself, does nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from apps.imports.models import ImportRun


@contextmanager
def claimed(run: ImportRun) -> Iterator[bool]:
    """Hold the run as long as the block lasts; ``False``: somebody else has it in hand.

    A lock of the session: it ends with the connection, so a killed worker leaves none behind.
    """
    number = run.pk.int & 0x7FFF_FFFF_FFFF_FFFF
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [number])
        is_mine = bool(cursor.fetchone()[0])
    try:
        yield is_mine
    finally:
        if is_mine:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [number])

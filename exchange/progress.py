"""The company's one run at a time, and its progress as seen by others while a file is being taken.

Both live on a connection of their own: an advisory lock that disappears with its process, and
updates that
are visible before the file's transaction ends.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from tenants.current import second_connection

_LOCK = 0x1C  # first half of the advisory key; the second is the schema's hash
_EVERY = 0.5  # seconds between two updates of the same session


class Cancelled(Exception):
    """A person cancelled the run; the file being taken is rolled back."""


class Side:
    """A second connection inside the same company."""

    def __init__(self) -> None:
        self._connection = second_connection("exchange_side")
        self._updated_at = 0.0

    def try_lock(self) -> bool:
        """Become the company's running exchange; ``False`` when another process is."""
        return bool(
            self._value("SELECT pg_try_advisory_lock(%s, hashtext(current_schema()))", [_LOCK])
        )

    def lock(self) -> None:
        """Become the company's running exchange; waits for another process that is."""
        self._value(
            "SELECT pg_advisory_lock(%s, hashtext(current_schema()))::text", [_LOCK]
        )

    def report(
        self, *, session_id: UUID, file: str, current: int, total: int, force: bool = False
    ) -> None:
        """Show how far the run is, at most twice a second.

        :raises Cancelled: a person wants it to stop.
        """
        moment = time.monotonic()
        if not force and moment - self._updated_at < _EVERY:
            return
        self._updated_at = moment
        cancelled = self._value(
            "UPDATE exchange_exchangesession SET progress_current = %s, progress_total = %s,"
            " progress_file = %s WHERE id = %s RETURNING is_cancelled",
            [current, total, file[:300], str(session_id)],
        )
        if cancelled:
            raise Cancelled

    def close(self) -> None:
        """Give up the lock and the connection."""
        self._connection.close()

    def _value(self, sql: str, parameters: list[str | int]) -> object:
        with self._connection.cursor() as cursor:
            cursor.execute(sql, parameters)
            row = cursor.fetchone()
        return row[0] if row else None


@contextmanager
def side_connection() -> Iterator[Side]:
    """Open a second connection for the time of a run."""
    side = Side()
    try:
        yield side
    finally:
        side.close()

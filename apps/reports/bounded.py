"""Asking the database a wide question: with memory for it, and never without end."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import OperationalError, connection, transaction

MEMORY, LONGEST = "64MB", 20_000  # of one sort or hash; milliseconds
_CANCELLED = "57014"
_SETTINGS = (
    "SELECT set_config('work_mem', %s, true), set_config('statement_timeout', %s, true)"
)


class TooMuch(Exception):
    """The question takes too long: fewer days, or fewer rows, are to be asked for."""


def rows_of(sql: str, parameters: Sequence[Any]) -> list[Any]:
    """Return the rows of a statement.

    :raises TooMuch: it was stopped after twenty seconds.
    """
    try:
        # Without a savepoint: a page asks twice, and goes on with neither when one was stopped.
        with transaction.atomic(savepoint=False), connection.cursor() as cursor:
            cursor.execute(f"{_SETTINGS}; {sql}", [MEMORY, str(LONGEST), *parameters])
            return list(cursor.fetchall())
    except OperationalError as error:
        if getattr(error.__cause__, "pgcode", "") == _CANCELLED:
            raise TooMuch from error
        raise

"""Live screens: where a page connects to, and what it has missed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import DataError
from django.http import HttpRequest

from replication.journal import current_position
from replication.pump import event_between

# Tables whose rows concern one person: told only to the person named by the row's route.
PERSONAL_TABLES = {"notifications_notification"}


class UnknownPosition(ValueError):
    """The position is not one of ours; the page has to fetch everything anew."""


def socket_address(request: HttpRequest) -> str:
    """Return the address of the live socket for the page's host."""
    scheme = "wss" if request.is_secure() else "ws"
    host = request.get_host()
    if settings.LIVE_PORT:
        host = f"{host.rsplit(':', 1)[0]}:{settings.LIVE_PORT}"
    return f"{scheme}://{host}/ws/live/"


def missed(*, since: str, user_id: UUID) -> dict[str, Any]:
    """Return what changed since a position, and the position of now.

    :raises UnknownPosition: ``since`` is not a position.
    """
    until = current_position()
    if not since or len(since) > 20_000:
        raise UnknownPosition(since[:50])
    try:
        event = event_between(since, until)
    except DataError as error:
        raise UnknownPosition(since[:50]) from error
    return for_user(event, user_id=user_id)


def for_user(event: dict[str, Any], *, user_id: UUID) -> dict[str, Any]:
    """Return the event without rows that concern other people."""
    tables = dict(event["tables"])
    for table in PERSONAL_TABLES & tables.keys():
        keys = tables[table]
        if keys is None:
            continue
        mine = [pair for pair in keys if pair[1] == str(user_id)]
        if mine:
            tables[table] = mine
        else:
            del tables[table]
    return {"position": event["position"], "tables": tables}

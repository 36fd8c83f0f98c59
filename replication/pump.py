"""The pump: hears of committed changes and tells the open browsers of the company which they were.

Triggers call ``pg_notify`` with the schema; the notice arrives after commit. The pump waits a
moment for more, reads what became visible since it looked last, and sends one event to the group
of the company. Events say tables and keys, never contents: a browser fetches what it shows with
the rights of its user. Each event names the position it begins at, so whoever has missed one knows
and asks for the gap; the pump keeps nothing (``docs/protocol/journal.md``).
"""

from __future__ import annotations

import asyncio
import select
import time
from collections.abc import Callable
from typing import Any
from uuid import UUID

import psycopg2
import psycopg2.extensions
import redis.exceptions
import structlog
from channels.layers import get_channel_layer
from django.db import Error, connection
from django_tenants.utils import schema_context, tenant_context

from replication.capture import CHANNEL
from replication.journal import changed_keys, position_and_readers
from tenants.models import Company, CompanyState

GATHER_SECONDS = 0.05  # many changes of one moment are one event
WAIT_SECONDS = 30.0
RETRY_SECONDS = (0.2, 0.5, 1.0, 2.0, 5.0)
AT_MOST_KEYS = 200
_DATABASE_LOST = (psycopg2.Error, Error)
_LAYER_LOST = (redis.exceptions.RedisError, OSError)
log = structlog.get_logger(__name__)

Tables = dict[str, list[list[str | None]] | None]
Send = Callable[[str, dict[str, Any]], None]


def group_of(company_id: UUID) -> str:
    """Return the channel group of a company."""
    return f"company.{company_id.hex}.live"


def event_between(after: str, until: str) -> dict[str, Any]:
    """Return what changed between two positions of the company in force, as sockets are told."""
    tables: Tables = {}
    for table, keys in changed_keys(after, until, at_most=AT_MOST_KEYS).items():
        tables[table] = None if keys is None else [[_text(a), _text(b)] for a, b in keys]
    return {"after": after, "position": until, "tables": tables}


Follower = Callable[[dict[str, Any]], None]
_followers: dict[Follower, str] = {}  # with the reader each of them is the bell of


def follow(follower: Follower, *, reader: str) -> None:
    """Have a function called, inside the company, with each event that names tables.

    It is called soon after the commit, perhaps twice and, when the pump dies, not at all: whoever
    must miss nothing reads the journal with a place of its own and takes this as the bell. Where
    no ``reader`` of that name has begun there is nobody to ring for, and nothing is called.
    """
    _followers[follower] = reader


class Pump:
    """Turns notices of the database into events, one company at a time."""

    def __init__(self, *, send: Send | None = None) -> None:
        self._send: Send = send or layer_sender()
        self._positions: dict[str, str] = {}
        self._due: dict[str, None] = {}  # schemas to be told of, in order

    def run(self, *, is_stopped: Callable[[], bool] = lambda: False) -> None:
        """Listen until stopped; a lost database or channel layer is waited for."""
        attempt = 0
        while not is_stopped():
            listener = None
            try:
                listener = self.listen()
                self.catch_up()
                while not is_stopped():
                    self.wait(listener)
                    attempt = 0
            except (*_DATABASE_LOST, *_LAYER_LOST) as error:
                log.warning("pump lost a service", error=str(error).strip(), attempt=attempt)
                connection.close()
                time.sleep(RETRY_SECONDS[min(attempt, len(RETRY_SECONDS) - 1)])
                attempt += 1
            finally:
                if listener is not None:
                    listener.close()
        connection.close()

    def listen(self) -> Any:
        """Open the connection on which notices arrive."""
        values = connection.get_connection_params()
        for name in ("cursor_factory", "client_encoding"):
            values.pop(name, None)
        listener = psycopg2.connect(**values)
        listener.set_isolation_level(psycopg2.extensions.ISOLATION_LEVEL_AUTOCOMMIT)
        with listener.cursor() as cursor:
            cursor.execute(f"LISTEN {CHANNEL}")
        return listener

    def wait(self, listener: Any, *, timeout: float = WAIT_SECONDS) -> set[str]:
        """Wait for notices, tell what they mean, and return the schemas they named."""
        if not select.select([listener], [], [], timeout)[0]:
            return set()
        listener.poll()
        if listener.notifies:
            time.sleep(GATHER_SECONDS)
            listener.poll()
        schemas = {notice.payload for notice in listener.notifies}
        listener.notifies.clear()
        self._due |= dict.fromkeys(sorted(schemas))
        self._tell_due()
        return schemas

    def catch_up(self) -> None:
        """Tell every company of what nobody listened to: at the start, and after a lost line.

        A company not looked at before gets an empty event, by which its browsers see what they
        lack.
        """
        with schema_context("public"):
            active = Company.objects.filter(state=CompanyState.ACTIVE).order_by("schema_name")
            self._due |= dict.fromkeys(active.values_list("schema_name", flat=True))
        self._tell_due()

    def tell(self, schema: str) -> None:
        """Tell a company's browsers what became visible since it was looked at last."""
        with schema_context("public"):
            company = Company.objects.filter(schema_name=schema, state=CompanyState.ACTIVE).first()
        if company is None:
            self._positions.pop(schema, None)
            return
        with tenant_context(company):
            until, readers = position_and_readers()
            after = self._positions.get(schema)
            event = event_between(after or until, until)
            for follower, reader in _followers.items() if event["tables"] else ():
                if reader in readers:
                    follower(event)
        if after is None or event["tables"]:
            self._send(group_of(company.pk), {"type": "journal.event", **event})
        self._positions[schema] = until  # only now: an event that could not be sent is made again

    def _tell_due(self) -> None:
        while self._due:
            schema = next(iter(self._due))
            self.tell(schema)
            del self._due[schema]


def layer_sender() -> Send:
    """Return what sends into the channel layer from a loop of its own, on one connection."""
    loop = asyncio.new_event_loop()

    def send(group: str, message: dict[str, Any]) -> None:
        loop.run_until_complete(get_channel_layer().group_send(group, message))

    return send


def _text(key: UUID | None) -> str | None:
    return None if key is None else str(key)

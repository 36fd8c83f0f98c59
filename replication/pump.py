"""The pump: hears of committed changes and tells the open browsers of the company which they were.

Triggers call ``pg_notify`` with the schema; the notice arrives after commit. The pump waits a moment
for more, reads what became visible since it looked last, and sends one event to the group of the
company. Events say tables and keys, never contents: a browser fetches what it shows with the rights of
its user. What a browser misses it asks for by its last position, so the pump keeps nothing.
"""

from __future__ import annotations

import select
import time
from collections.abc import Callable
from typing import Any
from uuid import UUID

import psycopg2
import psycopg2.extensions
import structlog
from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.db import DatabaseError, connection
from django_tenants.utils import tenant_context

from replication.capture import CHANNEL
from replication.journal import changed_keys, current_position
from tenants.models import Company, CompanyState

GATHER_SECONDS = 0.05  # many changes of one moment are one event
RETRY_SECONDS = (0.2, 0.5, 1, 2, 5)
AT_MOST_KEYS = 200
log = structlog.get_logger(__name__)

Tables = dict[str, list[list[str | None]] | None]


def group_of(company_id: UUID) -> str:
    """Return the channel group of a company."""
    return f"company.{company_id.hex}.live"


def event_between(after: str, until: str) -> dict[str, Any]:
    """Return what changed between two positions of the company in force, as sockets are told."""
    tables: Tables = {
        table: None if keys is None else [[str(key), str(route) if route else None]
                                          for key, route in keys]
        for table, keys in changed_keys(after, until, at_most=AT_MOST_KEYS).items()
    }  # fmt: skip
    return {"position": until, "tables": tables}


class Pump:
    """Turns notices of the database into events, one company at a time."""

    def __init__(self, *, send: Callable[[str, dict[str, Any]], None] | None = None) -> None:
        self._send = send or _send
        self._positions: dict[str, str] = {}
        self._companies: dict[str, UUID] = {}

    def run(self, *, is_stopped: Callable[[], bool] = lambda: False) -> None:
        """Listen until stopped; a lost database is waited for."""
        attempt = 0
        while not is_stopped():
            try:
                listener = self.listen()
                attempt = 0
                self.catch_up()
                while not is_stopped():
                    self.wait(listener)
            except (psycopg2.Error, DatabaseError):
                log.warning("pump lost the database", exc_info=attempt == 0)
                connection.close()
                time.sleep(RETRY_SECONDS[min(attempt, len(RETRY_SECONDS) - 1)])
                attempt += 1

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

    def wait(self, listener: Any, *, timeout: float = 30.0) -> set[str]:
        """Wait for notices, tell what they mean, and return the schemas they named."""
        if not select.select([listener], [], [], timeout)[0]:
            return set()
        listener.poll()
        if listener.notifies:
            time.sleep(GATHER_SECONDS)
            listener.poll()
        schemas = {notice.payload for notice in listener.notifies}
        listener.notifies.clear()
        for schema in schemas:
            self.tell(schema)
        return schemas

    def tell(self, schema: str) -> None:
        """Tell a company's browsers what became visible since it was looked at last."""
        company = self._company(schema)
        if company is None:
            return
        with tenant_context(company):
            until = current_position()
            after = self._positions.get(schema)
            self._positions[schema] = until
            # A company not looked at before: its browsers ask for what they lack by position.
            event = event_between(after, until) if after else {"position": until, "tables": {}}
        if after is None or event["tables"]:
            self._send(group_of(company.pk), {"type": "journal.event", **event})

    def catch_up(self) -> None:
        """Take the position of now for every company, telling what was missed meanwhile."""
        connection.set_schema_to_public()
        for company in Company.objects.filter(state=CompanyState.ACTIVE):
            if company.schema_name in self._positions:
                self.tell(company.schema_name)
            else:
                # Positions are of the whole cluster: one serves all companies.
                self._positions[company.schema_name] = current_position()

    def _company(self, schema: str) -> Company | None:
        connection.set_schema_to_public()
        return Company.objects.filter(schema_name=schema, state=CompanyState.ACTIVE).first()


def _send(group: str, message: dict[str, Any]) -> None:
    layer = get_channel_layer()
    async_to_sync(layer.group_send)(group, message)

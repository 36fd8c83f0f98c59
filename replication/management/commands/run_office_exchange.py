"""``manage run_office_exchange``: the office's process that meets the centre."""

from __future__ import annotations

import select
import time
from pathlib import Path
from typing import Any

import psycopg2
import psycopg2.extensions
import structlog
from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import Error, connection
from django.utils import timezone
from django_tenants.utils import schema_context, tenant_context

from replication.models import BranchNode, NodeState
from replication.nodes import this_office
from replication.schedule import next_exchange
from replication.transports.office import (
    CHANNEL,
    FILES_SECONDS,
    Busy,
    ExchangeFailed,
    compare_at_night,
    exchange_once,
    is_time_to_compare,
)
from tenants.models import Company

PAUSES = (2.0, 5.0, 10.0, 20.0, 30.0, 60.0)  # while the centre cannot be reached
IDLE = 30.0
log = structlog.get_logger(__name__)


class Command(BaseCommand):
    help = "Meet the centre on schedule, on the button, and at once when the line returns."

    def handle(self, *args: Any, **options: Any) -> None:
        """Run until stopped."""
        listener, failures = None, 0
        while True:
            try:
                listener = listener or _listen()
                pause, failures = _turn(failures)
                _wait(listener, pause)
            except (psycopg2.Error, Error) as error:
                log.warning("office process lost the database", error=str(error).strip())
                connection.close()
                listener = None
                time.sleep(PAUSES[0])


def _turn(failures: int) -> tuple[float, int]:
    """Exchange when it is time; return how long to wait, and how often the line failed."""
    with schema_context("public"):
        company = Company.objects.active().exclude(signed_up_at=None).first()
    if company is None:
        return IDLE, 0
    with tenant_context(company):
        node = this_office()
        if node is None:
            return IDLE, 0
        now = timezone.now()
        due = next_exchange(node.schedule, after=node.met_at, now=now, zone=company.time_zone)
        is_asked = bool(node.told.get("asked"))
        if not (failures or is_asked or (due is not None and due <= now) or node.met_at is None):
            return min(IDLE, max(0.2, (due - now).total_seconds())) if due else IDLE, 0
        try:
            outcome = exchange_once(
                node=node, files_seconds=FILES_SECONDS, folder=Path(settings.DATA_DIR)
            )
        except Busy:
            return PAUSES[0], failures
        except ExchangeFailed as failure:
            log.warning("exchange failed", code=failure.code, detail=failure.detail)
            if failure.is_of_the_line:
                return PAUSES[min(failures, len(PAUSES) - 1)], failures + 1
            return IDLE * 2, 1
        if not outcome.files_left:
            _compare(node, company.time_zone)
        # Files that the time did not suffice for: rows first, then the next of them.
        return 0.0, 1 if outcome.files and outcome.files_left else 0


def _compare(node: BranchNode, zone: str) -> None:
    now = timezone.now()
    node.refresh_from_db()
    if node.state != NodeState.LIVE or not is_time_to_compare(node, now=now, zone=zone):
        return
    try:
        compare_at_night(node=node, now=now)
    except (ExchangeFailed, Busy) as failure:  # the line went: the next exchange looks again
        log.warning("comparison failed", failure=str(failure))


def _listen() -> Any:
    values = connection.get_connection_params()
    for name in ("cursor_factory", "client_encoding"):
        values.pop(name, None)
    listener = psycopg2.connect(**values)
    listener.set_isolation_level(psycopg2.extensions.ISOLATION_LEVEL_AUTOCOMMIT)
    with listener.cursor() as cursor:
        cursor.execute(f"LISTEN {CHANNEL}")
    return listener


def _wait(listener: Any, pause: float) -> None:
    if select.select([listener], [], [], pause)[0]:
        listener.poll()
        listener.notifies.clear()

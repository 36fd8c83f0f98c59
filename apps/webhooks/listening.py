"""The bell: the pump says that something was committed, and the journal is read soon after."""

from __future__ import annotations

from typing import Any

import structlog
from kombu.exceptions import OperationalError

from apps.core import objects
from apps.webhooks.models import Webhook
from apps.webhooks.tasks import gather

log = structlog.get_logger(__name__)


def gather_soon(event: dict[str, Any]) -> None:
    """Start reading when a table that some webhook hears of is among those that changed.

    The pump calls it only where a webhook has begun to read: who has none is asked nothing.
    """
    wanted: set[str] = set()
    for kinds in Webhook.objects.filter(is_active=True).values_list("kinds", flat=True):
        wanted |= set(kinds)
    if not wanted:
        return
    tables = {kind.model._meta.db_table for kind in objects.kinds() if kind.key in wanted}
    if not tables & set(event["tables"]):
        return
    try:
        gather.delay()
    except OperationalError as error:  # the sweep reads what this did not announce
        log.warning("webhooks were not announced", error=str(error))

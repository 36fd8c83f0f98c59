"""Orders on their way to 1C: ``query`` tells them, ``success`` confirms them.

What a node has confirmed is a position of the change journal. ``query`` writes what changed between it
and now and remembers "now" with the login that asked; only ``success`` of the same login moves the
node's position. So a query without success repeats the same orders, and a repeated success is harmless.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from exchange.models import ExchangeSession, Node, Upload

KNOWN_VERSIONS = ("2.03", "2.04", "2.05", "2.06", "2.07", "2.08", "2.09", "2.10", "3.1")


class NotWritten(Exception):
    """The orders could not be written; nothing counts as told."""


def answered_version(asked: str) -> str:
    """Return the schema version that is spoken with a client that asked for ``asked``."""
    return asked if asked in KNOWN_VERSIONS else "2.09"


@transaction.atomic
def acknowledge(*, upload: Upload, now: datetime) -> None:
    """Take over what this login was told as known to 1C (``success``)."""
    if upload.queried_at is None:
        return
    node = Node.objects.select_for_update().get(pk=upload.node_id)
    if node.acknowledged_query_at is not None and node.acknowledged_query_at >= upload.queried_at:
        return
    node.acknowledged_position = upload.pending_position
    node.acknowledged_query_at = upload.queried_at
    node.save(update_fields=["acknowledged_position", "acknowledged_query_at"])
    ExchangeSession.objects.filter(pk=upload.session_id).update(sent_documents=upload.query_count)

"""Orders on their way to 1C: ``query`` tells them, ``success`` confirms them.

What a node has confirmed is a position of the change journal. ``query`` writes what changed
between it
and now and remembers "now" with the login that asked; only ``success`` of the same login moves the
node's position. So a query without success repeats the same orders, and a repeated success does
nothing. A document that 1C would refuse is left out and named, because one such document makes 1C
refuse the whole answer, for good.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import F

from exchange import outgoing
from exchange.formats.commerceml import writer
from exchange.models import ExchangeSession, Node, SessionProblem, SessionState, Upload
from exchange.rows import DocumentRow, ProblemCode
from replication.journal import current_position, is_kept
from tenants.context import acting

KNOWN_VERSIONS = ("2.03", "2.04", "2.05", "2.06", "2.07", "2.08", "2.09", "2.10", "3.1")
DEFAULT_VERSION = "2.05"
ORDER = "Заказ товара"


def answered_version(asked: str) -> str:
    """Return the schema version that is spoken with a client that asked for ``asked``."""
    return asked if asked in KNOWN_VERSIONS else "2.09"


@transaction.atomic
def write(*, upload: Upload, now: datetime) -> bytes:
    """Return the message with the orders not confirmed yet, and remember how far it goes."""
    node = upload.node
    until = current_position()
    documents, refused = _split(_changed(node, until))
    upload.pending_position, upload.queried_at = until, now
    upload.query_count = sum(not row.parent_ref for row in documents)
    upload.save(update_fields=["pending_position", "queried_at", "query_count"])
    _note(upload, refused, now)
    return writer.write_documents(documents, now=now, version=_version(upload))


def write_file(*, node: Node, now: datetime) -> bytes:
    """Return the same message for a person to carry by hand (F026); confirms nothing."""
    documents, _ = _split(_changed(node, current_position()))
    return writer.write_documents(documents, now=now, version=DEFAULT_VERSION)


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
    with acting(origin=node.pk, cause=f"exchange:{upload.session_id}"):
        for source in outgoing.sources():
            source.confirmed(node_id=node.pk, until=upload.pending_position)
    ExchangeSession.objects.filter(uploads=upload).update(
        sent_documents=F("sent_documents") + upload.query_count
    )


def has_news(*, node: Node) -> bool:
    """Tell whether a query would bring an order."""
    node.refresh_from_db(fields=["acknowledged_position"])
    options = node.options
    return any(
        source.has_news(node_id=node.pk, after=_known_until(node), settings=options.stored())
        for source in outgoing.sources()
        if options.takes(source.kind)
    )


def info() -> bytes:
    """Return the statuses and ways of payment 1C may map (``mode=info``).

    There are no delivery services: an invoice names none, the goods leave by 1C's own document.
    """
    sources = outgoing.sources()
    return writer.write_info(
        statuses=[status for source in sources for status in source.statuses()],
        payment_systems=[(*kind, "") for source in sources for kind in source.payment_kinds()],
        delivery_services=(),
    )


def _changed(node: Node, until: str) -> list[DocumentRow]:
    options = node.options
    return [
        row
        for source in outgoing.sources()
        if options.takes(source.kind)
        for row in source.documents(
            node_id=node.pk,
            after=_known_until(node),
            until=until,
            settings=options.stored(),
        )
    ]


def _known_until(node: Node) -> str:
    """Return the position the node has confirmed; ``""``, everything, when it was away too long."""
    position = node.acknowledged_position
    return position if position and is_kept(position) else ""


def _split(rows: Iterable[DocumentRow]) -> tuple[list[DocumentRow], list[DocumentRow]]:
    """Separate what every client takes from what would make it refuse the whole answer."""
    taken: list[DocumentRow] = []
    refused: list[DocumentRow] = []
    for row in rows:
        fits = bool(row.currency) and (
            bool(row.parent_ref)
            or (row.operation == ORDER and writer.order_number_is_safe(row.number))
        )
        (taken if fits else refused).append(row)
    return taken, refused


def _note(upload: Upload, refused: list[DocumentRow], now: datetime) -> None:
    """Name what was left out, and let the run show that a query took place."""
    session = ExchangeSession.objects.get(uploads=upload)
    SessionProblem.objects.bulk_create(
        [
            SessionProblem(
                session=session,
                code=ProblemCode.REFUSED,
                element="Документ",
                value=row.number[:200],
                ref=row.ref[:120],
                name=row.number[:250],
                kept="nothing",
            )
            for row in refused
        ]
    )
    if session.state == SessionState.RECEIVING and session.queued_at is None:
        state = SessionState.DONE_WITH_PROBLEMS if refused else SessionState.DONE
        ExchangeSession.objects.filter(pk=session.pk).update(
            state=state, finished_at=now, problem_count=F("problem_count") + len(refused)
        )


def _version(upload: Upload) -> str:
    if upload.version == "3.1":
        return "3.1"
    if upload.cml_version == "2.10" or upload.version == "2.10":
        return "2.10"
    return DEFAULT_VERSION


@transaction.atomic
def hand_over(*, node: Node, now: datetime) -> bytes:
    """Write the message and take it as confirmed at once: for a 1C that takes it on the spot."""
    until = current_position()
    documents, _ = _split(_changed(node, until))
    Node.objects.filter(pk=node.pk).update(acknowledged_position=until, acknowledged_query_at=now)
    for source in outgoing.sources():
        source.confirmed(node_id=node.pk, until=until)
    return writer.write_documents(documents, now=now, version=DEFAULT_VERSION)

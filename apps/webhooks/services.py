"""Telling programs outside of changes.

Data flow: the journal → ``gather`` (a reader with a place of its own) makes a delivery for each
webhook that hears of the row, in one transaction with its place → ``deliver`` sends it, tries
again with growing pauses, and notes every answer. Nothing is lost when a process dies: what was
read is a delivery, what was not is still in the journal.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.accounts.rights import can
from apps.api import fields as values
from apps.api.access import limits
from apps.api.filters import has_trash
from apps.core import computed, objects
from apps.core.objects import ObjectKind, fields_of
from apps.webhooks import reaching, signing
from apps.webhooks.models import DeliveryState, Webhook, WebhookDelivery
from replication.journal import Change
from replication.models import Reader
from replication.readers import ReaderReleased, begin, read_and_advance
from tenants.audit.services import record

READER = "webhooks"
OPERATIONS = {"I": "created", "U": "changed", "D": "deleted"}
_TRASH = "is_archived"
MOST_AT_ONCE = 500  # rows of one kind told one by one; more of them are told as one event
PAUSES = (30, 120, 600, 3600, 3 * 3600, 6 * 3600, 12 * 3600, 24 * 3600)  # seconds
GIVEN_UP_AFTER = timedelta(days=3)  # of failing without a pause: then the webhook is stopped
KEPT = timedelta(days=30)
LEASE = timedelta(minutes=1)


@dataclass
class Event:
    """What happened to one row between two looks: its first and latest word put together."""

    kind: ObjectKind
    key: UUID
    operation: str
    columns: set[str] = field(default_factory=set)
    moment: datetime | None = None
    author: UUID | None = None
    cause: str = ""


@transaction.atomic
def save_webhook(
    *, name: str, url: str, kinds: Sequence[str], operations: Sequence[str], by: User,
    now: datetime, webhook_id: UUID | None = None, is_active: bool = True, secret: str = "",
) -> tuple[Webhook, str]:  # fmt: skip
    """Make a webhook or change one; return it and, of a new one, its secret, shown this once.

    ``secret`` is one that the receiver of a new webhook has already; without it one is made.

    :raises reaching.NotReached: the address is none that is called; nothing was changed.
    """
    reaching.require_public(url)
    hook = (
        Webhook.objects.select_for_update().get(pk=webhook_id) if webhook_id else Webhook(owner=by)
    )
    if hook._state.adding:
        secret = secret or signing.new_secret()
        hook.secret = signing.locked(secret)
        if not Reader.objects.filter(name=READER).exists():
            begin(name=READER, now=now)
    hook.name, hook.url = name.strip()[:100], url
    hook.kinds, hook.operations = sorted(set(kinds)), sorted(set(operations))
    hook.is_active, hook.failing_since, hook.stopped_reason = is_active, None, ""
    hook.save()
    record(kind="webhook.saved", login=by.email, name=hook.name, url=url, kinds=hook.kinds)
    return hook, "" if webhook_id else secret


@transaction.atomic
def remove_webhook(*, webhook_id: UUID, by: User) -> None:
    """Remove a webhook with its log; without any left the journal is not kept for it."""
    hook = Webhook.objects.get(pk=webhook_id)
    record(kind="webhook.removed", login=by.email, name=hook.name, url=hook.url)
    hook.delete()
    if not Webhook.objects.exists():
        Reader.objects.filter(name=READER).delete()


def gather(*, now: datetime) -> list[UUID]:
    """Make deliveries of what the journal has new; return their keys."""
    hooks = list(Webhook.objects.filter(is_active=True).select_related("owner"))
    if not hooks:
        return []
    take = partial(_fan_out, hooks=hooks, now=now)
    try:
        return read_and_advance(name=READER, take=take, now=now)
    except (Reader.DoesNotExist, ReaderReleased):  # away for so long that lines are gone
        begin(name=READER, now=now)
        return []


def deliver(*, delivery_id: UUID, now: datetime) -> int | None:
    """Send a delivery; return after how many seconds to try again, ``None`` when it is settled.

    It is taken for a minute first, so two workers do not send it at once, and no transaction is
    open while the receiver thinks. A worker that dies leaves it to the sweep, so a receiver may
    hear an event twice, under one key.
    """
    taken = WebhookDelivery.objects.filter(
        pk=delivery_id, state=DeliveryState.WAITING, next_at__lte=now
    ).update(next_at=now + LEASE, attempts=F("attempts") + 1)
    if not taken:
        return None
    delivery = WebhookDelivery.objects.select_related("webhook").get(pk=delivery_id)
    if not delivery.webhook.is_active:
        _settle(delivery, DeliveryState.FAILED, 0, _("The webhook is stopped."))
        return None
    started = time.monotonic()
    status, text = _sent(delivery, now)
    delivery.milliseconds = int((time.monotonic() - started) * 1000)
    if 200 <= status < 300:
        delivery.delivered_at = now
        Webhook.objects.filter(pk=delivery.webhook_id).update(failing_since=None)
        _settle(delivery, DeliveryState.DELIVERED, status, text)
        return None
    _note_failing(delivery.webhook, now)
    if status == 410 or delivery.attempts > len(PAUSES):
        _settle(delivery, DeliveryState.FAILED, status, text)
        return None
    pause = PAUSES[delivery.attempts - 1]
    delivery.next_at = now + timedelta(seconds=pause)
    delivery.status, delivery.answer = status, text
    delivery.save()
    return pause


@transaction.atomic
def replay(*, delivery_id: UUID, now: datetime) -> WebhookDelivery:
    """Send a delivery once more, as it was, under its own key, so the receiver knows it again."""
    delivery = WebhookDelivery.objects.select_for_update().get(pk=delivery_id)
    delivery.state, delivery.attempts, delivery.next_at = DeliveryState.WAITING, 0, now
    delivery.save()
    return delivery


@transaction.atomic
def test_event(*, webhook_id: UUID, now: datetime) -> WebhookDelivery:
    """Make a delivery that tells of nothing, to see whether it arrives."""
    hook = Webhook.objects.get(pk=webhook_id)
    return WebhookDelivery.objects.create(
        webhook=hook, event="test", next_at=now, payload={"event": "test", "moment": _text(now)}
    )


def overdue(*, now: datetime) -> list[UUID]:
    """Return deliveries whose moment has passed: a worker died, or a message was lost."""
    found = WebhookDelivery.objects.filter(state=DeliveryState.WAITING, next_at__lte=now)
    return list(found.order_by("next_at").values_list("pk", flat=True)[:1000])


def forget(*, now: datetime) -> None:
    """Forget settled deliveries older than the log is kept."""
    settled = WebhookDelivery.objects.exclude(state=DeliveryState.WAITING)
    settled.filter(created_at__lt=now - KEPT).delete()


def _fan_out(changes: Iterator[Change], *, hooks: Sequence[Webhook], now: datetime) -> list[UUID]:
    wanted = {kind for hook in hooks for kind in hook.kinds}
    events = _events(changes, [kind for kind in objects.kinds() if kind.key in wanted])
    made: list[WebhookDelivery] = []
    for kind, of_kind in events.items():
        kind_of_rows = objects.kind(kind)
        for hook in hooks:
            if kind in hook.kinds and can(hook.owner, f"{kind_of_rows.right_object}.view"):
                made += _deliveries(hook, kind_of_rows, of_kind, now)
    WebhookDelivery.objects.bulk_create(made, batch_size=500)
    return [delivery.pk for delivery in made]


def _events(
    changes: Iterable[Change], kinds: Sequence[ObjectKind]
) -> Mapping[str, dict[UUID, Event]]:
    """Put together what the lines say of each row; made and deleted in between is nothing."""
    by_table: dict[str, list[ObjectKind]] = {}
    for kind in kinds:
        by_table.setdefault(kind.model._meta.db_table, []).append(kind)
    events: dict[str, dict[UUID, Event]] = {kind.key: {} for kind in kinds}
    for change in changes:
        for kind in by_table.get(change.table, ()):
            known = events[kind.key]
            event = known.get(change.key)
            if event is None:
                event = known[change.key] = Event(kind, change.key, change.operation)
            elif change.operation == "D":
                if event.operation == "I":
                    del known[change.key]
                    continue
                event.operation = "D"
            event.columns |= set(change.changed or ()) if change.operation == "U" else set()
            event.moment, event.author, event.cause = change.moment, change.author, change.cause
    return {key: found for key, found in events.items() if found}


def _deliveries(
    hook: Webhook, kind: ObjectKind, events: Mapping[UUID, Event], now: datetime
) -> list[WebhookDelivery]:
    wanted = {k: e for k, e in events.items() if _may_be_told(e, hook.operations)}
    if len(wanted) > MOST_AT_ONCE:
        said = {"event": f"{kind.key}.many", "kind": kind.key, "count": len(wanted)}
        return [_delivery(hook, f"{kind.key}.many", said | {"moment": _text(now)}, now)]
    alive = [key for key, event in wanted.items() if event.operation != "D"]
    rows = {row.pk: row for row in kind.rows(hook.owner).filter(pk__in=alive)} if alive else {}
    hidden, _locked = limits(hook.owner, kind)
    shown = [each for each in fields_of(kind) if each.key not in hidden]
    computed.give(list(rows.values()), shown, kind=kind, user=hook.owner)
    objects.rights().mask(hook.owner, list(rows.values()))
    paths = {_TRASH: _TRASH} | {each.source: each.key for each in shown}
    made = []
    for key, event in wanted.items():
        row = rows.get(key)
        if row is None and event.operation != "D":
            continue  # not for the owner's eyes, of another kind of this table, or gone meanwhile
        if event.operation == "D" and kind.only:
            continue  # of which kind it was cannot be told any more
        operation = _operation(event, row)
        if operation not in hook.operations:
            continue
        name = f"{kind.key}.{operation}"
        said = {
            "event": name, "kind": kind.key, "id": str(key), "moment": _text(event.moment or now),
            "author": str(event.author) if event.author else None, "cause": event.cause,
            "fields": sorted(paths[c] for c in _plain_names(event.columns) if c in paths),
            "object": {
                "id": str(key), **{each.key: values.written(each, row) for each in shown},
                **({"is_archived": row.is_archived} if has_trash(kind) else {}),
            } if row is not None else None,
        }  # fmt: skip
        made.append(_delivery(hook, name, said, now))
    return made


def _may_be_told(event: Event, operations: Sequence[str]) -> bool:
    """Tell whether a webhook may hear of an event; what went into the trash is told as deleted."""
    told = {OPERATIONS[event.operation]}
    if event.operation == "U" and _TRASH in event.columns:
        told.add(OPERATIONS["D"])
    return not told.isdisjoint(operations)


def _operation(event: Event, row: Any) -> str:
    went = event.operation == "U" and _TRASH in event.columns and row is not None
    return OPERATIONS["D" if went and row.is_archived else event.operation]


def _plain_names(columns: Iterable[str]) -> set[str]:
    return {column.removesuffix("_id") for column in columns} | set(columns)


def _delivery(hook: Webhook, event: str, said: dict[str, Any], now: datetime) -> WebhookDelivery:
    return WebhookDelivery(webhook=hook, event=event, payload=said, next_at=now)


def _sent(delivery: WebhookDelivery, now: datetime) -> tuple[int, str]:
    body = json.dumps(
        {"delivery": str(delivery.pk), **delivery.payload}, ensure_ascii=False,
        separators=(",", ":"),
    ).encode()  # fmt: skip
    secret = signing.opened(delivery.webhook.secret)
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Kopru-Webhook/1",
        "Kopru-Delivery": str(delivery.pk),
        "Kopru-Event": delivery.event,
        signing.HEADER: signing.signature(secret=secret, body=body, seconds=int(now.timestamp())),
    }
    try:
        answer = reaching.post(url=delivery.webhook.url, body=body, headers=headers)
    except reaching.NotReached as error:
        return 0, str(error)
    return answer.status, answer.text


def _settle(delivery: WebhookDelivery, state: str, status: int, text: str) -> None:
    delivery.state, delivery.status, delivery.answer = state, status, text
    delivery.save()


def _note_failing(hook: Webhook, now: datetime) -> None:
    if hook.failing_since is None:
        Webhook.objects.filter(pk=hook.pk).update(failing_since=now)
    elif now - hook.failing_since > GIVEN_UP_AFTER:
        reason = _("It has failed for three days. Mend the receiver, then switch it on again.")
        Webhook.objects.filter(pk=hook.pk).update(is_active=False, stopped_reason=reason[:200])


def _text(moment: datetime) -> str:
    return str(values.plain(moment))

"""Handing over everything of somebody who leaves: one action over every kind that has an owner.

Customers and what is open go; deals that are closed, tasks that are done and invoices that are
settled stay whose they were (``ObjectKind.handed_over``): the successor sees them on the customer.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Model, QuerySet
from django.utils import timezone

from apps.accounts.models import User
from apps.core import objects
from apps.core.objects import ObjectKind
from apps.counterparties.models import HandOver

AT_ONCE = 1000


class HandOverRefused(Exception):
    """Nothing was handed over."""


class SamePerson(HandOverRefused):
    """Giver and receiver are one."""


class NotActive(HandOverRefused):
    """The receiver may not sign in."""


class NothingToHandOver(HandOverRefused):
    """The giver has nothing of the chosen kinds."""


class AlreadyUndone(HandOverRefused):
    """It was taken back before."""


@dataclass(frozen=True)
class Share:
    """How much of one kind somebody is responsible for."""

    kind: ObjectKind
    count: int


def shares(giver: User) -> list[Share]:
    """Return what a person is responsible for, kind by kind, where there is anything."""
    found = [Share(kind, _of(kind, giver).count()) for kind in _kinds()]
    return [share for share in found if share.count]


@transaction.atomic
def hand_over(
    *, giver: User, receivers: dict[str, User], by: User | None
) -> list[HandOver]:
    """Give what a person is responsible for to others: ``receivers`` by key of the kind.

    One transaction; each receiver's part is noted, so that it can be taken back whole.

    :raises HandOverRefused: in one of its forms.
    """
    if any(receiver.pk == giver.pk for receiver in receivers.values()):
        raise SamePerson(giver)
    if not all(receiver.is_active for receiver in receivers.values()):
        raise NotActive
    taken: dict[UUID, dict[str, list[str]]] = {}
    people = {receiver.pk: receiver for receiver in receivers.values()}
    for kind in _kinds():
        receiver = receivers.get(kind.key)
        if receiver is None:
            continue
        rows = _of(kind, giver).order_by("pk").select_for_update(of=("self",))
        keys = list(rows.values_list("pk", flat=True))
        _give(kind, keys, receiver, now=timezone.now())
        if keys:
            taken.setdefault(receiver.pk, {})[kind.key] = [str(key) for key in keys]
    if not taken:
        raise NothingToHandOver(giver)
    return [
        HandOver.objects.create(giver=giver, receiver=people[key], author=by, keys=keys)
        for key, keys in taken.items()
    ]


@transaction.atomic
def take_back(*, hand_over_id: UUID, now: datetime) -> int:
    """Give everything back that the receiver still has of a hand-over; return how much that was.

    :raises AlreadyUndone: it was taken back before.
    """
    done = HandOver.objects.select_for_update().get(pk=hand_over_id)
    if done.undone_at is not None:
        raise AlreadyUndone
    count = 0
    for kind in _kinds():
        keys = done.keys.get(kind.key, [])
        still = _of(kind, done.receiver).filter(pk__in=keys).values_list("pk", flat=True)
        count += _give(kind, list(still), done.giver, now=now)
    done.undone_at = now
    done.save(update_fields=["undone_at", "updated_at"])
    return count


def latest(*, count: int = 20) -> Sequence[HandOver]:
    """Return the latest hand-overs."""
    rows = HandOver.objects.select_related("giver", "receiver", "author")
    return list(rows.order_by("-created_at", "-id")[:count])


def _kinds() -> list[ObjectKind]:
    """Return the kinds whose rows have an owner of their own."""
    return [kind for kind in objects.kinds() if kind.owner and "__" not in kind.owner]


def _of(kind: ObjectKind, owner: User) -> QuerySet[Model]:
    rows = kind.model._default_manager.filter(**kind.only)
    rows = rows.filter(**{kind.owner: owner})
    return rows if kind.handed_over is None else rows.filter(kind.handed_over)


def _give(kind: ObjectKind, keys: Collection[UUID], to: User, *, now: datetime) -> int:
    values: dict[str, Any] = {kind.owner: to}
    if any(field.name == "updated_at" for field in kind.model._meta.concrete_fields):
        values["updated_at"] = now
    ordered = list(keys)
    return sum(
        kind.model._default_manager.filter(pk__in=ordered[at : at + AT_ONCE]).update(**values)
        for at in range(0, len(ordered), AT_ONCE)
    )

"""Jobs of the room: own fields and objects that are named in 1C from now on."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from apps.catalog import own
from apps.custom import onec


@shared_task(time_limit=3600, queue="bulk", acks_late=True)
def fill_from_1c(kind: str) -> None:
    """Give a kind's own fields what 1C has told already; the same again changes nothing."""
    now = timezone.now()
    if kind == onec.GOODS:
        own.fill_products(now=now)
    else:
        own.fill_objects(now=now, kind=kind)


def fill(event: onec.NamedIn1C) -> None:
    """Have the fields of a kind filled, where this room holds what 1C told."""
    if event.kind == onec.GOODS or event.kind.startswith("o_"):
        fill_from_1c.delay(event.kind)

"""Jobs of duplicates: searching, merging sure pairs, leading late references on."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

from celery import shared_task
from django.db import transaction
from django.utils import timezone

from apps.accounts.models import User
from apps.core import objects
from apps.duplicates import services
from apps.duplicates.services.finding import searched_kinds


def go(job: Any, **values: Any) -> None:
    """Have a worker do a job, once what it is about is committed."""
    transaction.on_commit(partial(job.delay, **values))


@shared_task(time_limit=1800)
def find_duplicates(*, kind: str) -> None:
    """Search all rows of a kind; may be started any number of times."""
    services.find(kind=objects.kind(kind), now=timezone.now())


@shared_task(time_limit=1800)
def merge_sure_pairs(*, kind: str, pairs: list[str], by: str) -> None:
    """Merge pairs that are sure; those merged already are left alone."""
    services.merge_sure(
        kind=objects.kind(kind), pairs=[UUID(each) for each in pairs], by=User.objects.get(pk=by)
    )


@shared_task(time_limit=3600)
def care() -> None:
    """Nightly: lead late references on, look for duplicates anew."""
    services.follow_late(now=timezone.now())
    for kind in searched_kinds():
        services.find(kind=kind, now=timezone.now())

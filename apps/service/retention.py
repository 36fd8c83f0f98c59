"""Closed requests, erased by the clock."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from apps.counterparties.retention import LEADS
from apps.retention.kinds import Kept, forget_traces, hold, register
from apps.service.models import ServiceRequest

REQUESTS = "requests"


def closed() -> QuerySet[Any]:
    """Return the requests that are closed and not about an invoice."""
    return ServiceRequest.objects.filter(closed_at__isnull=False, invoice__isnull=True)


def erase(keys: Sequence[UUID], now: datetime) -> None:
    """Remove requests with their files and what stands on their cards."""
    rows = ServiceRequest.objects.filter(pk__in=keys)
    forget_traces(REQUESTS, keys, owners=list(rows.values_list("counterparty_id", flat=True)))
    rows.delete()


def without_requests(rows: QuerySet[Any], before: datetime) -> QuerySet[Any]:
    """Leave out leads with a request that is open, or was closed later."""
    later = ServiceRequest.objects.filter(counterparty=OuterRef("pk"))
    return rows.exclude(Exists(later.exclude(closed_at__lt=before)))


register(
    Kept(
        REQUESTS, _("Closed service requests"),
        _(
            "Solved or declined, counted from the day they were closed. They are removed with their"
            " files; those about an invoice stay."
        ),
        "closed_at", closed, erase, position=20,
    )
)  # fmt: skip
hold(LEADS, of="service", narrow=without_requests)

"""Leads that came to nothing, erased by the clock."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from apps.counterparties import privacy
from apps.counterparties.models import Counterparty, CounterpartyStatus
from apps.retention.kinds import Kept, register

LEADS = "leads"
NOT_QUALIFIED = (
    CounterpartyStatus.UNSORTED, CounterpartyStatus.LEAD, CounterpartyStatus.REJECTED,
)  # fmt: skip


def leads() -> QuerySet[Any]:
    """Return the leads nobody qualified; those 1C knows are its own."""
    return Counterparty.objects.filter(
        status__in=NOT_QUALIFIED, erased_at__isnull=True, node_id__isnull=True
    )


def erase(keys: Sequence[UUID], now: datetime) -> None:
    """Take names, addresses, files and people of leads; an empty card stays for the figures."""
    rows = Counterparty.objects.filter(pk__in=keys).order_by("pk")
    for partner in rows.prefetch_related("contact_persons"):
        privacy.erase_whole(partner=partner, now=now)


register(
    Kept(
        LEADS, _("Leads that were not qualified"),
        _(
            "Unsorted, lead or declined, and not changed since. Names, addresses, files and contact"
            " persons are erased; an empty card stays, so that figures stay right."
        ),
        "updated_at", leads, erase, position=10,
    )
)  # fmt: skip

"""What belongs to a customer with an open deal is not erased by the clock."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from apps.counterparties.retention import LEADS
from apps.deals.models import Deal
from apps.retention.kinds import hold

NOTES, REQUESTS = "notes", "requests"


def without_open_deal(rows: QuerySet[Any], before: datetime, *, customer: str) -> QuerySet[Any]:
    """Leave out rows whose customer has an open deal, one in the bin too."""
    deals = Deal.objects.filter(counterparty=OuterRef(customer), closed_at__isnull=True)
    return rows.exclude(Exists(deals))


for _kind, _customer in ((LEADS, "pk"), (REQUESTS, "counterparty"), (NOTES, "counterparty")):
    hold(_kind, of="deals", narrow=partial(without_open_deal, customer=_customer))

"""Who has invoices or payments is not erased by the clock: books have to be kept."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from apps.counterparties.retention import LEADS
from apps.finance.models import Payment
from apps.retention.kinds import hold
from apps.sales.models import Invoice


def without_documents(rows: QuerySet[Any], before: datetime) -> QuerySet[Any]:
    """Leave out leads with a document of any age."""
    mine = {"counterparty": OuterRef("pk")}
    return rows.exclude(Exists(Invoice.objects.filter(**mine))).exclude(
        Exists(Payment.objects.filter(**mine))
    )


hold(LEADS, of="sales", narrow=without_documents)

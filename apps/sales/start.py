"""What the start page shows of sales."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest
from django.utils import timezone

from apps.accounts.rights import visible
from apps.sales import selectors
from apps.sales.models import ConflictState, Invoice, InvoiceStatus, PaymentState


def tiles(request: HttpRequest) -> dict[str, Any]:
    """Return the figures of the day: to pay, overdue, drafts; two queries."""
    today = timezone.localdate()
    counted = Q(status__in=selectors.COUNTED)
    unpaid = counted & ~Q(payment_state=PaymentState.PAID)
    seen = visible(request.user, Invoice.objects.filter(is_archived=False), "invoices.view")
    numbers = seen.aggregate(
        drafts=Count("pk", filter=Q(status=InvoiceStatus.DRAFT)),
        unpaid=Count("pk", filter=unpaid),
        overdue=Count("pk", filter=unpaid & Q(due_on__lt=today)),
    )
    open_ones = seen.filter(status__in=selectors.COUNTED)
    return numbers | {"totals": [t for t in selectors.totals(open_ones, today=today) if t.unpaid]}


def attention(request: HttpRequest) -> dict[str, Any] | None:
    """Return the invoices of the latest days, and those on which somebody must decide."""
    seen = visible(request.user, Invoice.objects.all(), "invoices.view")
    conflicts = seen.filter(conflicts__state=ConflictState.OPEN).distinct()
    rows = seen.filter(is_archived=False).select_related("counterparty", "responsible")
    latest = list(rows.order_by("-issued_on", "-id")[:8])
    if not latest:
        return None
    return {
        "rows": latest,
        "conflicts": list(conflicts.order_by("number", "id")[:5]),
        "today": timezone.localdate(),
    }

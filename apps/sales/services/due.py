"""Putting the date of payment of an invoice to another day."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from apps.accounts.models import User
from apps.sales.models import Invoice, InvoiceStatus
from apps.sales.services.invoices import locked, require_changeable, tell


@transaction.atomic
def move_due(*, invoice_id: UUID, due_on: date, by: User | None, now: datetime) -> Invoice:
    """Let an invoice be paid before another day; the same day again writes nothing.

    :raises InvoiceLocked: it is shipped, paid or cancelled.
    """
    invoice = locked(invoice_id)
    require_changeable(invoice)
    if invoice.due_on == due_on:
        return invoice
    invoice.due_on = due_on
    invoice.version += 1
    invoice.save(update_fields=["due_on", "version", "updated_at"])
    if invoice.status != InvoiceStatus.DRAFT:
        tell(invoice, "changed", now=now, by=by, fields=["due_on"])
    return invoice

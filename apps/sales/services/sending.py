"""Sending an invoice to the customer."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from uuid import UUID

from django.db import transaction

from apps.accounts.models import User
from apps.sales.models import Invoice
from apps.sales.services.invoices import mark_sent
from apps.sales.tasks import mail_invoice


@transaction.atomic
def send_invoice(
    *, invoice_id: UUID, to: str, subject: str, message: str, language: str, by: User,
    now: datetime,
) -> Invoice:  # fmt: skip
    """Note the invoice as sent, and mail its PDF once that is committed.

    :raises WrongStatus: it is a draft or cancelled.
    """
    invoice = mark_sent(invoice_id=invoice_id, by=by, now=now, to=to)
    letter = {
        "invoice_id": str(invoice.pk), "to": to, "subject": subject, "message": message,
        "language": language, "reply_to": by.email,
    }  # fmt: skip
    transaction.on_commit(partial(mail_invoice.delay, **letter))
    return invoice

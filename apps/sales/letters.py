"""The letter with an invoice; one that could not be mailed is noted on the invoice's road."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.core.mail import EmailMessage
from django.db import transaction

from apps.sales.documents import file_name, invoice_pdf
from apps.sales.models import Invoice, InvoiceStatus
from apps.sales.services.invoices import locked, tell


def mail(
    *, invoice_id: UUID, to: str, subject: str, message: str, language: str, reply_to: str
) -> None:
    """Mail the PDF of an invoice; answers go to whoever sent it.

    :raises OSError: the mail server did not take the letter.
    """
    invoice = Invoice.objects.get(pk=invoice_id)
    letter = EmailMessage(subject=subject, body=message, to=[to], reply_to=[reply_to])
    pdf = invoice_pdf(invoice_id=invoice_id, language=language)
    letter.attach(file_name(invoice), pdf, "application/pdf")
    letter.send()


@transaction.atomic
def note_unsent(*, invoice_id: UUID, to: str, reason: str, now: datetime) -> None:
    """Note that the letter could not be mailed: the invoice is issued again, not sent."""
    invoice = locked(invoice_id)
    if invoice.status == InvoiceStatus.SENT:
        invoice.status = InvoiceStatus.ISSUED
        invoice.version += 1
        invoice.save()
    tell(invoice, "mail_failed", now=now, source="mail", to=to, reason=reason[:200])

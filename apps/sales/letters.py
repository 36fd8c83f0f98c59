"""The letter with an invoice; one that could not be mailed is noted on the invoice's road."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.mail import EmailMessage
from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from apps.accounts.rights import hidden_of
from apps.core.formats import money_text
from apps.sales.documents import file_name, invoice_pdf, language_for
from apps.sales.models import Invoice, InvoiceStatus
from apps.sales.services.invoices import locked, tell
from tenants.current import current_company


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


def letter_of(invoice: Invoice, *, by: Any) -> dict[str, str]:
    """Return the letter that goes with an invoice, in the customer's language."""
    hidden = hidden_of(by, invoice.counterparty)
    values = {
        "number": str(invoice), "organization": invoice.organization.name, "author": str(by),
    }  # fmt: skip
    with override(language_for(invoice, company_language=current_company().language)):
        values["amount"] = money_text(invoice.total, invoice.currency)
        values["date"] = date_format(invoice.issued_on, "SHORT_DATE_FORMAT")
        return {
            "to": "" if "email" in hidden else invoice.counterparty.email,
            "subject": _("Invoice %(number)s of %(date)s from %(organization)s") % values,
            "message": _(
                "Good day,\n\nattached is invoice %(number)s of %(date)s for %(amount)s.\n\n"
                "Best regards,\n%(author)s\n%(organization)s"
            )
            % values,
        }


@transaction.atomic
def note_unsent(*, invoice_id: UUID, to: str, reason: str, now: datetime) -> None:
    """Note that the letter could not be mailed: the invoice is issued again, not sent."""
    invoice = locked(invoice_id)
    if invoice.status == InvoiceStatus.SENT:
        invoice.status = InvoiceStatus.ISSUED
        invoice.version += 1
        invoice.save()
    tell(invoice, "mail_failed", now=now, source="mail", to=to, reason=reason[:200])

"""The letter with a quotation; one that could not be mailed is noted on its card."""

from __future__ import annotations

from uuid import UUID

from django.core.mail import EmailMessage
from django.db import transaction

from apps.deals.documents import file_name, quotation_pdf
from apps.deals.models import Quotation, QuotationStatus


def mail(
    *, quotation_id: UUID, to: str, subject: str, message: str, language: str, reply_to: str
) -> None:
    """Mail the PDF of a quotation; answers go to whoever sent it.

    :raises OSError: the mail server did not take the letter.
    """
    quotation = Quotation.objects.get(pk=quotation_id)
    letter = EmailMessage(subject=subject, body=message, to=[to], reply_to=[reply_to])
    pdf = quotation_pdf(quotation_id=quotation_id, language=language)
    letter.attach(file_name(quotation), pdf, "application/pdf")
    letter.send()


@transaction.atomic
def note_unsent(*, quotation_id: UUID, reason: str) -> None:
    """Note that the letter could not be mailed: the quotation is a draft again, not sent."""
    quotation = Quotation.objects.select_for_update().get(pk=quotation_id)
    quotation.mail_problem = reason[:200]
    if quotation.status == QuotationStatus.SENT:
        quotation.status, quotation.sent_at = QuotationStatus.DRAFT, None
    quotation.save()

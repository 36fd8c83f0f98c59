"""The letter with a quotation; one that could not be mailed is noted on its card."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.mail import EmailMessage
from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from apps.accounts.rights import hidden_of
from apps.core.formats import money_text
from apps.deals.documents import file_name, language_for, quotation_pdf
from apps.deals.models import Quotation, QuotationStatus
from tenants.current import current_company


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


def letter_of(quotation: Quotation, *, by: Any) -> dict[str, str]:
    """Return the letter that goes with a quotation, in the customer's language."""
    partner = quotation.deal.counterparty
    values: dict[str, Any] = {
        "number": quotation.number, "organization": quotation.organization.name, "author": str(by),
    }  # fmt: skip
    with override(language_for(quotation, company_language=current_company().language)):
        values["amount"] = money_text(quotation.total, quotation.currency)
        values["until"] = date_format(quotation.valid_until, "SHORT_DATE_FORMAT")
        return {
            "to": "" if "email" in hidden_of(by, partner) else partner.email,
            "subject": _("Quotation %(number)s from %(organization)s") % values,
            "message": _(
                "Good day,\n\nattached is our quotation %(number)s for %(amount)s, valid until "
                "%(until)s.\n\nBest regards,\n%(author)s\n%(organization)s"
            )
            % values,
        }


@transaction.atomic
def note_unsent(*, quotation_id: UUID, reason: str) -> None:
    """Note that the letter could not be mailed: the quotation is a draft again, not sent."""
    quotation = Quotation.objects.select_for_update().get(pk=quotation_id)
    quotation.mail_problem = reason[:200]
    if quotation.status == QuotationStatus.SENT:
        quotation.status, quotation.sent_at = QuotationStatus.DRAFT, None
    quotation.save()

"""The quotation as PDF, set by the same Typst as invoices; see ``apps.sales.documents``."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import date
from typing import Any
from uuid import UUID

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import override

from apps.core.requisites import is_russian_account
from apps.deals.models import Quotation, QuotationLine
from apps.sales.documents.invoice_pdf import (
    LANGUAGES,
    buyer,
    compiler,
    line_text,
    money,
    seller,
    taxes,
)
from apps.sales.documents.words import in_words


def quotation_pdf(
    *, quotation_id: UUID, language: str, hidden: Collection[str] = ()
) -> bytes:
    """Return the quotation as PDF in this language, without the customer's ``hidden`` fields.

    :raises Quotation.DoesNotExist: there is no such quotation in this company.
    """
    rows = Quotation.objects.select_related("organization", "deal__counterparty", "author")
    quotation = rows.get(pk=quotation_id)
    with override(language):
        data = _data(quotation, list(quotation.lines.all()), language)
        data["buyer"] = buyer(quotation.deal.counterparty, hidden)
    pdf: bytes = compiler("quotation.typ").compile(
        format="pdf", sys_inputs={"data": json.dumps(data)}
    )
    return pdf


def language_for(quotation: Quotation, *, company_language: str) -> str:
    """Return the language a customer expects: that of the country of the seller's account."""
    organization = quotation.organization
    if quotation.currency == "RUB" and is_russian_account(organization):
        return "ru"
    if organization.bank_account.replace(" ", "").upper().startswith("TR"):
        return "tr"
    return company_language if company_language in LANGUAGES else "en"


def file_name(quotation: Quotation) -> str:
    """Return the name of the PDF: letters, digits and hyphens only."""
    safe = "".join(c if c.isalnum() or c == "-" else "-" for c in quotation.number)
    return f"quotation-{safe}-{quotation.issued_on:%Y-%m-%d}.pdf"


def _data(quotation: Quotation, lines: list[QuotationLine], language: str) -> dict[str, Any]:
    return {
        "language": language,
        "number": quotation.number,
        "is_draft": quotation.status in ("waiting", "refused"),
        "date": _day(quotation.issued_on),
        "valid_until": _day(quotation.valid_until),
        "subject": quotation.deal.name,
        "seller": seller(quotation.organization),
        "lines": [line_text(each) for each in lines],
        "has_discount": any(each.discount_percent for each in lines),
        "total": money(quotation.total),
        "net": money(quotation.total - quotation.tax_total),
        "taxes": taxes(lines),
        "currency": quotation.currency,
        "words": in_words(quotation.total, currency=quotation.currency, language=language),
        "terms": quotation.terms,
        "author": str(quotation.author or ""),
        "author_email": quotation.author.email if quotation.author else "",
        "labels": _labels(),
    }


def _day(day: date) -> str:
    return formats.date_format(day, "SHORT_DATE_FORMAT")


def _labels() -> dict[str, str]:
    return {
        "title": _("Quotation"),
        "draft": _("Not approved"),
        "date": _("Date"),
        "valid_until": _("Valid until"),
        "seller": _("Seller"),
        "buyer": _("Buyer"),
        "tax_number": _("Tax number"),
        "name": _("Product or service"),
        "quantity": _("Quantity"),
        "unit": _("Unit"),
        "price": _("Price"),
        "discount": _("Discount"),
        "rate": _("Tax"),
        "total": _("Amount"),
        "net": _("Without tax"),
        "tax": _("Tax"),
        "grand_total": _("Total"),
        "words": _("In words"),
        "terms": _("Terms"),
        "author": _("Your contact"),
        "page": _("Page"),
    }

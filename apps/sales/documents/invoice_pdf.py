"""The invoice as PDF.

The papers are set by Typst from ``frontend/documents``; what people typed reaches it as JSON
values, which Typst prints and never reads as its own language. Fonts stand beside the forms, so
that a bare machine prints the same letters.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import asdict
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID

import typst
from django.conf import settings
from django.utils import formats
from django.utils.dates import MONTHS_ALT
from django.utils.translation import gettext as _
from django.utils.translation import override

from apps.core.models import Organization
from apps.core.requisites import is_russian_account
from apps.counterparties.models import Counterparty
from apps.sales.documents.payment_code import payment_code
from apps.sales.documents.words import in_words
from apps.sales.models import Invoice, InvoiceLine

LANGUAGES = ("en", "ru", "tr")
_RU_MONTHS = (
    "января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа", "сентября",
    "октября", "ноября", "декабря",
)  # fmt: skip


def invoice_pdf(
    *, invoice_id: UUID, language: str, hidden: Collection[str] = ()
) -> bytes:
    """Return the invoice as PDF in this language; a draft says that it is one.

    ``hidden`` are the customer's fields that its reader may not see; they are left out. Nothing is
    hidden from the customer.

    :raises Invoice.DoesNotExist: there is no such invoice in this company.
    """
    invoice = Invoice.objects.select_related("organization", "counterparty").get(pk=invoice_id)
    lines = list(invoice.lines.all())
    with override(language):
        data = _data(invoice, lines, language) | {"buyer": buyer(invoice.counterparty, hidden)}
    form = "invoice-ru.typ" if language == "ru" else "invoice.typ"
    pdf: bytes = compiler(form).compile(format="pdf", sys_inputs={"data": json.dumps(data)})
    return pdf


def language_for(invoice: Invoice, *, company_language: str) -> str:
    """Return the language a customer expects: that of the country of the seller's account."""
    organization = invoice.organization
    if invoice.currency == "RUB" and is_russian_account(organization):
        return "ru"
    if organization.bank_account.replace(" ", "").upper().startswith("TR"):
        return "tr"
    return company_language if company_language in LANGUAGES else "en"


def file_name(invoice: Invoice) -> str:
    """Return the name of the PDF: letters, digits and hyphens only."""
    safe = "".join(c if c.isalnum() or c == "-" else "-" for c in invoice.number or "draft")
    return f"invoice-{safe}-{invoice.issued_on:%Y-%m-%d}.pdf"


class PrintedLine(Protocol):
    """A line of an invoice, or of what has lines like one."""

    name: str
    article: str
    unit: str
    quantity: Decimal
    price: Decimal
    discount_percent: Decimal
    tax_rate: Decimal | None
    total: Decimal
    tax: Decimal


@cache
def compiler(form: str) -> Any:
    """Return what sets a form of ``frontend/documents``; made once for each form."""
    root = Path(settings.BASE_DIR) / "frontend" / "documents"
    return typst.Compiler(
        input=str(root / form), root=str(root), font_paths=[str(root / "fonts")],
        ignore_system_fonts=True,
    )  # fmt: skip


def _data(invoice: Invoice, lines: list[InvoiceLine], language: str) -> dict[str, Any]:
    organization = invoice.organization
    number = invoice.number or _("draft")
    purpose = _purpose(invoice, number, language)
    code = payment_code(
        organization=organization, amount=invoice.total - invoice.paid_total,
        currency=invoice.currency, purpose=purpose,
    ) if invoice.number and invoice.total > invoice.paid_total else None  # fmt: skip
    return {
        "language": language,
        "number": number,
        "is_draft": not invoice.number,
        "is_cancelled": invoice.status == "cancelled",
        "date": _long_date(invoice, language),
        "due": formats.date_format(invoice.due_on, "SHORT_DATE_FORMAT") if invoice.due_on else "",
        "seller": seller(organization),
        "lines": [line_text(line) for line in lines],
        "has_discount": any(line.discount_percent for line in lines),
        "count": len(lines),
        "total": money(invoice.total),
        "net": money(invoice.total - invoice.tax_total),
        "taxes": taxes(lines),
        "is_tax_included": invoice.is_tax_included,
        "currency": invoice.currency,
        "words": in_words(invoice.total, currency=invoice.currency, language=language),
        "comment": invoice.comment,
        "purpose": purpose,
        "code": asdict(code) if code else None,
        "labels": _labels(),
    }


def seller(organization: Organization) -> dict[str, str]:
    """Return what a paper says of who sells."""
    names = (
        "name", "full_name", "tax_number", "tax_reason_code", "registration_number", "address",
        "phone", "email", "director", "accountant", "bank_name", "bank_code", "bank_account",
        "correspondent_account",
    )  # fmt: skip
    told = {name: getattr(organization, name) for name in names}
    told["full_name"] = told["full_name"] or told["name"]
    return told


def buyer(counterparty: Counterparty, hidden: Collection[str] = ()) -> dict[str, str]:
    """Return what a paper says of who buys, without the fields that its reader may not see."""
    names = (
        "name", "full_name", "tax_number", "tax_reason_code", "legal_address", "address", "phone",
    )  # fmt: skip
    told = {name: "" if name in hidden else getattr(counterparty, name) for name in names}
    told["name"] = told.pop("full_name") or told["name"]
    told["address"] = told.pop("legal_address") or told["address"]
    return told


def line_text(line: PrintedLine) -> dict[str, str]:
    """Return a line as the paper prints it, in the language in force."""
    rate = line.tax_rate
    return {
        "name": line.name,
        "article": line.article,
        "unit": line.unit,
        "quantity": _plain(line.quantity),
        "price": money(line.price, least=2, most=4),
        "discount": f"{_plain(line.discount_percent)} %" if line.discount_percent else "",
        "rate": f"{_plain(rate)} %" if rate is not None else "—",
        "total": money(line.total),
    }


def taxes(lines: Iterable[PrintedLine]) -> list[dict[str, str]]:
    """Return the tax in these lines by rate."""
    by_rate: dict[Decimal, Decimal] = defaultdict(Decimal)
    for line in lines:
        if line.tax_rate is not None:
            by_rate[line.tax_rate] += line.tax
    return [{"rate": _plain(rate), "amount": money(by_rate[rate])} for rate in sorted(by_rate)]


def money(amount: Decimal, *, least: int = 2, most: int = 2) -> str:
    """Return an amount as the language in force writes it."""
    places = max(least, min(most, -int(amount.normalize().as_tuple().exponent)))
    return formats.number_format(amount, decimal_pos=places, force_grouping=True)


def _plain(number: Decimal) -> str:
    text = f"{number.normalize():f}"
    places = len(text.partition(".")[2])
    return formats.number_format(number, decimal_pos=places, force_grouping=True)


def _long_date(invoice: Invoice, language: str) -> str:
    day = invoice.issued_on
    if language == "ru":
        return f"{day.day} {_RU_MONTHS[day.month - 1]} {day.year} г."
    return f"{day.day} {MONTHS_ALT[day.month]} {day.year}"


def _purpose(invoice: Invoice, number: str, language: str) -> str:
    day = f"{invoice.issued_on:%d.%m.%Y}"
    if language != "ru":
        return _("Invoice %(number)s of %(day)s") % {"number": number, "day": day}
    tax = f"в т.ч. НДС {invoice.tax_total:.2f}" if invoice.tax_total else "НДС не облагается"
    return f"Оплата по счету № {number} от {day}, {tax}"


def _labels() -> dict[str, str]:
    return {
        "title": _("Invoice for payment"),
        "draft": _("Draft"),
        "cancelled": _("Cancelled"),
        "date": _("Date"),
        "due": _("Pay before"),
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
        "grand_total": _("To pay"),
        "words": _("In words"),
        "payment": _("Payment details"),
        "bank": _("Bank"),
        "account": _("Account"),
        "purpose": _("Purpose of payment"),
        "signature": _("Signature"),
        "page": _("Page"),
    }

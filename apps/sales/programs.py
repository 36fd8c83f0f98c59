"""What programs do in the room: invoices, payments, terms of trade, our own organizations."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.forms import BaseForm
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from apps.accounts.rights import hidden_of, visible
from apps.catalog.confidential import shown_types
from apps.core import objects, organizations
from apps.core.models import Organization
from apps.core.objects import Action, ChangedMeanwhile, Content, Field, Refused
from apps.counterparties.models import Counterparty
from apps.finance.forms import OrganizationForm
from apps.finance.models import Payment
from apps.sales import services, words
from apps.sales.documents import file_name, invoice_pdf, language_for
from apps.sales.documents.invoice_pdf import LANGUAGES
from apps.sales.forms import SendForm, TermsForm
from apps.sales.letters import letter_of
from apps.sales.models import ConflictState, Invoice, InvoiceConflict, TradeTerms
from apps.sales.services import SalesError
from apps.sales.services.sending import send_invoice
from apps.sales.services.settlement import assign_payment
from apps.sales.services.terms import set_terms
from tenants.current import current_company

LETTER = (
    Field("to", pgettext_lazy("letter", "To"), "email",
          help=gettext_lazy("Without it, the customer's address.")),
    Field("subject", gettext_lazy("Subject")),
    Field("message", gettext_lazy("Message"), "long_text"),
)  # fmt: skip


def told_letter(usual: Mapping[str, str], values: Mapping[str, Any]) -> dict[str, str]:
    """Return the letter a program asks for; what it leaves unsaid is as on the screen.

    :raises Refused: there is no address, or one that cannot be right.
    """
    form = SendForm({name: values.get(name) or text for name, text in usual.items()})
    if not form.is_valid():
        raise Refused(_sentences(form))
    return dict(form.cleaned_data)


def _send(*, key: UUID, values: Mapping[str, Any], by: Any) -> Invoice:
    """Mail an invoice to the customer, with its PDF."""
    invoice = Invoice.objects.select_related("counterparty", "organization").get(pk=key)
    language = language_for(invoice, company_language=current_company().language)
    letter = told_letter(letter_of(invoice, by=by), values)
    try:
        return send_invoice(
            invoice_id=key, by=by, now=timezone.now(), language=language, **letter
        )
    except SalesError as error:
        raise Refused({"": [words.refusal(error)]}) from error


def _decide(*, key: UUID, values: Mapping[str, Any], by: Any) -> Invoice:
    """Keep our value of what both sides changed, or take 1C's."""
    wanted = InvoiceConflict.objects.filter(invoice=key, pk=values["conflict"]) if (
        values.get("conflict")
    ) else InvoiceConflict.objects.none()  # fmt: skip
    conflict = wanted.first()
    if conflict is None or not values.get("keep"):
        name = "conflict" if conflict is None else "keep"
        raise Refused({name: [_("Name a conflict of the invoice, and ours or theirs to keep.")]})
    try:
        services.resolve_conflict(
            conflict_id=conflict.pk, take_theirs=values["keep"] == "theirs", by=by,
            now=timezone.now(),
        )  # fmt: skip
    except SalesError as error:
        raise Refused({"": [words.refusal(error)]}) from error
    return Invoice.objects.get(pk=key)


def _conflicts(invoice: Invoice) -> list[dict[str, Any]]:
    found = sorted(invoice.conflicts.all(), key=lambda each: (each.created_at, each.pk))
    return [
        {
            "id": each.pk, "line": each.line_name, "field": each.field, "state": each.state,
            "ours": _said(each.ours), "theirs": _said(each.theirs),
        }
        for each in found
    ]  # fmt: skip


def _said(value: Any) -> str | None:
    """Return one side's value as a text; a whole line as JSON."""
    return value if value is None or isinstance(value, str) else json.dumps(value)


def _copy(*, key: UUID, values: Mapping[str, Any], by: Any) -> Invoice:
    """Make a draft with the same customer and lines."""
    return services.copy_invoice(
        invoice_id=key, by=by, issued_on=timezone.localdate(), now=timezone.now()
    )


def _pdf(*, row: Invoice, user: Any, language: str) -> HttpResponse:
    """Return an invoice as PDF, in the customer's language where none is asked for."""
    usual = language_for(row, company_language=current_company().language)
    hidden = hidden_of(user, row.counterparty)
    pdf = invoice_pdf(invoice_id=row.pk, language=language or usual, hidden=hidden)
    answer = HttpResponse(pdf, content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="{file_name(row)}"'
    return answer


def _assign(*, key: UUID, values: Mapping[str, Any], by: Any) -> Payment:
    """Let a payment settle the invoice whose number is told, one that the person may change."""
    number = values.get("number") or ""
    try:
        assign_payment(
            payment_id=key, among=visible(by, Invoice.objects.all(), "invoices.edit"),
            number=number, by=by, now=timezone.now(),
        )  # fmt: skip
    except services.NoSuchInvoice:
        sentence = _("There is no invoice %(number)s.") % {"number": number or "—"}
        raise Refused({"number": [sentence]}) from None
    except SalesError as error:
        raise Refused({"": [words.refusal(error)]}) from error
    return Payment.objects.get(pk=key)


# Terms of trade and our own organizations --------------------------------------------------------


def _set_terms(*, key: UUID, values: Mapping[str, Any], by: Any) -> Counterparty:
    """Choose the price type and the days to pay of a counterparty; what is not named stays."""
    former = TradeTerms.objects.filter(counterparty=key).first()
    offered = shown_types(by, but=former.price_type_id if former else None)
    form = TermsForm(TermsForm.initial_of(former) | dict(values), price_types=offered)
    if not form.is_valid():
        raise Refused(_sentences(form))
    price_type = form.cleaned_data["price_type"]
    set_terms(
        counterparty_id=key, price_type_id=price_type.pk if price_type else None,
        payment_days=form.cleaned_data["payment_days"],
    )  # fmt: skip
    return Counterparty.objects.get(pk=key)


def _terms(partner: Counterparty) -> list[dict[str, Any]]:
    terms = getattr(partner, "trade_terms", None)
    if terms is None:
        return []
    return [{"price_type": terms.price_type_id, "payment_days": str(terms.payment_days)}]


@transaction.atomic
def save_organization(
    *,
    values: Mapping[str, Any],
    by: Any,
    key: UUID | None = None,
    seen: datetime | None = None,
) -> Organization:
    """Enter an organization of one's own or change one, as its form does."""
    former = Organization.objects.select_for_update().filter(pk=key).first() if key else None
    if former is not None and seen is not None and former.updated_at > seen:
        raise ChangedMeanwhile(former)
    held = {name: getattr(former, name) for name in (*organizations.FIELDS, "is_default")} if (
        former is not None
    ) else {}  # fmt: skip
    form = OrganizationForm({**held, **values}, instance=former)
    if not form.is_valid():
        raise Refused(_sentences(form))
    told = dict(form.cleaned_data)
    try:
        return organizations.save_organization(
            is_default=told.pop("is_default"), values=told, organization_id=key
        )
    except organizations.PrefixTaken:
        sentence = _("Another organization has this prefix: numbers would repeat.")
        raise Refused({"invoice_prefix": [sentence]}) from None


def _sentences(form: BaseForm) -> dict[str, list[str]]:
    return {name: [str(each) for each in told] for name, told in form.errors.items()}


def _organization_fields() -> Iterator[Field]:
    """Yield what the form of an organization asks for, with its labels."""
    for name in organizations.FIELDS:
        column = Organization._meta.get_field(name)
        label = OrganizationForm.base_fields[name].label or name
        yield Field(name, label, is_required=name == "name", is_filterable=bool(column))
    yield Field("is_default", gettext_lazy("Used by default"), "boolean")
    yield Field("is_archived", gettext_lazy("archived"), "boolean", is_writable=False)
    yield Field("updated_at", gettext_lazy("changed"), "moment", is_writable=False)


_customers = objects.program_kinds()["counterparties"]
objects.register_for_programs(
    replace(
        _customers,
        fields=(
            *_customers.fields,
            Field("terms", gettext_lazy("Terms of trade"), "rows", read=_terms,
                  is_writable=False, is_filterable=False, parts=(
                      Field("price_type", gettext_lazy("Price type"), "key"),
                      Field("payment_days", gettext_lazy("Days to pay"), "number"),
                  )),
        ),
        related=(*_customers.related, "trade_terms"),
        actions=(
            *_customers.actions,
            Action("set-terms", gettext_lazy("Set the terms of trade"), "counterparties.edit",
                   _set_terms, (
                       Field("price_type", gettext_lazy("Price type"), "key"),
                       Field("payment_days", gettext_lazy("Days to pay"), "number"),
                   )),
        ),
    )
)  # fmt: skip
objects.register_for_programs(
    replace(
        objects.kind("organizations"), fields=tuple(_organization_fields()), save=save_organization
    )
)
_invoices, _payments = objects.kind("invoices"), objects.kind("payments")
objects.register_for_programs(
    replace(
        _invoices,
        related=(*_invoices.related, "organization"),
        fields=(
            *_invoices.fields,
            Field("conflicts", gettext_lazy("Conflicts"), "rows", read=_conflicts,
                  is_writable=False, is_filterable=False, parts=(
                      Field("id", "", "key"),
                      Field("line", gettext_lazy("Line")),
                      Field("field", gettext_lazy("Field")),
                      Field("ours", gettext_lazy("Ours")),
                      Field("theirs", gettext_lazy("1C's")),
                      Field("state", gettext_lazy("State"), "choice",
                            choices=ConflictState.choices),
                  )),
        ),
        prefetch=(*_invoices.prefetch, "conflicts"),
        actions=(
            *_invoices.actions,
            Action("decide", gettext_lazy("Decide a conflict"), "invoices.edit", _decide, (
                Field("conflict", gettext_lazy("Conflict"), "key", is_required=True),
                Field("keep", gettext_lazy("What stays"), "choice", is_required=True,
                      choices=(("ours", gettext_lazy("Ours")), ("theirs", gettext_lazy("1C's")))),
            )),
            Action("send", gettext_lazy("Send by mail"), "invoices.send", _send, LETTER),
            Action("copy", gettext_lazy("Copy"), "invoices.create", _copy, is_making=True),
        ),
        contents=(Content("pdf", "PDF", "application/pdf", _pdf, LANGUAGES),),
    )
)  # fmt: skip
objects.register_for_programs(
    replace(
        _payments,
        actions=(
            Action("assign", gettext_lazy("Settle an invoice"), "invoices.edit", _assign,
                   (Field("number", gettext_lazy("Invoice number"), is_required=True),)),
        ),
    )
)  # fmt: skip

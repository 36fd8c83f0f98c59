"""Sending one invoice: the letter, looked at before it goes."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_http_methods

from apps.accounts.rights import hidden_of, needs
from apps.core.formats import money_text
from apps.sales.documents import language_for
from apps.sales.forms import SendForm
from apps.sales.models import Invoice
from apps.sales.services import SalesError, WrongStatus
from apps.sales.services.sending import send_invoice
from apps.sales.views.common import invoice_or_404, person, refused
from tenants.current import company_of


@require_http_methods(["GET", "POST"])
@needs("invoices.send")
def send(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show the letter; POST mails it with the PDF. Only what is issued can be sent."""
    invoice = invoice_or_404(request, pk, "invoices.send")
    if not invoice.can_be_sent:
        refused(request, WrongStatus(invoice))
        return redirect("sales:card", pk)
    language = language_for(invoice, company_language=company_of(request).language)
    form = SendForm(request.POST or None, initial=letter_for(invoice, request), label_suffix="")
    if request.method == "POST" and form.is_valid():
        try:
            send_invoice(
                invoice_id=pk, by=person(request), now=timezone.now(), language=language,
                **form.cleaned_data,
            )  # fmt: skip
        except SalesError as error:
            refused(request, error)
        else:
            messages.success(
                request,
                _("Invoice %(number)s is on its way to %(to)s.")
                % {"number": invoice, "to": form.cleaned_data["to"]},
            )
        return redirect("sales:card", pk)
    status = 422 if form.is_bound else 200
    return render(request, "sales/send.html", {"form": form, "invoice": invoice}, status=status)


def letter_for(invoice: Invoice, request: HttpRequest) -> dict[str, str]:
    """Return the letter that goes with an invoice, in the customer's language."""
    hidden = hidden_of(request.user, invoice.counterparty)
    values = {
        "number": str(invoice),
        "organization": invoice.organization.name,
        "author": str(request.user),
    }
    with override(language_for(invoice, company_language=company_of(request).language)):
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

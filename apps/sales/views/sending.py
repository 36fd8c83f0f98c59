"""Sending one invoice: the letter, looked at before it goes."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from apps.accounts.rights import needs
from apps.sales.documents import language_for
from apps.sales.forms import SendForm
from apps.sales.letters import letter_of
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
    letter = letter_of(invoice, by=person(request))
    form = SendForm(request.POST or None, initial=letter, label_suffix="")
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

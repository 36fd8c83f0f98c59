"""Payments as 1C told them; those of no known invoice are assigned here."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.rights import needs, row_or_404, visible
from apps.core.lists import show_list
from apps.finance.models import Payment
from apps.sales import services, words
from apps.sales.lists import PaymentList
from apps.sales.models import Invoice
from apps.sales.services import SalesError
from apps.sales.services.settlement import assign_payment
from apps.sales.views.common import person


@require_safe
@needs("payments.view")
def payment_list(request: HttpRequest) -> HttpResponse:
    """Show payments, newest first; ``?without=invoice`` those that settle none."""
    is_unmatched = request.GET.get("without") == "invoice"
    return show_list(
        request,
        PaymentList(request),
        template="sales/payments.html",
        context={"is_unmatched": is_unmatched},
    )


@require_POST
@needs("invoices.edit")
def assign(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Let a payment settle the invoice whose number was typed."""
    row_or_404(request.user, Payment.objects.all(), "payments.view", pk)
    try:
        invoice = assign_payment(
            payment_id=pk,
            among=visible(request.user, Invoice.objects.all(), "invoices.edit"),
            number=request.POST.get("number", "").strip(),
            by=person(request),
            now=timezone.now(),
        )
    except services.NoSuchInvoice as error:
        messages.error(
            request, _("There is no invoice %(number)s.") % {"number": error.number or "—"}
        )
    except SalesError as error:
        messages.error(request, words.refusal(error))
    else:
        messages.success(request, _("The payment settles invoice %(no)s.") % {"no": invoice})
    return redirect("sales:payments")

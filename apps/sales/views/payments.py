"""Payments as 1C told them; those of no known invoice are assigned here."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.rights import can, covers, mask, needs, row_or_404, visible
from apps.core import objects
from apps.core.lists import show_list
from apps.core.meanwhile import seen_as, seen_of
from apps.core.objects import ChangedMeanwhile, Refused
from apps.custom.forms import CustomInputs
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


@require_http_methods(["GET", "POST"])
@needs("payments.view")
def payment_card(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show a payment as 1C told it, with its own fields; with a POST, keep what was entered."""
    rows = Payment.objects.select_related("counterparty")
    payment = row_or_404(request.user, rows, "payments.view", pk)
    may_edit = covers(request.user, payment, "payments.edit")
    if request.method == "POST" and not may_edit:
        raise PermissionDenied("payments.edit")
    data = request.POST if request.method == "POST" else None
    inputs = CustomInputs("payments", data, row=payment, by=request.user)
    problem = ""
    if inputs.is_valid():
        try:
            objects.save(
                objects.kind("payments"), values=inputs.values(), by=person(request), key=pk,
                seen=seen_of(request.POST.get("seen", "")),
            )  # fmt: skip
        except Refused as error:
            inputs.take(error.errors)
        except ChangedMeanwhile as error:
            payment = row_or_404(request.user, rows, "payments.view", error.row.pk)
            problem = _("Somebody saved this payment meanwhile. Saved once more, yours counts.")
        else:
            messages.success(request, _("The payment is saved."))
            return redirect("sales:payment", pk)
    mask(request.user, [payment])
    seen = visible(request.user, Invoice.objects.all(), "invoices.view")
    settlements = payment.settlements.filter(invoice__in=seen).select_related("invoice")
    context = {
        "payment": payment, "inputs": inputs, "may_edit": may_edit and bool(inputs.rows),
        "problem": problem, "seen": seen_as(payment),
        "has_own": any(each.is_custom for each in objects.fields_of(objects.kind("payments"))),
        "settlements": settlements.order_by("invoice__number", "pk"),
        "may_assign": can(request.user, "invoices.edit") and payment.is_posted
        and not payment.settlements.exists(),
    }  # fmt: skip
    status = 409 if problem else 422 if inputs.errors else 200
    return render(request, "sales/payment.html", context, status=status)


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

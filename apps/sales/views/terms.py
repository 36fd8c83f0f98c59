"""Terms of trade with a counterparty."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from apps.accounts.rights import needs, row_or_404
from apps.catalog.confidential import shown_types
from apps.counterparties.models import Counterparty
from apps.sales.forms import TermsForm
from apps.sales.models import TradeTerms
from apps.sales.services.terms import set_terms


@require_http_methods(["GET", "POST"])
@needs("counterparties.edit")
def terms(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Choose the price type and the days to pay of a counterparty."""
    partner = row_or_404(request.user, Counterparty.objects.all(), "counterparties.edit", pk)
    former = TradeTerms.objects.filter(counterparty=partner).first()
    offered = shown_types(request.user, but=former.price_type_id if former else None)
    form = TermsForm(
        request.POST or None, initial=TermsForm.initial_of(former), price_types=offered
    )
    if request.method == "POST" and form.is_valid():
        price_type = form.cleaned_data["price_type"]
        set_terms(
            counterparty_id=pk,
            price_type_id=price_type.pk if price_type else None,
            payment_days=form.cleaned_data["payment_days"],
        )
        messages.success(request, _("The terms for “%(name)s” are saved.") % {"name": partner})
        return redirect("counterparties:card", pk)
    status = 422 if form.is_bound else 200
    return render(request, "sales/terms.html", {"form": form, "partner": partner}, status=status)

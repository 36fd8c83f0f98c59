"""What the screens of invoices share."""

from __future__ import annotations

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest

from apps.accounts.models import User
from apps.accounts.rights import mask, row_or_404, signed_in, visible
from apps.sales import selectors, words
from apps.sales.models import Invoice
from apps.sales.services import SalesError


def person(request: HttpRequest) -> User:
    """Return who is signed in; the views are guarded."""
    return signed_in(request)


def key(text: str) -> UUID | None:
    """Return the key an address holds; ``None`` when it is none."""
    try:
        return UUID(text)
    except ValueError:
        return None


def invoice_or_404(request: HttpRequest, pk: UUID, right: str = "invoices.view") -> Invoice:
    """Return an invoice that a right covers for whoever is signed in."""
    rows = Invoice.objects.select_related("counterparty", "organization")
    return cast(Invoice, row_or_404(request.user, rows, right, pk))


def card_or_404(request: HttpRequest, pk: UUID) -> selectors.InvoiceCard:
    """Return the card of an invoice that whoever is signed in may see."""
    seen = visible(request.user, Invoice.objects.all(), "invoices.view")
    try:
        card = selectors.card(pk, among=seen)
    except Invoice.DoesNotExist as error:
        raise Http404(str(pk)) from error
    mask(request.user, [card.invoice])
    return card


def refused(request: HttpRequest, error: SalesError) -> None:
    """Say on the next page what was refused."""
    messages.error(request, words.refusal(error))

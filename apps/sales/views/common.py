"""What the screens of invoices share."""

from __future__ import annotations

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest

from apps.accounts.models import User
from apps.sales import selectors, words
from apps.sales.models import Invoice
from apps.sales.services import SalesError
from tenants.models import Company


def person(request: HttpRequest) -> User:
    """Return who is signed in; the views are guarded."""
    return cast(User, request.user)


def company_of(request: HttpRequest) -> Company:
    """Return the company of the page."""
    return cast(Company, request.tenant)  # type: ignore[attr-defined]  # set by the middleware


def key(text: str) -> UUID | None:
    """Return the key an address holds; ``None`` when it is none."""
    try:
        return UUID(text)
    except ValueError:
        return None


def invoice_or_404(pk: UUID) -> Invoice:
    """Return an invoice of this company."""
    found = Invoice.objects.select_related("counterparty", "organization").filter(pk=pk).first()
    if found is None:
        raise Http404(str(pk))
    return found


def card_or_404(pk: UUID) -> selectors.InvoiceCard:
    """Return the card of an invoice of this company."""
    try:
        return selectors.card(pk)
    except Invoice.DoesNotExist as error:
        raise Http404(str(pk)) from error


def refused(request: HttpRequest, error: SalesError) -> None:
    """Say on the next page what was refused."""
    messages.error(request, words.refusal(error))

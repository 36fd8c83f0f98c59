"""What deals do when something happens: a stage was reached, an invoice was issued or paid."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from uuid import UUID

from django.utils import timezone

from apps.accounts.models import User
from apps.deals.models import Deal, DealInvoice, Document, EntersOn, Quotation, Stage
from apps.deals.services.deals import touch
from apps.deals.services.errors import (
    DiscountNeedsApproval,
    NoOrganization,
    NothingToOffer,
)
from apps.deals.services.happenings import DealMoved, DealsMoved
from apps.deals.services.quotations import advance, invoice_deal, quote, require_allowed
from apps.sales.models import Invoice, InvoiceLine, InvoiceStatus, PaymentState
from apps.sales.services.errors import DiscountAboveLimit
from apps.sales.services.happenings import InvoiceIssued
from apps.sales.services.settlement import InvoiceShipped, PaymentReceived


def deals_moved(event: DealsMoved) -> None:
    """Make the document that the stage asks for, filled with the deal's data (F143).

    None is made when the deal has one of this kind already, nothing to write on it, or a discount
    that waits for approval.
    """
    making = Stage.objects.exclude(makes="").in_bulk({each.stage_id for each in event.moves})
    for each in event.moves:
        if each.stage_id in making:
            _make_document(each, making[each.stage_id])


def _make_document(event: DealMoved, stage: Stage) -> None:
    if not Deal.objects.filter(pk=event.deal_id, stage=stage).exists():
        return
    is_invoice = stage.makes == Document.INVOICE
    known = DealInvoice if is_invoice else Quotation
    if known.objects.filter(deal=event.deal_id).exists():
        return
    by = User.objects.filter(pk=event.by_id).first() if event.by_id else None
    make = invoice_deal if is_invoice else quote
    try:
        make(deal_id=event.deal_id, by=by, today=timezone.localdate(), now=timezone.now())
    except (NothingToOffer, NoOrganization, DiscountNeedsApproval):
        return  # the card says what is missing when the person makes it by hand


def invoice_issued(event: InvoiceIssued) -> None:
    """Bring the deal of an issued invoice forward."""
    _advance(event.invoice_id, EntersOn.INVOICE_ISSUED)


def before_issue(invoice: Invoice, lines: Sequence[InvoiceLine], by: User | None) -> None:
    """Hold an invoice of a deal to the limit of discounts; what the program issues itself passes.

    :raises DiscountAboveLimit: nobody who may has approved it.
    """
    discount = max((line.discount_percent for line in lines), default=Decimal(0))
    link = DealInvoice.objects.filter(invoice=invoice.pk).first() if by and discount else None
    if link is None:
        return
    try:
        require_allowed(deal_id=link.deal_id, discount=discount, by=by)
    except DiscountNeedsApproval as error:
        raise DiscountAboveLimit(error.discount, error.limit) from error


def payment_received(event: PaymentReceived) -> None:
    """Bring the deal forward once nothing of its invoices is left to pay."""
    link = DealInvoice.objects.filter(invoice=event.invoice_id).first()
    if link is None:
        return
    unpaid = (
        DealInvoice.objects.filter(deal=link.deal_id)
        .exclude(invoice__status__in=[InvoiceStatus.CANCELLED, InvoiceStatus.DRAFT])
        .exclude(invoice__payment_state=PaymentState.PAID)
    )
    if event.is_full and not unpaid.exists():
        _advance(event.invoice_id, EntersOn.PAID)


def invoice_shipped(event: InvoiceShipped) -> None:
    """Note that something happened about the deal."""
    keys = DealInvoice.objects.filter(invoice=event.invoice_id).values_list("deal_id", flat=True)
    touch(deal_ids=list(keys), now=timezone.now())


def _advance(invoice_id: UUID, on: EntersOn) -> None:
    for deal_id in DealInvoice.objects.filter(invoice=invoice_id).values_list("deal_id", flat=True):
        advance(deal_id=deal_id, on=on, by=None, now=timezone.now())

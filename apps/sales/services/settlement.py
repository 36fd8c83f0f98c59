"""What has been paid and shipped of an invoice: sums of payments and of deliveries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet, Sum

from apps.accounts.models import User
from apps.core import events
from apps.finance.models import Payment
from apps.sales.models import (
    DeliveryState,
    Invoice,
    InvoicePayment,
    PaymentState,
)
from apps.sales.services.errors import SalesError
from apps.sales.services.invoices import tell

ZERO = Decimal(0)


class NoSuchInvoice(SalesError):
    """No invoice has this number in the payment's currency."""

    def __init__(self, number: str) -> None:
        super().__init__(number)
        self.number = number


@dataclass(frozen=True)
class PaymentReceived:
    """An invoice was paid, wholly or in part."""

    invoice_id: UUID
    amount: Decimal
    is_full: bool


@dataclass(frozen=True)
class InvoiceShipped:
    """Goods of an invoice were handed over, wholly or in part."""

    invoice_id: UUID
    is_full: bool


@transaction.atomic
def settle(*, invoice: Invoice, payment: Payment, amount: Decimal) -> bool:
    """Let a payment settle an invoice with this amount; tell whether that changed anything."""
    found = InvoicePayment.objects.filter(invoice=invoice, payment=payment).first()
    if found is not None and found.amount == amount:
        return False
    if amount == ZERO:
        if found is not None:
            found.delete()
        return found is not None
    if found is None:
        InvoicePayment.objects.create(invoice=invoice, payment=payment, amount=amount)
    else:
        found.amount = amount
        found.save()
    return True


@transaction.atomic
def assign_payment(
    *,
    payment_id: UUID,
    number: str,
    by: User,
    now: datetime,
    among: QuerySet[Invoice] | None = None,
) -> Invoice:
    """Let a payment that named no known invoice settle this one, one of ``among`` if given.

    :raises NoSuchInvoice: no invoice of the payment's currency has this number.
    """
    payment = Payment.objects.select_for_update().get(pk=payment_id)
    known = Invoice.objects.all() if among is None else among
    found = known.exclude(number="").filter(number=number, currency=payment.currency)
    invoice = found.select_for_update(of=("self",)).first()
    if invoice is None:
        raise NoSuchInvoice(number)
    if settle(invoice=invoice, payment=payment, amount=payment.amount):
        tell(invoice, "payment_matched", now=now, by=by, number=payment.number)
        refresh_states(invoice=invoice)
    return invoice


def refresh_states(*, invoice: Invoice) -> bool:
    """Bring payment and delivery state to the sums; tell whether either changed.

    Publishes ``PaymentReceived`` when more is paid than before, ``InvoiceShipped`` when more is
    shipped.
    """
    paid = (
        InvoicePayment.objects.filter(invoice=invoice, payment__is_posted=True).aggregate(
            total=Sum("amount")
        )["total"]
        or ZERO
    )
    payment_state = _payment_state(paid, invoice.total)
    delivery_state = _delivery_state(invoice)
    before = (invoice.paid_total, invoice.payment_state, invoice.delivery_state)
    if before == (paid, payment_state, delivery_state):
        return False
    more = paid - invoice.paid_total
    is_moved = invoice.delivery_state != delivery_state
    invoice.paid_total, invoice.payment_state = paid, payment_state
    invoice.delivery_state = delivery_state
    invoice.save(update_fields=["paid_total", "payment_state", "delivery_state", "updated_at"])
    if more > 0:
        events.publish(
            PaymentReceived(invoice.pk, more, is_full=payment_state == PaymentState.PAID)
        )
    if is_moved and delivery_state != DeliveryState.NOT_SHIPPED:
        events.publish(InvoiceShipped(invoice.pk, delivery_state == DeliveryState.SHIPPED))
    return True


def _payment_state(paid: Decimal, total: Decimal) -> str:
    if paid <= ZERO:
        return PaymentState.UNPAID
    return PaymentState.PAID if paid >= total else PaymentState.PARTLY_PAID


def _delivery_state(invoice: Invoice) -> str:
    lines = list(invoice.lines.values_list("quantity", "shipped_quantity"))
    if lines and all(shipped >= quantity for quantity, shipped in lines):
        return DeliveryState.SHIPPED
    if any(shipped > ZERO for _, shipped in lines):
        return DeliveryState.PARTLY_SHIPPED
    return DeliveryState.NOT_SHIPPED

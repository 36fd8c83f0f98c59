"""What the rooms below tell: an invoice that is paid or cancelled needs no call any more."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _

from apps.activities.services.receivables import close_call
from apps.core import events
from apps.sales.services.happenings import InvoiceCancelledIn1C
from apps.sales.services.settlement import PaymentReceived


def payment_received(event: PaymentReceived) -> None:
    """Close the call about an invoice that is paid in full."""
    if event.is_full:
        close_call(invoice_id=event.invoice_id, now=timezone.now(), result=_("Paid"))


def invoice_cancelled(event: InvoiceCancelledIn1C) -> None:
    """Close the call about an invoice that is cancelled."""
    close_call(invoice_id=event.invoice_id, now=timezone.now(), result=_("Cancelled"))


events.listen(PaymentReceived, payment_received)
events.listen(InvoiceCancelledIn1C, invoice_cancelled)

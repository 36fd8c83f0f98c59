"""The change history of invoices with their lines, payments, and how one sells to somebody."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.counterparties.history_adapter import CARD as COUNTERPARTY
from apps.finance.models import Payment
from apps.history.services import save_column
from apps.history.tracked import Card, Refused, Tracked, track
from apps.sales.models import Invoice, InvoiceLine, InvoiceStatus, TradeTerms
from apps.sales.services.errors import InvoiceLocked
from apps.sales.services.invoices import require_changeable, tag_invoice, tell
from tenants.context import current_actor

PAYMENT = Card("finance_payment", "sales:payment", "payments.view")
CARD = Card("sales_invoice", "sales:card", "invoices.view")
# What no total and no stock depends on.
_RESTORED = ("comment", "due_on", "responsible_id", "custom")


def restore(invoice: Invoice, column: str, value: Any) -> None:
    """Bring comment, date of payment, tags or the responsible person back.

    :raises Refused: another field, or the invoice is shipped, paid or cancelled.
    """
    if column == "tags":
        tag_invoice(invoice_id=invoice.pk, tags=value or [])
        return
    if column not in _RESTORED:
        raise Refused(_("Change this in the invoice itself: its sums depend on it."))
    try:
        require_changeable(invoice)
    except InvoiceLocked as error:
        raise Refused(_("The invoice is shipped, paid or cancelled.")) from error
    setattr(invoice, column, value)
    invoice.version += 1
    invoice.save()
    if invoice.status != InvoiceStatus.DRAFT:
        author = current_actor().author
        by = User.objects.filter(pk=author).first() if author else None
        tell(invoice, "changed", now=timezone.now(), by=by, fields=[column])


track(
    Tracked(
        Invoice,
        CARD,
        right="invoices.change",
        restore=restore,
        hidden=("version", "is_archived"),
    )
)
def restore_payment(payment: Payment, column: str, value: Any) -> None:
    """Bring an own field of a payment back.

    :raises Refused: another column, which 1C says.
    """
    if column != "custom":
        raise Refused(_("1C owns this payment: change it there."))
    save_column(payment, column, value)


track(
    Tracked(
        Payment,
        PAYMENT,
        right="payments.edit",
        restore=restore_payment,
        hidden=("is_archived", "counterparty_id"),
    )
)
track(
    Tracked(
        InvoiceLine,
        CARD,
        hidden=("invoice_id", "position", "product_id", "characteristic_id"),
    )
)
track(
    Tracked(
        TradeTerms,
        COUNTERPARTY,
        hidden=("counterparty_id",),
        right="counterparties.change",
        restore=save_column,
        label=lambda keys: {},
        tells_creation=False,
    )
)

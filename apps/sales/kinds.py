"""Invoices and payments as kinds of objects: whose they are, and what every generic door reads.

They are read only there: an invoice is written with its lines by the services of this room.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from apps.core import objects
from apps.core.objects import Field, ObjectKind
from apps.finance.models import Payment, PaymentKind
from apps.sales.models import DeliveryState, Invoice, InvoiceStatus, PaymentState

INVOICE_FIELDS = (
    Field("number", _("Number"), is_required=True, is_writable=False, is_sortable=True),
    Field("issued_on", _("Date"), "date", is_required=True, is_writable=False, is_sortable=True),
    Field("due_on", _("Pay before"), "date", is_writable=False, is_hideable=False),
    Field("counterparty", _("Customer"), "relation", related="counterparties", is_required=True,
          is_writable=False),
    Field("status", _("Status"), "choice", choices=InvoiceStatus.choices, is_writable=False,
          is_hideable=False),
    Field("payment_state", _("Payment"), "choice", choices=PaymentState.choices,
          is_writable=False, is_hideable=False),
    Field("delivery_state", _("Delivery"), "choice", choices=DeliveryState.choices,
          is_writable=False, is_hideable=False),
    Field("total", _("Total"), "money", unit="currency", is_writable=False, is_hideable=False),
    Field("paid_total", _("Paid"), "money", unit="currency", is_writable=False,
          is_hideable=False),
    Field("responsible", _("Responsible"), "user", is_writable=False),
    Field("comment", _("Comment"), "long_text", is_writable=False),
    Field("number_1c", _("Number in 1C"), is_writable=False),
    Field("status_1c", _("Status in 1C"), is_writable=False),
    Field("created_at", _("Entered"), "moment", is_writable=False, is_hideable=False),
    Field("updated_at", _("changed"), "moment", is_writable=False, is_hideable=False),
)  # fmt: skip
PAYMENT_FIELDS = (
    Field("number", _("Number"), is_required=True, is_writable=False, is_sortable=True),
    Field("paid_on", _("Date"), "date", is_required=True, is_writable=False, is_sortable=True),
    Field("counterparty", _("Customer"), "relation", related="counterparties", is_required=True,
          is_writable=False),
    Field("kind", _("Kind"), "choice", choices=PaymentKind.choices, is_writable=False,
          is_hideable=False),
    Field("amount", _("Amount"), "money", unit="currency", is_writable=False, is_hideable=False),
    Field("purpose", _("Purpose"), is_writable=False),
)  # fmt: skip

objects.register(
    ObjectKind(
        key="invoices",
        label=_("Invoice"),
        label_plural=_("Invoices"),
        icon="file-invoice",
        model=Invoice,
        fields=INVOICE_FIELDS,
        card_url_name="sales:card",
        list_url_name="sales:list",
        title="number",
        owner="responsible",
        parent=("counterparty", "counterparties"),
        related=("counterparty", "responsible"),
        search=("number__icontains",),
        order="-issued_on",
    )
)
objects.register(
    ObjectKind(
        key="payments",
        label=_("Payment"),
        label_plural=_("Payments"),
        icon="cash",
        model=Payment,
        fields=PAYMENT_FIELDS,
        list_url_name="sales:payments",
        title="number",
        parent=("counterparty", "counterparties"),
        related=("counterparty",),
        order="-paid_on",
    )
)

"""Lists of the room: invoices and payments."""

from apps.sales.lists.invoices import InvoiceList
from apps.sales.lists.payments import PaymentList

__all__ = ["InvoiceList", "PaymentList"]

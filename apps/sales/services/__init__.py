"""What people and 1C do to invoices."""

from apps.sales.services.conflicts import resolve_conflict
from apps.sales.services.errors import (
    InvoiceChangedMeanwhile,
    InvoiceLocked,
    NotEnoughStock,
    NothingToIssue,
    NumberTooLong,
    SalesError,
    WrongStatus,
)
from apps.sales.services.invoices import (
    InvoiceValues,
    LineValues,
    cancel_invoice,
    change_invoice,
    copy_invoice,
    create_invoice,
    issue_invoice,
    mark_sent,
)
from apps.sales.services.settlement import refresh_states, settle
from apps.sales.services.stock import Shortage, shortages

__all__ = [
    "InvoiceChangedMeanwhile",
    "InvoiceLocked",
    "InvoiceValues",
    "LineValues",
    "NotEnoughStock",
    "NothingToIssue",
    "NumberTooLong",
    "SalesError",
    "Shortage",
    "WrongStatus",
    "cancel_invoice",
    "change_invoice",
    "copy_invoice",
    "create_invoice",
    "issue_invoice",
    "mark_sent",
    "refresh_states",
    "resolve_conflict",
    "settle",
    "shortages",
]

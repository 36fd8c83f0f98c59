"""What people and 1C do to invoices."""

from apps.sales.services.conflicts import resolve_conflict
from apps.sales.services.errors import (
    DiscountAboveLimit,
    InvoiceChangedMeanwhile,
    InvoiceLocked,
    NotEnoughStock,
    NothingToIssue,
    NumberTooLong,
    OwnValueRefused,
    SalesError,
    WrongStatus,
)
from apps.sales.services.invoices import (
    InvoiceValues,
    LineValues,
    cancel_invoice,
    carry_own_fields,
    change_invoice,
    copy_invoice,
    create_invoice,
    issue_invoice,
    keep_own_fields,
    mark_sent,
    require_changeable,
    stock_check,
    tag_invoice,
)
from apps.sales.services.settlement import (
    NoSuchInvoice,
    assign_payment,
    refresh_states,
    settle,
)
from apps.sales.services.stock import Shortage, shortages

__all__ = [
    "DiscountAboveLimit",
    "InvoiceChangedMeanwhile",
    "InvoiceLocked",
    "InvoiceValues",
    "LineValues",
    "NoSuchInvoice",
    "NotEnoughStock",
    "NothingToIssue",
    "NumberTooLong",
    "OwnValueRefused",
    "SalesError",
    "Shortage",
    "WrongStatus",
    "assign_payment",
    "cancel_invoice",
    "carry_own_fields",
    "change_invoice",
    "copy_invoice",
    "create_invoice",
    "issue_invoice",
    "keep_own_fields",
    "mark_sent",
    "refresh_states",
    "require_changeable",
    "resolve_conflict",
    "settle",
    "shortages",
    "stock_check",
    "tag_invoice",
]

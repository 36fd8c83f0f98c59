"""Expected refusals of the sales room; the sentence is made at the edge."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from apps.core.objects import Refused
    from apps.sales.models import Invoice
    from apps.sales.services.stock import Shortage


class SalesError(Exception):
    """The sales room refuses; nothing was changed."""


class InvoiceChangedMeanwhile(SalesError):
    """Somebody saved the invoice after this person had opened it."""

    def __init__(self, current: Invoice) -> None:
        super().__init__(current.pk)
        self.current = current


class InvoiceLocked(SalesError):
    """The invoice may not be changed any more; ``reason``: shipped, paid or cancelled."""

    def __init__(self, invoice: Invoice, reason: str) -> None:
        super().__init__(reason)
        self.invoice, self.reason = invoice, reason


class WrongStatus(SalesError):
    """The step does not follow from the invoice's status."""

    def __init__(self, invoice: Invoice) -> None:
        super().__init__(invoice.status)
        self.invoice = invoice


class NothingToIssue(SalesError):
    """The invoice has no lines."""


class NotEnoughStock(SalesError):
    """The invoice asks for more than is free, and the company's setting refuses that."""

    def __init__(self, shortages: Sequence[Shortage]) -> None:
        super().__init__(len(shortages))
        self.shortages = list(shortages)


class DiscountAboveLimit(SalesError):
    """A line gives more discount than this person may, and nobody who may has approved it."""

    def __init__(self, discount: Decimal, limit: Decimal) -> None:
        super().__init__(discount)
        self.discount, self.limit = discount, limit


class OwnValueRefused(SalesError):
    """What 1C says of an own field cannot stand there; the sentence says why."""

    def __init__(self, refused: Refused) -> None:
        self.sentence = " ".join(each for told in refused.errors.values() for each in told)
        super().__init__(self.sentence)


class NumberTooLong(SalesError):
    """With this prefix the number would be longer than the 11 characters 1C keeps."""

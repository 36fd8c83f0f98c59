"""What the sales room tells other rooms after the commit (``apps.core.events``)."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class InvoiceChangedIn1C:
    """1C changed lines of an invoice, and we took that."""

    invoice_id: UUID


@dataclass(frozen=True)
class InvoiceCancelledIn1C:
    """1C cancelled the order of an invoice."""

    invoice_id: UUID


@dataclass(frozen=True)
class ConflictFound:
    """Both sides changed the same value of an invoice: a person decides."""

    invoice_id: UUID


@dataclass(frozen=True)
class InvoiceIssued:
    """An invoice got its number and counts."""

    invoice_id: UUID

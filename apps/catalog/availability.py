"""Where the catalogue learns how much there is: the room that keeps stock registers here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol
from uuid import UUID

from django.db.models import Exists, Expression, Subquery

ZERO = Decimal(0)


@dataclass(frozen=True)
class Quantity:
    """How much of a product, or of one characteristic of it, is at one place."""

    product_id: UUID
    characteristic_id: UUID | None
    place: str
    amount: Decimal


class StockSource(Protocol):
    """What the room that keeps stock tells the catalogue."""

    def total(self) -> Subquery | Expression:
        """Return the expression of what is free of the product of the outer query."""
        ...

    def is_available(self) -> Exists:
        """Return the condition that some of the product of the outer query is free."""
        ...

    def of_products(self, product_ids: Sequence[UUID]) -> list[Quantity]:
        """Return what is free of these products, place by place, in one query."""
        ...


_source: StockSource | None = None


def register(source: StockSource) -> None:
    """Let this source tell how much there is; a later one replaces it."""
    global _source
    _source = source


def source() -> StockSource | None:
    """Return the source; ``None`` when no room keeps stock."""
    return _source

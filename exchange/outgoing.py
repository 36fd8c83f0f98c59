"""The wall for what goes to 1C: rooms register sources of documents, the engine asks them.

A source turns what the change journal says since a position into document rows. It is asked by
``query`` and when a person downloads the orders as a file; asking changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar, NamedTuple
from uuid import UUID

from exchange.rows import (
    DocumentRow,
    GroupRow,
    OfferRow,
    PriceRow,
    PriceTypeRow,
    ProductRow,
    StockRow,
    WarehouseRow,
)


class OutgoingSource:
    """Gives the documents of one kind that a node has not confirmed yet."""

    kind: ClassVar[str] = "orders"  # the word in settings: a kind switched off is not asked for

    def documents(
        self, *, node_id: UUID, after: str, until: str, settings: dict[str, Any]
    ) -> Iterable[DocumentRow]:
        """Return the documents changed between two journal positions, as they are now.

        ``after`` is empty at the node's first query: everything that 1C is entitled to. Changes
        that came from this node itself do not count. Payments and shipments carry the
        ``parent_ref`` of their order.
        """
        raise NotImplementedError

    def has_news(self, *, node_id: UUID, after: str, settings: dict[str, Any]) -> bool:
        """Tell cheaply whether ``documents`` would return anything."""
        raise NotImplementedError

    def confirmed(self, *, node_id: UUID, until: str) -> None:
        """Hear that the node took the documents that were told up to this position."""

    def statuses(self) -> Sequence[tuple[str, str]]:
        """Return (id, name) of the statuses a document may have; 1C maps them to its own."""
        return ()

    def payment_kinds(self) -> Sequence[tuple[str, str]]:
        """Return (id, name) of the ways in which a document may be paid, for 1C to map."""
        return ()


_sources: list[OutgoingSource] = []


def register_source(source: type[OutgoingSource]) -> type[OutgoingSource]:
    """Register a source (usable as a decorator); registered again it replaces the former one."""
    _sources[:] = [known for known in _sources if type(known).__name__ != source.__name__]
    _sources.append(source())
    return source


def sources() -> Sequence[OutgoingSource]:
    """Return the registered sources in the order of their registration."""
    return tuple(_sources)


# The catalogue, for a 1C that asks for it (``type=get_catalog``) ----------------------------------
OfferedGoods = tuple[OfferRow, Sequence[PriceRow], Sequence[StockRow]]


class Directories(NamedTuple):
    """What products and offers point at."""

    groups: Sequence[GroupRow]
    price_types: Sequence[PriceTypeRow]
    warehouses: Sequence[WarehouseRow]


class CatalogSource:
    """Gives the catalogue portion by portion; asking changes nothing."""

    def directories(self, *, node_id: UUID) -> Directories:
        """Return groups, price types and warehouses by the identifiers the node knows."""
        raise NotImplementedError

    def products(
        self, *, node_id: UUID, after: UUID | None, limit: int
    ) -> Sequence[tuple[UUID, ProductRow]]:
        """Return up to ``limit`` products with their keys, those after this key, in key order."""
        raise NotImplementedError

    def offers(
        self, *, node_id: UUID, after: UUID | None, limit: int
    ) -> Sequence[tuple[UUID, Sequence[OfferedGoods]]]:
        """Return the offers of up to ``limit`` products, those after this key, in key order."""
        raise NotImplementedError


_catalogs: list[CatalogSource] = []


def register_catalog(source: type[CatalogSource]) -> type[CatalogSource]:
    """Register the source of the catalogue (usable as a decorator); there is one."""
    _catalogs[:] = [source()]
    return source


def catalog() -> CatalogSource | None:
    """Return the source of the catalogue; ``None`` when no room has registered one."""
    return _catalogs[0] if _catalogs else None

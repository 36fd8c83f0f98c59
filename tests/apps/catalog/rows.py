"""Rows as 1C's formats yield them; each test states only what matters to it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from exchange import rows as exchange_rows
from exchange.registry import StoreContext, Stored, adapter_for

NODE = UUID("0190f0a0-0000-7000-8000-000000000001")
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def run(**changes: Any) -> StoreContext:
    """A run of the node; each call is another run unless ``session_id`` says which."""
    context = StoreContext(
        node_id=NODE,
        session_id=uuid4(),
        file="import0_1.xml",
        now=NOW,
        catalog_ref="main",
        settings={
            "archive_missing": True,
            "archive_limit_percent": 50,
            "zero_missing_stock": True,
        },
    )
    return replace(context, **changes)


def store(*rows: Any, context: StoreContext | None = None) -> Stored:
    """Store rows of one type the way the engine does."""
    adapter = adapter_for(type(rows[0]))
    assert adapter is not None
    return adapter.store(rows, context or run())


def finish(context: StoreContext, scope: str) -> Stored:
    """End a full run the way the engine does; return the sum of what the adapters did."""
    total = Stored()
    from exchange.registry import all_adapters

    for adapter in all_adapters():
        total.add(adapter.finish_run(replace(context, is_full=True, scope=scope)))
    return total


def _filled(row_type: Any, defaults: dict[str, Any], given: dict[str, Any]) -> Any:
    return row_type(**{**defaults, **given})


def group(ref: str, **given: Any) -> exchange_rows.GroupRow:
    defaults = {
        "ref": ref,
        "parent_ref": "",
        "name": ref.title(),
        "is_deleted": False,
        "position": 0,
    }
    return _filled(exchange_rows.GroupRow, defaults, given)


def product(ref: str, **given: Any) -> exchange_rows.ProductRow:
    texts = [
        "code",
        "article",
        "barcode",
        "full_name",
        "description",
        "unit_ref",
        "unit_name",
        "category_ref",
        "manufacturer_ref",
        "manufacturer_name",
        "country",
        "kind",
        "characteristic_ref",
        "version",
    ]
    defaults: dict[str, Any] = dict.fromkeys(texts, "")
    defaults |= {
        "ref": ref,
        "catalog_ref": "main",
        "name": ref.title(),
        "group_refs": (),
        "weight": None,
        "is_service": False,
        "taxes": (),
        "files": None,
        "property_values": None,
        "characteristics": (),
        "requisites": (),
        "is_deleted": False,
        "line": 7,
    }
    return _filled(exchange_rows.ProductRow, defaults, given)


def offer(product_ref: str, characteristic_ref: str = "", **given: Any) -> exchange_rows.OfferRow:
    defaults: dict[str, Any] = dict.fromkeys(
        ("name", "article", "barcode", "unit_ref", "unit_name"), ""
    )
    defaults |= {
        "product_ref": product_ref,
        "characteristic_ref": characteristic_ref,
        "characteristics": (),
        "is_deleted": False,
        "has_prices": True,
        "has_stock": True,
        "line": 9,
    }
    return _filled(exchange_rows.OfferRow, defaults, given)


def price_type(ref: str, **given: Any) -> exchange_rows.PriceTypeRow:
    defaults = {
        "ref": ref,
        "name": ref.title(),
        "currency": "RUB",
        "tax_included": True,
        "tax_name": "НДС",
        "is_deleted": False,
    }
    return _filled(exchange_rows.PriceTypeRow, defaults, given)


def price(
    product_ref: str, amount: str, kind: str = "retail", **given: Any
) -> exchange_rows.PriceRow:
    defaults = {
        "product_ref": product_ref,
        "characteristic_ref": "",
        "price_type_ref": kind,
        "amount": Decimal(amount),
        "currency": "RUB",
        "unit": "шт",
        "coefficient": Decimal(1),
        "line": 11,
    }
    return _filled(exchange_rows.PriceRow, defaults, given)


def warehouse(ref: str, **given: Any) -> exchange_rows.WarehouseRow:
    defaults = {"ref": ref, "name": ref.title(), "address": "", "is_deleted": False}
    return _filled(exchange_rows.WarehouseRow, defaults, given)


def stock(
    product_ref: str, quantity: str, warehouse_ref: str = "", characteristic_ref: str = ""
) -> exchange_rows.StockRow:
    return exchange_rows.StockRow(
        product_ref, characteristic_ref, warehouse_ref, Decimal(quantity), 13
    )

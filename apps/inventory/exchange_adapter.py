"""Warehouses and stock of 1C. CommerceML, «Склады» and the three forms of «Количество»."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.db import transaction

from apps.catalog.exchange_adapter.classifier import BY_REF, NAME, adopting
from apps.catalog.exchange_adapter.goods import Goods
from apps.catalog.exchange_adapter.intake import Intake, stored
from exchange import staging
from exchange.registry import Adapter, PreparedAdapter, StoreContext, Stored, register
from exchange.rows import ProblemCode, StockRow, WarehouseRow
from exchange.staging import Encoded, Merge, Staging


@register
class WarehouseAdapter(Adapter[WarehouseRow]):
    """Warehouses; one made in the CRM is taken over when 1C sends the same name."""

    row_type = WarehouseRow
    kind = "warehouses"
    rank = 45

    stage = Staging(
        "stage_warehouse",
        {"n": "int", "ref": "text", "name": "text", "address": "text", "is_archived": "boolean"},
    )
    adopt = adopting(
        "inventory_warehouse", "stage_warehouse", "s.name <> '' AND lower(o.name) = lower(s.name)"
    )
    merge = Merge(
        table="inventory_warehouse",
        source="SELECT s.*, %(node)s::uuid AS node_id FROM stage_warehouse s",
        key=("node_id", "ref"),
        columns={
            "name": NAME,
            "address": "COALESCE(NULLIF(i.address, ''), t.address, '')",
            "is_archived": "i.is_archived",
        },
        arbiter=BY_REF,
        defaults={"is_total": "false"},
    )

    @transaction.atomic
    def store(self, rows: Sequence[WarehouseRow], context: StoreContext) -> Stored:
        """Store warehouses; what a later file leaves out of one stays."""
        intake = Intake(context, "Склад")
        self.stage.load(
            (
                n,
                row.ref,
                intake.fit(row, row.name, 250, "Наименование"),
                intake.fit(row, row.address, 500, "Адрес"),
                row.is_deleted,
            )
            for n, row in enumerate(intake.latest_by_ref(rows))
        )
        staging.execute(self.adopt, {"node": str(context.node_id)})
        return stored(intake, rows, self.merge.run(context))


# Stock by warehouse outweighs a bare sum, in whatever order or file the two come.
_HAS_DETAIL = """EXISTS (
    SELECT 1 FROM inventory_stockbalance b JOIN inventory_warehouse bw ON bw.id = b.warehouse_id
    WHERE b.product_id = {product} AND b.characteristic_id IS NOT DISTINCT FROM {characteristic}
        AND NOT bw.is_total AND b.quantity <> 0)"""
_ZERO_TOTALS = """
    UPDATE inventory_stockbalance b SET quantity = 0, updated_at = %(now)s
    FROM inventory_warehouse w, stage_stock s JOIN goods g ON g.k = s.goods
    WHERE w.id = b.warehouse_id AND w.is_total AND w.node_id = %(node)s
        AND b.product_id = g.product_id
        AND b.characteristic_id IS NOT DISTINCT FROM g.characteristic_id
        AND s.warehouse_ref <> '' AND b.quantity <> 0"""

# Zero what a full run left out, in the catalogues of the products whose stock it named.
_ZERO_MISSING = """
    UPDATE inventory_stockbalance b SET quantity = 0, updated_at = %(now)s
    FROM catalog_product p
    WHERE p.id = b.product_id AND p.node_id = %(node)s AND b.quantity <> 0
        AND p.catalog_ref IN (
            SELECT DISTINCT sp.catalog_ref FROM seen_here
            JOIN inventory_stockbalance sb ON sb.id = seen_here.key
            JOIN catalog_product sp ON sp.id = sb.product_id)
        AND NOT EXISTS (SELECT 1 FROM seen WHERE key = b.id)"""


class _Stock(NamedTuple):
    intake: Intake
    read: int
    unique: list[StockRow]
    encoded: Encoded
    has_detail: bool
    has_totals: bool


@register
class StockAdapter(PreparedAdapter[StockRow, _Stock]):
    """Stock on hand by product, characteristic and warehouse."""

    row_type = StockRow
    kind = "stock"
    rank = 80

    stage = Staging(
        "stage_stock",
        {"n": "int", "goods": "int", "warehouse_ref": "text", "quantity": "numeric"},
    )
    merge = Merge(
        table="inventory_stockbalance",
        source=f"""
            SELECT s.n, g.product_id, g.characteristic_id, w.id AS warehouse_id, g.is_unknown,
                s.warehouse_ref = '' AND {
            _HAS_DETAIL.format(product="g.product_id", characteristic="g.characteristic_id")
        } AS is_outweighed,
                round(s.quantity, 3) AS quantity
            FROM stage_stock s JOIN goods g ON g.k = s.goods
            LEFT JOIN inventory_warehouse w
                ON w.node_id = %(node)s AND w.ref = s.warehouse_ref""",  # noqa: S608
        key=("product_id", "characteristic_id", "warehouse_id"),
        nullable_key=("characteristic_id",),
        columns={"quantity": "i.quantity"},
        arbiter="ON CONSTRAINT stock_balance_unique",
        faults={
            "unknown_product": "i.is_unknown",
            "outweighed": "i.is_outweighed",
            "unknown_warehouse": "i.warehouse_id IS NULL",
            "too_large": "abs(i.quantity) >= 1e15",
        },
    )

    def prepare(self, rows: Sequence[StockRow], context: StoreContext) -> _Stock:
        """Keep the last quantity of each place, and bare sums only where no place is named."""
        number = Goods.of(context).number
        latest = {
            (number(row.product_ref, row.characteristic_ref), row.warehouse_ref): row
            for row in rows
        }
        detailed = {k for k, place in latest if place}
        if len(detailed) < len(latest):
            latest = {key: row for key, row in latest.items() if key[1] or key[0] not in detailed}
        encoded = self.stage.encode(
            (n, *key, row.quantity) for n, (key, row) in enumerate(latest.items())
        )
        return _Stock(
            Intake(context, "Предложение"),
            len(rows),
            list(latest.values()),
            encoded,
            has_detail=bool(detailed),
            has_totals=any(not place for _, place in latest),
        )

    @transaction.atomic
    def apply(self, prepared: _Stock, context: StoreContext) -> Stored:
        """Store quantities; a bare sum counts only where nothing is known by warehouse."""
        if prepared.has_totals:
            _make_total_warehouse(context)
        Goods.of(context).find(context)
        self.stage.load(prepared.encoded)
        merged = self.merge.run(context, seen=self.kind)
        if prepared.has_detail and _has_total_warehouse(context):
            staging.execute(_ZERO_TOTALS, {"node": str(context.node_id), "now": context.now})
        parked: list[Any] = []
        refused = 0
        for fault in merged.faults:
            row = prepared.unique[fault.number]
            if fault.reason == "unknown_product":
                parked.append(row)
            elif fault.reason != "outweighed":
                refused += 1
                _refuse(prepared.intake, row, fault.reason)
        return stored(prepared.intake, prepared.read, merged, parked=parked, refused=refused)

    @transaction.atomic
    def finish_run(self, context: StoreContext) -> Stored:
        """Bring stock that a full run did not name to zero: some senders leave out what ran out."""
        if context.scope != "offers" or not context.settings.get("zero_missing_stock", True):
            return Stored()
        staging.gather_seen(context, self.kind, own_catalog=True)
        values = {"node": str(context.node_id), "now": context.now}
        return Stored(changed=staging.execute(_ZERO_MISSING, values))


def _refuse(intake: Intake, row: StockRow, reason: str) -> None:
    if reason == "unknown_warehouse":
        intake.problem(
            ProblemCode.UNKNOWN_WAREHOUSE,
            row,
            row.warehouse_ref,
            element="Склад",
            kept="former_value",
        )
    else:
        intake.problem(
            ProblemCode.TOO_LARGE,
            row,
            str(row.quantity),
            element="Количество",
            kept="former_value",
        )


def _has_total_warehouse(context: StoreContext) -> bool:
    return bool(
        staging.fetch(
            "SELECT 1 FROM inventory_warehouse WHERE node_id = %(node)s AND is_total",
            {"node": str(context.node_id)},
        )
    )


def _make_total_warehouse(context: StoreContext) -> None:
    """Make the place of stock that comes without warehouses."""
    staging.fetch(
        f"""INSERT INTO inventory_warehouse
                (id, created_at, updated_at, node_id, ref, is_archived, name, address, is_total)
            SELECT {staging.new_key()}, %(now)s, %(now)s, %(node)s::uuid, '', false, '', '', true
            WHERE NOT EXISTS (SELECT 1 FROM inventory_warehouse
                WHERE node_id = %(node)s AND ref = '')
            ON CONFLICT {BY_REF} DO NOTHING RETURNING id""",  # noqa: S608 - text of our own
        {"node": str(context.node_id), "now": context.now},
    )

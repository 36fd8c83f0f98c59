"""Offers (characteristics of products) and prices. CommerceML, «ПакетПредложений/Предложения»."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from apps.catalog.exchange_adapter import variants
from apps.catalog.exchange_adapter.intake import REF_LENGTH, Intake, stored
from apps.catalog.exchange_adapter.variants import Variant
from exchange import staging
from exchange.registry import Adapter, StoreContext, Stored, register
from exchange.rows import OfferRow, PriceRow, ProblemCode
from exchange.staging import Merge, Staging

_plain_stage = Staging("stage_offer", {"n": "int", "product_ref": "text"})
_WITHOUT_PRODUCT = """
    SELECT s.n FROM stage_offer s
    LEFT JOIN catalog_product p ON p.node_id = %(node)s AND p.ref = s.product_ref
    WHERE p.id IS NULL ORDER BY s.n"""

# An offers package speaks for the catalogues of the products it names; its own identifier need not
# be that of a catalogue.
_ARCHIVE = """
    UPDATE catalog_characteristic c SET is_archived = true, updated_at = %(now)s
    FROM catalog_product p
    WHERE p.id = c.product_id AND p.node_id = %(node)s AND NOT c.is_archived
        AND p.catalog_ref IN (
            SELECT DISTINCT sp.catalog_ref FROM seen_here
            JOIN catalog_characteristic sc ON sc.id = seen_here.key
            JOIN catalog_product sp ON sp.id = sc.product_id)
        AND NOT EXISTS (SELECT 1 FROM seen WHERE key = c.id)"""


@register
class OfferAdapter(Adapter[OfferRow]):
    """Offers: those with a characteristic make or change it, those of unknown goods wait."""

    row_type = OfferRow
    kind = "offers"
    rank = 60

    @transaction.atomic
    def store(self, rows: Sequence[OfferRow], context: StoreContext) -> Stored:
        """Store the characteristics; an offer of the product itself changes nothing by itself."""
        intake = Intake(context, "Предложение")
        latest = {(row.product_ref, row.characteristic_ref): row for row in rows}
        unique = [row for row in latest.values() if row.product_ref]
        refused = _refuse(rows, intake)
        variant_rows = [row for row in unique if 0 < len(row.characteristic_ref) <= REF_LENGTH]
        plain_rows = [row for row in unique if not row.characteristic_ref]
        parked: list[OfferRow] = []
        merged = []
        if variant_rows:
            merged.append(variants.store_variants(_variants(variant_rows, intake), context))
            parked += [variant_rows[fault.number] for fault in merged[0].faults]
        if plain_rows:
            _plain_stage.load((n, row.product_ref) for n, row in enumerate(plain_rows))
            found = staging.fetch(_WITHOUT_PRODUCT, {"node": str(context.node_id)})
            parked += [plain_rows[n] for (n,) in found]
        return stored(intake, rows, *merged, parked=parked, refused=refused)

    @transaction.atomic
    def finish_run(self, context: StoreContext) -> Stored:
        """Archive the characteristics that a full run did not name."""
        if context.scope != "offers" or not context.settings.get("archive_missing", True):
            return Stored()
        staging.gather_seen(context, variants.KIND, own_catalog=True)
        values = {"node": str(context.node_id), "now": context.now}
        return Stored(archived=staging.execute(_ARCHIVE, values))


def _refuse(rows: Sequence[OfferRow], intake: Intake) -> int:
    refused = 0
    for row in rows:
        if not row.product_ref:
            intake.problem(ProblemCode.MISSING_REF, row, "", element="Ид", kept="nothing")
            refused += 1
        elif len(row.characteristic_ref) > REF_LENGTH:
            intake.problem(
                ProblemCode.TOO_LONG, row, row.characteristic_ref, element="Ид", kept="nothing"
            )
            refused += 1
    return refused


def _variants(rows: Sequence[OfferRow], intake: Intake) -> list[Variant]:
    return [
        Variant(
            n,
            row.product_ref,
            row.characteristic_ref,
            intake.fit(row, variants.name_of(row.characteristics, row.name), 500, "Наименование"),
            intake.fit_code(row, row.article, 100, "Артикул"),
            intake.fit_code(row, row.barcode, 50, "Штрихкод"),
            variants.values_of(row.characteristics),
            row.is_deleted,
        )
        for n, row in enumerate(rows)
    ]


@register
class PriceAdapter(Adapter[PriceRow]):
    """Prices of products and characteristics by price type."""

    row_type = PriceRow
    kind = "prices"
    rank = 70

    stage = Staging(
        "stage_price",
        {
            "n": "int",
            "product_ref": "text",
            "characteristic_ref": "text",
            "price_type_ref": "text",
            "amount": "numeric",
            "currency": "text",
            "unit": "text",
            "coefficient": "numeric",
        },
    )
    merge = Merge(
        table="catalog_price",
        source="""
            SELECT s.n, p.id AS product_id, c.id AS characteristic_id, k.id AS price_type_id,
                s.characteristic_ref <> '' AND c.id IS NULL AS lacks_characteristic,
                round(s.amount, 4) AS amount, round(s.coefficient, 5) AS coefficient,
                left(COALESCE(NULLIF(s.currency, ''), k.currency), 3) AS currency,
                left(s.unit, 50) AS unit
            FROM stage_price s
            LEFT JOIN catalog_product p ON p.node_id = %(node)s AND p.ref = s.product_ref
            LEFT JOIN catalog_pricetype k ON k.node_id = %(node)s AND k.ref = s.price_type_ref
            LEFT JOIN catalog_characteristic c ON c.product_id = p.id
                AND c.ref = s.characteristic_ref AND s.characteristic_ref <> ''""",
        key=("product_id", "characteristic_id", "price_type_id"),
        nullable_key=("characteristic_id",),
        columns={
            "amount": "i.amount",
            "currency": "i.currency",
            "unit": "i.unit",
            "coefficient": "i.coefficient",
        },
        arbiter="ON CONSTRAINT price_unique",
        faults={
            "unknown_product": "i.product_id IS NULL OR i.lacks_characteristic",
            "unknown_price_type": "i.price_type_id IS NULL",
            "too_large": "abs(i.amount) >= 1e14 OR abs(i.coefficient) >= 1e10",
        },
    )

    @transaction.atomic
    def store(self, rows: Sequence[PriceRow], context: StoreContext) -> Stored:
        """Store prices; those of unknown goods wait, those of an unknown price type are refused."""
        intake = Intake(context, "Предложение/Цены/Цена")
        unique = list(
            {
                (row.product_ref, row.characteristic_ref, row.price_type_ref): row for row in rows
            }.values()
        )
        self.stage.load((n, *row[:-1]) for n, row in enumerate(unique))
        merged = self.merge.run(context)
        parked: list[Any] = []
        for fault in merged.faults:
            row = unique[fault.number]
            if fault.reason == "unknown_product":
                parked.append(row)
            elif fault.reason == "unknown_price_type":
                intake.problem(
                    ProblemCode.UNKNOWN_PRICE_TYPE,
                    row,
                    row.price_type_ref,
                    element="ИдТипаЦены",
                    kept="former_value",
                )
            else:
                intake.problem(
                    ProblemCode.TOO_LARGE,
                    row,
                    str(row.amount),
                    element="ЦенаЗаЕдиницу",
                    kept="former_value",
                )
        return stored(intake, rows, merged, parked=parked, refused=len(merged.faults) - len(parked))

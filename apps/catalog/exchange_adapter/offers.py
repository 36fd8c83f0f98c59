"""Offers (characteristics of products) and prices. CommerceML, «ПакетПредложений/Предложения»."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from django.db import transaction

from apps.catalog.exchange_adapter import variants
from apps.catalog.exchange_adapter.goods import Goods
from apps.catalog.exchange_adapter.intake import REF_LENGTH, Intake, stored
from apps.catalog.exchange_adapter.variants import Variant
from exchange import staging
from exchange.registry import PreparedAdapter, StoreContext, Stored, register
from exchange.rows import OfferRow, PriceRow, ProblemCode
from exchange.staging import Encoded, Merge, Staging

_plain_stage = Staging("stage_offer", {"n": "int", "goods": "int"})
_WITHOUT_PRODUCT = """
    SELECT s.n FROM stage_offer s JOIN goods_product g ON g.k = s.goods
    WHERE g.product_id IS NULL ORDER BY s.n"""

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


class _Offers(NamedTuple):
    intake: Intake
    read: int
    refused: int
    variants: list[OfferRow]
    encoded_variants: Encoded
    plain: list[OfferRow]
    encoded_plain: Encoded


@register
class OfferAdapter(PreparedAdapter[OfferRow, _Offers]):
    """Offers: those with a characteristic make or change it, those of unknown goods wait."""

    row_type = OfferRow
    kind = "offers"
    rank = 60

    def prepare(self, rows: Sequence[OfferRow], context: StoreContext) -> _Offers:
        """Keep the last offer of each thing."""
        intake = Intake(context, "Предложение")
        number = Goods.of(context).number
        latest = {
            number(row.product_ref, row.characteristic_ref): row for row in rows if row.product_ref
        }
        with_variant = {
            k: row for k, row in latest.items() if 0 < len(row.characteristic_ref) <= REF_LENGTH
        }
        plain = {k: row for k, row in latest.items() if not row.characteristic_ref}
        return _Offers(
            intake,
            len(rows),
            _refuse(rows, intake),
            list(with_variant.values()),
            variants.encode(_variants(with_variant, intake)),
            list(plain.values()),
            _plain_stage.encode(enumerate(plain)),
        )

    @transaction.atomic
    def apply(self, prepared: _Offers, context: StoreContext) -> Stored:
        """Store the characteristics; an offer of the product itself changes nothing by itself."""
        parked: list[OfferRow] = []
        merged = []
        if prepared.variants:
            merged.append(variants.store_variants(prepared.encoded_variants, context))
            parked += [prepared.variants[fault.number] for fault in merged[0].faults]
        if prepared.plain:
            Goods.of(context).find_products(context)
            _plain_stage.load(prepared.encoded_plain)
            parked += [prepared.plain[n] for (n,) in staging.fetch(_WITHOUT_PRODUCT, {})]
        return stored(
            prepared.intake, prepared.read, *merged, parked=parked, refused=prepared.refused
        )

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


def _variants(rows: dict[int, OfferRow], intake: Intake) -> Iterator[Variant]:
    for n, (k, row) in enumerate(rows.items()):
        yield Variant(
            n,
            k,
            row.characteristic_ref,
            intake.fit(row, variants.name_of(row.characteristics, row.name), 500, "Наименование"),
            intake.fit_code(row, row.article, 100, "Артикул"),
            intake.fit_code(row, row.barcode, 50, "Штрихкод"),
            variants.values_of(row.characteristics),
            row.is_deleted,
        )


class _Prices(NamedTuple):
    intake: Intake
    read: int
    unique: list[PriceRow]
    encoded: Encoded


@register
class PriceAdapter(PreparedAdapter[PriceRow, _Prices]):
    """Prices of products and characteristics by price type."""

    row_type = PriceRow
    kind = "prices"
    rank = 70

    stage = Staging(
        "stage_price",
        {
            "n": "int",
            "goods": "int",
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
            SELECT s.n, g.product_id, g.characteristic_id, k.id AS price_type_id, g.is_unknown,
                round(s.amount, 4) AS amount, round(s.coefficient, 5) AS coefficient,
                left(COALESCE(NULLIF(s.currency, ''), k.currency), 3) AS currency,
                left(s.unit, 50) AS unit
            FROM stage_price s JOIN goods g ON g.k = s.goods
            LEFT JOIN catalog_pricetype k ON k.node_id = %(node)s AND k.ref = s.price_type_ref""",
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
            "unknown_product": "i.is_unknown",
            "unknown_price_type": "i.price_type_id IS NULL",
            "too_large": "abs(i.amount) >= 1e14 OR abs(i.coefficient) >= 1e10",
        },
    )

    def prepare(self, rows: Sequence[PriceRow], context: StoreContext) -> _Prices:
        """Keep the last price of each thing and type."""
        number = Goods.of(context).number
        latest = {
            (number(row.product_ref, row.characteristic_ref), row.price_type_ref): row
            for row in rows
        }
        encoded = self.stage.encode(
            (n, *key, row.amount, row.currency, row.unit, row.coefficient)
            for n, (key, row) in enumerate(latest.items())
        )
        return _Prices(
            Intake(context, "Предложение/Цены/Цена"), len(rows), list(latest.values()), encoded
        )

    @transaction.atomic
    def apply(self, prepared: _Prices, context: StoreContext) -> Stored:
        """Store prices; those of unknown goods wait, those of an unknown price type are refused."""
        intake = prepared.intake
        Goods.of(context).find(context)
        self.stage.load(prepared.encoded)
        merged = self.merge.run(context)
        parked: list[Any] = []
        for fault in merged.faults:
            row = prepared.unique[fault.number]
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
        refused = len(merged.faults) - len(parked)
        return stored(intake, prepared.read, merged, parked=parked, refused=refused)

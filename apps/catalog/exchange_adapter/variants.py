"""Characteristics, however they come: inside goods (item#characteristic) or as offers."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from apps.catalog.exchange_adapter.goods import Goods
from exchange.registry import StoreContext
from exchange.rows import CharacteristicValue
from exchange.staging import Encoded, Merge, Merged, Staging

KIND = "characteristics"
_as_json = json.JSONEncoder(ensure_ascii=False, check_circular=False).encode


class Variant(NamedTuple):
    """One characteristic on its way into the staging table."""

    n: int
    goods: int  # number of the pair, see ``goods``
    ref: str
    name: str
    article: str
    barcode: str
    values: str  # JSON
    is_archived: bool


_stage = Staging(
    "stage_variant",
    {
        "n": "int",
        "goods": "int",
        "ref": "text",
        "name": "text",
        "article": "text",
        "barcode": "text",
        "vals": "jsonb",
        "is_archived": "boolean",
    },
)
# A name like «Shirt (red, 42)» says of the variant only what stands behind the product's own name.
# Files with nothing but prices or stock leave every text empty: what is known stays.
_merge = Merge(
    table="catalog_characteristic",
    source="""
        SELECT s.n, g.product_id, s.ref, s.article, s.barcode, s.vals, s.is_archived,
            COALESCE(NULLIF(btrim(CASE WHEN starts_with(s.name, g.product_name)
                THEN substr(s.name, length(g.product_name) + 1) ELSE s.name END, ' ,;()'), ''),
                s.name) AS name
        FROM stage_variant s LEFT JOIN goods_product g ON g.k = s.goods""",
    key=("product_id", "ref"),
    columns={
        "name": "COALESCE(NULLIF(i.name, ''), t.name, i.ref)",
        "article": "COALESCE(NULLIF(i.article, ''), t.article, '')",
        "barcode": "COALESCE(NULLIF(i.barcode, ''), t.barcode, '')",
        "values": "CASE WHEN i.vals = '{}' THEN COALESCE(t.values, i.vals) ELSE i.vals END",
        "is_archived": "i.is_archived",
    },
    arbiter="(product_id, ref)",
    defaults={"node_id": "%(node)s::uuid"},
    faults={"unknown_product": "i.product_id IS NULL"},
)


@lru_cache(maxsize=1000)  # a size or a colour comes back with thousands of offers
def values_of(characteristics: tuple[CharacteristicValue, ...]) -> str:
    """Return the values as JSON, «{}» when there are none."""
    if not characteristics:
        return "{}"
    return _as_json({entry.name: entry.value for entry in characteristics})


def name_of(characteristics: tuple[CharacteristicValue, ...], otherwise: str) -> str:
    """Return what people call the variant: its values, else the name sent."""
    return ", ".join(entry.value for entry in characteristics if entry.value) or otherwise


def encode(variants: Iterable[Variant]) -> Encoded:
    """Return characteristics as ``store_variants`` takes them; needs no database."""
    return _stage.encode(variants)


def store_variants(encoded: Encoded, context: StoreContext) -> Merged:
    """Merge characteristics of known products; faults name those of unknown ones."""
    Goods.of(context).find_products(context)
    _stage.load(encoded)
    return _merge.run(context, seen=KIND)

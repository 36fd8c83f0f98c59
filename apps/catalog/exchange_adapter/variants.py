"""Characteristics, however they come: inside goods (item#characteristic) or as offers."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import NamedTuple

from exchange.registry import StoreContext
from exchange.rows import CharacteristicValue
from exchange.staging import Merge, Merged, Staging

KIND = "characteristics"


class Variant(NamedTuple):
    """One characteristic on its way into the staging table."""

    n: int
    product_ref: str
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
        "product_ref": "text",
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
        SELECT s.n, p.id AS product_id, s.ref, s.article, s.barcode, s.vals, s.is_archived,
            COALESCE(NULLIF(btrim(CASE WHEN starts_with(s.name, p.name)
                THEN substr(s.name, length(p.name) + 1) ELSE s.name END, ' ,;()'), ''), s.name)
            AS name
        FROM stage_variant s
        LEFT JOIN catalog_product p ON p.node_id = %(node)s AND p.ref = s.product_ref""",
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


def values_of(characteristics: tuple[CharacteristicValue, ...]) -> str:
    """Return the values as JSON, «{}» when there are none."""
    if not characteristics:
        return "{}"
    return json.dumps({entry.name: entry.value for entry in characteristics}, ensure_ascii=False)


def name_of(characteristics: tuple[CharacteristicValue, ...], otherwise: str) -> str:
    """Return what people call the variant: its values, else the name sent."""
    return ", ".join(entry.value for entry in characteristics if entry.value) or otherwise


def store_variants(variants: Iterable[Variant], context: StoreContext) -> Merged:
    """Merge characteristics of known products; faults name those of unknown ones."""
    _stage.load(variants)
    return _merge.run(context, seen=KIND)

"""The goods that the rows of a batch name: looked up once, however many rows name them.

Offers, prices and stock all say «product#characteristic». Each pair gets a number while the batch
is prepared; the staged rows carry the number, and two small tables say whose it is:
``goods_product(k, product_id, product_name, characteristic_ref)`` and, once the characteristics of
the batch are stored, ``goods(k, product_id, characteristic_id, is_unknown)``.
"""

from __future__ import annotations

from typing import Any, cast

from exchange.registry import StoreContext
from exchange.staging import Encoded, Staging

_KEY = "goods"
_stage = Staging("stage_goods", {"k": "int", "product_ref": "text", "characteristic_ref": "text"})
_products = Staging(
    "goods_product",
    {"k": "int", "product_id": "uuid", "product_name": "text", "characteristic_ref": "text"},
)
_goods = Staging(
    "goods",
    {"k": "int", "product_id": "uuid", "characteristic_id": "uuid", "is_unknown": "boolean"},
)
# Laterals, because the tables are large and the numbers few: an index look-up for each, not a hash
# of all the products there are.
_FIND_PRODUCTS = """
    SELECT s.k, p.id, p.name, s.characteristic_ref
    FROM stage_goods s LEFT JOIN LATERAL (
        SELECT id, name FROM catalog_product
        WHERE node_id = %(node)s AND ref = s.product_ref LIMIT 1) p ON true"""
_FIND = """
    SELECT g.k, g.product_id, c.id,
        g.product_id IS NULL OR g.characteristic_ref <> '' AND c.id IS NULL
    FROM goods_product g LEFT JOIN LATERAL (
        SELECT id FROM catalog_characteristic
        WHERE product_id = g.product_id AND ref = g.characteristic_ref LIMIT 1) c
        ON g.characteristic_ref <> ''"""


class Goods:
    """The numbers of one batch."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[str, str], int] = {}
        self._encoded: Encoded = _stage.encode(())
        self._has_products = False
        self._has_all = False

    @classmethod
    def of(cls, context: StoreContext) -> Goods:
        """Return the goods of the batch."""
        found: Any = context.shared.setdefault(_KEY, cls())
        return cast(Goods, found)

    def number(self, product_ref: str, characteristic_ref: str) -> int:
        """Return the number of a pair; needs no database."""
        numbers = self._numbers
        return numbers.setdefault((product_ref, characteristic_ref), len(numbers))

    def close(self) -> None:
        """Encode the pairs: the last row of the batch is prepared; needs no database."""
        self._encoded = _stage.encode((k, *pair) for pair, k in self._numbers.items())

    def find_products(self, context: StoreContext) -> None:
        """Fill ``goods_product``; the products of the batch are stored by now."""
        if not self._has_products:
            _stage.load(self._encoded)
            _products.fill(_FIND_PRODUCTS, {"node": str(context.node_id)})
            self._has_products = True

    def find(self, context: StoreContext) -> None:
        """Fill ``goods``; the characteristics of the batch are stored by now."""
        if not self._has_all:
            self.find_products(context)
            _goods.fill(_FIND, {})
            self._has_all = True

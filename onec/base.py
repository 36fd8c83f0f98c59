"""The base of the simulated 1C: what its accountant and storekeeper see, kept in one SQLite file.

Like the real program it registers changed objects for the exchange and forgets a registration only
when the site has taken the message (CommerceML reference, chapter 4).
"""

from __future__ import annotations

import json
import random
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any
from uuid import uuid4

from onec.demo import DemoBase

CENT = Decimal("0.01")

_SCHEMA = """
CREATE TABLE setting (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE registered (kind TEXT, ref TEXT, PRIMARY KEY (kind, ref));
CREATE TABLE product_group (ref TEXT PRIMARY KEY, parent_ref TEXT, name TEXT);
CREATE TABLE product (ref TEXT PRIMARY KEY, code TEXT, article TEXT, name TEXT, full_name TEXT,
  description TEXT, group_ref TEXT, unit_code TEXT, unit_name TEXT, unit_full TEXT,
  manufacturer TEXT, tax INTEGER, barcode TEXT, weight TEXT, is_service INTEGER,
  is_deleted INTEGER DEFAULT 0);
CREATE TABLE variant (ref TEXT PRIMARY KEY, product_ref TEXT, name TEXT, labels TEXT);
CREATE TABLE price_type (ref TEXT PRIMARY KEY, name TEXT, currency TEXT);
CREATE TABLE price (product_ref TEXT, variant_ref TEXT, price_type_ref TEXT, amount TEXT,
  PRIMARY KEY (product_ref, variant_ref, price_type_ref));
CREATE TABLE warehouse (ref TEXT PRIMARY KEY, name TEXT);
CREATE TABLE stock (product_ref TEXT, variant_ref TEXT, warehouse_ref TEXT, quantity TEXT,
  PRIMARY KEY (product_ref, variant_ref, warehouse_ref));
CREATE TABLE partner (ref TEXT PRIMARY KEY, name TEXT, full_name TEXT, tax_number TEXT,
  tax_reason_code TEXT, address TEXT, phone TEXT, email TEXT);
CREATE TABLE customer_order (ref TEXT PRIMARY KEY, site_ref TEXT, site_number TEXT UNIQUE,
  number TEXT UNIQUE, ordered_at TEXT, currency TEXT, partner TEXT, comment TEXT, status TEXT,
  is_tax_included INTEGER, is_posted INTEGER DEFAULT 1, is_cancelled INTEGER DEFAULT 0,
  version INTEGER DEFAULT 1, requisites TEXT DEFAULT '{}');
CREATE TABLE order_line (order_ref TEXT, position INTEGER, product_ref TEXT, variant_ref TEXT,
  article TEXT, name TEXT, unit TEXT, quantity TEXT, price TEXT, total TEXT, tax TEXT,
  PRIMARY KEY (order_ref, position));
CREATE TABLE payment (ref TEXT PRIMARY KEY, order_ref TEXT, number TEXT, paid_at TEXT,
  amount TEXT, kind TEXT, is_deleted INTEGER DEFAULT 0);
CREATE TABLE shipment (ref TEXT PRIMARY KEY, order_ref TEXT, number TEXT, shipped_at TEXT,
  is_deleted INTEGER DEFAULT 0);
CREATE TABLE shipment_line (shipment_ref TEXT, position INTEGER, quantity TEXT,
  PRIMARY KEY (shipment_ref, position));
"""


_COLUMNS_OF_ORDERS = "PRAGMA table_info(customer_order)"


class OneCError(Exception):
    """The simulated 1C refuses what it was asked; the text is for the person at the keyboard."""


@dataclass(frozen=True)
class OrderLine:
    """A line of an order as the site sent it or as 1C holds it."""

    position: int
    product_ref: str
    variant_ref: str
    article: str
    name: str
    unit: str
    quantity: Decimal
    price: Decimal
    total: Decimal
    tax: str


class Base:
    """The information base. Every action is one transaction."""

    def __init__(self, path: Path) -> None:
        is_new = not path.exists()
        path.parent.mkdir(parents=True, exist_ok=True)
        self.connection = sqlite3.connect(path, isolation_level=None, timeout=30)
        self.connection.row_factory = sqlite3.Row
        if is_new:
            self.connection.executescript(_SCHEMA)
        elif not any(
            column["name"] == "requisites" for column in self.rows(_COLUMNS_OF_ORDERS)
        ):  # a base of an earlier version
            self.run("ALTER TABLE customer_order ADD COLUMN requisites TEXT DEFAULT '{}'")

    def close(self) -> None:
        """Close the file."""
        self.connection.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Everything inside happens, or nothing."""
        self.connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self.connection.execute("ROLLBACK")
            raise
        self.connection.execute("COMMIT")

    def rows(self, sql: str, *values: Any) -> list[sqlite3.Row]:
        """Return all rows of a query."""
        return self.connection.execute(sql, values).fetchall()

    def one(self, sql: str, *values: Any) -> sqlite3.Row | None:
        """Return the first row of a query, if any."""
        row: sqlite3.Row | None = self.connection.execute(sql, values).fetchone()
        return row

    def run(self, sql: str, *values: Any) -> int:
        """Run a statement; return how many rows it touched."""
        return self.connection.execute(sql, values).rowcount

    # Settings -----------------------------------------------------------------------------------
    def setting(self, key: str, default: str = "") -> str:
        """Return a setting of the exchange node."""
        row = self.one("SELECT value FROM setting WHERE key = ?", key)
        return str(row["value"]) if row else default

    def set_setting(self, key: str, value: str) -> None:
        """Keep a setting of the exchange node."""
        self.run("INSERT OR REPLACE INTO setting VALUES (?, ?)", key, value)

    # Registration of changes ----------------------------------------------------------------------
    def register(self, kind: str, refs: Iterable[str]) -> None:
        """Register objects for the next message."""
        self.connection.executemany(
            "INSERT OR IGNORE INTO registered VALUES (?, ?)", [(kind, ref) for ref in refs]
        )

    def registered(self, kind: str) -> list[str]:
        """Return what waits to be sent."""
        return [r["ref"] for r in self.rows("SELECT ref FROM registered WHERE kind = ?", kind)]

    def acknowledge(self, kind: str, refs: Iterable[str]) -> None:
        """Forget registrations that the site has confirmed."""
        self.connection.executemany(
            "DELETE FROM registered WHERE kind = ? AND ref = ?", [(kind, ref) for ref in refs]
        )

    def register_everything(self) -> None:
        """Register the whole catalogue, as a full export does."""
        self.register("product", [r["ref"] for r in self.rows("SELECT ref FROM product")])

    # Filling --------------------------------------------------------------------------------------
    def fill(self, demo: DemoBase, *, seed: int = 3) -> None:
        """Put the demonstration base into an empty file.

        :raises OneCError: there is something in it already.
        """
        if self.one("SELECT 1 FROM product LIMIT 1"):
            raise OneCError("this base is not empty; name another one with --base")
        chance = random.Random(seed)  # noqa: S311  (a demonstration, the same every time)
        with self.transaction():
            self._fill_directories(demo)
            for item in demo.items:
                self._fill_item(demo, item, chance)
            self.register_everything()

    def _fill_directories(self, demo: DemoBase) -> None:
        many = self.connection.executemany
        many("INSERT INTO product_group VALUES (?, ?, ?)", demo.groups)
        many(
            "INSERT INTO price_type VALUES (?, ?, ?)",
            [(ref, name, demo.currency) for ref, name, _ in demo.price_types],
        )
        many("INSERT INTO warehouse VALUES (?, ?)", demo.warehouses)
        many(
            "INSERT INTO partner VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    p.ref,
                    p.name,
                    p.full_name,
                    p.tax_number,
                    p.tax_reason_code,
                    p.address,
                    p.phone,
                    p.email,
                )
                for p in demo.partners
            ],
        )
        self.set_setting("currency", demo.currency)
        self.set_setting("language", demo.language)

    def _fill_item(self, demo: DemoBase, item: Any, chance: random.Random) -> None:
        self.run(
            "INSERT INTO product VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0)",
            item.ref,
            item.code,
            item.article,
            item.name,
            item.full_name,
            item.description,
            item.group,
            item.unit_code,
            item.unit_name,
            item.unit_full,
            item.manufacturer,
            item.tax,
            item.barcode,
            str(item.weight),
            int(item.is_service),
        )
        for variant in item.variants:
            self.run(
                "INSERT INTO variant VALUES (?, ?, ?, ?)",
                variant.ref,
                item.ref,
                variant.name,
                json.dumps(variant.values, ensure_ascii=False),
            )
        for variant_ref in [v.ref for v in item.variants] or [""]:
            for price_ref, _, factor in demo.price_types:
                amount = (item.cost * factor).quantize(CENT, ROUND_HALF_UP)
                self.run(
                    "INSERT INTO price VALUES (?, ?, ?, ?)",
                    item.ref,
                    variant_ref,
                    price_ref,
                    str(amount),
                )
            if item.is_service:
                continue
            for place, (warehouse_ref, _) in enumerate(demo.warehouses):
                roll = chance.random()
                top = (240, 24)[min(place, 1)]
                quantity = 0 if roll < 0.12 else chance.randint(1, top)
                self.run(
                    "INSERT INTO stock VALUES (?, ?, ?, ?)",
                    item.ref,
                    variant_ref,
                    warehouse_ref,
                    str(quantity),
                )

    # Work of a day --------------------------------------------------------------------------------
    def product(self, article: str) -> sqlite3.Row:
        """Return the product with this article (or code, or name).

        :raises OneCError: there is none.
        """
        row = self.one(
            "SELECT * FROM product WHERE article = ? OR code = ? OR name = ?",
            article,
            article,
            article,
        )
        if row is None:
            raise OneCError(f'there is no product with the article "{article}"')
        return row

    def change_price(self, article: str, amount: Decimal, *, price_type: str = "") -> None:
        """Set the price of a product, with its characteristics, in one price type (the first one).

        :raises OneCError: no such product or price type.
        """
        product = self.product(article)
        kind = self.one(
            "SELECT * FROM price_type WHERE ? IN ('', name, ref) ORDER BY rowid LIMIT 1", price_type
        )
        if kind is None:
            raise OneCError(f'there is no price type "{price_type}"')
        with self.transaction():
            self.run(
                "UPDATE price SET amount = ? WHERE product_ref = ? AND price_type_ref = ?",
                str(amount),
                product["ref"],
                kind["ref"],
            )
            self.register("product", [product["ref"]])

    def receive(self, article: str, quantity: Decimal, *, warehouse: str = "") -> None:
        """Post a goods receipt (or an issue, when negative) at a warehouse, by default the first.

        :raises OneCError: no such product or warehouse.
        """
        product = self.product(article)
        place = self.one(
            "SELECT * FROM warehouse WHERE ? IN ('', name, ref) ORDER BY rowid LIMIT 1", warehouse
        )
        if place is None:
            raise OneCError(f'there is no warehouse "{warehouse}"')
        with self.transaction():
            for row in self.rows(
                "SELECT * FROM stock WHERE product_ref = ? AND warehouse_ref = ? LIMIT 1",
                product["ref"],
                place["ref"],
            ):
                self._add_stock(product["ref"], row["variant_ref"], place["ref"], Decimal(quantity))
            self.register("product", [product["ref"]])

    def rename(self, article: str, name: str) -> None:
        """Give a product another name.

        :raises OneCError: no such product.
        """
        product = self.product(article)
        with self.transaction():
            self.run(
                "UPDATE product SET name = ?, full_name = ? WHERE ref = ?",
                name,
                name,
                product["ref"],
            )
            self.register("product", [product["ref"]])

    def mark_deleted(self, article: str, *, is_deleted: bool = True) -> None:
        """Set or lift the deletion mark of a product.

        :raises OneCError: no such product.
        """
        product = self.product(article)
        with self.transaction():
            self.run(
                "UPDATE product SET is_deleted = ? WHERE ref = ?", int(is_deleted), product["ref"]
            )
            self.register("product", [product["ref"]])

    def _add_stock(self, product: str, variant: str, warehouse: str, quantity: Decimal) -> None:
        row = self.one(
            "SELECT quantity FROM stock WHERE product_ref = ? AND variant_ref = ?"
            " AND warehouse_ref = ?",
            product,
            variant,
            warehouse,
        )
        now = (Decimal(row["quantity"]) if row else Decimal(0)) + quantity
        self.run(
            "INSERT OR REPLACE INTO stock VALUES (?, ?, ?, ?)",
            product,
            variant,
            warehouse,
            str(now),
        )

    # Orders ---------------------------------------------------------------------------------------
    def order(self, number: str) -> sqlite3.Row:
        """Return an order by the site's number or by its own.

        :raises OneCError: there is none.
        """
        row = self.one(
            "SELECT * FROM customer_order WHERE site_number = ? OR number = ?", number, number
        )
        if row is None:
            raise OneCError(f'there is no order "{number}" in this 1C; run an exchange first')
        return row

    def lines(self, order_ref: str) -> list[OrderLine]:
        """Return the lines of an order."""
        return [
            OrderLine(
                r["position"],
                r["product_ref"],
                r["variant_ref"],
                r["article"],
                r["name"],
                r["unit"],
                Decimal(r["quantity"]),
                Decimal(r["price"]),
                Decimal(r["total"]),
                r["tax"],
            )
            for r in self.rows(
                "SELECT * FROM order_line WHERE order_ref = ? ORDER BY position", order_ref
            )
        ]

    def total(self, order_ref: str) -> Decimal:
        """Return the sum of an order."""
        return sum((line.total for line in self.lines(order_ref)), Decimal(0))

    def paid(self, order_ref: str) -> Decimal:
        """Return what has been paid for an order."""
        return sum(
            (
                Decimal(r["amount"])
                for r in self.rows(
                    "SELECT amount FROM payment WHERE order_ref = ? AND NOT is_deleted", order_ref
                )
            ),
            Decimal(0),
        )

    def shipped(self, order_ref: str) -> dict[int, Decimal]:
        """Return the shipped quantity by line."""
        result: dict[int, Decimal] = {}
        for r in self.rows(
            "SELECT l.position, l.quantity FROM shipment_line l JOIN shipment s"
            " ON s.ref = l.shipment_ref WHERE s.order_ref = ? AND NOT s.is_deleted",
            order_ref,
        ):
            result[r["position"]] = result.get(r["position"], Decimal(0)) + Decimal(r["quantity"])
        return result

    def pay(
        self, number: str, amount: Decimal | None = None, *, kind: str = "bank",
        at: datetime | None = None,
    ) -> Decimal:  # fmt: skip
        """Enter a payment for an order, by default of what is unpaid, today. Returns the amount.

        :raises OneCError: no such order, or nothing left to pay.
        """
        order = self.order(number)
        rest = self.total(order["ref"]) - self.paid(order["ref"])
        amount = rest if amount is None else amount
        if amount <= 0:
            raise OneCError(f"order {number} is paid in full already")
        with self.transaction():
            self.run(
                "INSERT INTO payment VALUES (?, ?, ?, ?, ?, ?, 0)",
                str(uuid4()),
                order["ref"],
                self._next_number("payment"),
                _moment(at) if at else _now(),
                str(amount),
                kind,
            )
            self._touch(order["ref"])
        return amount

    def unpay(self, number: str) -> None:
        """Mark the latest payment of an order for deletion.

        :raises OneCError: no such order or no payment.
        """
        order = self.order(number)
        with self.transaction():
            touched = self.run(
                "UPDATE payment SET is_deleted = 1 WHERE ref = (SELECT ref FROM payment WHERE"
                " order_ref = ? AND NOT is_deleted ORDER BY number DESC LIMIT 1)",
                order["ref"],
            )
            if not touched:
                raise OneCError(f"order {number} has no payment")
            self._touch(order["ref"])

    def ship(
        self, number: str, quantity: Decimal | None = None, *, at: datetime | None = None
    ) -> None:
        """Post a sale for what is not yet shipped, or for at most ``quantity`` of each line.

        :raises OneCError: no such order, or nothing left to ship.
        """
        order = self.order(number)
        done = self.shipped(order["ref"])
        portions = []
        for line in self.lines(order["ref"]):
            rest = line.quantity - done.get(line.position, Decimal(0))
            portion = rest if quantity is None else min(rest, quantity)
            if portion > 0:
                portions.append((line, portion))
        if not portions:
            raise OneCError(f"order {number} is shipped in full already")
        with self.transaction():
            ref = str(uuid4())
            self.run(
                "INSERT INTO shipment VALUES (?, ?, ?, ?, 0)",
                ref,
                order["ref"],
                self._next_number("shipment"),
                _moment(at) if at else _now(),
            )
            for line, portion in portions:
                self.run(
                    "INSERT INTO shipment_line VALUES (?, ?, ?)", ref, line.position, str(portion)
                )
                self._take_from_stock(line, portion)
            self._touch(order["ref"])
            self.register("product", {line.product_ref for line, _ in portions})

    def _take_from_stock(self, line: OrderLine, quantity: Decimal) -> None:
        place = self.one(
            "SELECT warehouse_ref FROM stock WHERE product_ref = ? AND variant_ref = ?"
            " ORDER BY CAST(quantity AS REAL) DESC LIMIT 1",
            line.product_ref,
            line.variant_ref,
        )
        if place is not None:
            self._add_stock(line.product_ref, line.variant_ref, place["warehouse_ref"], -quantity)

    def change_line(
        self,
        number: str,
        position: int,
        *,
        quantity: Decimal | None = None,
        price: Decimal | None = None,
    ) -> None:
        """Change quantity or price of a line of an order, as an accountant would.

        :raises OneCError: no such order or line.
        """
        order = self.order(number)
        for line in self.lines(order["ref"]):
            if line.position == position:
                break
        else:
            raise OneCError(f"order {number} has no line {position}")
        quantity = line.quantity if quantity is None else quantity
        price = line.price if price is None else price
        total = (quantity * price).quantize(CENT, ROUND_HALF_UP)
        with self.transaction():
            self.run(
                "UPDATE order_line SET quantity = ?, price = ?, total = ?"
                " WHERE order_ref = ? AND position = ?",
                str(quantity),
                str(price),
                str(total),
                order["ref"],
                position,
            )
            self._touch(order["ref"])

    def set_requisite(self, number: str, name: str, value: str) -> None:
        """Enter an additional requisite of an order; an empty value takes it away."""
        order = self.order(number)
        known = json.loads(order["requisites"]) | {name: value}
        with self.transaction():
            self.run(
                "UPDATE customer_order SET requisites = ?, version = version + 1 WHERE ref = ?",
                json.dumps({key: text for key, text in known.items() if text}, ensure_ascii=False),
                order["ref"],
            )
            self.register("order", [order["ref"]])

    def cancel(self, number: str) -> None:
        """Cancel an order.

        :raises OneCError: no such order.
        """
        order = self.order(number)
        with self.transaction():
            self.run("UPDATE customer_order SET is_cancelled = 1 WHERE ref = ?", order["ref"])
            self._touch(order["ref"])

    def _touch(self, order_ref: str) -> None:
        self.run("UPDATE customer_order SET version = version + 1 WHERE ref = ?", order_ref)
        self.register("order", [order_ref])

    def _next_number(self, kind: str) -> str:
        latest = int(self.setting(f"latest_{kind}", "0")) + 1
        self.set_setting(f"latest_{kind}", str(latest))
        return f"00ЦБ-{latest:06d}"

    def next_order_number(self) -> str:
        """Return the next own number of an order."""
        return self._next_number("order")


def _moment(at: datetime) -> str:
    return at.astimezone().replace(tzinfo=None, microsecond=0).isoformat()  # 1C has no zones


def _now() -> str:
    return datetime.now().replace(microsecond=0).isoformat()  # noqa: DTZ005  (1C has no zones)

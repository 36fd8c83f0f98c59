"""Adapters of the tests: rows stand on one shelf, offers wait for their products."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django_tenants.utils import schema_context

from exchange import registry, rows
from exchange.registry import Adapter, StoreContext, Stored
from tenants.current import current_schema


class Shelf:
    """What the adapters have stored."""

    def __init__(self) -> None:
        self.finished: list[tuple[str, str]] = []
        self.fail_on: str = ""  # a ref at which storing breaks
        self.before_store: Any = None

    def refs(self, kind: str) -> list[str]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT ref FROM shelf WHERE kind = %s ORDER BY ref", [kind])
            return [ref for (ref,) in cursor.fetchall()]

    def body(self, kind: str, ref: str) -> str:
        with connection.cursor() as cursor:
            cursor.execute("SELECT body FROM shelf WHERE kind = %s AND ref = %s", [kind, ref])
            found = cursor.fetchone()
        return found[0] if found else ""


@contextmanager
def opened() -> Iterator[Shelf]:
    """Make the shelf's table and register its adapters."""
    shelf = Shelf()
    _as_owner(
        "DROP TABLE IF EXISTS {0}.shelf",
        "CREATE TABLE {0}.shelf (kind text, ref text, body text, PRIMARY KEY (kind, ref))",
    )
    for row_type, kind, rank in (
        (rows.GroupRow, "groups", 10),
        (rows.ProductRow, "products", 20),
        (rows.OfferRow, "offers", 30),
        (rows.PriceRow, "prices", 40),
        (rows.StockRow, "stock", 50),
        (rows.DocumentRow, "orders", 60),
        (rows.ReferenceRow, "directories", 70),
        (rows.SentFile, "pictures", 80),
    ):
        registry.register(_adapter(shelf, row_type, kind, rank))
    try:
        yield shelf
    finally:
        connection.close()
        _as_owner("DROP TABLE IF EXISTS {0}.shelf")


def _as_owner(*statements: str) -> None:
    """Run statements outside the company: its own role may not make or drop tables."""
    schema = current_schema()
    with schema_context("public"), connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement.format(f'"{schema}"'))


def _adapter(shelf: Shelf, of: type, word: str, place: int) -> type[Adapter[Any]]:
    class ShelfAdapter(Adapter[Any]):
        row_type = of
        kind = word
        rank = place

        def store(self, batch: Sequence[Any], context: StoreContext) -> Stored:
            stored = Stored(read=len(batch))
            for row in batch:
                if shelf.before_store:
                    shelf.before_store(row)
                product = getattr(row, "product_ref", "")
                if product and not shelf.body("products", product):
                    stored.parked.append(row)
                    continue
                _put(self.kind, row, stored)
            return stored

        def finish_run(self, context: StoreContext) -> Stored:
            shelf.finished.append((self.kind, context.scope))
            return Stored()

    return ShelfAdapter


def _put(kind: str, row: Any, stored: Stored) -> None:
    if kind == "pictures":
        ref = row.path
        row = row._replace(file_id="")
    else:
        names = [n for n in row._fields if n == "ref" or n.endswith("_ref")]
        ref = "|".join(getattr(row, name) for name in names[:3]).strip("|")
    if kind == "products":
        ref = row.ref
    body = json.dumps([str(value) for value in row._replace(line=0)], ensure_ascii=False)
    with connection.cursor() as cursor:
        cursor.execute("SELECT body FROM shelf WHERE kind = %s AND ref = %s", [kind, ref])
        found = cursor.fetchone()
        cursor.execute(
            "INSERT INTO shelf VALUES (%s, %s, %s) ON CONFLICT (kind, ref)"
            " DO UPDATE SET body = excluded.body",
            [kind, ref, body],
        )
    if found is None:
        stored.created += 1
    elif found[0] != body:
        stored.changed += 1
    else:
        stored.unchanged += 1

"""Rows that wait for something 1C has not sent yet.

Offers may arrive before their goods (alphabetical order of files, portions, the 1C-Bitrix module),
so a
row whose product is unknown is kept and offered to its adapter again after later files.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import connection

from exchange import rows
from exchange.models import ExchangeSession, ParkedRow
from exchange.registry import Adapter

_BATCH = 1000


def park(
    *,
    session: ExchangeSession,
    adapter: Adapter[Any],
    waiting: Sequence[Any],
    file_name: str,
    catalog_ref: str,
) -> None:
    """Keep these rows for later; a newer row of the same thing replaces the one waiting."""
    latest = {encode_key(row): row for row in waiting}
    ParkedRow.objects.bulk_create(
        [
            ParkedRow(
                node_id=session.node_id,
                session=session,
                rank=adapter.rank,
                row_type=type(row).__name__,
                key=key,
                body=encode(row),
                file_name=file_name,
                catalog_ref=catalog_ref[:120],
            )
            for key, row in latest.items()
        ],
        update_conflicts=True,
        unique_fields=["node", "row_type", "key"],
        update_fields=["body", "session", "file_name", "catalog_ref"],
        batch_size=_BATCH,
    )


def forget(*, session: ExchangeSession, stored: Iterable[Any]) -> None:
    """Drop waiting rows that newer rows, now stored, have replaced."""
    by_type: dict[str, list[str]] = {}
    for row in stored:
        by_type.setdefault(type(row).__name__, []).append(encode_key(row))
    for row_type, keys in by_type.items():
        ParkedRow.objects.filter(node_id=session.node_id, row_type=row_type, key__in=keys).delete()


def waiting(*, session: ExchangeSession) -> Iterator[list[ParkedRow]]:
    """Yield the node's waiting rows in batches, lowest rank first."""
    after: tuple[int, Any] | None = None
    while True:
        found = ParkedRow.objects.filter(node_id=session.node_id).order_by("rank", "id")
        if after is not None:
            found = found.extra(where=["(rank, id) > (%s, %s)"], params=[after[0], str(after[1])])
        batch = list(found[:_BATCH])
        if not batch:
            return
        yield batch
        after = (batch[-1].rank, batch[-1].pk)


def encode(value: Any) -> Any:
    """Return a row as JSON; ``decode`` gives the same row back."""
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        return {"t": type(value).__name__, "v": [encode(item) for item in value]}
    if isinstance(value, tuple):
        return {"t": "tuple", "v": [encode(item) for item in value]}
    if isinstance(value, Decimal):
        return {"t": "decimal", "v": str(value)}
    if isinstance(value, datetime):
        return {"t": "datetime", "v": value.isoformat()}
    if isinstance(value, date):
        return {"t": "date", "v": value.isoformat()}
    return value


def decode(value: Any) -> Any:
    """Return the row that ``encode`` wrote."""
    if not isinstance(value, dict):
        return value
    kind, content = value["t"], value["v"]
    if kind == "decimal":
        return Decimal(content)
    if kind == "datetime":
        return datetime.fromisoformat(content)
    if kind == "date":
        return date.fromisoformat(content)
    items = [decode(item) for item in content]
    return tuple(items) if kind == "tuple" else getattr(rows, kind)(*items)


def has_waiting(*, session: ExchangeSession) -> bool:
    """Tell whether rows of the node wait."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT 1 FROM exchange_parkedrow WHERE node_id = %s)",
            [str(session.node_id)],
        )
        return bool(cursor.fetchone()[0])


def row_class(name: str) -> type:
    """Return the row type of this name."""
    return getattr(rows, name)  # type: ignore[no-any-return]


def encode_key(row: Any) -> str:
    """Return what tells this row from others of its type: the values of its ``…ref`` fields."""
    names = [name for name in row._fields if name == "ref" or name.endswith("_ref")]
    if type(row) is rows.DocumentRow:
        names = ["ref", "number", "operation"]
    elif type(row) is rows.OfferRow:
        names = ["product_ref", "characteristic_ref"]
    elif type(row) is rows.ProductRow:
        names = ["ref", "characteristic_ref"]
    return "\x1f".join(str(getattr(row, name)) for name in names)[:400]

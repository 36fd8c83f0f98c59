"""Two to five rows side by side: each field, its value in every row, which one is proposed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from apps.core import bulk, objects
from apps.core.formats import number_text
from apps.core.objects import Field, ObjectKind


@dataclass(frozen=True)
class Cell:
    """The value of a field in one row."""

    key: UUID
    text: str
    is_chosen: bool


@dataclass(frozen=True)
class Line:
    """One field over all rows."""

    field: Field
    cells: Sequence[Cell]
    differs: bool


def side_by_side(kind: ObjectKind, rows: Sequence[Any], kept: UUID) -> list[Line]:
    """Return the fields that stand in any of the rows; proposed is the kept row's value, if any."""
    ordered = sorted(rows, key=lambda row: row.pk != kept)
    lines = []
    for field in _fields(kind):
        texts = {row.pk: shown(field, row) for row in rows}
        if not any(texts.values()):
            continue
        chosen = next((row.pk for row in ordered if texts[row.pk]), kept)
        differs = len({text for text in texts.values() if text}) > 1
        cells = [Cell(row.pk, texts[row.pk], row.pk == chosen) for row in rows]
        lines.append(Line(field, cells, differs))
    return lines


def chosen_values(
    kind: ObjectKind, rows: Mapping[UUID, Any], said: Mapping[str, str]
) -> dict[str, Any]:
    """Return the values a person chose: for each field the value of the row they named."""
    columns = {each.name: name for name, each in bulk.columns_of(kind.model).items()}
    found = {}
    for field in _fields(kind):
        row = next((row for key, row in rows.items() if str(key) == said.get(field.key)), None)
        if row is None:
            continue
        if field.is_custom:
            found[field.key] = row.custom.get(field.source.removeprefix("custom__"))
        elif field.source in columns:
            found[field.key] = getattr(row, columns[field.source])
    return found


def proposed_kept(rows: Sequence[Any], moves: Sequence[tuple[str, Mapping[UUID, int]]]) -> UUID:
    """Return the row that had best stay: known to 1C, then most referred to, then the oldest."""

    def rank(row: Any) -> tuple[bool, int, UUID]:
        referred = sum(counts.get(row.pk, 0) for _name, counts in moves)
        return (getattr(row, "node_id", None) is None, -referred, row.pk)

    kept: UUID = min(rows, key=rank).pk
    return kept


def shown(field: Field, row: Any) -> str:
    """Return the value of a field as a person reads it; "" for nothing."""
    value = _read(field, row)
    if value is None or value == "" or value == []:
        return ""
    if isinstance(value, bool):
        return _("yes") if value else ""
    if field.type in ("choice", "choices"):
        labels = dict(field.offered())
        values = value if isinstance(value, list | tuple) else [value]
        return ", ".join(labels.get(str(each), str(each)) for each in values)
    if isinstance(value, datetime):
        return date_format(timezone.localtime(value), "SHORT_DATETIME_FORMAT")
    if isinstance(value, date):
        return date_format(value, "SHORT_DATE_FORMAT")
    if isinstance(value, Decimal | int | float):
        return number_text(Decimal(str(value)), places=None)
    return str(value)


def _fields(kind: ObjectKind) -> list[Field]:
    columns = {each.name for each in bulk.columns_of(kind.model).values()}
    return [
        each for each in objects.fields_of(kind)
        if each.is_writable and not each.read and (each.is_custom or each.source in columns)
    ]  # fmt: skip


def _read(field: Field, row: Any) -> Any:
    if field.is_custom:
        return row.custom.get(field.source.removeprefix("custom__"))
    value = row
    for name in field.source.split("__"):
        value = getattr(value, name, None) if value is not None else None
    return value

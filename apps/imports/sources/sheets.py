"""Spreadsheets: XLSX, XLSB, XLS and ODS, the values as they were computed, never a formula run.

What is inside is measured before it is opened: a few kilobytes may unfold to gigabytes.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from apps.imports.sources.table import (
    MOST_COLUMNS,
    MOST_ROWS,
    Options,
    Unreadable,
    cleaned,
    head_of,
)

MOST_UNFOLDED = 400 << 20
MOST_PARTS = 5_000
_MEASURED = (".xml", ".bin", ".rels")


class SheetReader:
    """Reads spreadsheets; see ``Reader``."""

    def look(self, path: str, options: Options) -> Options:
        book = _opened(path)
        tables = list(book.sheet_names)
        if not tables:
            raise Unreadable("no_tables")
        table = options.table if options.table in tables else tables[0]
        options = replace(options, form="sheet", table=table, tables=tables)
        if not options.head:
            first = [row for row, _n in zip(self.rows(path, options), range(30), strict=False)]
            options = replace(options, head=head_of(first))
        return options

    def rows(self, path: str, options: Options) -> Iterator[list[str]]:
        book = _opened(path)
        try:
            sheet = book.get_sheet_by_name(options.table)
            height, width = sheet.total_height, sheet.total_width
            if width > MOST_COLUMNS:
                raise Unreadable("too_many_columns")
            if height > MOST_ROWS:
                raise Unreadable("too_many_rows")
            for row in sheet.iter_rows():
                yield [_text(cell) for cell in row]
        except CalamineError as error:
            raise Unreadable("broken", what=str(error)[:200]) from None


def _opened(path: str) -> CalamineWorkbook:
    if zipfile.is_zipfile(path):
        _measure(path)
    try:
        return CalamineWorkbook.from_path(path)
    except (CalamineError, OSError) as error:
        raise Unreadable("broken", what=str(error)[:200]) from None


def _measure(path: str) -> None:
    """Refuse an archive that unfolds beyond reason, whatever its own table of contents says."""
    left = MOST_UNFOLDED
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            if len(parts) > MOST_PARTS:
                raise Unreadable("too_large")
            if sum(part.file_size for part in parts) > MOST_UNFOLDED:
                raise Unreadable("too_large")
            for part in parts:
                if not part.filename.endswith(_MEASURED):
                    continue
                if part.flag_bits & 1:
                    raise Unreadable("locked")
                with archive.open(part) as source:
                    while block := source.read(1 << 20):
                        left -= len(block)
                        if left < 0:
                            raise Unreadable("too_large")
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError) as error:
        raise Unreadable("broken", what=str(error)[:200]) from None


def _text(cell: Any) -> str:
    if isinstance(cell, str):
        return cleaned(cell)
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        is_day = cell.time() == time()
        return cell.date().isoformat() if is_day else f"{cell:%Y-%m-%d %H:%M:%S}"
    if isinstance(cell, date | time):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        return str(cell)
    return cleaned(str(cell))


def is_sheet(path: str) -> bool:
    """Tell whether a file is a spreadsheet by its first bytes: a ZIP, or Excel's old container."""
    with Path(path).open("rb") as source:
        begun = source.read(8)
    return begun.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"))

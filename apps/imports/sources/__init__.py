"""Files as tables of text cells, whatever their form: ``look`` finds out how, ``rows`` reads."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from apps.imports.sources.access import AccessReader, is_access
from apps.imports.sources.onec import OneCReader, is_commerceml
from apps.imports.sources.sheets import SheetReader, is_sheet
from apps.imports.sources.sql import DumpReader, is_dump
from apps.imports.sources.table import MOST_ROWS, Options, Reader, Unreadable
from apps.imports.sources.text import ENCODINGS, TextReader, encoding_of

__all__ = ["ENCODINGS", "Options", "Unreadable", "form_of", "look", "rows"]

_READERS: dict[str, Reader] = {
    "text": TextReader(),
    "sheet": SheetReader(),
    "access": AccessReader(),
    "sql": DumpReader(),
    "commerceml": OneCReader(),
}


def form_of(path: str) -> str:
    """Return the form of a file by what stands in it: a name says little."""
    with Path(path).open("rb") as source:
        begun = source.read(1 << 16)
    if not begun.strip(b" \r\n\t\x00"):
        raise Unreadable("empty")
    if is_access(path):
        return "access"
    if is_sheet(path):
        return "sheet"
    if is_commerceml(begun):
        return "commerceml"
    text = begun.decode(encoding_of(begun), "replace")
    return "sql" if is_dump(text) else "text"


def look(path: str, options: Options) -> Options:
    """Return the options with everything found out that is not given.

    :raises Unreadable: it is none of the forms, is broken, or is hostile.
    """
    form = options.form or form_of(path)
    return _READERS[form].look(path, options)


def rows(path: str, options: Options) -> Iterator[tuple[int, list[str]]]:
    """Yield (number of the row in the file, its cells) below the headings, empty rows left out.

    :raises Unreadable: on the way, when the file breaks off.
    """
    found = _READERS[options.form].rows(path, options)
    for number, row in enumerate(found, start=1):
        if number > MOST_ROWS:
            raise Unreadable("too_many_rows")
        if number > max(options.head, 0) and any(row):
            yield number, row


def headings(path: str, options: Options) -> list[str]:
    """Return the headings of the columns; numbered ones where the file has none."""
    found = _READERS[options.form].rows(path, options)
    for number, row in enumerate(found, start=1):
        if options.head > 0 and number == options.head:
            return row
        if options.head <= 0:
            return [""] * len(row)
    return []

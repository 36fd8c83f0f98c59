"""What every reader gives: the tables of a file, and the rows of one as cells of text.

Numbers come as ``1234.5``, days as ``2026-11-23``, moments as ``2026-11-23 14:05:00``, whatever the
file's own way was, when the file knows them for what they are; text comes as it stands.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any, Protocol

MOST_COLUMNS = 300
MOST_ROWS = 2_000_000
LONGEST_CELL = 100_000


class Unreadable(Exception):
    """The file cannot be read; ``code`` names why, ``line`` where when that is known."""

    def __init__(self, code: str, *, line: int = 0, what: str = "") -> None:
        super().__init__(code, line, what)
        self.code, self.line, self.what = code, line, what


@dataclass(frozen=True)
class Options:
    """How a file is read; empty values are found out by looking at it."""

    form: str = ""  # "text", "sheet", "access", "sql", "commerceml"
    encoding: str = ""
    delimiter: str = ""
    quote: str = ""
    table: str = ""  # the sheet, or the table of a base
    head: int = 0  # the number of the row with headings, 1 the first; -1: there is none
    tables: list[str] = field(default_factory=list)

    def stored(self) -> dict[str, Any]:
        """Return the options as a run keeps them."""
        return asdict(self)


class Reader(Protocol):
    """A form of file: tells its tables and yields the rows of one, in constant memory if it can."""

    def look(self, path: str, options: Options) -> Options:
        """Return the options with what the file itself says filled in."""

    def rows(self, path: str, options: Options) -> Iterator[list[str]]:
        """Yield every row of the chosen table, headings included."""


def cleaned(text: str) -> str:
    """Return a cell without what a database cannot hold, its outer blanks away."""
    if "\x00" in text:
        text = text.replace("\x00", "")
    return text.strip()[:LONGEST_CELL]


def head_of(rows: list[list[str]]) -> int:
    """Return which of the first rows holds the headings: the first that is as wide as the table.

    Titles above a table fill a cell or two. A row in which a cell is a bare number or is empty
    between others is no row of headings, unless nothing better stands there.
    """
    width = max((_filled(row) for row in rows), default=0)
    for number, row in enumerate(rows, start=1):
        if _filled(row) * 10 >= width * 6 and not any(_is_figure(cell) for cell in row if cell):
            return number
    return -1 if width else 0


def _filled(row: list[str]) -> int:
    return sum(1 for cell in row if cell)


def _is_figure(cell: str) -> bool:
    bare = cell.replace(" ", "").replace(",", "").replace(".", "").replace("+", "")
    return bare.isdigit() or ("@" in cell and "." in cell)

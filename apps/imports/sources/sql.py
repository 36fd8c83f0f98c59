"""Dumps of other databases: INSERT statements as MySQL, PostgreSQL, MS SQL and SQLite write them,
and the COPY blocks of pg_dump. Nothing is executed: the file is read as text, row by row.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from apps.imports.sources.table import LONGEST_CELL, MOST_COLUMNS, Options, Unreadable, cleaned
from apps.imports.sources.text import LONGEST_LINE, encoding_of

_WORD = r"""(?:[\w$]+|"[^"]+"|`[^`]+`|\[[^\]]+\])"""
_NAME = rf"({_WORD}(?:\s*\.\s*{_WORD})*)"
_INSERT = re.compile(
    rf"\s*(?:INSERT|REPLACE)\s+(?:IGNORE\s+)?(?:INTO\s+)?{_NAME}\s*(\([^)]*\))?\s*(VALUES\b)?",
    re.IGNORECASE,
)
_COPY = re.compile(rf"\s*COPY\s+{_NAME}\s*\(([^)]*)\)\s+FROM\s+stdin", re.IGNORECASE)
_CREATE = re.compile(rf"\s*CREATE\s+TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?{_NAME}\s*\(", re.IGNORECASE)
_COLUMN = re.compile(r"""^\s*(?:"([^"]+)"|`([^`]+)`|\[([^\]]+)\]|([\w$]+))\s+\w""")
_NO_COLUMN = ("primary", "unique", "key", "constraint", "foreign", "check", "index", "fulltext")
_ESCAPED = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "0": "", "Z": ""}
LONGEST_STATEMENT = 64 << 20


def is_dump(begun: str) -> bool:
    """Tell whether a text is a dump by its beginning."""
    return any(
        pattern.match(line) for line in begun.splitlines()[:400] for pattern in (_INSERT, _COPY)
        if line[:9].lstrip().upper().startswith(("INSERT", "REPLACE", "COPY"))
    )  # fmt: skip


class DumpReader:
    """Reads the rows of one table of a dump; see ``Reader``."""

    def look(self, path: str, options: Options) -> Options:
        with Path(path).open("rb") as source:
            encoding = options.encoding or encoding_of(source.read(1 << 18))
        tables: dict[str, int] = {}
        for table, _columns, row in _rows(path, encoding):
            if row is not None:
                tables[table] = tables.get(table, 0) + 1
        if not tables:
            raise Unreadable("no_tables")
        found = sorted(tables, key=lambda name: -tables[name])
        table = options.table if options.table in tables else found[0]
        return replace(
            options, form="sql", encoding=encoding, table=table, tables=found, head=1
        )

    def rows(self, path: str, options: Options) -> Iterator[list[str]]:
        headings: list[str] | None = None
        for table, columns, row in _rows(path, options.encoding):
            if table != options.table or row is None:
                continue
            if headings is None:
                headings = columns or [f"{n + 1}" for n in range(len(row))]
                if len(headings) > MOST_COLUMNS:
                    raise Unreadable("too_many_columns")
                yield headings
            if columns and columns != headings:  # another order of the same columns
                by_name = dict(zip(columns, row, strict=False))
                row = [by_name.get(name, "") for name in headings]
            yield [cleaned(cell) for cell in row]


def _rows(path: str, encoding: str) -> Iterator[tuple[str, list[str], list[str] | None]]:
    """Yield (table, its columns, row) of every statement, one line of the file in memory."""
    known: dict[str, list[str]] = {}
    lines = _numbered(path, encoding)
    for number, line in lines:
        begun = line[:40].lstrip().upper()
        if begun.startswith("COPY") and (found := _COPY.match(line)):
            table, columns = _bare(found.group(1)), _names(found.group(2))
            for _number, data in lines:
                if data.rstrip("\r\n") == "\\.":
                    break
                yield table, columns, [_copied(cell) for cell in data.rstrip("\r\n").split("\t")]
        elif begun.startswith("CREATE") and (found := _CREATE.match(line)):
            known[_bare(found.group(1))] = _created(line[found.end() :], lines)
        elif begun.startswith(("INSERT", "REPLACE")) and (found := _INSERT.match(line)):
            table = _bare(found.group(1))
            columns = _names(found.group(2)[1:-1]) if found.group(2) else known.get(table, [])
            rest = line[found.end() :]
            if not found.group(3):  # VALUES stands on the next line
                rest = _after_values(rest, lines)
            for row in _values(rest, lines, number):
                yield table, columns, row


def _numbered(path: str, encoding: str) -> Iterator[tuple[int, str]]:
    with Path(path).open(encoding=encoding or "utf-8", errors="replace", newline="\n") as source:
        number = 0
        while line := source.readline(LONGEST_STATEMENT):
            number += 1
            if len(line) >= LONGEST_STATEMENT:
                raise Unreadable("line_too_long", line=number)
            yield number, line.removeprefix("\ufeff") if number == 1 else line


def _created(rest: str, lines: Iterator[tuple[int, str]]) -> list[str]:
    """Return the columns of a CREATE TABLE whose bracket has just been opened."""
    text, size = rest, len(rest)
    while text.count("(") + 1 > text.count(")"):
        following = next(lines, None)
        if following is None or size > LONGEST_LINE:
            break
        text += following[1]
        size = len(text)
    columns = []
    for part in _parted(text):
        found = _COLUMN.match(part)
        name = next((each for each in found.groups() if each), "") if found else ""
        if name and not (found and found.group(4) and name.lower() in _NO_COLUMN):
            columns.append(name)
    return columns


def _parted(text: str) -> Iterator[str]:
    depth, begun = 1, 0
    for place, letter in enumerate(text):
        if letter == "(":
            depth += 1
        elif letter == ")":
            depth -= 1
            if not depth:
                yield text[begun:place]
                return
        elif letter == "," and depth == 1:
            yield text[begun:place]
            begun = place + 1


def _after_values(rest: str, lines: Iterator[tuple[int, str]]) -> str:
    text = rest
    for _n in range(5):
        place = text.upper().find("VALUES")
        if place >= 0:
            return text[place + 6 :]
        following = next(lines, None)
        if following is None:
            return ""
        text += following[1]
    return ""


_TOKEN = re.compile(
    r"""\s*(?:(?P<string>[NEBXnebx]?'(?:[^'\\]|\\.|'')*')|(?P<dstring>"(?:[^"\\]|\\.|"")*")"""
    r"""|(?P<sign>[(),;])|(?P<bare>[^\s(),;'"]+))""",
    re.DOTALL,
)


def _values(rest: str, lines: Iterator[tuple[int, str]], number: int) -> Iterator[list[str]]:
    """Yield the bracketed rows of an INSERT until its semicolon."""
    text, place, depth = rest, 0, 0
    row: list[str] = []
    cell: list[str] = []
    while True:
        found = _TOKEN.match(text, place)
        is_cut = found is None or (found.end() == len(text) and found.lastgroup == "bare")
        if is_cut:
            following = next(lines, None)
            if following is None:
                if found is None:
                    return
            else:
                text, place = text[place:] + following[1], 0
                if len(text) > LONGEST_STATEMENT:
                    raise Unreadable("line_too_long", line=number)
                continue
        if found is None:
            return
        place = found.end()
        part, kind = found.group(found.lastgroup or 0), found.lastgroup
        if kind == "sign":
            if part == ";" and depth == 0:
                return
            if part == "(":
                depth += 1
                if depth == 1:
                    row, cell = [], []
                    continue
            elif part == ")":
                depth -= 1
                if depth == 0:
                    row.append(_joined(cell))
                    yield row
                    continue
            elif part == "," and depth == 1:
                row.append(_joined(cell))
                cell = []
                continue
            if depth > 1 or part not in "()":
                continue
        elif depth == 0 and kind == "bare" and part.upper() in ("ON", "GO", "INSERT"):
            return
        elif kind in ("string", "dstring"):
            cell.append(_string(part))
        elif depth == 1 and part.upper() not in ("NULL", "DEFAULT"):
            cell.append(part)
        if depth == 1 and sum(map(len, cell)) > LONGEST_CELL:
            cell = [_joined(cell)[:LONGEST_CELL]]


def _joined(cell: list[str]) -> str:
    text = "".join(cell)
    return re.sub(r"::\w+$", "", text) if "::" in text else text


def _string(part: str) -> str:
    sign = part[-1]
    inside = part[part.index(sign) + 1 : -1].replace(sign * 2, sign)
    if "\\" not in inside:
        return inside
    return re.sub(r"\\(.)", lambda m: _ESCAPED.get(m.group(1), m.group(1)), inside, flags=re.DOTALL)


def _copied(cell: str) -> str:
    if cell == "\\N":
        return ""
    if "\\" not in cell:
        return cell
    return re.sub(r"\\(.)", lambda m: _ESCAPED.get(m.group(1), m.group(1)), cell)


def _bare(name: str) -> str:
    return re.split(r"\s*\.\s*", name)[-1].strip('"`[] ')


def _names(text: str) -> list[str]:
    return [each.strip().strip('"`[] ') for each in text.split(",")]

"""Elements of a tree by their local names: blind to namespaces, quick on the repeated path."""

from __future__ import annotations

from typing import Any

from lxml import etree

from exchange.formats.commerceml import values
from exchange.rows import OwnerRow, Problem, ProblemCode, Row, UnitRow

Element = etree._Element

LONG_FILE = 65535  # from here on libxml2 keeps the lines of texts, not those of elements
_KEPT_NAMES = 5000
_MARKS = ("Статус", "ПометкаУдаления")


class _Names(dict[Any, str]):
    """Local names by full ones; a file of invented names does not fill the memory."""

    def __missing__(self, tag: Any) -> str:
        name = tag.rpartition("}")[2] if isinstance(tag, str) else ""
        if len(self) < _KEPT_NAMES:
            self[tag] = name
        return name


NAMES = _Names()
"""``NAMES[element.tag]`` is what ``local(element)`` says, without a call on the repeated path."""


def local(element: Element) -> str:
    """Return the name of an element without its namespace."""
    return NAMES[element.tag]


def line_of(element: Element | None) -> int:
    """Return the line on which the start tag of an element ends; 0 when unknown.

    Beyond line 65,535 libxml2 tells for an element the line on which the nearest text ends, so the
    line feeds of that text are taken off again.
    """
    line: Any = element.sourceline if element is not None else 0
    if element is None or line is None or line < LONG_FILE:
        return line or 0
    near: Element | None = element
    while near is not None:
        if near.text:
            return int(line - near.text.count("\n"))
        if len(near):
            near = near[0]
        elif near.tail:
            return int(line - near.tail.count("\n"))
        else:
            near = near.getnext()
    return int(line)


def text_of(element: Element | None) -> str:
    """Return the stripped text of an element; ``""`` when there is none.

    A base unit may have its text after a child (``<Пересчет/>шт``): that counts too.
    """
    if element is None:
        return ""
    text = element.text
    if text:
        text = text.strip()
        if text:
            return text
    for child in element:
        if child.tail and child.tail.strip():
            return str(child.tail.strip())
    return ""


def fields(element: Element) -> dict[str, Element]:
    """Return the children by name; of repeated ones the last."""
    return {NAMES[child.tag]: child for child in element}


def child_text(element: Element, name: str) -> str:
    """Return the text of the first child with this name."""
    for child in element:
        if local(child) == name:
            return text_of(child)
    return ""


def children(element: Element | None, name: str) -> list[Element]:
    """Return the children with this name."""
    if element is None:
        return []
    return [child for child in element if local(child) == name]


class Reading:
    """One file being read: its name, and the rows and problems found since they were collected."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.rows: list[Row | Problem] = []
        self.units: dict[Any, UnitRow] = {}  # base units by how they were written
        self.told: set[Any] = set()  # rows of this file that are told once

    def problem(
        self, code: ProblemCode, element: Element | None, path: str, value: str, *,
        ref: str = "", name: str = "", kept: str = "rest_of_row",
    ) -> None:  # fmt: skip
        """Note a value that cannot be taken."""
        self.rows.append(
            Problem(code, self.file, line_of(element), path, value[:200], ref, name[:250], kept)
        )

    def collected(self) -> list[Row | Problem]:
        """Return what was found since the last call."""
        rows, self.rows = self.rows, []
        return rows

    def once(self, row: OwnerRow | UnitRow) -> None:
        """Tell a row unless this file has said the same before."""
        same = (type(row), row[:-1])  # all but the line
        if same not in self.told:
            if len(self.told) > _KEPT_NAMES:
                self.told.clear()
            self.told.add(same)
            self.rows.append(row)

    def number(self, element: Element | None, path: str, *, ref: str = "", name: str = "") -> Any:
        """Return the number in an element; ``None`` and a problem when it is none."""
        if element is None:
            return None
        text = text_of(element)
        try:
            return values.number(text)
        except ValueError:
            self.problem(
                ProblemCode.NOT_A_NUMBER, element, path, text, ref=ref, name=name,
                kept="former_value",
            )  # fmt: skip
            return None

    def day(self, element: Element | None, path: str, *, ref: str = "") -> Any:
        """Return the date in an element; ``None`` and a problem when it is none."""
        if element is None:
            return None
        text = text_of(element)
        try:
            return values.day(text)
        except (ValueError, OverflowError):
            self.problem(ProblemCode.NOT_A_DATE, element, path, text, ref=ref, kept="former_value")
            return None

    def currency(self, element: Element | None, path: str, *, ref: str = "") -> str:
        """Return the currency in an element; ``""`` and a problem when nobody knows it."""
        if element is None:
            return ""
        text = text_of(element)
        try:
            return values.currency(text)
        except ValueError:
            self.problem(ProblemCode.UNKNOWN_CURRENCY, element, path, text, ref=ref)
            return ""


def is_deleted(element: Element, found: dict[str, Element]) -> bool:
    """Tell whether an element carries any of the marks of deletion (chapter 8)."""
    marks = {name: text_of(found[name]) for name in _MARKS if name in found}
    return is_marked(element, marks)


def is_marked(element: Element, texts: dict[str, str]) -> bool:
    """Tell the same from the texts of the children."""
    status = texts.get("Статус") or element.get("Статус")
    if status and status.strip().lower().replace("ё", "е") == "удален":
        return True
    mark = texts.get("ПометкаУдаления") or element.get("ПометкаУдаления")
    return bool(mark) and bool(values.truth(mark))

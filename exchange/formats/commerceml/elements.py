"""Elements of a tree by their local names: blind to namespaces, quick on the repeated path."""

from __future__ import annotations

from typing import Any

from lxml import etree

from exchange.formats.commerceml import values
from exchange.rows import Problem, ProblemCode

Element = etree._Element

_names: dict[Any, str] = {}


def local(element: Element) -> str:
    """Return the name of an element without its namespace."""
    tag = element.tag
    name = _names.get(tag)
    if name is None:
        name = tag.rpartition("}")[2] if isinstance(tag, str) else ""
        if len(_names) < 5000:
            _names[tag] = name
    return name


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
    if len(element):
        for child in element:
            if child.tail and child.tail.strip():
                return str(child.tail.strip())
    return ""


def fields(element: Element) -> dict[str, Element]:
    """Return the children by name; of repeated ones the last."""
    return {local(child): child for child in element}


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
    """One file being read: its name and the problems found since they were last collected."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []

    def problem(
        self, code: ProblemCode, element: Element | None, path: str, value: str, *,
        ref: str = "", name: str = "", kept: str = "rest_of_row",
    ) -> None:  # fmt: skip
        """Note a value that cannot be taken."""
        line = (element.sourceline or 0) if element is not None else 0
        self.problems.append(
            Problem(code, self.file, int(line), path, value[:200], ref, name[:250], kept)
        )

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
    status = element.get("Статус") or text_of(found.get("Статус"))
    if status and status.lower().replace("ё", "е") == "удален":
        return True
    mark = found.get("ПометкаУдаления")
    if mark is not None and values.truth(text_of(mark)):
        return True
    return bool(values.truth(element.get("ПометкаУдаления")))

"""Small helpers for writing CommerceML as 1C does: namespace, byte-order mark, true and false."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from lxml import etree


class File(NamedTuple):
    """A file to upload: its name and its bytes."""

    name: str
    content: bytes


def root(version: str, namespace: str) -> etree._Element:
    """Return the root element of a message formed now."""
    nsmap = {None: namespace} if namespace else None
    tag = f"{{{namespace}}}КоммерческаяИнформация" if namespace else "КоммерческаяИнформация"
    element = etree.Element(tag, nsmap=nsmap)  # type: ignore[arg-type]  # None: the default
    element.set("ВерсияСхемы", version)
    element.set("ДатаФормирования", datetime.now().strftime("%Y-%m-%dT%H:%M:%S"))  # noqa: DTZ005
    return element


def add(
    parent: etree._Element, name: str, text: object = None, **attributes: str
) -> etree._Element:
    """Append a child in the namespace of its parent."""
    namespace = etree.QName(parent).namespace
    element = etree.SubElement(parent, f"{{{namespace}}}{name}" if namespace else name)
    if text is not None:
        element.text = str(text)
    for key, value in attributes.items():
        element.set(key, value)
    return element


def to_bytes(document: etree._Element, *, bom: bool = True) -> bytes:
    """Return the message as 1C writes it."""
    body = etree.tostring(document, encoding="UTF-8", xml_declaration=True, pretty_print=True)
    return (b"\xef\xbb\xbf" if bom else b"") + bytes(body)


def truth(value: object) -> str:
    """Return the word for yes or no."""
    return "true" if value else "false"

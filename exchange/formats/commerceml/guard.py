"""What stands between the parser and a file of unknown origin.

A document type declaration is refused before the parser sees it, so there are no entities, neither
external nor expanding. Depth (256) and the text of one element (10 MB) are limited by the parser
itself, which is never asked for huge trees.
"""

from __future__ import annotations

import re
from typing import BinaryIO

from lxml import etree

PROLOG_LIMIT = 64 * 1024
_ROOT = re.compile(rb"<[^?!\s]")


class RefusedDocument(ValueError):
    """The document is of a kind that is never read; ``reason`` is a short key for the sentence."""

    def __init__(self, file: str, reason: str, line: int = 0) -> None:
        super().__init__(f"{file}: {reason}")
        self.file, self.reason, self.line = file, reason, line


class NotWellFormed(ValueError):
    """The file is cut short or is not XML; what came before it was read."""

    def __init__(self, file: str, line: int, what: str) -> None:
        super().__init__(f"{file}, line {line}: {what}")
        self.file, self.line, self.what = file, line, what


class Guarded:
    """A source whose prolog has been looked at; gives the parser the same bytes."""

    def __init__(self, source: BinaryIO, *, name: str) -> None:
        self.source = source
        self.name = name
        self.head = self._prolog()

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes."""
        if self.head:
            block, self.head = self.head, b""
            return block
        return self.source.read(size)

    def _prolog(self) -> bytes:
        head = b""
        while True:
            block = self.source.read(8192)
            head += block
            plain = head.replace(b"\0", b"")  # UTF-16 looks like ASCII between its zeros
            if b"<!DOCTYPE" in plain.upper():
                raise RefusedDocument(self.name, "doctype")
            if not block or _ROOT.search(_without_comments(plain)):
                return _declared_rightly(head)
            if len(head) > PROLOG_LIMIT:
                raise RefusedDocument(self.name, "no_root")


def _without_comments(text: bytes) -> bytes:
    return re.sub(rb"<!--.*?-->", b"", text, flags=re.DOTALL)


def _declared_rightly(head: bytes) -> bytes:
    """Mend two declarations seen in the wild: blanks before ``<?xml``, UTF-8 said to be 1251."""
    stripped = head.lstrip(b" \t\r\n")
    if stripped.startswith(b"<?xml"):
        head = stripped
    if head.startswith(b"\xef\xbb\xbf"):
        end = head.find(b"?>")
        declaration = head[:end]
        if b"encoding" in declaration and b"utf-8" not in declaration.lower():
            return b"\xef\xbb\xbf" + head[end + 2 :].lstrip(b" \t\r\n")
    return head


def translate(error: etree.XMLSyntaxError, *, name: str) -> NotWellFormed | RefusedDocument:
    """Return our exception for the parser's."""
    line = error.lineno or 0
    text = (error.msg or "").lower()
    if "depth" in text:
        return RefusedDocument(name, "too_deep", line)
    if "huge" in text or "too long" in text or "too large" in text or "lookup" in text:
        return RefusedDocument(name, "too_large", line)
    if "entit" in text and ("not defined" in text or "loop" in text or "amplification" in text):
        return RefusedDocument(name, "entity", line)
    return NotWellFormed(name, line, error.msg or "not XML")

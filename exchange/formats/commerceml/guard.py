"""What stands between the parser and a file of unknown origin.

A document type declaration is refused before the parser sees it, so there are no entities, neither
external nor expanding. Depth (256) and the text of one element (10,000,000 bytes) are limited by
the parser itself, which is never asked for huge trees; what one row may take and what a file may
are ``Limits``. The encoding is the one in which the root's name is Cyrillic, whatever is declared.
"""

from __future__ import annotations

import codecs
import re
from typing import NamedTuple, Protocol

from lxml import etree

PROLOG_LIMIT = 64 * 1024
_BOMS = (
    (codecs.BOM_UTF8, "UTF-8"),
    (codecs.BOM_UTF16_LE, "UTF-16LE"),
    (codecs.BOM_UTF16_BE, "UTF-16BE"),
)
_TOLD_APART = ("UTF-8", "windows-1251")
_DECLARED = re.compile(rb"""^<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
_READ = re.compile(r"utf-?(8|16(le|be)?)|ucs-?2|us-ascii|ascii|iso-8859-\d+|windows-125\d|cp125\d|"
                   r"cp866|ibm866|koi8-[ru]")  # fmt: skip
_BLANK = b" \t\r\n"


class Limits(NamedTuple):
    """How much of a file is taken, in bytes of the file."""

    row: int = 32 << 20  # one product, offer, document, property, tree of groups
    total: int = 16 << 30


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


class Readable(Protocol):
    """What gives bytes in blocks: a file, the body of a request."""

    def read(self, size: int = ..., /) -> bytes: ...


class Guarded:
    """A source whose prolog has been looked at; gives the parser the bytes of the document.

    ``encoding`` is what the parser is to read, ``None`` when it may believe the declaration.

    :raises RefusedDocument: a document type declaration, an encoding nobody writes, no root.
    """

    def __init__(self, source: Readable, *, name: str) -> None:
        self.source = source
        self.name = name
        self.encoding: str | None = None
        self._head = self._prolog()

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes."""
        if self._head:
            block, self._head = self._head, b""
            return block
        return self.source.read(size)

    def _prolog(self) -> bytes:
        head = b""
        while True:
            block = self.source.read(8192)
            head += block
            body, wide = self._unmarked(head)
            end = self._root_begins(_narrow(body, wide), is_whole=not block)
            if end is not None:
                return self._chosen(body, wide, end)
            if not block:
                return body
            if len(head) > PROLOG_LIMIT:
                raise RefusedDocument(self.name, "no_root")

    def _unmarked(self, head: bytes) -> tuple[bytes, str]:
        """Return the bytes after the byte-order mark, and which UTF-16 they are, if any."""
        for mark, encoding in _BOMS:
            if head.startswith(mark):
                self.encoding = encoding
                return head[len(mark) :], encoding if encoding.startswith("UTF-16") else ""
        if head[:2] == b"<\0":
            return head, "UTF-16LE"
        if head[:2] == b"\0<":
            return head, "UTF-16BE"
        return head.lstrip(_BLANK), ""

    def _root_begins(self, text: bytes, *, is_whole: bool) -> int | None:
        """Return where the root element stands; ``None`` while that is not to be seen yet."""
        at = 0
        while True:
            at += len(text[at:]) - len(text[at:].lstrip(_BLANK))
            rest = text[at : at + 9]
            if rest[:2] == b"<?":
                end = text.find(b"?>", at)
                at = end + 2
            elif rest[:4] == b"<!--":
                end = text.find(b"-->", at + 4)
                at = end + 3
            elif rest[:2] == b"<!" and len(rest) > 2 and not b"<!--".startswith(rest):
                raise RefusedDocument(self.name, "doctype", text.count(b"\n", 0, at) + 1)
            elif len(rest) > 1 and rest[:1] != b"<":
                return at  # not XML: the parser will say where
            else:
                is_seen = rest[:1] == b"<" and any(
                    mark in text[at:] for mark in (b">", b" ", b"\n", b"/", b"\t", b"\r")
                )
                return at if is_seen or (is_whole and at < len(text)) else None
            if end < 0:
                return None

    def _chosen(self, body: bytes, wide: str, at: int) -> bytes:
        declared = _DECLARED.match(_narrow(body[:2000], wide))
        said = declared[1].decode().lower() if declared else "utf-8"
        if not _READ.fullmatch(said):
            raise RefusedDocument(self.name, "encoding", 1)
        if wide:
            self.encoding = self.encoding or wide
        else:
            tag = re.split(rb"[\s/>]", body[at + 1 :], maxsplit=1)[0]
            self.encoding = self.encoding or _told_by(tag, said)
        return body


def _narrow(text: bytes, wide: str) -> bytes:
    """Return text of two bytes a letter as one byte a letter, enough to see the markup."""
    if not wide:
        return text
    decoded = text[: len(text) // 2 * 2].decode(wide, "replace")
    return decoded.encode("latin-1", "replace")


def _told_by(tag: bytes, said: str) -> str | None:
    """Return the encoding that makes the root's name Cyrillic when the declared one does not."""
    if tag.isascii() or _is_cyrillic(tag, said):
        return None
    return next((each for each in _TOLD_APART if _is_cyrillic(tag, each)), None)


def _is_cyrillic(tag: bytes, encoding: str) -> bool:
    try:
        text = tag.decode(encoding)
    except (UnicodeError, LookupError):
        return False
    return all("А" <= letter <= "я" or letter in "ёЁ" or letter.isascii() for letter in text)


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

"""Bytes of a message turned into what is kept of it (RFC 5322, RFC 2045 to 2047)."""

from __future__ import annotations

import email
import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.utils import getaddresses, parsedate_to_datetime
from typing import Any

from lxml import etree

LONGEST_TEXT = 100_000
MOST_FILES = 50
MOST_BEFORE = 50  # identifiers of a conversation
MOST_ADDRESSES = 200
LARGE, BROKEN = "large", "broken"


@dataclass(frozen=True)
class ReadFile:
    """What is attached to a message."""

    name: str
    data: bytes


@dataclass(frozen=True)
class Read:
    """What a message says; ``problem`` where it could not be read whole."""

    message_id: str
    sent_at: datetime
    subject: str
    from_name: str
    from_address: str
    to_addresses: tuple[str, ...]
    text: str
    problem: str = ""
    reply_address: str = ""
    references: tuple[str, ...] = ()  # the oldest first
    is_automatic: bool = False
    files: tuple[ReadFile, ...] = ()


def read(raw: bytes, *, now: datetime, is_cut: bool = False) -> Read:
    """Return what a message says, the worst one too; ``is_cut``: the head alone was fetched.

    A message without an identifier is known by the digest of its head; one that names no
    moment, or one to come, is of ``now``.
    """
    message = email.message_from_bytes(raw)
    names = getaddresses([_header(message, "From")])
    from_name, from_address = names[0] if names else ("", "")
    written = [_header(message, "To"), _header(message, "Cc")]
    to = [address for _name, address in getaddresses(written)][:MOST_ADDRESSES]
    text, problem = "", LARGE
    if not is_cut:
        text, problem = _text(message)
    return Read(
        message_id=_identifier(message, raw),
        sent_at=_moment(message, now),
        subject=_header(message, "Subject")[:500],
        from_name=from_name[:200],
        from_address=_folded(from_address),
        to_addresses=tuple(dict.fromkeys(_folded(each) for each in to if each)),
        text=text,
        problem=problem,
        reply_address=_reply_address(message),
        references=_references(message),
        is_automatic=_is_automatic(message, _folded(from_address)),
        files=() if is_cut else tuple(_files(message)),
    )


def _text(message: Message) -> tuple[str, str]:
    """Return the text of a message, and ``BROKEN`` where its bytes are damaged.

    That is its first plain text with something in it, else what its first page of HTML says.
    """
    problem = BROKEN if message.defects else ""
    for kind in ("text/plain", "text/html"):
        for part in message.walk():
            if part.get_content_type() != kind or part.get_filename():
                continue
            payload = part.get_payload(decode=True)
            if not isinstance(payload, bytes):
                problem = BROKEN
                continue
            text, is_damaged = _decoded(payload, part.get_content_charset() or "utf-8")
            if is_damaged or part.defects:
                problem = BROKEN
            if kind == "text/html":
                text = text_of_html(text[: 10 * LONGEST_TEXT])
            if text.strip():
                return text.strip()[:LONGEST_TEXT], problem
    return "", problem


def _files(message: Message) -> Iterator[ReadFile]:
    """Yield what is attached: parts with a name, or meant to be kept beside the text.

    Pictures that the text itself shows, logos of signatures, are none.
    """
    count = 0
    for part in message.walk():
        name = _kept(_decoded_name(part))
        is_beside = part.get_content_disposition() == "attachment"
        is_of_text = part.get("Content-ID") is not None and part.get_content_maintype() == "image"
        is_none = part.is_multipart() or not (is_beside or (name and not is_of_text))
        if is_none or count == MOST_FILES:
            continue
        payload = part.get_payload(decode=True)
        if isinstance(payload, bytes) and payload:
            count += 1
            yield ReadFile(name or f"{part.get_content_type().replace('/', '.')}", payload)


def _decoded_name(part: Message) -> str:
    """Return the name of a part, which old programs encode as if it were a header."""
    try:
        written = part.get_filename() or ""
    except (LookupError, ValueError):  # its charset is none
        return ""
    return _shown_words(written)


def _reply_address(message: Message) -> str:
    found = getaddresses([_header(message, "Reply-To")])
    return _folded(found[0][1]) if found else ""


def _references(message: Message) -> tuple[str, ...]:
    """Return the identifiers of the messages before this one, the oldest first."""
    said = f"{message.get('References', '')} {message.get('In-Reply-To', '')}"
    found = [each[:250] for each in re.findall(r"<[^<>\s]+>", _kept(said))]
    return tuple(dict.fromkeys([*found[:1], *found[1:][-MOST_BEFORE:]]))


def _is_automatic(message: Message, sender: str) -> bool:
    """Tell whether a machine wrote it (RFC 3834), or it went to many at once (RFC 2369)."""
    submitted = str(message.get("Auto-Submitted", "no")).strip().lower()
    precedence = str(message.get("Precedence", "")).strip().lower()
    return (
        submitted.partition(";")[0].strip() not in ("", "no")
        or precedence in _TO_MANY
        or message.get("List-Unsubscribe") is not None
        or sender.partition("@")[0].replace("-", "").replace("_", "") in _NO_PEOPLE
    )


_TO_MANY = frozenset({"bulk", "list", "junk"})
_NO_PEOPLE = frozenset({"noreply", "donotreply", "mailerdaemon", "postmaster", "bounce"})
_UNSEEN = frozenset({"head", "script", "style", "template", "title"})
_LINES = frozenset({
    "address", "article", "blockquote", "br", "div", "dd", "dl", "dt", "h1", "h2", "h3", "h4", "h5",
    "h6", "hr", "li", "ol", "p", "pre", "section", "table", "tr", "ul",
})  # fmt: skip


class _Words:
    """Gathers what a page of HTML shows, a line for each block."""

    def __init__(self) -> None:
        self._said: list[str] = []
        self._unseen = 0

    def start(self, tag: str, _attributes: Mapping[str, str]) -> None:
        if tag in _UNSEEN:
            self._unseen += 1
        elif tag in _LINES:
            self._said.append("\n")
        elif tag in {"td", "th"}:  # cells of a row stand in one line
            self._said.append(" ")

    def end(self, tag: str) -> None:
        if tag in _UNSEEN:
            self._unseen -= 1
        elif tag in _LINES and tag != "br":
            self._said.append("\n")

    def data(self, data: str) -> None:
        if not self._unseen:
            self._said.append(" ".join(data.splitlines()) if data.strip() else " ")

    def close(self) -> None:
        """Is called at the end; all that was said is there already."""

    def said(self) -> str:
        return "".join(self._said)


def text_of_html(page: str) -> str:
    """Return what a page of HTML says, as lines of plain text; never raises."""
    words: Any = _Words()
    parser = etree.HTMLParser(target=words, encoding="utf-8")
    try:
        parser.feed(page.encode())
        parser.close()
    except etree.XMLSyntaxError:  # there is nothing to be shown in it
        return ""
    found: list[str] = []
    for line in (" ".join(line.split()) for line in words.said().split("\n")):
        if line or (found and found[-1]):
            found.append(line)
    return "\n".join(found).strip()


def _header(message: Message, name: str) -> str:
    """Return a header as people read it, folded lines as one."""
    return _shown_words(str(message.get(name, "")))


def _shown_words(written: str) -> str:
    try:
        parts = decode_header(written)
    except HeaderParseError:  # what claims to be encoded is not: it is shown as it came
        return " ".join(_kept(written).split())
    shown = ""
    for part, charset in parts:
        shown += part if isinstance(part, str) else _decoded(part, charset or "utf-8")[0]
    return " ".join(_kept(shown).split())


def _decoded(data: bytes, charset: str) -> tuple[str, bool]:
    """Return text, and whether something of it could not be read."""
    try:
        return _kept(data.decode(charset)), False
    except (LookupError, ValueError):
        return _kept(data.decode("utf-8", "replace")), True


def _kept(text: str) -> str:
    """Return a text without what a database cannot keep: zeros and halves of letters."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()


def _moment(message: Message, now: datetime) -> datetime:
    try:
        found = parsedate_to_datetime(str(message.get("Date", "")))
    except ValueError:
        return now
    return min(found if found.tzinfo else found.replace(tzinfo=UTC), now)


def _identifier(message: Message, raw: bytes) -> str:
    named = " ".join(_kept(str(message.get("Message-ID", ""))).split())
    if named and len(named) <= 250:
        return named
    head = raw.replace(b"\r\n", b"\n").partition(b"\n\n")[0]
    return f"sha256:{hashlib.sha256(head).hexdigest()}"


def _folded(address: str) -> str:
    return address.strip().lower()[:254]

"""The wire format of messages between centre and offices (``docs/protocol/replication.md``, 3).

``KPR1``, the length of the head, the head (JSON), its Ed25519 signature, the body. The body is zstd
over sections; a section is the length of its own head, that head (JSON) and rows as PostgreSQL's
COPY writes them in text format. The head names the digest of the body, so one signature covers all.
"""

from __future__ import annotations

import hashlib
import json
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import zstandard
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

MAGIC = b"KPR1"
FORMAT = "kopru-replication/1"
RELEASE = 3  # grows when tables or columns of the plan change; ends may be one apart
LONGEST_HEAD = 64 * 1024
LONGEST_BODY = 256 * 1024 * 1024  # compressed
LONGEST_PLAIN = 1024 * 1024 * 1024
LEVEL = 3
_LENGTH = struct.Struct(">I")
_SIGNATURE = 64


class MessageRefused(Exception):
    """A message was not taken in and nothing was changed.

    ``code`` names the reason; the sentence is made where a person reads it.
    """

    code = "refused"

    def __init__(self, detail: str = "", **values: object) -> None:
        super().__init__(detail or self.code)
        self.detail = detail
        self.values = values


class Malformed(MessageRefused):
    """Not a message, or cut short."""

    code = "malformed"


class TooLarge(MessageRefused):
    """Larger than any message the other end may make."""

    code = "too_large"


class BadSignature(MessageRefused):
    """Signed by somebody else, or changed since it was signed."""

    code = "bad_signature"


class NotForUs(MessageRefused):
    """Of another company, another office, or going the other way."""

    code = "not_for_us"


class WrongNumber(MessageRefused):
    """A number before this one has not arrived; ``values["wanted"]`` is the next to be sent."""

    code = "wrong_number"


class Forked(MessageRefused):
    """A number that has been received came again with other content: a copied or restored base."""

    code = "forked"


class WrongRelease(MessageRefused):
    """The two programs are too far apart; ``values["update"]`` says which end to update."""

    code = "wrong_release"


class NotInExchange(MessageRefused):
    """The office's access was withdrawn, or it has to take a new copy first."""

    code = "not_in_exchange"


@dataclass(frozen=True)
class Head:
    """What a message says of itself."""

    company: UUID
    node: UUID
    sender: str  # "centre" or "branch"
    incarnation: UUID
    number: int
    acknowledges: int  # the latest number received from the other end
    is_batch_end: bool
    is_image: bool
    rows: int
    digest: str  # SHA-256 of the body
    size: int  # bytes of the body
    packed_at: datetime
    release: int = RELEASE

    def encode(self) -> bytes:
        """Return the bytes that are signed."""
        return json.dumps(
            {
                "format": FORMAT, "company": str(self.company), "node": str(self.node),
                "from": self.sender, "incarnation": str(self.incarnation), "number": self.number,
                "acknowledges": self.acknowledges, "batch_end": self.is_batch_end,
                "image": self.is_image, "rows": self.rows, "sha256": self.digest,
                "size": self.size, "packed_at": self.packed_at.isoformat(),
                "release": self.release,
            },
            separators=(",", ":"),
        ).encode()  # fmt: skip

    @classmethod
    def decode(cls, data: bytes) -> Head:
        """Read the head of a message.

        :raises Malformed: it is none.
        """
        try:
            found = json.loads(data)
            if found["format"] != FORMAT:
                raise Malformed(f"the format is {found['format']!r}")
            return cls(
                company=UUID(found["company"]), node=UUID(found["node"]), sender=found["from"],
                incarnation=UUID(found["incarnation"]), number=int(found["number"]),
                acknowledges=int(found["acknowledges"]), is_batch_end=bool(found["batch_end"]),
                is_image=bool(found["image"]), rows=int(found["rows"]), digest=found["sha256"],
                size=int(found["size"]), packed_at=datetime.fromisoformat(found["packed_at"]),
                release=int(found["release"]),
            )  # fmt: skip
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise Malformed("the head cannot be read") from error


@dataclass(frozen=True)
class Message:
    """A message as it travels: the head as signed, its signature, the compressed body."""

    head_bytes: bytes
    signature: bytes
    body: bytes

    @property
    def head(self) -> Head:
        """The head, read."""
        return Head.decode(self.head_bytes)

    @property
    def digest(self) -> str:
        """What tells two messages of one number apart."""
        return hashlib.sha256(self.head_bytes).hexdigest()

    def encode(self) -> bytes:
        """Return the bytes that travel."""
        return b"".join(
            (MAGIC, _LENGTH.pack(len(self.head_bytes)), self.head_bytes, self.signature, self.body)
        )

    @classmethod
    def decode(cls, data: bytes) -> Message:
        """Take a message apart and see that it is whole; the signature is not looked at.

        :raises Malformed: it is no message, or cut short, or longer than it says.
        :raises TooLarge: beyond what either end makes.
        """
        if data[:4] != MAGIC or len(data) < 8:
            raise Malformed("it does not begin like a message")
        length = _LENGTH.unpack_from(data, 4)[0]
        if length > LONGEST_HEAD:
            raise TooLarge("the head")
        begin = 8 + length
        message = cls(
            bytes(data[8:begin]), bytes(data[begin : begin + _SIGNATURE]),
            bytes(data[begin + _SIGNATURE :]),
        )  # fmt: skip
        head = message.head
        if head.size > LONGEST_BODY:
            raise TooLarge("the body")
        if len(message.body) != head.size or len(message.signature) != _SIGNATURE:
            raise Malformed("it is cut short")
        if hashlib.sha256(message.body).hexdigest() != head.digest:
            raise Malformed("the body is not the one that was sent")
        return message

    def verify(self, public_key: bytes) -> None:
        """See that the other end signed it.

        :raises BadSignature: it did not.
        """
        try:
            Ed25519PublicKey.from_public_bytes(bytes(public_key)).verify(
                self.signature, self.head_bytes
            )
        except (InvalidSignature, ValueError) as error:
            raise BadSignature from error


def sign(head: Head, body: bytes, *, private_key: bytes) -> Message:
    """Return the message of a head and a body."""
    data = head.encode()
    key = Ed25519PrivateKey.from_private_bytes(bytes(private_key))
    return Message(data, key.sign(data), body)


@dataclass(frozen=True)
class Section:
    """Rows of one table of which the same is to be done."""

    table: str
    operation: str
    columns: tuple[str, ...]
    rows: int
    data: bytes  # COPY text
    about: Mapping[str, Any]  # author, …

    def encode(self) -> bytes:
        """Return the section as it stands in a body."""
        head = json.dumps(
            {
                **self.about, "table": self.table, "op": self.operation, "rows": self.rows,
                "columns": self.columns, "size": len(self.data),
            },
            separators=(",", ":"),
        ).encode()  # fmt: skip
        return _LENGTH.pack(len(head)) + head + self.data


def compress(sections: bytes) -> bytes:
    """Return the body of encoded sections."""
    return zstandard.ZstdCompressor(level=LEVEL).compress(sections)


def sections(body: bytes) -> Iterator[Section]:
    """Yield the sections of a body.

    :raises Malformed: it cannot be unpacked, or its parts do not fit.
    :raises TooLarge: it would unpack to more than either end makes.
    """
    try:
        declared = zstandard.frame_content_size(body)
        if declared > LONGEST_PLAIN:
            raise TooLarge("unpacked")
        plain = zstandard.ZstdDecompressor().decompress(body, max_output_size=LONGEST_PLAIN)
    except zstandard.ZstdError as error:
        raise Malformed("the body cannot be unpacked") from error
    view, place = memoryview(plain), 0
    while place < len(plain):
        try:
            length = _LENGTH.unpack_from(plain, place)[0]
            place += _LENGTH.size
            found = json.loads(bytes(view[place : place + length]))
            place += length
            size = int(found.pop("size"))
            yield Section(
                table=str(found.pop("table")), operation=str(found.pop("op")),
                columns=tuple(found.pop("columns")), rows=int(found.pop("rows")),
                data=bytes(view[place : place + size]), about=found,
            )  # fmt: skip
            place += size
        except (struct.error, ValueError, KeyError, TypeError) as error:
            raise Malformed("a section cannot be read") from error
    if place != len(plain):
        raise Malformed("the latest section is cut short")

"""Messages in a file: by memory stick or mail where there is no line (``branch export|import``).

The file carries the very messages that the line would, with the number the sender has received, so
both ways mix freely: numbers decide what is new. It is sealed with a key that only the two ends of
the link have (ChaCha20-Poly1305, piece by piece), and each message in it is signed as ever
(``docs/protocol/replication.md``, 8).
"""

from __future__ import annotations

import json
import secrets
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Any
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from replication import nodes
from replication.messages import LONGEST_BODY, LONGEST_HEAD, Message, MessageRefused
from replication.models import BranchNode, NodeState, OutgoingMessage, Side
from replication.packing import acknowledge, pack
from replication.receiving import receive

MAGIC = b"KPF1"
PIECE = 1024 * 1024
_LONGEST_LABEL = 4096
_SIZE = struct.Struct(">I")
_LENGTH = struct.Struct(">Q")
_TAG = 16


class FileRefused(Exception):
    """A file was not taken, or could not be made; ``code`` is a key of the sentences.

    Messages that were taken in before the fault stay taken in.
    """

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code, detail)
        self.code = code
        self.detail = detail


@dataclass
class Carried:
    """What a file brought or takes along."""

    messages: int = 0
    rows: int = 0
    conflicts: int = 0
    parked: int = 0


def export(*, node: BranchNode, target: IO[bytes], now: datetime) -> Carried:
    """Pack what the other end has not been told and write it, sealed, into a file.

    Nothing counts as sent by that: what is not acknowledged goes again, by file or by line.

    :raises FileRefused: ``no_file_key``: the two ends have never met by the line.
    """
    key = nodes.file_key(node)
    if key is None:
        raise FileRefused("no_file_key")
    pack(node=node, now=now)
    node.refresh_from_db()
    label = json.dumps(
        {
            "format": "kopru-file/1", "company": str(nodes.company_of(node)), "node": str(node.pk),
            "from": node.side, "incarnation": str(node.incarnation),
            "received": node.received_number, "sent": node.sent_number,
            "made_at": now.isoformat(), "nonce": secrets.token_hex(8),
        },
        separators=(",", ":"),
    ).encode()  # fmt: skip
    target.write(MAGIC + _SIZE.pack(len(label)) + label)
    sealing = _Sealing(key, label, target)
    carried = Carried()
    found = OutgoingMessage.objects.filter(node=node).order_by("number")
    for number in found.values_list("number", flat=True):
        row = found.get(number=number)
        data = Message(bytes(row.head), bytes(row.signature), bytes(row.body)).encode()
        sealing.write(_LENGTH.pack(len(data)))
        sealing.write(data)
        carried.messages += 1
        carried.rows += row.rows
    sealing.close()
    return carried


def take(*, node: BranchNode, source: IO[bytes], now: datetime) -> Carried:
    """Take in the messages of a file that are new here, and what the other end has received.

    The same file again changes nothing.

    :raises FileRefused: ``not_a_file``, ``not_for_us``, ``bad_signature`` (sealed by somebody
        else, or changed), ``not_in_exchange`` (one end has begun anew since), ``gap`` (a file
        before this one is missing), or another code of a message that was refused.
    """
    label, said = _label(source)
    other = Side.BRANCH if node.side == Side.CENTRE else Side.CENTRE
    try:
        named = (UUID(said["company"]), UUID(said["node"]), said["from"])
        incarnation, received, sent = UUID(said["incarnation"]), said["received"], said["sent"]
    except (KeyError, ValueError, TypeError) as error:
        raise FileRefused("not_a_file") from error
    if named != (nodes.company_of(node), node.pk, other):
        raise FileRefused("not_for_us")
    key = nodes.file_key(node)
    if key is None:
        raise FileRefused("no_file_key")
    carried = Carried()
    plain = _Plain(_opened(key, label, source))
    if incarnation != node.incarnation:
        plain.all()  # sealed by the other end, or refused as a forgery
        raise FileRefused("not_in_exchange")
    for data in plain.messages():
        try:
            receipt = receive(node=node, message=Message.decode(data), now=now)
        except MessageRefused as refusal:
            code = "gap" if refusal.code == "wrong_number" else refusal.code
            raise FileRefused(code, refusal.detail) from refusal
        if not receipt.is_repeat:
            carried.messages += 1
            carried.rows += receipt.rows
            carried.conflicts += receipt.conflicts
            carried.parked += receipt.parked
    node.refresh_from_db()
    told = int(sent) if node.side == Side.BRANCH else None
    acknowledge(node=node, number=int(received), sent=told)
    BranchNode.objects.filter(pk=node.pk).update(met_at=now)
    if node.side == Side.CENTRE and node.state == NodeState.COPYING and not node.outgoing.exists():
        copied = BranchNode.objects.filter(pk=node.pk, state=NodeState.COPYING, sent_number__gt=0)
        copied.update(state=NodeState.LIVE)
    return carried


def _label(source: IO[bytes]) -> tuple[bytes, dict[str, Any]]:
    if source.read(4) != MAGIC:
        raise FileRefused("not_a_file")
    size = source.read(4)
    length = _SIZE.unpack(size)[0] if len(size) == 4 else _LONGEST_LABEL + 1
    if length > _LONGEST_LABEL:
        raise FileRefused("not_a_file")
    label = source.read(length)
    try:
        said = json.loads(label)
        if said["format"] != "kopru-file/1":
            raise FileRefused("not_a_file", str(said["format"]))
    except (ValueError, KeyError, TypeError) as error:
        raise FileRefused("not_a_file") from error
    return label, said


class _Sealing:
    """Seals what is written, a piece at a time; the latest one is marked, so a cut is noticed."""

    def __init__(self, key: bytes, label: bytes, target: IO[bytes]) -> None:
        self.cipher, self.label, self.target = ChaCha20Poly1305(key), label, target
        self.prefix = secrets.token_bytes(8)
        target.write(self.prefix)
        self.number, self.held = 0, bytearray()

    def write(self, data: bytes) -> None:
        self.held += data
        while len(self.held) > PIECE:
            self._piece(bytes(self.held[:PIECE]), is_last=False)
            del self.held[:PIECE]

    def close(self) -> None:
        self._piece(bytes(self.held), is_last=True)

    def _piece(self, data: bytes, *, is_last: bool) -> None:
        nonce = self.prefix + _SIZE.pack(self.number)
        sealed = self.cipher.encrypt(nonce, data, self.label + (b"\1" if is_last else b"\0"))
        self.target.write(_SIZE.pack(len(sealed)) + sealed)
        self.number += 1


def _opened(key: bytes, label: bytes, source: IO[bytes]) -> Iterator[bytes]:
    """Yield the pieces of a sealed file.

    :raises FileRefused: ``cut``, ``bad_signature``.
    """
    cipher, prefix, number = ChaCha20Poly1305(key), source.read(8), 0
    if len(prefix) != 8:
        raise FileRefused("file_cut")
    while True:
        size = source.read(4)
        if len(size) < 4:
            raise FileRefused("file_cut")
        length = _SIZE.unpack(size)[0]
        if not _TAG <= length <= PIECE + _TAG:
            raise FileRefused("bad_signature")
        sealed = source.read(length)
        if len(sealed) < length:
            raise FileRefused("file_cut")
        is_last = _is_at_end(source)
        try:
            yield cipher.decrypt(
                prefix + _SIZE.pack(number), sealed, label + (b"\1" if is_last else b"\0")
            )
        except InvalidTag as error:
            raise FileRefused("file_cut" if is_last else "bad_signature") from error
        if is_last:
            return
        number += 1


def _is_at_end(source: IO[bytes]) -> bool:
    """Tell whether nothing follows, without reading on."""
    here = source.tell()
    more = source.read(1)
    source.seek(here)
    return not more


class _Plain:
    """The messages of an opened file, one at a time in memory."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self.pieces, self.held = pieces, bytearray()

    def messages(self) -> Iterator[bytes]:
        while (head := self._read(_LENGTH.size)) is not None:
            length = _LENGTH.unpack(head)[0]
            if length > LONGEST_BODY + LONGEST_HEAD:
                raise FileRefused("too_large")
            data = self._read(length)
            if data is None:
                raise FileRefused("file_cut")
            yield data

    def all(self) -> None:
        for _ in self.pieces:
            pass

    def _read(self, count: int) -> bytes | None:
        while len(self.held) < count:
            piece = next(self.pieces, None)
            if piece is None:
                return None
            self.held += piece
        data = bytes(self.held[:count])
        del self.held[:count]
        return data

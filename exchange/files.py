"""The bytes 1C sent: parts stored as objects, read as one file, found by their path.

Every part of a file is an object of its own in the company's storage, so that appending needs
neither
a local disk nor a lock on bytes, and a part that broke half-way never becomes visible.
"""

from __future__ import annotations

import hashlib
import io
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO, NamedTuple, Protocol
from uuid import UUID

import uuid_utils.compat
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Max, Q

from exchange.models import FileKind, FilePart, FileState, Upload, UploadedFile
from tenants.current import way_back

CHUNK = 1 << 16


class Refused(Exception):
    """A part is not taken; ``cause`` is a key of ``exchange.sentences.CAUSES``."""

    def __init__(self, cause: str, *, is_hostile: bool = False, **values: object) -> None:
        super().__init__(cause)
        self.cause = cause
        self.is_hostile = is_hostile
        self.values = values


class Source(Protocol):
    """What the body of a request offers."""

    def read(self, size: int = ..., /) -> bytes: ...


class StoredMember(NamedTuple):
    """A member of an archive and the object that holds it."""

    file: UploadedFile
    stored_as: str


def append_part(
    *, upload: Upload, name: str, source: Source, expected: int | None, limit: int
) -> UploadedFile:
    """Append one part to a file of the upload; a new name begins a file.

    The part counts only when it arrived whole and its object is stored. A file that 1C has had
    imported begins anew.

    :raises Refused: it was cut off, empty, or larger than ``limit``.
    :raises OSError: the storage cannot take it.
    """
    body = _Body(source, limit=limit)
    stored_as = _store(body, folder=f"exchange/{upload.node_id}/{upload.pk}")
    try:
        if expected is not None and body.size != expected:
            raise Refused("part_cut_off", expected=expected, received=body.size)
        if body.size == 0:
            raise Refused("empty_part", name=name)
        with transaction.atomic():
            return _record_part(upload, name, stored_as, body)
    except BaseException:
        default_storage.delete(stored_as)
        raise


def add_whole(
    *, container: UploadedFile, name: str, source: Source, limit: int, position: int
) -> StoredMember:
    """Store a member of an archive as a file of the same upload.

    :raises Refused: it is larger than ``limit``.
    """
    body = _Body(source, limit=limit)
    upload = container.upload
    stored_as = _store(body, folder=f"exchange/{upload.node_id}/{upload.pk}")
    try:
        with transaction.atomic():
            UploadedFile.objects.filter(upload=upload, name=name, is_current=True).update(
                is_current=False
            )
            member = UploadedFile.objects.create(
                upload=upload,
                session_id=container.session_id,
                container=container,
                position=position,
                name=name,
                kind=_kind(name, body.head),
                size=body.size,
                sha256=body.digest.hexdigest(),
            )
            FilePart.objects.create(file=member, number=1, size=body.size, stored_as=stored_as)
            return StoredMember(member, stored_as)
    except BaseException:
        default_storage.delete(stored_as)
        raise


def open_file(file: UploadedFile) -> BinaryIO:
    """Open all parts of a file as one seekable stream.

    :raises FileNotFoundError: its bytes were removed after the retention time.
    """
    parts = list(file.parts.order_by("number"))
    if file.is_purged or not parts:
        raise FileNotFoundError(file.name)
    return io.BufferedReader(_Joined(parts), CHUNK)


def open_sent(file_id: UUID | str) -> BinaryIO:
    """Open a stored file by the key that ``rows.SentFile`` carries."""
    return open_file(UploadedFile.objects.get(pk=file_id))


def find_sent(*, node_id: UUID, paths: Sequence[str]) -> dict[str, UploadedFile]:
    """Return the newest stored file of each path that the node ever sent."""
    found = UploadedFile.objects.filter(
        upload__node_id=node_id, name__in=paths, is_purged=False
    ).exclude(Q(state=FileState.RECEIVING, container__isnull=True) | Q(state=FileState.DROPPED))
    return {file.name: file for file in found.order_by("created_at", "id")}


def digest(file: UploadedFile) -> str:
    """Return the SHA-256 of a file, reading it once."""
    value = hashlib.sha256()
    with open_file(file) as source:
        while chunk := source.read(CHUNK):
            value.update(chunk)
    return value.hexdigest()


def remove_bytes(files: Sequence[UploadedFile]) -> None:
    """Delete the stored parts of these files; their rows stay."""
    for part in FilePart.objects.filter(file__in=files):
        default_storage.delete(part.stored_as)
    FilePart.objects.filter(file__in=files).delete()
    UploadedFile.objects.filter(pk__in=[file.pk for file in files]).update(is_purged=True)


class _Body(File):  # type: ignore[type-arg]  # no subscript at run time
    """A body that storages read in chunks, counted and bounded on its way."""

    def __init__(self, source: Source, *, limit: int) -> None:
        super().__init__(None, name="part")
        self._source = source
        self._limit = limit
        self.size = 0
        self.head = b""
        self.digest = hashlib.sha256()

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        while chunk := self._source.read(chunk_size or CHUNK):
            self.size += len(chunk)
            if self.size > self._limit:
                raise Refused("too_large", is_hostile=True, limit=self._limit)
            if len(self.head) < 512:
                self.head += chunk[:512]
            self.digest.update(chunk)
            yield chunk


def _store(body: _Body, *, folder: str) -> str:
    stored_as = f"{folder}/{uuid_utils.compat.uuid7().hex}"
    try:
        return default_storage.save(stored_as, body)
    except BaseException:
        default_storage.delete(stored_as)
        raise


def _record_part(upload: Upload, name: str, stored_as: str, body: _Body) -> UploadedFile:
    Upload.objects.select_for_update().get(pk=upload.pk)
    file = UploadedFile.objects.filter(upload=upload, name=name, is_current=True).first()
    if file is not None and file.is_requested and file.state != FileState.WAITING:
        UploadedFile.objects.filter(pk=file.pk).update(is_current=False)
        file = None
    if file is None:
        if upload.session_id is None:
            raise ValueError("a part came before its run")
        latest = upload.files.aggregate(latest=Max("position"))["latest"] or 0
        file = UploadedFile(
            upload=upload,
            session_id=upload.session_id,
            name=name,
            position=latest + 1,
            kind=_kind(name, body.head),
        )
    number = file.parts.count() + 1 if not file._state.adding else 1
    file.size += body.size
    file.sha256 = body.digest.hexdigest() if number == 1 else ""
    file.state = FileState.RECEIVING
    file.is_requested = False
    file.requested_at = None
    file.attempts = 0
    file.save()
    FilePart.objects.create(file=file, number=number, size=body.size, stored_as=stored_as)
    return file


def _kind(name: str, head: bytes) -> str:
    if head[:4] in (b"PK\x03\x04", b"PK\x05\x06"):
        return FileKind.ZIP
    if name.lower().endswith(".xml") or head.lstrip(b"\xef\xbb\xbf \r\n\t")[:5] == b"<?xml":
        return FileKind.XML
    return FileKind.OTHER


class _Joined(io.RawIOBase):
    """The parts of a file one after another, as one seekable stream."""

    def __init__(self, parts: Sequence[FilePart]) -> None:
        self._parts = parts
        self._enter = way_back()
        self._starts = [0]
        for part in parts:
            self._starts.append(self._starts[-1] + part.size)
        self._at = 0
        self._open: tuple[int, File[Any]] | None = None

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._starts[-1]}[whence]
        self._at = max(0, base + offset)
        return self._at

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        if self._at >= self._starts[-1]:
            return 0
        index = bisect_right(self._starts, self._at) - 1
        part = self._part(index)
        part.seek(self._at - self._starts[index])
        data = part.read(min(len(buffer), self._starts[index + 1] - self._at))
        buffer[: len(data)] = data
        self._at += len(data)
        return len(data)

    def close(self) -> None:
        if self._open:
            self._open[1].close()
            self._open = None
        super().close()

    def _part(self, index: int) -> File[Any]:
        if self._open is None or self._open[0] != index:
            if self._open:
                self._open[1].close()
            # An answer is streamed after its request has left the company.
            with self._enter():
                opened = default_storage.open(self._parts[index].stored_as, "rb")
            self._open = (index, opened)
        return self._open[1]

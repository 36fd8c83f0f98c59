"""Files on cards of any kind: kept once by content, looked into before they are shown.

What a browser says of a file is not believed: only pictures and PDFs that are such are shown in
place, everything else is downloaded.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any, BinaryIO
from uuid import UUID

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import QuerySet
from django.http import FileResponse
from django.utils import timezone
from PIL import Image, UnidentifiedImageError

from apps.core import objects
from apps.counterparties.models import Attachment

LARGEST = 25 * 1024 * 1024
MOST_ON_A_CARD = 200
_READ = 256 * 1024
_PICTURES = {"JPEG": "image/jpeg", "PNG": "image/png", "GIF": "image/gif", "WEBP": "image/webp"}
ANYTHING = "application/octet-stream"
PDF = "application/pdf"


class FileRefused(Exception):
    """A file was not kept; nothing was changed."""


class TooLarge(FileRefused):
    """It is larger than ``LARGEST``."""


class Empty(FileRefused):
    """It holds nothing."""


class TooMany(FileRefused):
    """The card holds ``MOST_ON_A_CARD`` files."""


class NoSuchCard(FileRefused):
    """There is no such card, or it is not this person's to see."""


@dataclass(frozen=True)
class Place:
    """Where files of a kind belong: the counterparty with which they travel."""

    counterparty_of: Callable[[Any], UUID | None]


_places: dict[str, Place] = {}


def register(kind: str, place: Place) -> None:
    """Let cards of a kind of object have files; registered again it replaces the former one."""
    _places[kind] = place


def has_files(kind: str) -> bool:
    """Tell whether cards of a kind of object may have files."""
    return kind in _places


def places() -> list[str]:
    """Return the keys of the kinds whose cards may have files."""
    return sorted(_places)


def stored_as(digest: str) -> str:
    """Return the name under which the storage holds bytes with this digest."""
    return f"attachments/{digest[:2]}/{digest}"


def files_of(*, kind: str, key: UUID) -> list[Attachment]:
    """Return the files of a card, the latest version of each, the newest first."""
    rows = (
        Attachment.objects.filter(kind=kind, key=key, is_archived=False)
        .select_related("author")
        .order_by("name", "-version")
        .distinct("name")
    )
    return sorted(rows, key=lambda file: file.created_at, reverse=True)


def versions_of(file: Attachment) -> QuerySet[Attachment]:
    """Return every version of a file, the newest first."""
    return Attachment.objects.filter(
        kind=file.kind, key=file.key, name=file.name, is_archived=False
    ).order_by("-version")


def card_of(*, kind: str, key: UUID, by: Any, action: str = "view") -> Any:
    """Return the row a file belongs to, as far as a person may see (or change) it.

    :raises NoSuchCard: there is none, or it is not theirs.
    """
    try:
        row = objects.kind(kind).rows(by, action=action).filter(pk=key).first()
    except KeyError:
        row = None
    if row is None or kind not in _places:
        raise NoSuchCard(kind, key)
    return row


@transaction.atomic
def keep_file(
    *, kind: str, key: UUID, name: str, source: BinaryIO, size: int, by: Any
) -> Attachment:
    """Keep a file on a card; the same name is a further version, the same bytes again nothing new.

    :raises FileRefused: in one of its forms.
    """
    row = card_of(kind=kind, key=key, by=by, action="change")
    if size > LARGEST:
        raise TooLarge(name, size)
    name = plain_name(name)
    digest = _digest(source)
    if not size:
        raise Empty(name)
    before = Attachment.objects.select_for_update().filter(kind=kind, key=key)
    same = before.filter(name=name).order_by("-version").first()
    if same is not None and same.digest == digest and not same.is_archived:
        return same
    if before.filter(is_archived=False).count() >= MOST_ON_A_CARD:
        raise TooMany(name)
    _store(digest, source)
    return Attachment.objects.create(
        kind=kind, key=key, counterparty_id=_places[kind].counterparty_of(row), name=name,
        version=same.version + 1 if same else 1, digest=digest, size=size,
        content_type=_looked_at(source), author=by,
    )  # fmt: skip


def plain_name(name: str) -> str:
    """Return what a file is called without the folders it came from."""
    return PurePosixPath(name.replace("\\", "/").replace("\x00", "")).name[-200:] or "file"


def keep_bytes(source: BinaryIO) -> tuple[str, str]:
    """Keep bytes that stand on no card; return their digest and what they were found to be."""
    digest = _digest(source)
    _store(digest, source)
    return digest, _looked_at(source)


@transaction.atomic
def archive_file(*, file_id: UUID, is_archived: bool = True) -> Attachment:
    """Put every version of a file into the trash, or bring them back.

    :raises Attachment.DoesNotExist: there is no such file.
    """
    file = Attachment.objects.select_for_update().get(pk=file_id)
    Attachment.objects.filter(kind=file.kind, key=file.key, name=file.name).update(
        is_archived=is_archived, updated_at=timezone.now()
    )
    return file


def is_shown(content_type: str) -> bool:
    """Tell whether a browser may show a file of this type in place."""
    return content_type == PDF or content_type in _PICTURES.values()


def answer(*, digest: str, name: str, content_type: str, as_download: bool) -> FileResponse:
    """Return a file as it is sent: shown in place when it is a picture or a PDF, else downloaded.

    :raises FileNotFoundError: its bytes are gone.
    """
    source = default_storage.open(stored_as(digest))
    can_show = is_shown(content_type)
    sent = FileResponse(
        source, as_attachment=as_download or not can_show, filename=name,
        content_type=content_type if can_show else ANYTHING,
    )  # fmt: skip
    sent["Cache-Control"] = "private, max-age=3600"
    sent["X-Content-Type-Options"] = "nosniff"
    sent["X-Frame-Options"] = "SAMEORIGIN"
    # The viewer of PDFs does not run in a sandbox; a picture needs nothing at all.
    sent["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; frame-ancestors 'self'"
        if content_type == PDF
        else "default-src 'none'; frame-ancestors 'self'; sandbox"
    )
    return sent


def _store(digest: str, source: BinaryIO) -> None:
    stored = stored_as(digest)
    if not default_storage.exists(stored):
        default_storage.save(stored, File(source))


def _digest(source: BinaryIO) -> str:
    made = hashlib.sha256()
    source.seek(0)
    while part := source.read(_READ):
        made.update(part)
    source.seek(0)
    return made.hexdigest()


def _looked_at(source: BinaryIO) -> str:
    """Return the type by the bytes themselves."""
    source.seek(0)
    head = source.read(1024)
    source.seek(0)
    if head.lstrip()[:5] == b"%PDF-":
        return PDF
    try:
        with Image.open(source, formats=list(_PICTURES)) as picture:
            return _PICTURES.get(picture.format or "", ANYTHING)
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError):
        return ANYTHING
    finally:
        source.seek(0)

"""What people and 1C do with the catalogue."""

from __future__ import annotations

from datetime import datetime
from typing import BinaryIO, Literal
from uuid import UUID

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import transaction

from apps.catalog.models import ArrivedFile, ProductFile

FILE_LIMIT = 50 * 1024 * 1024
Outcome = Literal["created", "changed", "unchanged"]


class CatalogError(Exception):
    """A refusal of the catalogue."""


class FileRefused(CatalogError):
    """The file is larger than the catalogue keeps."""


def stored_as(digest: str) -> str:
    """Return the name under which the storage holds bytes with this digest."""
    return f"catalog/{digest[:2]}/{digest}"


@transaction.atomic
def attach_file(
    *, node_id: UUID, path: str, source: BinaryIO, digest: str, size: int, now: datetime
) -> Outcome:
    """Keep the bytes 1C sent under ``path`` and give them to the products that name it.

    Products that name the path later get them then. Bytes of equal content are stored once.

    :raises FileRefused: they are larger than ``FILE_LIMIT``.
    """
    if size > FILE_LIMIT:
        raise FileRefused(path, size)
    arrived = ArrivedFile.objects.filter(node_id=node_id, path=path).first()
    name = stored_as(digest)
    if not default_storage.exists(name):
        default_storage.save(name, File(source))
    attached = (
        ProductFile.objects.filter(product__node_id=node_id, path=path)
        .exclude(digest=digest)
        .update(digest=digest, size=size, updated_at=now)
    )
    if arrived is None:
        ArrivedFile.objects.create(node_id=node_id, path=path, digest=digest, size=size)
        return "created"
    if arrived.digest == digest and not attached:
        return "unchanged"
    ArrivedFile.objects.filter(pk=arrived.pk).update(digest=digest, size=size, updated_at=now)
    return "changed"

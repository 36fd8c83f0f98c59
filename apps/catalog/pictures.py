"""Files of products on their way to a browser: safe types, small versions, bounded decoding."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any

from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from PIL import Image, ImageOps, UnidentifiedImageError

from apps.catalog.services import stored_as

SIZES = {"small": 96, "medium": 480}
_PIXELS = 50_000_000  # a larger picture is not decoded
_SHOWN = {"JPEG": "image/jpeg", "PNG": "image/png", "GIF": "image/gif", "WEBP": "image/webp"}


class NotAPicture(Exception):
    """The bytes are no picture that can be shown, or one too large to be decoded."""


@dataclass(frozen=True)
class Served:
    """A stored file ready to be sent."""

    source: File[Any]
    content_type: str
    is_shown: bool  # in the page; anything else is only ever downloaded


def original(digest: str) -> Served:
    """Return the file as 1C sent it; what is no known picture is never shown, only downloaded.

    :raises FileNotFoundError: its bytes are gone.
    """
    source = default_storage.open(stored_as(digest))
    content_type = _picture_type(source)
    source.seek(0)
    return Served(source, content_type or "application/octet-stream", content_type is not None)


def small_version(digest: str, *, size: str) -> Served:
    """Return a small version as WebP, made once and kept.

    :raises NotAPicture: there is nothing to show.
    :raises FileNotFoundError: its bytes are gone.
    """
    name = f"{stored_as(digest)}-{size}.webp"
    if not default_storage.exists(name):
        with default_storage.open(stored_as(digest)) as source:
            made = _shrink(source, SIZES[size])
        default_storage.save(name, ContentFile(made))
    return Served(default_storage.open(name), "image/webp", True)


def _picture_type(source: File[Any]) -> str | None:
    try:
        with Image.open(source, formats=list(_SHOWN)) as picture:
            return _SHOWN.get(picture.format or "")
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError):
        return None


def _shrink(source: File[Any], edge: int) -> bytes:
    try:
        with Image.open(source, formats=list(_SHOWN)) as picture:
            if picture.width * picture.height > _PIXELS:
                raise NotAPicture
            picture.draft("RGB", (edge * 2, edge * 2))
            upright = ImageOps.exif_transpose(picture)
            upright.thumbnail((edge, edge))
            kept = upright.convert("RGBA" if upright.mode in ("RGBA", "LA", "P") else "RGB")
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError) as error:
        raise NotAPicture from error
    target = io.BytesIO()
    kept.save(target, "WEBP", quality=80)
    return target.getvalue()

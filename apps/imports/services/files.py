"""The file of an import in the company's storage, and a copy of it on this machine to read."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4

from django.core.files.base import File
from django.core.files.storage import default_storage

_FOLDER = "imports"


def store(source: BinaryIO) -> str:
    """Keep the bytes and return the name they are kept under."""
    return str(default_storage.save(f"{_FOLDER}/{uuid4()}", File(source)))


def remove(name: str) -> None:
    """Remove the bytes; the second time nothing happens."""
    if name:
        default_storage.delete(name)


@contextmanager
def at_hand(name: str) -> Iterator[str]:
    """Give a path of the bytes on this machine: readers of sheets and bases need one."""
    with tempfile.TemporaryDirectory(prefix="kopru-import-") as folder:
        path = Path(folder) / "file"
        with default_storage.open(name) as source, path.open("wb") as target:
            shutil.copyfileobj(source, target, 1 << 20)
        yield str(path)

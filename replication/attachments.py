"""Files that rows name by the SHA-256 of their bytes: they travel after the rows, each once.

An office asks for the files its rows name and its disk does not have; the centre gives those that
rows in the office's scope name, and no others. What has arrived of a file lies in
``sync/<digest>.part`` and goes on at its byte; a file takes its name only when its bytes have the
digest (``docs/protocol/replication.md``, 7).
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from django.core.files.storage import default_storage
from django.db import connection

from replication import plan, scopes
from replication.models import BranchNode

LARGEST = 512 * 1024 * 1024
_DIGEST = re.compile(r"[0-9a-f]{64}")
_READ = 1024 * 1024


class WrongBytes(Exception):
    """What arrived is not what the digest says; it was thrown away."""


class NotNamed(Exception):
    """No row that the office holds names such a file, or its bytes are not there."""


def missing() -> Iterator[tuple[str, str]]:
    """Yield (digest, name in the storage) of files that rows here name and the storage lacks."""
    for entry in plan.all_attached():
        with connection.cursor() as cursor:
            cursor.execute(
                f'SELECT DISTINCT "{entry.digest}" FROM "{entry.table}"'  # noqa: S608
                f" WHERE \"{entry.digest}\" <> '' ORDER BY 1"
            )
            digests = [row[0] for row in cursor.fetchall()]
        for digest in digests:
            name = entry.stored_as(digest)
            if _DIGEST.fullmatch(digest) and not default_storage.exists(name):
                yield digest, name


def given_to(*, node: BranchNode, digest: str) -> Path:
    """Return where the bytes of a file lie that an office asks for.

    :raises NotNamed: nothing that the office holds names it, or its bytes are not here.
    """
    if not _DIGEST.fullmatch(digest):
        raise NotNamed(digest)
    limited = scopes.restricted(node.scope_sent if node.scope_sent is not None else node.scope)
    for entry in plan.all_attached():
        held = (
            " AND EXISTS (SELECT FROM replication_membership held WHERE held.node_id = %s"
            f' AND held."table" = \'{entry.table}\' AND held.key = t."{entry.key}")'
            if entry.table in limited
            else " AND %s::uuid IS NOT NULL"
        )
        with connection.cursor() as cursor:
            cursor.execute(
                f'SELECT EXISTS (SELECT FROM "{entry.table}" t'  # noqa: S608
                f' WHERE t."{entry.digest}" = %s{held})',
                [digest, node.pk],
            )
            if cursor.fetchone()[0]:
                found = Path(default_storage.path(entry.stored_as(digest)))
                if found.is_file():
                    return found
    raise NotNamed(digest)


class Arriving:
    """A file on its way in: what has arrived stays, whatever is cut."""

    def __init__(self, digest: str, name: str) -> None:
        self.digest, self.name = digest, name
        self.part = Path(default_storage.path(f"sync/{digest}.part"))
        self.part.parent.mkdir(parents=True, exist_ok=True)

    @property
    def have(self) -> int:
        """The number of bytes that have arrived."""
        return self.part.stat().st_size if self.part.exists() else 0

    def begin_anew(self) -> None:
        """Throw away what has arrived."""
        self.part.unlink(missing_ok=True)

    def add(self, data: Iterator[bytes]) -> None:
        """Append bytes as they come.

        :raises WrongBytes: more than any file may have.
        """
        size = self.have
        with self.part.open("ab") as target:
            for piece in data:
                size += len(piece)
                if size > LARGEST:
                    break
                target.write(piece)
        if size > LARGEST:
            self.begin_anew()
            raise WrongBytes(self.digest)

    def finish(self) -> None:
        """Give the file its name.

        :raises WrongBytes: its bytes do not have the digest.
        """
        found = hashlib.sha256()
        with self.part.open("rb") as source:
            while piece := source.read(_READ):
                found.update(piece)
            os.fsync(source.fileno())
        if found.hexdigest() != self.digest:
            self.begin_anew()
            raise WrongBytes(self.digest)
        target = Path(default_storage.path(self.name))
        target.parent.mkdir(parents=True, exist_ok=True)
        self.part.replace(target)


def forget_parts() -> None:
    """Remove what arrived in part of files that nothing names any more."""
    wanted = {f"{digest}.part" for digest, _name in missing()}
    with suppress(FileNotFoundError):
        for name in default_storage.listdir("sync")[1]:
            if name not in wanted:
                default_storage.delete(f"sync/{name}")

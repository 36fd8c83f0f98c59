"""Archives of 1C: members become files of the same upload, bounded and with safe names.

Real archives reach 80:1, so the bound on the ratio is 200:1
(``docs/protocol/exchange-sessions.md``).
Names may hold backslashes and code page 866.
"""

from __future__ import annotations

import stat
import zipfile
import zlib
from datetime import datetime

from django.core.files.storage import default_storage
from django.db import transaction

from exchange import files
from exchange.models import FileState, UploadedFile
from exchange.names import HostileName, natural, normalised
from exchange.taking import Report

MAX_RATIO = 200
MAX_TOTAL = 20 << 30
MAX_MEMBERS = 100_000
_FREE = 1 << 20  # small members may compress as well as they like


class HostileArchive(Exception):
    """An archive is a bomb, climbs out of its area, is encrypted, or holds links or archives."""


class BrokenArchive(Exception):
    """An archive is cut short or damaged."""


def unpack(*, file: UploadedFile, now: datetime, report: Report) -> None:
    """Store every member of an archive as a file of its upload, all of them or none.

    Members wait to be asked for by name, as 1C does, unless nobody will ask. Done again after an
    interruption it replaces what was unpacked before.

    :raises HostileArchive: nothing was kept.
    :raises BrokenArchive: nothing was kept.
    """
    waits = not file.session.is_open or not file.is_requested
    state = FileState.WAITING if waits else FileState.RECEIVING
    made: list[files.StoredMember] = []
    try:
        with transaction.atomic(), files.open_file(file) as source:
            archive = zipfile.ZipFile(source)
            for number, (name, info) in enumerate(_members(archive, file.size), start=1):
                with archive.open(info) as content:
                    made.append(
                        files.add_whole(
                            container=file,
                            name=name,
                            source=content,
                            limit=info.file_size,
                            position=file.position + number,
                        )
                    )
                report(number, len(archive.filelist))
            UploadedFile.objects.filter(pk__in=[member.file.pk for member in made]).update(
                state=state, requested_at=now if waits else None
            )
            UploadedFile.objects.filter(pk=file.pk).update(state=FileState.DONE, finished_at=now)
    except BaseException as error:
        # The rows are rolled back with the transaction; their objects are not part of it.
        for member in made:
            default_storage.delete(member.stored_as)
        if isinstance(error, (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError)):
            raise BrokenArchive(str(error)) from error
        if isinstance(error, files.Refused):
            raise HostileArchive("a member is larger than it says") from error
        raise


def _members(archive: zipfile.ZipFile, size: int) -> list[tuple[str, zipfile.ZipInfo]]:
    infos = [info for info in archive.infolist() if not info.is_dir()]
    if len(infos) > MAX_MEMBERS:
        raise HostileArchive(f"it holds more than {MAX_MEMBERS} files")
    total = sum(info.file_size for info in infos)
    if total > MAX_TOTAL or total > _FREE + size * MAX_RATIO:
        raise HostileArchive(f"it unpacks to more than {MAX_RATIO} times its size")
    members = [(_name(info), info) for info in infos]
    return sorted(members, key=lambda member: natural(member[0]))


def _name(info: zipfile.ZipInfo) -> str:
    if info.flag_bits & 0x1:
        raise HostileArchive("it is encrypted")
    if stat.S_ISLNK(info.external_attr >> 16):
        raise HostileArchive("it holds a link")
    name = info.filename
    if not info.flag_bits & 0x800:
        try:
            name = name.encode("cp437").decode("cp866")
        except UnicodeError:
            name = info.filename
    if name.lower().endswith((".zip", ".rar", ".7z", ".gz")):
        raise HostileArchive("it holds another archive")
    if name.startswith("/") or name[1:2] == ":":
        raise HostileArchive("it holds an absolute path")
    try:
        return normalised(name)
    except HostileName as error:
        raise HostileArchive("it holds a path outside its folder") from error

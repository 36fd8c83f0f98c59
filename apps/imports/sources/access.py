"""Tables of a Microsoft Access base (.mdb, .accdb), read by mdbtools where they are installed.

They are no part of Köprü: Debian has them as ``mdbtools``. Without them the screen says so and
shows the way by CSV, which every Access has.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from apps.imports.sources.table import Options, Unreadable
from apps.imports.sources.text import TextReader

MOST_BYTES = 1 << 30
_PATIENCE = 300
_MARK = b"Standard Jet DB", b"Standard ACE DB"


def is_access(path: str) -> bool:
    """Tell whether a file is an Access base by its first bytes."""
    with Path(path).open("rb") as source:
        return source.read(19)[4:19] in _MARK


class AccessReader:
    """Reads one table of a base; see ``Reader``."""

    def look(self, path: str, options: Options) -> Options:
        tables = [each for each in _told("mdb-tables", "-1", path).splitlines() if each.strip()]
        if not tables:
            raise Unreadable("no_tables")
        table = options.table if options.table in tables else tables[0]
        return replace(options, form="access", table=table, tables=tables, head=1)

    def rows(self, path: str, options: Options) -> Iterator[list[str]]:
        program = _program("mdb-export")
        beside = Path(f"{path}.csv")
        with beside.open("wb") as target:
            try:
                subprocess.run(  # noqa: S603 - no shell; the table is one the base itself named
                    [program, "-D", "%Y-%m-%d", "-T", "%Y-%m-%d %H:%M:%S", path, options.table],
                    stdout=target, stderr=subprocess.PIPE, timeout=_PATIENCE, check=True,
                )  # fmt: skip
            except subprocess.SubprocessError:
                raise Unreadable("broken") from None
        try:
            plain = Options(form="text", encoding="utf-8", delimiter=",", head=1)
            yield from TextReader().rows(str(beside), plain)
        finally:
            beside.unlink(missing_ok=True)


def _program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise Unreadable("no_mdbtools")
    return found


def _told(name: str, *arguments: str) -> str:
    try:
        done = subprocess.run(  # noqa: S603 - no shell, a program of the system
            [_program(name), *arguments], capture_output=True, timeout=_PATIENCE, check=True
        )
    except subprocess.SubprocessError:
        raise Unreadable("broken") from None
    return done.stdout.decode("utf-8", "replace")

"""Translations: .po to .mo without the gettext programs, which a user's machine need not have."""

from __future__ import annotations

import os
from pathlib import Path

import polib

from launcher.errors import Refusal


def compile_stale(locale: Path) -> list[Path]:
    """Compile every catalog below ``locale`` that is newer than its compiled form; return those.

    A catalog is replaced in one step, so a running server never reads half of one.

    :raises Refusal: a catalog is not well formed; the message names file and line.
    """
    done = []
    for source in sorted(locale.glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        stamp = source.stat().st_mtime_ns
        if target.exists() and target.stat().st_mtime_ns >= stamp:
            continue
        try:
            catalog = polib.pofile(str(source))
        except (OSError, UnicodeDecodeError) as error:
            raise Refusal(f"The translations in {source} cannot be read: {error}") from None
        fresh = target.with_name(f"{target.name}.{os.getpid()}")
        try:
            fresh.write_bytes(catalog.to_binary())
            fresh.replace(target)
        except OSError as error:
            raise Refusal(f"{target} cannot be written ({error.strerror}).") from None
        done.append(target)
    return done

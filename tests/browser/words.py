"""The sentences of the screens, as each language says them."""

from __future__ import annotations

from functools import cache

import polib

from launcher.files import ROOT


@cache
def catalogue(language: str) -> dict[tuple[str, str], str]:
    """Return the translations of a language, by context and English sentence."""
    path = ROOT / "frontend" / "locale" / language / "LC_MESSAGES" / "django.po"
    return {(each.msgctxt or "", each.msgid): each.msgstr for each in polib.pofile(str(path))}

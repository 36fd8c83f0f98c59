"""Russian and Turkish are complete: every sentence of a template or of the code is in both catalogues."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import polib
import pytest

ROOT = Path(__file__).resolve().parent.parent
LANGUAGES = ("ru", "tr")
_PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")
_TRANSLATE = re.compile(r"{%\s*translate\s+(\"[^\"]*\"|'[^']*')(\s+context\s+(\"[^\"]*\"|'[^']*'))?")
_CALLS = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy"}
_CODE = ("apps", "exchange", "replication", "tenants", "config")


def catalogue(language: str) -> polib.POFile:
    return polib.pofile(str(ROOT / "frontend/locale" / language / "LC_MESSAGES/django.po"))


def sentences() -> set[str]:
    found: set[str] = set()
    for template in (ROOT / "frontend/templates").rglob("*.html"):
        for quoted, _, _ in _TRANSLATE.findall(template.read_text(encoding="utf-8")):
            found.add(quoted[1:-1])
    for folder in _CODE:
        for module in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
                name = getattr(getattr(node, "func", None), "id", "")
                if isinstance(node, ast.Call) and name in _CALLS and node.args:
                    first = node.args[0]
                    if isinstance(first, ast.Constant) and isinstance(first.value, str):
                        found.add(first.value)
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_is_translated(language: str) -> None:
    entries = [entry for entry in catalogue(language) if not entry.obsolete]

    untranslated = [e.msgid for e in entries if not e.translated() or "fuzzy" in e.flags]
    missing = sentences() - {entry.msgid.replace("%%", "%") for entry in entries} - {
        entry.msgid for entry in entries
    }

    assert untranslated == []
    assert sorted(missing) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_keeps_the_values_of_its_sentence(language: str) -> None:
    for entry in catalogue(language):
        wanted = set(_PLACEHOLDER.findall(entry.msgid + entry.msgid_plural))
        forms = list(entry.msgstr_plural.values()) or [entry.msgstr]
        for form in forms:
            found = set(_PLACEHOLDER.findall(form))
            assert found <= wanted, entry.msgid
            assert found == wanted or entry.msgid_plural, entry.msgid

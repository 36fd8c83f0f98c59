"""Russian and Turkish are complete: both catalogues hold every sentence of templates and code."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import polib
import pytest
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
LANGUAGES = ("ru", "tr")
FORMS = {"ru": 3, "tr": 2}
_CODE = ("apps", "exchange", "replication", "tenants", "config")
# What a function takes before its values: a context, a sentence, a plural.
_CALLS = {
    "_": ("id",),
    "gettext": ("id",),
    "gettext_lazy": ("id",),
    "gettext_noop": ("id",),
    "ngettext": ("id", "plural"),
    "ngettext_lazy": ("id", "plural"),
    "pgettext": ("context", "id"),
    "pgettext_lazy": ("context", "id"),
    "npgettext": ("context", "id", "plural"),
    "npgettext_lazy": ("context", "id", "plural"),
}
_LITERAL = r"u?(?:'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\")"
_IN_TEMPLATE = re.compile(rf"(?<!\w)(n?p?gettext|_)\(\s*({_LITERAL}(?:\s*,\s*{_LITERAL})*)")
_PLACEHOLDER = re.compile(r"%\((\w+)\)[a-z]")

Sentence = tuple[str, str, str]  # context, sentence, plural


def catalogue(language: str) -> polib.POFile:
    return polib.pofile(str(ROOT / "frontend/locale" / language / "LC_MESSAGES/django.po"))


def entries(language: str) -> list[polib.POEntry]:
    return [entry for entry in catalogue(language) if not entry.obsolete]


def sentence(name: str, values: list[str]) -> Sentence:
    named = dict(zip(_CALLS[name], values, strict=False))
    return named.get("context", ""), named["id"], named.get("plural", "")


def in_templates() -> Iterator[Sentence]:
    for template in (ROOT / "frontend/templates").rglob("*.html"):
        source = templatize(template.read_text(encoding="utf-8"), origin=str(template))
        for name, literals in _IN_TEMPLATE.findall(source):
            values = [ast.literal_eval(text) for text in re.findall(_LITERAL, literals)]
            yield sentence(name, values)


def in_code() -> Iterator[Sentence]:
    for folder in _CODE:
        for module in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
                if not isinstance(node, ast.Call):
                    continue
                name = getattr(node.func, "id", getattr(node.func, "attr", ""))
                wanted = node.args[: len(_CALLS.get(name, ()))]
                values = [
                    argument.value
                    for argument in wanted
                    if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
                ]
                if values and len(values) == len(_CALLS[name]):
                    yield sentence(name, values)


@cache
def sentences() -> frozenset[Sentence]:
    return frozenset({*in_templates(), *in_code()})


def texts(entry: polib.POEntry) -> list[str]:
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def test_sentences_are_found() -> None:
    assert ("", "Sign in", "") in sentences()
    assert ("to do", "Archive", "") in sentences()
    assert any(plural for _, _, plural in in_templates())
    assert any(plural for _, _, plural in in_code())


def test_no_function_has_a_name_that_makemessages_does_not_know() -> None:
    hidden = [
        f"{module.relative_to(ROOT)}: {name.name} as {name.asname}"
        for folder in _CODE
        for module in (ROOT / folder).rglob("*.py")
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for name in node.names
        if name.name in _CALLS and (name.asname or name.name) not in _CALLS
    ]

    assert hidden == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_is_in_the_catalogue(language: str) -> None:
    known = {(e.msgctxt or "", e.msgid, e.msgid_plural) for e in entries(language)}

    # One entry serves a sentence with and without its plural.
    known |= {(context, text, "") for context, text, _ in known}

    assert sorted(sentences() - known) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_is_translated(language: str) -> None:
    unfinished = [e.msgid for e in entries(language) if not e.translated() or e.fuzzy]
    forms = {e.msgid: len(e.msgstr_plural) for e in entries(language) if e.msgid_plural}

    assert unfinished == []
    assert {text: count for text, count in forms.items() if count != FORMS[language]} == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_catalogue_says_its_language_and_its_plurals(language: str) -> None:
    header = catalogue(language).metadata

    assert header["Language"] == language
    assert header["Content-Type"].lower() == "text/plain; charset=utf-8"
    assert header["Plural-Forms"].startswith(f"nplurals={FORMS[language]};")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_keeps_the_values_of_its_sentence(language: str) -> None:
    for entry in entries(language):
        single, plural = (
            set(_PLACEHOLDER.findall(text)) for text in (entry.msgid, entry.msgid_plural)
        )
        for text in filter(None, texts(entry)):
            found = set(_PLACEHOLDER.findall(text))
            # The form for one may name its number or leave it out, as the English does.
            assert found in ([single, plural] if entry.msgid_plural else [single]), entry.msgid


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_keeps_the_edges_of_its_sentence(language: str) -> None:
    for entry in entries(language):
        for text in filter(None, texts(entry)):
            for end in (str.startswith, str.endswith):
                for edge in ("\n", " "):
                    assert end(text, edge) == end(entry.msgid, edge), entry.msgid

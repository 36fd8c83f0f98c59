"""Translations without the gettext programs."""

from __future__ import annotations

import gettext
from pathlib import Path

import pytest

from launcher import messages
from launcher.errors import Refusal

CATALOG = """\
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"
"Plural-Forms: nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 ? 1 : 2);\\n"

msgid "Invoice"
msgstr "Счёт"

msgctxt "verb"
msgid "Order"
msgstr "Заказать"

msgid "%(n)s product"
msgid_plural "%(n)s products"
msgstr[0] "%(n)s товар"
msgstr[1] "%(n)s товара"
msgstr[2] "%(n)s товаров"

#, fuzzy
msgid "Payment"
msgstr "Платформа"
"""


@pytest.fixture
def catalog(tmp_path: Path) -> Path:
    """A Russian catalog in a folder of catalogs."""
    path = tmp_path / "ru" / "LC_MESSAGES" / "django.po"
    path.parent.mkdir(parents=True)
    path.write_text(CATALOG)
    return path


def test_what_is_compiled_is_what_gettext_reads(catalog: Path, tmp_path: Path) -> None:
    messages.compile_stale(tmp_path)

    russian = gettext.translation("django", tmp_path, ["ru"])
    assert russian.gettext("Invoice") == "Счёт"
    assert russian.pgettext("verb", "Order") == "Заказать"
    assert russian.ngettext("%(n)s product", "%(n)s products", 5) == "%(n)s товаров"


def test_a_fuzzy_translation_is_left_out(catalog: Path, tmp_path: Path) -> None:
    messages.compile_stale(tmp_path)

    assert gettext.translation("django", tmp_path, ["ru"]).gettext("Payment") == "Payment"


def test_only_what_changed_is_compiled_again(catalog: Path, tmp_path: Path) -> None:
    assert messages.compile_stale(tmp_path) == [catalog.with_suffix(".mo")]

    assert messages.compile_stale(tmp_path) == []


def test_a_broken_catalog_is_a_sentence_with_its_line(catalog: Path, tmp_path: Path) -> None:
    catalog.write_text('msgid "Invoice"\nmsgstr "Счёт "новый""\n')

    with pytest.raises(Refusal, match=r"django\.po.*line 2"):
        messages.compile_stale(tmp_path)

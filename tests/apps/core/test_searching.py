"""One folded form for what people type and what the database keeps."""

from __future__ import annotations

import pytest
from django.db import connection

from apps.core.searching import folded, other_layout

WRITTEN = [
    "Артём", "АРТЁМ Щукин", "ООО «Ромашка»", "Işık", "IŞIK", "İSTANBUL Ğ", "Çiğdem", "Юрий",
    "Мария", "Объект-7", "Alexander", "Xerox", "d'Artagnan", "Ünal Ltd. Şti.", "a  b\tc",
    "+7 (495) 111-22-33", "Жюль Цой Чащин Эхо Яшин", "Ъ Ь", "ı", "Straße", "Müller & Co",
    "info@firma.ru", "Қазақ Ғ", "1122", "I\u0307stanbul", "10 \u212b", "Ааааа ббббб", "zzzzzzzz",
    "ВВГнг  3х1,5", "жжж щщщ", "\n a \r\n b \u2003", "",
]  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("text", WRITTEN)
def test_the_database_folds_as_the_program_does(text: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT public.kopru_fold(%s)", [text])
        kept = cursor.fetchone()[0]

    assert kept == folded(text)


@pytest.mark.django_db
def test_every_letter_folds_alike_in_the_database_and_in_the_program() -> None:
    letters = [chr(n) for n in range(32, 0x600)] + [chr(n) for n in range(0x1E00, 0x2200)]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT letter, public.kopru_fold('o' || letter || 'o')"
            " FROM unnest(%s::text[]) AS letter", [letters],
        )  # fmt: skip
        unlike = [
            (letter, kept, folded(f"o{letter}o"))
            for letter, kept in cursor.fetchall()
            if kept != folded(f"o{letter}o")
        ]

    assert unlike == []


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("isik", "Işık"), ("IŞIK", "Işık"), ("ışık", "Işık"), ("артем", "Артём"), ("Artem", "Артём"),
     ("yuriy", "Юрий"), ("Yury", "Юрий"), ("maria", "Мария"), ("mariya", "Мария"),
     ("cigdem", "Çiğdem"), ("aleksandr", "Alexandr")],
)  # fmt: skip
def test_what_is_typed_folds_to_what_is_meant(typed: str, meant: str) -> None:
    """G003: Turkish and Russian letters, and Latin typing of Cyrillic."""
    assert folded(typed) in folded(meant)


def test_a_part_of_a_word_stays_a_part_when_it_is_folded() -> None:
    for word in ("Мария", "Филиппов", "Щукинская", "Işıklar"):
        parts = [word[a:b] for a in range(len(word)) for b in range(a + 1, len(word) + 1)]

        assert all(folded(part) in folded(word) for part in parts)


def test_the_other_layout_of_the_keyboard_is_read() -> None:
    assert (other_layout("ghbdtn"), other_layout("фкеуь")) == ("привет", "artem")

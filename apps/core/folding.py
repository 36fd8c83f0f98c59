"""One form of a text for searching and sorting, whatever the keyboard it was typed on."""

from __future__ import annotations

# Letters that people leave out or replace: ё for е, the Turkish ones by their bare forms.
_FOLDED = str.maketrans(
    {
        "ё": "е", "Ё": "е", "İ": "i", "I": "i", "ı": "i", "ş": "s", "Ş": "s", "ç": "c", "Ç": "c",
        "ğ": "g", "Ğ": "g", "ü": "u", "Ü": "u", "ö": "o", "Ö": "o", "â": "a", "Â": "a",
        "î": "i", "Î": "i", "û": "u", "Û": "u", "\u00a0": " ",
    }
)  # fmt: skip


def fold(text: str) -> str:
    """Return the text without case, ё and Turkish marks, its blanks single."""
    return " ".join(text.translate(_FOLDED).casefold().split())

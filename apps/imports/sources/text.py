"""Text in any encoding, its columns parted by any sign: CSV, TXT, what Excel and 1C save.

The encoding is the one in which the bytes make words: a mark at the beginning, zeros of UTF-16,
valid UTF-8, else of the eight-bit ones that in which Russian or Turkish letters are those that such
texts are made of.
"""

from __future__ import annotations

import codecs
import csv
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from apps.imports.sources.table import MOST_COLUMNS, Options, Unreadable, cleaned, head_of

ENCODINGS = ("utf-8", "windows-1251", "windows-1254", "cp866", "utf-16-le", "utf-16-be", "koi8-r")
DELIMITERS = (";", ",", "\t", "|", "^", "~", "#", ":")
LONGEST_LINE = 1 << 20
_LOOKED_AT = 256 * 1024
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)  # fmt: skip
_RUSSIAN = "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфё"
_TURKISH = "şığçöüİŞĞÇÖÜ"
_MOST_USED = 24  # of the Russian letters: a right reading is made of these


def encoding_of(data: bytes) -> str:
    """Return the encoding in which the bytes were written."""
    for mark, name in _MARKS:
        if data.startswith(mark):
            return name
    zeros = (data[0::2].count(0), data[1::2].count(0))
    if sum(zeros) > len(data) // 8:
        return "utf-16-be" if zeros[0] > zeros[1] else "utf-16-le"
    if _is_utf8(data):
        return "utf-8"
    scores = {name: _score(data.decode(name, "replace")) for name in ENCODINGS[1:4]}
    scores["koi8-r"] = _score(data.decode("koi8-r", "replace"))
    scores["windows-1254"] = _turkish_score(data.decode("windows-1254", "replace"))
    return max(scores, key=lambda name: scores[name])


def delimiter_of(sample: str) -> str:
    """Return the sign that parts the columns; ";" where nothing does."""
    lines = sample.splitlines()[:200]
    best, most = ";", 0.0
    for sign in DELIMITERS:
        widths = [len(row) for row in csv.reader(lines, delimiter=sign) if row]
        if not widths:
            continue
        width, times = Counter(widths).most_common(1)[0]
        agreement = times / len(widths)
        score = agreement * min(width, 30) if width > 1 else 0
        if score > most * 1.05:
            best, most = sign, score
    return best


class TextReader:
    """Reads text; see ``Reader``."""

    def look(self, path: str, options: Options) -> Options:
        with Path(path).open("rb") as source:
            data = source.read(_LOOKED_AT)
        encoding = options.encoding or encoding_of(data)
        text = _begun(data, encoding)
        longest = max((len(line) for line in text.splitlines()), default=0)
        if len(data) == _LOOKED_AT and longest > _LOOKED_AT // 2:
            raise Unreadable("line_too_long", line=1)
        delimiter = options.delimiter or delimiter_of(text)
        options = replace(options, form="text", encoding=encoding, delimiter=delimiter)
        if not options.head:
            first = [row for row, _n in zip(self.rows(path, options), range(30), strict=False)]
            options = replace(options, head=head_of(first))
        return options

    def rows(self, path: str, options: Options) -> Iterator[list[str]]:
        reader = csv.reader(
            _lines(path, options.encoding or "utf-8"), delimiter=options.delimiter or ";",
            quotechar=options.quote or '"',
        )  # fmt: skip
        try:
            for row in reader:
                if len(row) > MOST_COLUMNS:
                    raise Unreadable("too_many_columns", line=reader.line_num)
                yield [cleaned(cell) for cell in row]
        except csv.Error:  # a value longer than the reader takes: a quote that is never closed
            raise Unreadable("line_too_long", line=reader.line_num) from None


def _lines(path: str, encoding: str) -> Iterator[str]:
    """Yield the lines, never holding more than one of a bounded length."""
    with Path(path).open(encoding=encoding, errors="replace", newline="") as source:
        number = 0
        while line := source.readline(LONGEST_LINE):
            number += 1
            if len(line) >= LONGEST_LINE and not line.endswith(("\n", "\r")):
                raise Unreadable("line_too_long", line=number)
            if number == 1:
                line = line.removeprefix("\ufeff")
                if line.lower().startswith("sep=") and len(line.strip()) == 5:
                    continue  # Excel's own note on the delimiter
            yield line.replace("\x00", "") if "\x00" in line else line


def _begun(data: bytes, encoding: str) -> str:
    text = codecs.getincrementaldecoder(encoding)("replace").decode(data)
    return text.removeprefix("\ufeff").replace("\x00", "")


def _is_utf8(data: bytes) -> bool:
    try:
        codecs.getincrementaldecoder("utf-8")().decode(data)  # may end amidst a letter
    except UnicodeDecodeError:
        return False
    return True


def _score(text: str) -> float:
    """Return how much a text looks Russian: common small letters count, odd signs count against."""
    score = 0.0
    usual = set(_RUSSIAN[:_MOST_USED])
    rare = set(_RUSSIAN[_MOST_USED:])
    before = ""
    for letter in text:
        if letter in usual:
            score += 1
        elif letter in rare:
            score += 0.3
        elif "А" <= letter <= "Я":
            score += 0.6 if not before.islower() else -1
        elif ord(letter) > 127 and letter not in "№«»—–°":
            score -= 1.5
        before = letter
    return score


def _turkish_score(text: str) -> float:
    score = 0.0
    for letter in text:
        if letter in _TURKISH:
            score += 1.2
        elif letter in "âîûÂÎÛ€«»—–°":
            score += 0.2
        elif ord(letter) > 127:
            score -= 1.5
    return score

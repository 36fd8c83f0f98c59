"""Searching as people type: by any part, in Latin or Cyrillic, with or without marks.

A kind that is searched keeps one folded column that the database computes, so every writer keeps
it: people, 1C, imports, offices. In the model::

    search_text = search_column("name", "tax_number", digits=("phone",))

    class Meta:
        indexes = search_indexes("counterparty")

``makemigrations`` writes the rest. Readers call ``matching`` (lists, filters) or ``best``
(palette, choosing). Folding is to bare Latin letters: «Артём» and «Artem» are both ``artem``,
«Işık» and «isik» both ``isik``. It goes letter by letter, so that a part of a word stays a part.
The rules stand in ``kopru_fold`` of the database too; a test compares the two.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, TypeVar

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Model, OrderBy, Q, QuerySet, Value
from django.db.models.functions import Collate, Left
from django.db.models.indexes import IndexExpression
from django.db.models.lookups import Contains

from apps.core import objects

# As django.contrib.postgres does for indexes by ``OpClass``; the rest of that app asks each new
# connection for types nobody uses here.
IndexExpression.register_wrappers(OrderBy, OpClass, Collate)

M = TypeVar("M", bound=Model)
MOST_WORDS = 8
LONGEST = 100
BEGINNING = 40  # letters of the folded text that the index of beginnings holds
SHORTEST_PART = 3  # what a trigram index can look for inside words
_LOOKED_AT = 60  # candidates among which the best are chosen

_FROM = (
    "АБВГДЕЁЗИЙІЇКЛМНОПРСТУФХЫЭЄҐӘҚҢҒҮҰҺӨ"
    "абвгдеёзийіїклмнопрстуфхыэєґәқңғүұһө"
    "İIıŞşÇçĞğÜüÖöÂâÎîÛûƏəÀàÁáÃãÄäÅåÈèÉéÊêËëÌìÍíÏïÑñÒòÓóÔôÕõØøÙùÚúÝýŠšŽžČčŁł"
    "YyJjWwQq\u00a0ЖЦЧШЩЮЯЪЬÆ\u212b"
)
_TO = (
    "abvgdeeziiiiklmnoprstufhieegaknguuho"
    "abvgdeeziiiiklmnoprstufhieegaknguuho"
    "iiissccgguuooaaiiuueeaaaaaaaaaaeeeeeeeeiiiiiinnoooooooooouuuuiisszzccll"
    "iiiivvkk жцчшщюяъьæa"
)
_SEVERAL = {
    "ж": "zh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "sch", "ю": "iu", "я": "ia", "ъ": "",
    "ь": "", "x": "ks", "æ": "ae", "ß": "ss",
}  # fmt: skip
_DROPPED = dict.fromkeys("'’‘ʼ`´\"\u0307", "")
_PARTED = dict.fromkeys("«»“”„()[]{}<>,;:!?|*=~^", " ")
_LETTERS = str.maketrans({**dict(zip(_FROM, _TO, strict=True)), **_DROPPED, **_PARTED})
_SPELLED = str.maketrans(_SEVERAL)
_REPEATED = re.compile(r"([a-z])\1+")
# Other ways people write the same name in Latin letters; tried beside the folded word.
_SPELLINGS = (("kh", "h"), ("shch", "sch"), ("sc", "sk"), ("c", "k"), ("io", "e"), ("ie", "e"))
_PHONE = re.compile(r"\+?[\d\s().\-–/]+")
_TRUNK = "780"  # what a number begins with at home or abroad: +7, 8, 0
_KEYS_LATIN = "qwertyuiop[]asdfghjkl;'zxcvbnm,.`QWERTYUIOP{}ASDFGHJKL:\"ZXCVBNM<>~"
_KEYS_RUSSIAN = "йцукенгшщзхъфывапролджэячсмитьбюёЙЦУКЕНГШЩЗХЪФЫВАПРОЛДЖЭЯЧСМИТЬБЮЁ"
_TO_RUSSIAN = str.maketrans(_KEYS_LATIN, _KEYS_RUSSIAN)
_TO_LATIN = str.maketrans(_KEYS_RUSSIAN, _KEYS_LATIN)


class Folded(models.Func):
    """``kopru_fold``: the text in bare Latin letters."""

    function = "kopru_fold"
    arity = 1
    output_field = models.TextField()


class Digits(models.Func):
    """``kopru_digits``: the digits of a text."""

    function = "kopru_digits"
    arity = 1
    output_field = models.TextField()


class Joined(models.Func):
    """Texts joined by ``||``, which is immutable as a generated column demands."""

    template = "(%(expressions)s)"
    arg_joiner = " || "
    output_field = models.TextField()


def search_column(*texts: str, digits: Sequence[str] = ()) -> models.GeneratedField:
    """Return the folded column of these text fields (none of them null).

    Fields of ``digits`` stand in it as bare digits: phone numbers. What names the row comes first:
    it is what a search by beginning looks at.
    """
    words: list[Any] = []
    for name in texts:
        words += [Value(" "), F(name)] if words else [F(name)]
    parts: list[Any] = [Value(" "), Folded(Joined(*words) if len(words) > 1 else words[0])]
    for name in digits:
        parts += [Value(" "), Digits(F(name))]
    return models.GeneratedField(
        expression=Joined(*parts), output_field=models.TextField(), db_persist=True
    )


def search_indexes(name: str) -> list[models.Index]:
    """Return the two indexes of ``search_text``: by part of a word, and by its beginning.

    ``name`` begins their names: ``counterparty_by_part``, ``counterparty_by_start``.
    """
    return [
        GinIndex(fields=["search_text"], opclasses=["gin_trgm_ops"], name=f"{name}_by_part"),
        models.Index(
            OpClass(Left("search_text", BEGINNING), name="text_pattern_ops"),
            name=f"{name}_by_start",
        ),
    ]


def folded(text: str) -> str:
    """Return a text as the folded columns hold it; see ``kopru_fold``."""
    plain = text.translate(_LETTERS).lower().translate(_SPELLED)
    return " ".join(_REPEATED.sub(r"\1", plain).split())


def other_layout(text: str) -> str:
    """Return what was meant when the keyboard was switched to the other alphabet."""
    if any(letter in _KEYS_RUSSIAN for letter in text):
        return text.translate(_TO_LATIN)
    return text.translate(_TO_RUSSIAN)


def wanted(query: str, *, field: str | Joined = "search_text") -> Q:
    """Return the condition that every word of a query stands in the folded column.

    A word of one or two letters begins a word there; a longer one stands anywhere. A number
    written with blanks, brackets or a trunk prefix is one number. Nothing typed is no condition.
    """
    text = query[:LONGEST].replace("\x00", " ")
    found = Q()
    for word in folded(text).split()[:MOST_WORDS]:
        found &= _any(field, _spellings(word))
    number = _number(text)
    return found | _any(field, number) if number and found else found


def wanted_by(user: Any, query: str, *, model: type[Model], path: str = "") -> Q:
    """Return the condition of ``wanted``, less what a person does not see of a row.

    A row that only a field finds which is hidden from them, or closed with this row, is not found.
    ``user`` is ``None`` for a program. ``path`` leads to the rows: ``counterparty__``.
    """
    found = wanted(query, field=f"{path}search_text")
    return found & _shown_to(user, query, model, path) if found else found


def matching(rows: QuerySet[M], query: str, *, by: Any) -> QuerySet[M]:
    """Return the rows in which every word of the query stands, as far as a person sees them.

    Without a person (``by=None``) it is a program that asks.
    """
    return rows.filter(wanted_by(by, query, model=rows.model))


def best(rows: QuerySet[M], query: str, *, limit: int, by: Any) -> list[M]:
    """Return the rows that fit a query best, first those that begin with it.

    Asks in steps that each stop early, so that it stays quick among a million rows: beginnings,
    then parts; what was typed on the other keyboard layout when nothing else is found.
    """
    found = _best(rows, query, limit=limit, by=by)
    if not found:
        meant = other_layout(query)
        if folded(meant) != folded(query):
            found = _best(rows, meant, limit=limit, by=by)
    return found


def _best(rows: QuerySet[M], query: str, *, limit: int, by: Any) -> list[M]:
    start = folded(query[:LONGEST].replace("\x00", " "))
    if not start:
        return []
    field = "search_text"
    rows = rows.order_by().filter(_shown_to(by, query, rows.model, ""))
    beginning = Left(field, BEGINNING)
    begins = rows.alias(_beginning=beginning).filter(
        _beginning__startswith=f" {start}"[:BEGINNING]
    )
    first = list(begins.order_by("_beginning")[:limit])
    if len(first) == limit or len(start) < 2:
        return first
    known = {row.pk for row in first}
    more = rows.filter(wanted(query, field=field))[: _LOOKED_AT + len(first)]
    others = [row for row in more if row.pk not in known]
    others.sort(key=lambda row: _distance(getattr(row, field, ""), start))
    return [*first, *others][:limit]


def _shown_to(user: Any, query: str, model: type[Model], path: str) -> Q:
    """Return the condition that a query finds a row by what a person sees of it."""
    if user is None:
        return Q()
    unseen = objects.rights().unseen(user, model, path)
    texts, digits = searched_columns(model)
    condition = Q()
    if unseen.hidden_columns & {*texts, *digits}:
        condition &= wanted(query, field=_told(texts, digits, unseen.hidden_columns, path))
    if unseen.closed_columns & {*texts, *digits}:
        left_out = unseen.hidden_columns | unseen.closed_columns
        by_the_rest = wanted(query, field=_told(texts, digits, left_out, path))
        condition &= unseen.is_open | by_the_rest
    return condition


def _told(
    texts: Sequence[str], digits: Sequence[str], left_out: frozenset[str], path: str
) -> Joined:
    """Return the folded text made of the columns of a search less those left out."""
    parts: list[Any] = [Value("")]
    for name in texts:
        if name not in left_out:
            parts += [Value(" "), Folded(F(f"{path}{name}"))]
    for name in digits:
        if name not in left_out:
            parts += [Value(" "), Digits(F(f"{path}{name}"))]
    return Joined(*parts)


def searched_columns(model: type[Model]) -> tuple[list[str], list[str]]:
    """Return the columns of which the folded column is made: texts, and those told by digits."""
    texts: list[str] = []
    digits: list[str] = []
    column = next((each for each in model._meta.fields if each.name == "search_text"), None)
    if not isinstance(column, models.GeneratedField):
        return texts, digits

    def walk(expression: Any, found: list[str]) -> None:
        if isinstance(expression, F):
            found.append(expression.name)  # type: ignore[attr-defined]
            return
        for each in expression.get_source_expressions():
            walk(each, digits if isinstance(expression, Digits) else found)

    walk(column.expression, texts)  # type: ignore[attr-defined]
    return texts, digits


def _distance(text: str, start: str) -> tuple[bool, int, str]:
    """Return how far a row is from what was asked: at a word's beginning, early, by name."""
    word = start.split()[0]
    at = text.find(f" {word}")
    return (at < 0, at if at >= 0 else text.find(word), text)


def _spellings(word: str) -> list[str]:
    """Return a folded word and how it may stand there in other Latin spellings."""
    found = [word]
    for theirs, ours in _SPELLINGS:
        if theirs in word:
            found.append(_REPEATED.sub(r"\1", found[-1].replace(theirs, ours)))
    return list(dict.fromkeys(found))


def _number(text: str) -> list[str]:
    """Return the digits of a phone number however it was written, else nothing."""
    text = text.strip()
    digits = "".join(letter for letter in text if letter.isdigit())
    if len(digits) < SHORTEST_PART or not _PHONE.fullmatch(text):
        return []
    if digits[0] in _TRUNK and len(digits) > SHORTEST_PART + 1:
        return [digits, digits[1:]]
    return [digits]


def _any(field: str | Joined, parts: Sequence[str]) -> Q:
    found = Q()
    for part in parts:
        text = part if len(part) >= SHORTEST_PART else f" {part}"
        if isinstance(field, str):
            found |= Q(**{f"{field}__contains": text})
        else:
            found |= Q(Contains(field, Value(text)))
    return found

"""Reading a formula: from text to words to a tree, and from names people know to keys and back.

    formula    = either { "or" either }           either = inverted { "and" inverted }
    inverted   = [ "not" ] compared               compared = joined [ ( = <> < <= > >= ) joined ]
    joined     = sum { "&" sum }                  sum = product { ( + - ) product }
    product    = signed { ( * / ) signed }        signed = [ - ] value
    value      = number | "text" | true | false | field | [name of a field] | ( formula )
               | function ( formula { , formula } )

``;`` parts values as ``,`` does; ``!=`` and ``≠`` are ``<>``. Nothing is ever run: the tree knows
these operations only.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from django.utils.translation import gettext as _

LONGEST, MOST_WORDS, DEEPEST, MOST_DIGITS = 2000, 200, 20, 15
COMPARISONS = ("=", "<>", "<=", ">=", "<", ">")
FUNCTIONS: dict[str, tuple[int, int]] = {  # how few and how many values each takes
    "if": (2, 3), "round": (1, 2), "min": (2, 20), "max": (2, 20), "coalesce": (2, 20),
    "today": (0, 0), "days": (2, 2), "empty": (1, 1),
}  # fmt: skip
_LOGIC = ("and", "or", "not", "true", "false")
_SAME = {"!=": "<>", "≠": "<>", "≤": "<=", "≥": ">=", "×": "*", "÷": "/", "−": "-", ";": ","}
_WORD = re.compile(
    r"""\s*(?:(?P<number>\d+(?:\.\d+)?)
      | (?P<text>"(?:[^"]|"")*"|'(?:[^']|'')*')
      | \[(?P<named>[^\[\]]+)\]
      | (?P<name>[^\W\d]\w*)
      | (?P<sign><>|<=|>=|!=|[=<>≠≤≥+\-−*×/÷&(),;]))""",
    re.VERBOSE,
)


class FormulaProblem(ValueError):
    """A formula cannot be used; ``column`` (from 1) and ``word`` are the place in its text."""

    def __init__(self, *, column: int, word: str, sentence: str) -> None:
        super().__init__(sentence)
        self.column, self.word, self.sentence = column, word, sentence

    def __str__(self) -> str:
        """Return the place and what is wrong there, in the reader's language."""
        return _("Column %(column)d, “%(word)s”: %(sentence)s") % {
            "column": self.column, "word": self.word, "sentence": self.sentence,
        }  # fmt: skip


@dataclass(frozen=True)
class Word:
    """One word of the text: ``kind`` is number, text, name, named, sign or end."""

    kind: str
    text: str
    first: int
    behind: int

    def problem(self, sentence: str) -> FormulaProblem:
        """Return what is wrong at this word."""
        shown = self.text if self.kind != "end" else _("end")
        return FormulaProblem(column=self.first + 1, word=shown, sentence=sentence)


@dataclass(frozen=True)
class Literal:
    """A number, a text, true or false."""

    value: Decimal | str | bool
    word: Word


@dataclass(frozen=True)
class Name:
    """A field of the same row, by its key or as people call it."""

    name: str
    word: Word


@dataclass(frozen=True)
class Operation:
    """A sign or a function with its values; ``-`` with one value turns the sign around."""

    sign: str
    parts: tuple[Node, ...]
    word: Word


Node = Literal | Name | Operation


@lru_cache(maxsize=2000)
def parse(text: str) -> Node:
    """Return the tree of a formula; the same text is read once.

    :raises FormulaProblem: it is none.
    """
    return _Parser(text).whole()


def names_in(node: Node) -> Iterator[Name]:
    """Yield the fields a formula names, in their order, each time."""
    if isinstance(node, Name):
        yield node
    elif isinstance(node, Operation):
        for part in node.parts:
            yield from names_in(part)


def renamed(text: str, name: Callable[[Name], str]) -> str:
    """Return a formula with its fields called otherwise; all else stays as it was typed.

    :raises FormulaProblem: it is none.
    """
    made, place = [], 0
    for each in sorted(names_in(parse(text)), key=lambda found: found.word.first):
        made += [text[place : each.word.first], name(each)]
        place = each.word.behind
    return "".join([*made, text[place:]])


class _Parser:
    def __init__(self, text: str) -> None:
        self._words = _words(text)
        self._place, self._depth = 0, 0

    def whole(self) -> Node:
        found = self._either()
        if self._now.kind != "end":
            raise self._now.problem(_("Only a sign may stand here: %(signs)s.") % {"signs": _SIGNS})
        return found

    @property
    def _now(self) -> Word:
        return self._words[self._place]

    def _next(self) -> Word:
        word = self._now
        self._place += 1
        return word

    def _is(self, *signs: str) -> bool:
        word = self._now
        if word.kind == "sign":
            return _SAME.get(word.text, word.text) in signs
        return word.kind == "name" and word.text.casefold() in signs

    def _chain(self, part: Callable[[], Node], *signs: str) -> Node:
        found = part()
        while self._is(*signs):
            word = self._next()
            sign = _SAME.get(word.text, word.text).casefold()
            found = Operation(sign, (found, part()), word)
        return found

    def _either(self) -> Node:
        return self._chain(lambda: self._chain(self._inverted, "and"), "or")

    def _inverted(self) -> Node:
        if self._is("not"):
            word = self._next()
            return Operation("not", (self._deeper(self._inverted, word),), word)
        return self._compared()

    def _compared(self) -> Node:
        found = self._joined()
        if self._is(*COMPARISONS):
            word = self._next()
            found = Operation(_SAME.get(word.text, word.text), (found, self._joined()), word)
        return found

    def _joined(self) -> Node:
        return self._chain(self._sum, "&")

    def _sum(self) -> Node:
        return self._chain(lambda: self._chain(self._signed, "*", "/"), "+", "-")

    def _signed(self) -> Node:
        if self._is("-"):
            word = self._next()
            return Operation("-", (self._deeper(self._signed, word),), word)
        return self._value()

    def _value(self) -> Node:
        word = self._next()
        if word.kind == "number":
            if len(word.text.replace(".", "")) > MOST_DIGITS:
                raise word.problem(_("A number has at most %(most)d digits.")
                                   % {"most": MOST_DIGITS})  # fmt: skip
            return Literal(Decimal(word.text), word)
        if word.kind == "text":
            quote = word.text[0]
            return Literal(word.text[1:-1].replace(quote * 2, quote), word)
        if word.kind == "named":
            return Name(word.text[1:-1].strip(), word)
        if word.kind == "name":
            return self._named(word)
        if word.kind == "sign" and word.text == "(":
            found = self._deeper(self._either, word)
            self._close()
            return found
        raise word.problem(
            _("Here belongs a field, a number, a text in quotes, “(” or one of %(functions)s.")
            % {"functions": _calls()}
        )

    def _named(self, word: Word) -> Node:
        name = word.text.casefold()
        if name in ("true", "false"):
            return Literal(name == "true", word)
        if self._is("(") and self._now.kind == "sign":
            return self._call(name, word)
        if name in _LOGIC:
            raise word.problem(_("A field, a number or a text is missing before it."))
        return Name(word.text, word)

    def _call(self, name: str, word: Word) -> Node:
        if name not in FUNCTIONS:
            raise word.problem(
                _("There is no such function. There are %(functions)s.") % {"functions": _calls()}
            )
        self._next()
        parts: list[Node] = []
        if not self._is(")"):
            parts.append(self._deeper(self._either, word))
            while self._is(","):
                self._next()
                parts.append(self._deeper(self._either, word))
        self._close()
        fewest, most = FUNCTIONS[name]
        if not fewest <= len(parts) <= most:
            said = str(fewest) if fewest == most else f"{fewest}–{most}"
            raise word.problem(
                _("It takes %(wanted)s values in the brackets, here are %(given)d.")
                % {"wanted": said, "given": len(parts)}
            )
        return Operation(name, tuple(parts), word)

    def _close(self) -> None:
        if not self._is(")"):
            raise self._now.problem(_("Here belongs “)”, a sign or “,” between two values."))
        self._next()

    def _deeper(self, part: Callable[[], Node], word: Word) -> Node:
        self._depth += 1
        if self._depth > DEEPEST:
            raise word.problem(_("At most %(most)d brackets may stand inside one another.")
                               % {"most": DEEPEST})  # fmt: skip
        found = part()
        self._depth -= 1
        return found


_SIGNS = "+ - * / & = <> < <= > >= and or"


def _calls() -> str:
    return ", ".join(f"{name}()" for name in FUNCTIONS)


def _words(text: str) -> list[Word]:
    found: list[Word] = []
    place, end = 0, len(text.rstrip())
    while place < end:
        match = _WORD.match(text, place)
        kind = match.lastgroup if match else None
        if match is None or kind is None:
            first = len(text) - len(text[place:].lstrip())
            raise _unknown(text, first)
        first = match.start(kind) - (kind == "named")
        place = match.end()
        found.append(Word(kind, text[first:place], first, place))
        if len(found) > MOST_WORDS or place > LONGEST:
            raise found[-1].problem(_("The formula is too long. Make a part of it a field."))
    found.append(Word("end", "", end, end))
    return found


def _unknown(text: str, first: int) -> FormulaProblem:
    sign = text[first]
    sentence = _("This sign is not known here. Known are %(signs)s ( ) , [ ].") % {"signs": _SIGNS}
    if sign in "\"'":
        sentence = _("The quotes of this text are not closed.")
    elif sign == "[":
        sentence = _("The name of this field is not closed by “]”.")
    return FormulaProblem(column=first + 1, word=text[first : first + 12], sentence=sentence)

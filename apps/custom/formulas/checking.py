"""What a formula comes to: a number, money, a text, a date, or yes and no; refused where it cannot.

Empty values are none of a type: whatever is made of one is empty, but for ``coalesce``, ``empty``
and the choice of ``if``.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal as Either

from django.utils.translation import gettext as _

from apps.core.objects import Field
from apps.custom.formulas.syntax import COMPARISONS, Literal, Name, Node, Operation

Type = Either["number", "money", "text", "date", "boolean"]
MOST_PLACES = 10
MOST_NAMED = 8
# A moment counts by its day; the types of fields that are not here cannot be counted with.
OF_FIELD: dict[str, Type] = {
    "number": "number", "quantity": "number", "money": "money", "text": "text",
    "long_text": "text", "phone": "text", "email": "text", "url": "text", "date": "date",
    "moment": "date", "boolean": "boolean",
}  # fmt: skip
_NUMBERS = ("number", "money")


@dataclass(frozen=True)
class Typed:
    """A tree whose parts fit each other; ``value`` is a literal's, ``field`` the one it names."""

    type: Type
    sign: str = ""
    parts: tuple[Typed, ...] = ()
    value: Decimal | str | bool | None = None
    field: Field | None = None

    @property
    def size(self) -> int:
        """Return how many parts it is made of, those of the fields it names among them."""
        own = self.field.weight if self.field is not None else 0
        return 1 + own + sum(part.size for part in self.parts)

    @property
    def depth(self) -> int:
        """Return how many of its parts stand inside one another."""
        return 1 + max((part.depth for part in self.parts), default=0)


def typed(node: Node, fields: Mapping[str, Field]) -> Typed:
    """Return a formula whose names are fields and whose parts fit each other.

    :raises FormulaProblem: a name is none of the fields, or a sign does not join what it stands at.
    """
    if isinstance(node, Literal):
        return Typed(_of_literal(node.value), value=node.value)
    if isinstance(node, Name):
        field = resolved(node, fields)
        return Typed(OF_FIELD[field.type], field=field)
    parts = tuple(typed(part, fields) for part in node.parts)
    return Typed(_of(node, [part.type for part in parts]), node.sign, parts)


def resolved(name: Name, fields: Mapping[str, Field]) -> Field:
    """Return the field that is meant: by its key, or as people call it.

    :raises FormulaProblem: there is none, or several are called so, or it cannot be counted with.
    """
    wanted = name.name.casefold()
    found = [each for each in fields.values() if each.key == name.name] or [
        each for each in fields.values() if str(each.label).casefold() == wanted
    ]  # fmt: skip
    if len(found) > 1:
        keys = ", ".join(each.key for each in found)
        raise name.word.problem(
            _("Several fields are called so. Name it by its key: %(keys)s.") % {"keys": keys}
        )
    if not found:
        raise name.word.problem(
            _("There is no such field. There are %(fields)s.") % {"fields": _like(wanted, fields)}
        )
    if found[0].type not in OF_FIELD:
        raise name.word.problem(
            _("Formulas take numbers, amounts, dates, texts, yes and no; this field is none of"
              " them.")
        )  # fmt: skip
    return found[0]


def countable(fields: Iterable[Field]) -> list[Field]:
    """Return the fields a formula may name."""
    return [each for each in fields if each.type in OF_FIELD]


def _like(wanted: str, fields: Mapping[str, Field]) -> str:
    """Return the names of fields, those that look like the wanted one first."""
    labels = [str(each.label) for each in countable(fields.values())]
    near = difflib.get_close_matches(
        wanted, [each.casefold() for each in labels], n=MOST_NAMED, cutoff=0.5
    )
    labels.sort(key=lambda label: label.casefold() not in near)
    shown = [f"[{label}]" for label in labels[:MOST_NAMED]]
    return ", ".join([*shown, "…"] if len(labels) > MOST_NAMED else shown)


def _of_literal(value: Decimal | str | bool) -> Type:
    if isinstance(value, bool):
        return "boolean"
    return "text" if isinstance(value, str) else "number"


def _of(node: Operation, given: Sequence[Type]) -> Type:
    if node.sign in ("+", "-", "*", "/"):
        return _counted(node, given)
    if node.sign == "&":
        if "boolean" in given:
            raise _wrong(node, given, _("“&” joins texts, numbers and dates"))
        return "text"
    if node.sign in COMPARISONS:
        return _compared(node, given)
    if node.sign in ("and", "or", "not"):
        if set(given) != {"boolean"}:
            raise _wrong(node, given, _("It takes yes and no, as comparisons give them"))
        return "boolean"
    return _called(node, given)


def _counted(node: Operation, given: Sequence[Type]) -> Type:
    if all(each in _NUMBERS for each in given):
        if node.sign == "*":
            return "money" if given.count("money") == 1 else "number"
        if node.sign == "/":
            return "money" if given[0] == "money" and given[1] != "money" else "number"
        return "money" if "money" in given else "number"
    if node.sign in ("+", "-") and len(given) == 2 and given[0] == "date":
        if given[1] == "number":
            return "date"
        if given[1] == "date" and node.sign == "-":
            return "number"
    if node.sign in ("*", "/"):
        raise _wrong(node, given, _("It takes two numbers"))
    raise _wrong(
        node, given, _("It takes two numbers, or a date and a number of days; “&” joins texts")
    )


def _compared(node: Operation, given: Sequence[Type]) -> Type:
    kinds = {"number" if each == "money" else each for each in given}
    if len(kinds) > 1 or kinds == {"boolean"}:
        raise _wrong(node, given, _("It compares two numbers, two dates or two texts"))
    if kinds == {"text"} and node.sign not in ("=", "<>"):
        raise _wrong(node, given, _("Texts are compared by = and <> alone"))
    return "boolean"


def _called(node: Operation, given: Sequence[Type]) -> Type:
    if node.sign == "today":
        return "date"
    if node.sign == "empty":
        return "boolean"
    if node.sign == "days":
        if set(given) != {"date"}:
            raise _wrong(node, given, _("It takes two dates and gives the days between them"))
        return "number"
    if node.sign == "round":
        return _rounded(node, given)
    if node.sign == "if":
        if given[0] != "boolean":
            raise _wrong(node, given[:1], _("The first value is a comparison"))
        return _one_type(node, given[1:])
    if node.sign in ("min", "max") and set(given) & {"text", "boolean"}:
        raise _wrong(node, given, _("It takes numbers, or dates"))
    return _one_type(node, given)


def _rounded(node: Operation, given: Sequence[Type]) -> Type:
    if any(each not in _NUMBERS for each in given):
        raise _wrong(node, given, _("It takes a number, and how many decimal places stay"))
    if len(node.parts) == 2:
        places = node.parts[1]
        value = places.value if isinstance(places, Literal) else None
        if not isinstance(value, Decimal) or value not in range(MOST_PLACES + 1):
            raise node.word.problem(
                _("The second value is how many decimal places stay: 0 to %(most)d.")
                % {"most": MOST_PLACES}
            )
    return given[0]


def _one_type(node: Operation, given: Sequence[Type]) -> Type:
    kinds = {"number" if each == "money" else each for each in given}
    if len(kinds) > 1:
        raise _wrong(node, given, _("The values it chooses from are of one type"))
    return "money" if "money" in given else given[0]


def _wrong(node: Operation, given: Sequence[Type], wanted: str) -> ValueError:
    names = {
        "number": _("a number"), "money": _("an amount"), "text": _("a text"),
        "date": _("a date"), "boolean": _("yes or no"),
    }  # fmt: skip
    told = ", ".join(names[each] for each in given)
    return node.word.problem(
        _("%(wanted)s; here it is given %(given)s.") % {"wanted": wanted, "given": told}
    )

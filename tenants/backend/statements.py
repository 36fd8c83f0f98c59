"""Statements that a connection keeps prepared, so that the database plans them once.

Planning a card's statements takes PostgreSQL five times as long as answering them. A ``Repeated``
statement is sent as usual at first; when a connection meets it again in the same company, it is
prepared there under a name, and from then on only the name and the values travel. PostgreSQL
decides by itself whether one plan is good for all values (``plan_cache_mode = auto``) and plans
anew when a table, its figures or the search path change: an answer is never another company's.

Prepared statements belong to a session: a pool that hands one session to several clients between
transactions cannot stand in between, for the search path neither (``saas.md``, traps).
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from itertools import count
from typing import Any
from uuid import UUID

MOST_KEPT = 150  # of one connection; each plan takes the session some 50 KB
_PLACE = re.compile(r"%(s|%)")
# What a value is for the database. A text is left open, as a quoted one in a statement is.
_TYPES: dict[type, str] = {
    type(None): "unknown", UUID: "uuid", bool: "boolean", Decimal: "numeric", date: "date",
    datetime: "timestamptz",
}  # fmt: skip
_INTEGER, _BIGINT = 2**31, 2**63
# There two parameters that hold the same are not one expression, as two equal literals are.
_LISTED = re.compile(r"\bGROUP BY\b|\bDISTINCT ON \(")
_LIST_ENDS = re.compile(r"%s|[()]|\b(?:HAVING|ORDER BY|LIMIT|UNION|WINDOW)\b")

_numbers = count(1)  # of the process, so that no session is given a name twice


class Repeated(str):
    """A statement with ``%s`` for its values that is asked again and again."""

    @cached_property
    def numbered(self) -> str:
        """Return it with ``$1``, ``$2`` … for its values."""
        numbers = count(1)
        return _PLACE.sub(lambda found: f"${next(numbers)}" if found[1] == "s" else "%", self)

    @cached_property
    def can_be_prepared(self) -> bool:
        """Tell whether it means the same with parameters as with values written into it."""
        return not any(_lists_a_value(self, found.end()) for found in _LISTED.finditer(self))


@dataclass
class _Met:
    name: str
    is_prepared: bool = False
    has_failed: bool = False


class Statements:
    """What one connection has met and keeps prepared; what was not asked longest goes first."""

    def __init__(self, most: int = MOST_KEPT) -> None:
        self._met: OrderedDict[tuple[str, str, tuple[str, ...]], _Met] = OrderedDict()
        self._most = most
        self._latest: _Met | None = None

    def sent_as(self, statement: Repeated, values: Sequence[Any], path: str) -> str:
        """Return what is sent with these values: the statement, or what asks it by its name.

        ``path`` is the search path the statement is answered in.
        """
        self._latest = None
        types = _types(values)
        if types is None or not statement.can_be_prepared:
            return str(statement)
        key = (path, str(statement), types)
        met = self._met.get(key)
        if met is None:
            self._met[key] = _Met(f"kept_{next(_numbers)}")
            return f"{self._without_the_oldest()}{statement}"
        self._met.move_to_end(key)
        if met.has_failed:
            return str(statement)
        self._latest = met
        asked = f"EXECUTE {met.name}"
        if values:
            asked += f"({', '.join(['%s'] * len(values))})"
        if met.is_prepared:
            return asked
        met.is_prepared = True
        declared = f" ({', '.join(types)})" if types else ""
        text = statement.numbered.replace("%", "%%")
        return f"PREPARE {met.name}{declared} AS {text}; {asked}"

    def failed(self) -> None:
        """Send the latest statement as it is from now on: nobody knows whether it is prepared."""
        if self._latest is not None:
            self._latest.has_failed = True

    def _without_the_oldest(self) -> str:
        """Return what has the session forget the statement that is one too many."""
        if len(self._met) <= self._most:
            return ""
        _key, oldest = self._met.popitem(last=False)
        is_there = oldest.is_prepared and not oldest.has_failed
        return f"DEALLOCATE {oldest.name}; " if is_there else ""


def _lists_a_value(text: str, begin: int) -> bool:
    """Tell whether a list of expressions that begins there has a parameter among them."""
    depth = 0
    for found in _LIST_ENDS.finditer(text, begin):
        if found[0] == "%s":
            return True
        if found[0] not in "()":
            return False
        depth += 1 if found[0] == "(" else -1
        if depth < 0:
            return False
    return False


def _types(values: Sequence[Any]) -> tuple[str, ...] | None:
    found = []
    for value in values:
        kind = type(value)
        if kind is int:
            if not -_BIGINT <= value < _BIGINT:
                return None
            found.append("integer" if -_INTEGER <= value < _INTEGER else "bigint")
        elif isinstance(value, str):  # those of a choice among them
            found.append("unknown")
        elif kind in _TYPES:
            found.append(_TYPES[kind])
        else:
            return None
    return tuple(found)

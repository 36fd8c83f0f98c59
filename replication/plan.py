"""The exchange plan: what of a company travels to its branch offices, which way, and by what rules.

Rooms say it of their models in ``AppConfig.ready()``; the engine knows none by name. A captured
model either travels or stays with a reason, and a test sees to it. Source: replication reference,
chapters 6.1, 6.5 and 6.6.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from typing import Any, Literal
from uuid import UUID

from django.apps import apps
from django.db import models
from django.utils.functional import Promise

from replication.capture import NOT_COMPARED, Kind

Way = Literal["both", "down"]
# later: by the clock of the centre; received: the one that arrives last; ask: the centre's stays
# until a person has decided; sum: both differences count.
Policy = Literal["later", "received", "centre", "branch", "ask", "sum"]
EVERYTHING = "all"
NOTHING = "none"


@dataclass(frozen=True)
class Choice:
    """One way to restrict a rule's rows: a condition over the table, named ``t``.

    ``where`` takes ``%(values)s`` (a list of texts) and ``%(node)s``; ``options`` lists the
    (value, name) pairs a person ticks, ``None`` where nothing is to be ticked.
    """

    name: str
    label: str | Promise
    where: str
    options: Callable[[], Iterable[tuple[str, str]]] | None = None


@dataclass(frozen=True)
class Rule:
    """A scope rule: which rows of one table an office holds. "All" and "none" are always there."""

    name: str
    label: str | Promise
    choices: tuple[Choice, ...] = ()
    may_be_none: bool = True

    def choice(self, name: str) -> Choice | None:
        """Return a choice by its name; ``None`` for all and none."""
        return next((each for each in self.choices if each.name == name), None)


@dataclass(frozen=True)
class Travelling:
    """How the rows of one model travel.

    ``follows`` names foreign keys: an office that holds none of the rows they point to does not
    hold this row; of several, one is enough. ``derived`` columns are computed from other rows:
    ``settle`` brings them up to date for the keys given, and they are never a conflict.
    ``natural_key`` names columns that should differ between any two rows: the same values entered
    twice become a proposal to join. ``renames`` names a unique text column of which the later
    comer gets another value.
    """

    label: str
    kind: Kind
    way: Way = "both"
    follows: tuple[str, ...] = ()
    rule: Rule | None = None
    policy: Policy = "later"
    policies: Mapping[str, Policy] = field(default_factory=dict)
    derived: tuple[str, ...] = ()
    settle: Callable[[Sequence[UUID]], None] | None = None
    natural_key: tuple[str, ...] = ()
    renames: str = ""

    @cached_property
    def model(self) -> type[models.Model]:
        """The model itself."""
        return apps.get_model(self.label)

    @cached_property
    def table(self) -> str:
        """The table in the database."""
        return str(self.model._meta.db_table)

    @cached_property
    def fields(self) -> tuple[models.Field[Any, Any], ...]:
        """The stored fields in the order of their columns' names, the key first."""
        stored = [each for each in self.model._meta.concrete_fields if not _is_generated(each)]
        return tuple(sorted(stored, key=lambda each: (not each.primary_key, str(each.column))))

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """Every stored column, the key first."""
        return tuple(str(each.column) for each in self.fields)

    @cached_property
    def compared(self) -> tuple[str, ...]:
        """The columns by which two copies of a row are the same."""
        return tuple(each for each in self.columns[1:] if each not in NOT_COMPARED)

    @cached_property
    def parents(self) -> tuple[tuple[str, str], ...]:
        """(column, table) of each foreign key to a table that travels, this one included."""
        tables = {each.table for each in all_travelling()}
        return tuple(
            (str(each.column), str(each.related_model._meta.db_table))
            for each in self.fields
            if each.is_relation and each.related_model
            and str(each.related_model._meta.db_table) in tables
        )  # fmt: skip

    @property
    def is_restricted(self) -> bool:
        """Whether some office may hold a part of the rows only."""
        return self.rule is not None or bool(self.follows)

    def policy_of(self, column: str) -> Policy:
        """Return what decides when both sides changed a column."""
        return self.policies.get(column, self.policy)


@dataclass(frozen=True)
class Secret:
    """A column that each end keeps encrypted with a key of its own.

    ``opened`` makes plain text of a stored value at the centre, ``stored`` makes what an office
    keeps of it. In between it is sealed with the key of the link.
    """

    column: str
    opened: Callable[[Any], str]
    stored: Callable[[str], Any]


@dataclass(frozen=True)
class Whole:
    """A small table that travels down as a whole whenever it has changed: people, settings."""

    label: str
    without: tuple[str, ...] = ()  # columns that stay
    follow_up: Callable[[], None] | None = None  # at the office, after it was replaced
    only: str = "true"  # a condition over the table, named ``t``: the rows that travel
    secret: Secret | None = None

    @property
    def model(self) -> type[models.Model]:
        """The model itself."""
        return apps.get_model(self.label)

    @property
    def table(self) -> str:
        """The table in the database."""
        return str(self.model._meta.db_table)

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that travel, the key first."""
        stored = [str(f.column) for f in self.model._meta.concrete_fields if not _is_generated(f)]
        key = str(self.model._meta.pk.column)
        return (key, *sorted(each for each in stored if each != key and each not in self.without))


@dataclass(frozen=True)
class Attached:
    """Rows that name a file of the storage by the SHA-256 of its bytes ("" where there is none)."""

    label: str
    stored_as: Callable[[str], str]
    digest: str = "digest"

    @property
    def table(self) -> str:
        """The table in the database."""
        return str(apps.get_model(self.label)._meta.db_table)

    @property
    def key(self) -> str:
        """The column of the key."""
        return str(apps.get_model(self.label)._meta.pk.column)


_travelling: dict[str, Travelling] = {}
_whole: dict[str, Whole] = {}
_attached: dict[str, Attached] = {}
_staying: dict[str, str] = {}
_ordered: list[Travelling] = []


def travels(entry: Travelling) -> None:
    """Enter a model into the plan; entered again it replaces the former entry."""
    _travelling[entry.label.lower()] = entry
    _ordered.clear()


def travels_whole(entry: Whole) -> None:
    """Enter a small table into the plan that is sent as a whole."""
    _whole[entry.label.lower()] = entry


def attaches(entry: Attached) -> None:
    """Let the files that rows of a travelling model name travel after them."""
    _attached[entry.label.lower()] = entry


def all_attached() -> list[Attached]:
    """Return the models whose rows name files."""
    return list(_attached.values())


def stays(label: str, reason: str) -> None:
    """Declare that the changes of a captured model do not travel, and why."""
    _staying[label.lower()] = reason


def staying() -> Mapping[str, str]:
    """Return the declared labels, in lower case, with their reasons."""
    return dict(_staying)


def all_whole() -> list[Whole]:
    """Return the tables that travel as a whole, in the order they were entered."""
    return list(_whole.values())


def all_travelling() -> list[Travelling]:
    """Return the plan, parents before children; of a ring of tables the names decide."""
    if not _ordered:
        _ordered.extend(_in_order(list(_travelling.values())))
    return list(_ordered)


def of_table(table: str) -> Travelling | None:
    """Return the entry of a table."""
    return next((each for each in all_travelling() if each.table == table), None)


def rules() -> list[Rule]:
    """Return the scope rules in the order of the plan."""
    return [each.rule for each in all_travelling() if each.rule]


def fingerprint() -> dict[str, list[str]]:
    """Return the columns of each table: what two ends compare to know whether they understand."""
    return {each.table: list(each.columns) for each in all_travelling()}


def _in_order(entries: list[Travelling]) -> list[Travelling]:
    by_table = {each.table: each for each in entries}
    parents: dict[str, set[str]] = {}
    for table in sorted(by_table):
        related = {
            str(each.related_model._meta.db_table)
            for each in by_table[table].fields
            if each.is_relation and each.related_model
        }
        parents[table] = {each for each in related if each in by_table and each != table}
    while True:
        try:
            order = list(TopologicalSorter(parents).static_order())
        except CycleError as error:
            ring: list[str] = error.args[1]
            parents[ring[1]].discard(ring[0])  # checked at the end of each message all the same
        else:
            return [by_table[each] for each in order]


def _is_generated(field: models.Field[Any, Any]) -> bool:
    return isinstance(field, models.GeneratedField)

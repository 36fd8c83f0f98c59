"""The change history as a card shows it: what one did at one moment stands together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.accounts.rights import access_of, can, hidden_of, visible
from apps.core import naming, objects
from apps.history.models import RowChange
from apps.history.tracked import Card, Tracked, entries_of, of_table
from exchange.models import Node
from replication.nodes import offices_by_name

AT_ONCE = 60  # rows of a page
_CAUSES: dict[str, Promise] = {
    "api": _("through the API"),
    "import": _("by an import"),
    "import undone": _("an import was undone"),
    "merge": _("rows were merged"),
    "merge undone": _("a merge was undone"),
    "form": _("by a web form"),
    "conflict": _("a conflict was decided"),
    "joined": _("two rows were joined"),
    "renamed": _("two offices had given out the same"),
    "restored": _("a former value was restored"),
    "centre": _("the centre"),
}


@dataclass(frozen=True)
class FieldChange:
    """A field of a row: what it was and what it became."""

    name: str
    old: str
    new: str
    column: str
    change_id: int
    is_restorable: bool


@dataclass
class RowEntry:
    """What happened to one row: ``I`` made, ``U`` changed, ``D`` deleted."""

    operation: str
    title: str  # empty: the card itself
    fields: list[FieldChange] = field(default_factory=list)
    comes_back: int = 0  # the change, when what was deleted can be brought back


@dataclass
class Entry:
    """What one person or program did at one moment."""

    moment: datetime
    author: str
    source: str
    session: str  # of an exchange; empty for anything else
    rows: list[RowEntry] = field(default_factory=list)


@dataclass(frozen=True)
class Page:
    """Entries, the latest first, and where the next page begins (0: nowhere)."""

    entries: Sequence[Entry]
    following: int


def page(
    *, card: Card, pk: UUID, user: User, column: str = "", below: int = 0, row: Any = None
) -> Page:
    """Return a page of a card's history.

    ``column`` is ``table.column`` to see one field alone; ``below`` the id where a page begins;
    ``row`` that of the card, when the caller has it.
    """
    closed = closed_columns(card=card, pk=pk, user=user, row=row)
    known = {
        each.table: replace(each, hidden=(*each.hidden, *closed)) if closed else each
        for each in entries_of(card)
        if each.table not in _withheld_tables(card, closed)
    }
    if closed and column.partition(".")[2] in closed:
        return Page([], 0)
    theirs = Q(owner=pk) if card.changes is None else card.changes(pk)
    found = RowChange.objects.filter(theirs, table__in=known)
    if column.count(".") == 1:
        table, name = column.split(".")
        found = found.filter(table=table, changed__has_key=name, operation="U")
    if below:
        latest = RowChange.objects.filter(theirs, pk=below).first()
        if latest is not None:
            found = found.filter(
                Q(moment__lt=latest.moment) | Q(moment=latest.moment, pk__lt=latest.pk)
            )
    rows = list(found.order_by("-moment", "-pk")[: AT_ONCE + 1])
    following = rows[AT_ONCE - 1].pk if len(rows) > AT_ONCE else 0
    told = _without_withheld(rows[:AT_ONCE], known, user)
    return Page(_Telling(told, known, user, card).entries(), following)


def _withheld_tables(card: Card, closed: frozenset[str]) -> frozenset[str]:
    return card.withheld(closed) if card.withheld is not None and closed else frozenset()


def _without_withheld(
    rows: Sequence[RowChange], known: dict[str, Tracked], user: User
) -> Sequence[RowChange]:
    """Return the changes without those of rows that are not for a person."""
    closed: set[tuple[str, UUID]] = set()
    for table, entry in known.items():
        keys = {each.key for each in rows if each.table == table}
        if keys and entry.withheld is not None:
            closed |= {(table, key) for key in entry.withheld(keys, user)}
    return [each for each in rows if (each.table, each.key) not in closed]


def columns(
    *, card: Card, pk: UUID, user: User, row: Any = None
) -> list[tuple[str, str]]:  # fmt: skip
    """Return the fields a history can be narrowed to: (``table.column``, name)."""
    found = []
    closed = closed_columns(card=card, pk=pk, user=user, row=row)
    for entry in entries_of(card):
        if entry.table in _withheld_tables(card, closed):
            continue
        entry = replace(entry, hidden=(*entry.hidden, *closed))
        for each in entry.model._meta.concrete_fields:
            if _is_read(entry, each):
                name = naming.column_name(each)
                if entry.table != card.table:
                    name = f"{naming.kind_name(entry.model)}: {name}"
                found.append((f"{entry.table}.{each.column}", name))
    return found


def row_of(*, card: Card, pk: UUID, user: User) -> Any:
    """Return the row of a card; ``None`` when there is none that a person sees."""
    entry = of_table(card.table)
    if entry is None:
        return None
    rows = entry.model._default_manager.filter(pk=pk)
    return visible(user, rows, card.right).first()


def closed_columns(*, card: Card, pk: UUID, user: User, row: Any = None) -> frozenset[str]:
    """Return the columns of a card and its parts that a person does not see.

    The row is read unless the caller has it as it is, with nothing masked.
    """
    entry = of_table(card.table)
    kind = objects.kind_of(entry.model) if entry else None
    if entry is None or kind is None or not access_of(user).may_hide:
        return frozenset()
    if not isinstance(row, entry.model) or getattr(row, "masked", None):
        row = entry.model._default_manager.filter(pk=pk).first()
    hidden = hidden_of(user, row) if row is not None else frozenset()
    columns = set()
    for each in objects.fields_of(kind):
        if each.key in hidden:
            name, _step, own = each.source.partition("__")
            columns |= {f"{name}.{own}"} if each.is_custom else {name, f"{name}_id"}
    return frozenset(columns)


class _Telling:
    """A page of rows put into words, with a query for each kind of name."""

    def __init__(
        self, rows: Sequence[RowChange], known: dict[str, Tracked], user: User, card: Card
    ) -> None:
        self.rows, self.known, self.card = rows, known, card
        self.may_restore = {
            table: bool(entry.restore and entry.right and can(user, entry.right))
            for table, entry in known.items()
        }
        self.people = naming.names_of(User, {each.author for each in rows})
        self.nodes = naming.names_of(Node, {each.origin for each in rows})
        self.offices = offices_by_name() if any(_is_of_office(each) for each in rows) else {}
        self.labels = self._labels()
        self.names = self._names()

    def entries(self) -> list[Entry]:
        found: list[Entry] = []
        latest: object = None
        for each in self.rows:
            one = (each.moment, each.author, each.origin, each.cause)
            if one != latest:
                found.append(self._entry(each))
                latest = one
            found[-1].rows.append(self._row(each))
        for entry in found:
            _without_first_parts(entry)
        return found

    def _entry(self, each: RowChange) -> Entry:
        session = each.cause.partition(":")[2] if each.cause.startswith("exchange:") else ""
        author = self.people.get(str(each.author), "") if each.author else ""
        return Entry(each.moment, author, self._source(each), session)

    def _source(self, each: RowChange) -> str:
        if each.cause.startswith("exchange:"):
            return self.nodes.get(str(each.origin), "1C")
        if _is_of_office(each) and each.origin in self.offices:
            return gettext("office “%(name)s”") % {"name": self.offices[each.origin]}
        return str(_CAUSES.get(each.cause, ""))

    def _row(self, each: RowChange) -> RowEntry:
        entry = self.known[each.table]
        title = ""
        if entry.table != self.card.table:
            label = self.labels.get(each.key) or _own_name(each)
            title = f"{naming.kind_name(entry.model)}: {label}" if label else naming.kind_name(
                entry.model
            )  # fmt: skip
        told = RowEntry(each.operation, title)
        if each.operation == "D" and entry.parent and self.may_restore[each.table]:
            told.comes_back = each.pk
        if each.operation == "U":
            told.fields = [
                one for field in entry.model._meta.concrete_fields
                if str(field.column) in (each.changed or {}) and _is_read(entry, field)
                for one in self._fields(entry, field, each)
            ]  # fmt: skip
        return told

    def _fields(
        self, entry: Tracked, field: models.Field[Any, Any], each: RowChange
    ) -> list[FieldChange]:
        column = str(field.column)
        old, new = (each.changed or {})[column]
        may_restore = self.may_restore[entry.table]
        if column == "office_id":
            told = [
                naming.Change(
                    column, naming.column_name(field), self._office(old), self._office(new)
                )
            ]
        else:
            told = naming.changes(field, old, new, self.names)
        return [
            FieldChange(one.name, one.old, one.new, one.column, each.pk, may_restore)
            for one in told
            if one.column not in entry.hidden
        ]

    def _office(self, stored: str | None) -> str:
        if not stored:
            return gettext("the centre")
        if not self.offices:
            self.offices = offices_by_name()
        return self.offices.get(UUID(stored), naming.NOTHING)

    def _labels(self) -> dict[UUID, str]:
        labels: dict[UUID, str] = {}
        for table, entry in self.known.items():
            keys = {each.key for each in self.rows if each.table == table}
            if keys and table != self.card.table:
                if entry.label is not None:
                    labels.update(entry.label(keys))
                else:
                    named = naming.names_of(entry.model, keys)
                    labels.update({UUID(key): name for key, name in named.items()})
        return labels

    def _names(self) -> dict[Any, dict[Any, str]]:
        return naming.names_in((self.known[each.table].model, each.changed) for each in self.rows)


def _without_first_parts(entry: Entry) -> None:
    """Leave out what was made together with the card itself: the card shows it."""
    if any(row.operation == "I" and not row.title for row in entry.rows):
        entry.rows = [row for row in entry.rows if not row.title or row.operation != "I"]


def _is_read(entry: Tracked, field: models.Field[Any, Any]) -> bool:
    column = str(field.column)
    return naming.is_told(field) and column not in (*entry.hidden, "created_at", "updated_at")


def _is_of_office(each: RowChange) -> bool:
    return each.cause.startswith("branch:")


def _own_name(each: RowChange) -> str:
    """Return what a row that is gone was called."""
    columns: Iterable[str] = ("full_name", "name", "number")
    return next(
        (str(each.changed[c][0]) for c in columns if each.changed and c in each.changed), ""
    )

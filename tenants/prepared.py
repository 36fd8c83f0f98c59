"""Reads that every request makes, compiled once for the process.

Building a query and its SQL takes the ORM longer than the database takes to answer it. A
``Prepared`` read does that once, with example values; later calls put their own in their place. The
SQL names no schema, so that it is answered in the company in force, like every other.

The connection keeps them prepared too (``backend/statements.py``): the database plans them once.

A read whose shape depends on the rights of whoever asks is ``PreparedBy``: compiled once for each
company and person as they were read, so that another right is another statement.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from threading import Lock
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Model, QuerySet, prefetch_related_objects
from django.db.models.query import ModelIterable, get_related_populators

from tenants.backend.statements import Repeated
from tenants.current import current_schema

M = TypeVar("M", bound=Model)
MOST_KEPT = 200  # of one thing that is made by person


@dataclass(frozen=True)
class _Compiled:
    """A statement and how its rows become objects, or tuples where ``model`` is ``None``."""

    statement: Repeated
    parameters: tuple[Any, ...]
    places: tuple[tuple[int, int, bool], ...]  # of a parameter, of its value, whether as a text
    converters: Mapping[int, tuple[Sequence[Any], Any]]  # by column
    model: type[Model] | None = None
    first: int = 0  # the model's own columns, the others are of what was joined
    last: int = 0
    names: Sequence[str] = ()
    populators: Sequence[Any] = ()
    annotations: Sequence[tuple[str, int]] = ()
    further: Sequence[Any] = ()  # what ``prefetch_related`` named


class Prepared(Generic[M]):
    """A read of rows of a model whose shape never changes.

    ``make`` is called once, with the examples, and returns the query set; they differ from each
    other and from all else in the statement, where each has to arrive as it is, or a key as text.
    """

    def __init__(self, make: Callable[..., QuerySet[M]], *examples: Any) -> None:
        self._make, self._examples = make, examples

    def __call__(self, *values: Any) -> list[M]:
        """Return the rows for these values."""
        return _read(self._compiled, values)

    def first(self, *values: Any) -> M | None:
        """Return the first row for these values, if there is one."""
        return next(iter(self(*values)), None)

    @cached_property
    def _compiled(self) -> _Compiled | None:
        return _compile(self._make(*self._examples), self._examples)


class KeptBy:
    """What is made once for each company and person as they were read, and what else is named.

    What it is made of beside these has to be the same all the life of the process; it is not
    changed by whoever gets it. What was not asked for longest is forgotten first.
    """

    def __init__(self, most: int = MOST_KEPT) -> None:
        self._known: OrderedDict[Hashable, Any] = OrderedDict()
        self._most = most
        self._lock = Lock()

    def __call__(self, by: Any, further: Hashable, make: Callable[[], Any]) -> Any:
        """Return what is kept, else make it; for a person of unknown rights it is always made."""
        read_as = getattr(by, "read_as", None)
        if read_as is None:  # a program, or somebody whose rights were read otherwise
            return make()
        state = (connection.settings_dict["NAME"], current_schema(), read_as, further)
        with self._lock:
            if state in self._known:
                self._known.move_to_end(state)
                return self._known[state]
        made = make()
        with self._lock:
            self._known[state] = made
            if len(self._known) > self._most:
                self._known.popitem(last=False)
        return made


def read_by(kept: KeptBy, by: Any, further: Hashable, make: Callable[[], Any]) -> list[Any]:
    """Return the rows of a query set that is made and compiled once for ``by`` and ``further``."""
    if getattr(by, "read_as", None) is None:
        return list(make())
    return _read(kept(by, further, lambda: _compile(make(), ())), ())


class PreparedBy:
    """A read whose shape depends on who asks: ``make`` is told that and the examples.

    It returns a query set of rows, or of tuples (``values_list``). What it looks at beside the
    person, the company and the values has to be the same all the life of the process.
    """

    def __init__(self, make: Callable[..., QuerySet[Any]], *examples: Any) -> None:
        self._make, self._examples = make, examples
        self._kept = KeptBy()

    def __call__(self, by: Any, *values: Any) -> list[Any]:
        """Return the rows that ``by`` gets for these values."""
        if getattr(by, "read_as", None) is None:
            return list(self._make(by, *values))

        def compiled() -> _Compiled | None:
            return _compile(self._make(by, *self._examples), self._examples)

        return _read(self._kept(by, None, compiled), values)


def _read(how: _Compiled | None, values: Sequence[Any]) -> list[Any]:
    if how is None:
        return []
    parameters = list(how.parameters)
    for place, number, is_text in how.places:
        parameters[place] = str(values[number]) if is_text else values[number]
    with connection.cursor() as cursor:
        cursor.execute(how.statement, parameters)
        found = [_row(how, list(row)) for row in cursor.fetchall()]
    if how.further and found:
        prefetch_related_objects(found, *how.further)
    return found


def _row(how: _Compiled, row: list[Any]) -> Any:
    for place, (converters, expression) in how.converters.items():
        for convert in converters:
            row[place] = convert(row[place], expression, connection)
    if how.model is None:
        return tuple(row)
    made: Any = how.model.from_db(connection.alias, how.names, row[how.first : how.last])
    for populator in how.populators:
        populator.populate(row, made)
    for name, place in how.annotations:
        setattr(made, name, row[place])
    return made


def _compile(rows: QuerySet[Any], examples: Sequence[Any]) -> _Compiled | None:
    """Return the statement of a query set; ``None`` when no row can ever fit it."""
    compiler: Any = rows.query.get_compiler(using=connection.alias)
    try:
        statement, parameters = compiler.as_sql()
    except EmptyResultSet:
        return None
    about, select = compiler.klass_info, compiler.select
    places = tuple(_places(parameters, examples))
    converters = compiler.get_converters([each[0] for each in select])
    if not issubclass(rows._iterable_class, ModelIterable):
        return _Compiled(Repeated(statement), tuple(parameters), places, converters)
    first, last = about["select_fields"][0], about["select_fields"][-1] + 1
    return _Compiled(
        statement=Repeated(statement),
        parameters=tuple(parameters),
        places=places,
        converters=converters,
        model=about["model"],
        first=first,
        last=last,
        names=[each[0].target.attname for each in select[first:last]],
        populators=get_related_populators(  # type: ignore[call-arg]  # stubs of Django 6
            about, select, connection.alias
        ),
        annotations=tuple((compiler.annotation_col_map or {}).items()),
        further=rows._prefetch_related_lookups,  # type: ignore[attr-defined]  # not in the stubs
    )


def _places(parameters: Sequence[Any], examples: Sequence[Any]) -> list[tuple[int, int, bool]]:
    """Return where the values of a call stand among the parameters.

    :raises ValueError: a value stands nowhere: it would be that of the example for ever.
    """
    found = []
    for number, example in enumerate(examples):
        mine = [
            (place, number, type(each) is not type(example))
            for place, each in enumerate(parameters)
            if (type(each) is type(example) and each == example)
            or (isinstance(example, UUID) and type(each) is str and each == str(example))
        ]
        if not mine:
            raise ValueError(f"{example!r} stands nowhere in the statement")
        found += mine
    return found

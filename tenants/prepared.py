"""Reads that every request makes, compiled once for the process.

Building a query and its SQL takes the ORM longer than the database takes to answer it. A
``Prepared`` read does that once, with example values; later calls put their own in their place. The
SQL names no schema, so that it is answered in the company in force, like every other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Generic, TypeVar

from django.db import connection
from django.db.models import Model, QuerySet
from django.db.models.query import get_related_populators

M = TypeVar("M", bound=Model)


@dataclass(frozen=True)
class _Compiled:
    """A statement and how its rows become objects."""

    statement: str
    parameters: tuple[Any, ...]
    places: tuple[int, ...]  # where the values of a call stand among the parameters
    converters: Mapping[int, tuple[Sequence[Any], Any]]  # by column
    model: type[Model]
    first: int  # the model's own columns, the others are of what was joined
    last: int
    names: Sequence[str]
    populators: Sequence[Any]
    annotations: Sequence[tuple[str, int]]


class Prepared(Generic[M]):
    """A read of rows of a model whose shape never changes.

    ``make`` is called once, with the examples, and returns the query set; they differ from each
    other and from all else in the statement, where each has to arrive as it is.
    """

    def __init__(self, make: Callable[..., QuerySet[M]], *examples: Any) -> None:
        self._make, self._examples = make, examples

    def __call__(self, *values: Any) -> list[M]:
        """Return the rows for these values."""
        how = self._compiled
        parameters = list(how.parameters)
        for place, value in zip(how.places, values, strict=True):
            parameters[place] = value
        with connection.cursor() as cursor:
            cursor.execute(how.statement, parameters)
            return [self._row(how, list(row)) for row in cursor.fetchall()]

    def first(self, *values: Any) -> M | None:
        """Return the first row for these values, if there is one."""
        return next(iter(self(*values)), None)

    @staticmethod
    def _row(how: _Compiled, row: list[Any]) -> M:
        for place, (converters, expression) in how.converters.items():
            for convert in converters:
                row[place] = convert(row[place], expression, connection)
        made: Any = how.model.from_db(connection.alias, how.names, row[how.first : how.last])
        for populator in how.populators:
            populator.populate(row, made)
        for name, place in how.annotations:
            setattr(made, name, row[place])
        found: M = made
        return found

    @cached_property
    def _compiled(self) -> _Compiled:
        compiler: Any = self._make(*self._examples).query.get_compiler(using=connection.alias)
        statement, parameters = compiler.as_sql()
        about, select = compiler.klass_info, compiler.select
        first, last = about["select_fields"][0], about["select_fields"][-1] + 1
        return _Compiled(
            statement=statement,
            parameters=tuple(parameters),
            places=tuple(parameters.index(each) for each in self._examples),
            converters=compiler.get_converters([each[0] for each in select]),
            model=about["model"],
            first=first,
            last=last,
            names=[each[0].target.attname for each in select[first:last]],
            populators=get_related_populators(  # type: ignore[call-arg]  # stubs of Django 6
                about, select, connection.alias
            ),
            annotations=tuple((compiler.annotation_col_map or {}).items()),
        )

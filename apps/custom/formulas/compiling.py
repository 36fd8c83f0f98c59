"""A checked formula as one expression of the database.

Nothing in it fails for any row: a division by zero, a day outside the calendar, a value of JSON
that is not what the field holds are empty. What is counted has ten decimal places at most, rounded
half up. No part of a formula but a column stands in the SQL more than once, so that it grows with
its text only.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.db import models
from django.db.models import Case, F, Func, Value, When
from django.db.models.expressions import Combinable
from django.db.models.fields.json import KT, KeyTransform
from django.db.models.functions import NullIf, TruncDate
from django.utils import timezone

from apps.core.objects import Field
from apps.custom.formulas.checking import MOST_PLACES, Typed

Expression = Any  # of Django: nothing says what an expression is
NUMBER, TEXT, DATE, BOOLEAN = (
    models.DecimalField(), models.TextField(), models.DateField(), models.BooleanField(),
)  # fmt: skip
MOMENT, KEY = models.DateTimeField(), models.UUIDField()
_TEXTS = ("text", "long_text", "phone", "email", "url", "choice")
_NUMBERS = ("number", "money", "quantity")
OUTPUT: dict[str, models.Field[Any, Any]] = {
    **dict.fromkeys(_NUMBERS, NUMBER), **dict.fromkeys(_TEXTS, TEXT),
    "date": DATE, "boolean": BOOLEAN, "moment": MOMENT, "user": KEY, "relation": KEY,
}  # fmt: skip
_OF_DATABASE = {
    **dict.fromkeys(_NUMBERS, "numeric"), **dict.fromkeys(_TEXTS, "text"), "date": "date",
    "boolean": "boolean", "moment": "timestamptz", "user": "uuid", "relation": "uuid",
}  # fmt: skip
MOST_DAYS = 200_000
_IN_CALENDAR = (
    "(SELECT kp.v FROM (SELECT %(expressions)s AS v) AS kp"
    " WHERE kp.v BETWEEN DATE '0001-01-01' AND DATE '9999-12-31')"
)
_WHOLE_DAYS = (  # a constant is cast while the statement is planned, whatever WHERE says of it
    "(SELECT least(greatest(kp.v, -%(most)s), %(most)s)::integer"
    " FROM (SELECT trunc(%(expressions)s) AS v) AS kp"
    " WHERE abs(kp.v) <= %(most)s)"
)
_ONE_OF_ALL = (
    "(SELECT CASE WHEN count(kp.v) = %(count)s THEN %(pick)s(kp.v) END"
    " FROM (VALUES (%(expressions)s)) AS kp (v))"
)


def compiled(tree: Typed, *, path: str, user: Any, today: date) -> Expression:
    """Return the expression of a formula for rows found by a path (``counterparty__``), typed.

    Fields that are computed themselves are seen as the person sees them.
    """
    return finished(_Compiler(path, user, today).of(tree), tree.type)


def finished(expression: Expression, type_: str) -> Expression:
    """Return a value as doors take it: numbers without idle zeros, an empty text as nothing."""
    if type_ in _NUMBERS:
        return _sql("trim_scale(%(expressions)s)", NUMBER, expression)
    if type_ in _TEXTS:
        return NullIf(expression, _text(""), output_field=TEXT)
    return _sql("%(expressions)s", OUTPUT[type_], expression)


def nothing(type_: str) -> Expression:
    """Return an empty value of a type."""
    return _cast(Value(None), type_)


def leaf(field: Field, *, path: str, user: Any) -> Expression:
    """Return the value of a field of the row: empty where JSON holds something else."""
    if field.computed is not None:
        found = field.computed(user, path)
        zone = timezone.get_current_timezone()
        return TruncDate(found, tzinfo=zone) if field.type == "moment" else found
    where = f"{path}{field.source}"
    if field.is_custom:
        return _OF_JSON[field.type](where)
    if field.type in _NUMBERS:
        return _cast(F(where), "number")
    if field.type == "moment":
        return TruncDate(where, tzinfo=timezone.get_current_timezone())
    if field.type in ("date", "boolean"):
        return _sql("%(expressions)s", DATE if field.type == "date" else BOOLEAN, F(where))
    return NullIf(_cast(F(where), "text"), _text(""), output_field=TEXT)


def plain(field: Field, *, user: Any) -> Expression:
    """Return the value of a field as it is: moments with their time, choices and keys too."""
    if field.computed is not None:
        return field.computed(user, "")
    if field.is_custom and field.type == "moment":
        return _instant_of_json(field.source)
    if field.is_custom and field.type in ("user", "relation"):
        return key_of_json(_key_of(field.source))
    if field.type in ("moment", "choice", "user", "relation") and not field.is_custom:
        return finished(_cast(F(field.source), field.type), field.type)
    return leaf(field, path="", user=user)


def key_of_json(value: Expression) -> Expression:
    """Return the key that a value of JSON holds."""
    return _OfJson(value, template=_JSON_KEY, output_field=KEY)


class _Compiler:
    def __init__(self, path: str, user: Any, today: date) -> None:
        self._path, self._user, self._today = path, user, today

    def of(self, tree: Typed) -> Expression:
        if tree.field is not None:
            return leaf(tree.field, path=self._path, user=self._user)
        if tree.value is not None:
            return _literal(tree)
        parts = [self.of(part) for part in tree.parts]
        if tree.sign in _SIGNS:
            return _SIGNS[tree.sign](tree, parts)
        if tree.sign == "today":
            return _cast(Value(self._today), "date")
        return _compared(tree.sign, parts)


def _plus(tree: Typed, parts: list[Expression]) -> Expression:
    sign = tree.sign
    kinds = [part.type for part in tree.parts]
    if len(parts) == 1:
        return _sql("(- %(expressions)s)", NUMBER, parts[0])
    if kinds[0] != "date":
        return _joined(f" {sign} ", NUMBER, *parts)
    if kinds[1] == "date":
        return _cast(_joined(" - ", models.IntegerField(), *parts), "number")
    days = Func(
        parts[1], template=_WHOLE_DAYS, most=MOST_DAYS, output_field=models.IntegerField()
    )
    return _sql(_IN_CALENDAR, DATE, _joined(f" {sign} ", DATE, parts[0], days))


def _times(tree: Typed, parts: list[Expression]) -> Expression:
    return _rounded(_joined(" * ", NUMBER, *parts), MOST_PLACES)


def _divided(tree: Typed, parts: list[Expression]) -> Expression:
    above = _rounded(parts[0], 2 * MOST_PLACES)  # so many places a quotient keeps at least
    below = NullIf(parts[1], _cast(Value(0), "number"), output_field=NUMBER)
    return _rounded(_joined(" / ", NUMBER, above, below), MOST_PLACES)


def _concatenated(tree: Typed, parts: list[Expression]) -> Expression:
    texts = [_as_text(part, of.type) for part, of in zip(parts, tree.parts, strict=True)]
    return _joined(" || ", TEXT, *texts)


def _chosen(tree: Typed, parts: list[Expression]) -> Expression:
    otherwise = parts[2] if len(parts) == 3 else nothing(tree.type)
    return Case(
        When(parts[0], then=parts[1]), default=otherwise, output_field=OUTPUT[tree.type]
    )


def _round(tree: Typed, parts: list[Expression]) -> Expression:
    value = tree.parts[1].value if len(tree.parts) == 2 else 0
    return _rounded(parts[0], int(value or 0))


def _least(tree: Typed, parts: list[Expression]) -> Expression:
    return Func(
        *parts, template=_ONE_OF_ALL, arg_joiner="), (", output_field=OUTPUT[tree.type],
        count=len(parts), pick=tree.sign,
    )  # fmt: skip


def _first(tree: Typed, parts: list[Expression]) -> Expression:
    return Func(*parts, function="COALESCE", output_field=OUTPUT[tree.type])


def _days(tree: Typed, parts: list[Expression]) -> Expression:
    return _cast(_joined(" - ", models.IntegerField(), parts[1], parts[0]), "number")


def _is_empty(tree: Typed, parts: list[Expression]) -> Expression:
    value = parts[0]
    if tree.parts[0].type == "text":
        value = NullIf(value, _text(""), output_field=TEXT)
    return _sql("(%(expressions)s IS NULL)", BOOLEAN, value)


def _logic(tree: Typed, parts: list[Expression]) -> Expression:
    if tree.sign == "not":
        return _sql("(NOT %(expressions)s)", BOOLEAN, parts[0])
    return _joined(f" {tree.sign.upper()} ", BOOLEAN, *parts)


_SIGNS: dict[str, Callable[[Typed, list[Expression]], Expression]] = {
    "+": _plus, "-": _plus, "*": _times, "/": _divided, "&": _concatenated, "if": _chosen,
    "round": _round, "min": _least, "max": _least, "coalesce": _first, "days": _days,
    "empty": _is_empty, "and": _logic, "or": _logic, "not": _logic,
}  # fmt: skip


def _compared(sign: str, parts: list[Expression]) -> Expression:
    return _joined(f" {sign} ", BOOLEAN, *parts)


def _literal(tree: Typed) -> Expression:
    if tree.type == "text":
        return _text(str(tree.value))
    return _cast(Value(tree.value), tree.type)


def _text(value: str) -> Expression:
    return _cast(Value(value), "text")


def _as_text(expression: Expression, type_: str) -> Expression:
    if type_ in _NUMBERS:
        return _sql("trim_scale(%(expressions)s)::text", TEXT, expression)
    if type_ == "date":
        return _sql("to_char(%(expressions)s, 'YYYY-MM-DD')", TEXT, expression)
    return expression


def _rounded(expression: Expression, places: int) -> Expression:
    return _sql(f"round(%(expressions)s, {places})", NUMBER, expression)


def _cast(expression: Expression, type_: str) -> Expression:
    return _sql(f"(%(expressions)s)::{_OF_DATABASE[type_]}", OUTPUT[type_], expression)


def _sql(template: str, output: models.Field[Any, Any], *parts: Combinable) -> Expression:
    return Func(*parts, template=template, output_field=output)


def _joined(sign: str, output: models.Field[Any, Any], *parts: Combinable) -> Expression:
    return Func(*parts, template="(%(expressions)s)", arg_joiner=sign, output_field=output)


class _OfJson(Func):
    """A value of JSON where it is of the wanted type; its column is named again for the test."""

    def as_sql(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, Any]:  # type: ignore[override]
        """Return the template with the column wherever it stands."""
        sql, values = compiler.compile(self.source_expressions[0])
        made = self.extra["template"].replace("{}", sql)
        return made, [*values] * self.extra["template"].count("{}")


def _of_json(template: str, output: models.Field[Any, Any]) -> Callable[[str], Expression]:
    def made(where: str) -> Expression:
        return _OfJson(_key_of(where), template=template, output_field=output)

    return made


def _text_of_json(where: str) -> Expression:
    return NullIf(_cast(KT(where), "text"), _text(""), output_field=TEXT)


def _key_of(where: str) -> Expression:
    column, _dots, key = where.rpartition("__")
    return KeyTransform(key, column)


def _day_of_json(where: str) -> Expression:
    found = _of_json("(CASE WHEN {}::text ~ '^\"[0-9]{4}-[0-9]{2}-[0-9]{2}\"$'"
                     " THEN ({} #>> ARRAY[]::text[])::date END)", DATE)  # fmt: skip
    return found(where)


def _moment_of_json(where: str) -> Expression:
    return TruncDate(_instant_of_json(where), tzinfo=timezone.get_current_timezone())


_JSON_KEY = (
    "(CASE WHEN {}::text ~ '^\"[0-9a-f-]{36}\"$' THEN ({} #>> ARRAY[]::text[])::uuid END)"
)
_instant_of_json = _of_json(
    "(CASE WHEN {}::text ~ '^\"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]+Z\"$'"
    " THEN ({} #>> ARRAY[]::text[])::timestamptz END)", MOMENT,
)  # fmt: skip
_number_of_json = _of_json(
    "(CASE WHEN jsonb_typeof({}) = 'number' THEN ({})::numeric END)", NUMBER
)
_OF_JSON: dict[str, Callable[[str], Expression]] = {
    **dict.fromkeys(_NUMBERS, _number_of_json),
    **dict.fromkeys(_TEXTS, _text_of_json),
    "date": _day_of_json, "moment": _moment_of_json,
    "boolean": _of_json(
        "(CASE WHEN jsonb_typeof({}) = 'boolean' THEN ({})::boolean END)", BOOLEAN
    ),
}  # fmt: skip

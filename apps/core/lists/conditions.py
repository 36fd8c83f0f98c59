"""The filter people build: conditions on a kind's fields, joined by and/or, kept in the address.

The parameter ``f`` holds compact JSON. A group is ``["and", …]`` or ``["or", …]``; a condition is
``[field, operator, value …]``; a field one step away is ``counterparty.address``. Both come from
whoever writes addresses, so what does not fit the kind's table is refused in words and no row is
shown: a bulk action must never take more than was meant.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from django.contrib.auth import get_user_model
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.fields.json import KT
from django.db.models.lookups import Contains, Exact, StartsWith
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from apps.core import computed, objects
from apps.core.formats import number_text
from apps.core.objects import Field, ObjectKind
from apps.core.searching import Folded, folded

LONGEST = 4000
DEEPEST = 3
MOST = 30
MOST_VALUES = 100
LONGEST_VALUE = 200
MOST_DAYS = 36_500
ME = "me"
_TEXT = ("contains", "lacks", "is", "isnt", "begins", "empty", "filled")
_NUMBER = ("eq", "ne", "gt", "ge", "lt", "le", "between", "empty", "filled")
_DAY = ("in", "older", "within", "ahead", "on", "before", "after", "between", "empty", "filled")
_LOOKUPS = {"gt": "gt", "ge": "gte", "lt": "lt", "le": "lte"}
_ONE_OF = ("any", "none", "empty", "filled")
_OF_NOTHING = frozenset({"empty", "lacks", "isnt", "ne", "none"})  # hold where nothing is there


class BadFilter(ValueError):
    """The filter of an address cannot be read; ``sentence`` says why in the reader's language."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True)
class Operator:
    """How a field is compared, and how many values that takes: ``many`` is one or more."""

    label: str | Promise
    takes: str = "one"  # none, one, two, many, days, period


OPERATORS: dict[str, Operator] = {
    "contains": Operator(gettext_lazy("contains")),
    "lacks": Operator(gettext_lazy("does not contain")),
    "is": Operator(gettext_lazy("is")),
    "isnt": Operator(gettext_lazy("is not")),
    "begins": Operator(gettext_lazy("begins with")),
    "eq": Operator("="),
    "ne": Operator("≠"),
    "gt": Operator(">"),
    "ge": Operator("≥"),
    "lt": Operator("<"),
    "le": Operator("≤"),
    "between": Operator(gettext_lazy("between"), "two"),
    "on": Operator(pgettext_lazy("filter by date", "on")),
    "before": Operator(pgettext_lazy("filter by date", "before")),
    "after": Operator(pgettext_lazy("filter by date", "after")),
    "in": Operator(pgettext_lazy("filter by period", "is in"), "period"),
    "older": Operator(gettext_lazy("longer ago than"), "days"),
    "within": Operator(gettext_lazy("in the last"), "days"),
    "ahead": Operator(gettext_lazy("in the next"), "days"),
    "yes": Operator(gettext_lazy("yes"), "none"),
    "no": Operator(gettext_lazy("no"), "none"),
    "any": Operator(gettext_lazy("is one of"), "many"),
    "none": Operator(gettext_lazy("is none of"), "many"),
    "empty": Operator(gettext_lazy("is empty"), "none"),
    "filled": Operator(gettext_lazy("is not empty"), "none"),
}
PERIODS: dict[str, str | Promise] = {
    "today": gettext_lazy("today"),
    "yesterday": gettext_lazy("yesterday"),
    "tomorrow": gettext_lazy("tomorrow"),
    "this_week": gettext_lazy("this week"),
    "last_week": gettext_lazy("last week"),
    "next_week": gettext_lazy("next week"),
    "this_month": gettext_lazy("this month"),
    "last_month": gettext_lazy("last month"),
    "next_month": gettext_lazy("next month"),
    "this_quarter": gettext_lazy("this quarter"),
    "last_quarter": gettext_lazy("last quarter"),
    "this_year": gettext_lazy("this year"),
    "last_year": gettext_lazy("last year"),
}
OF_TYPE: dict[str, tuple[str, ...]] = {
    "text": _TEXT, "long_text": _TEXT, "phone": _TEXT, "email": _TEXT, "url": _TEXT,
    "number": _NUMBER, "quantity": _NUMBER, "money": _NUMBER, "date": _DAY, "moment": _DAY,
    "boolean": ("yes", "no"), "choice": _ONE_OF, "choices": _ONE_OF, "user": _ONE_OF,
    "relation": _ONE_OF,
}  # fmt: skip


@dataclass(frozen=True)
class Condition:
    """One comparison; ``steps`` is the field, or the relation and the field behind it."""

    steps: tuple[Field, ...]
    operator: str
    values: tuple[str, ...]

    @property
    def field(self) -> Field:
        """Return the field that is compared."""
        return self.steps[-1]

    @property
    def key(self) -> str:
        """Return the field as the address names it."""
        return ".".join(step.key for step in self.steps)


@dataclass(frozen=True)
class Group:
    """Conditions and groups that all hold, or one of which holds."""

    is_any: bool
    parts: tuple[Condition | Group, ...]


# Reading ------------------------------------------------------------------------------------------


def fields(kind: ObjectKind, user: Any) -> list[Field]:
    """Return the fields a person may filter a kind by."""
    offered = objects.fields_of(kind)
    hidden = hidden_fields(user, kind)
    return [
        each
        for each in offered
        if each.is_filterable
        and (each.read is None or each.is_custom or each.computed is not None)
        and each.type in OF_TYPE
        and each.key not in hidden
    ]


def hidden_fields(user: Any, kind: ObjectKind) -> frozenset[str]:
    """Return the keys of the fields that a person does not see of any row."""
    return objects.rights().hidden_in(user, kind)


def is_empty(field: Field, *, user: Any) -> Q:
    """Return the condition that nothing is entered, or computed."""
    if field.computed is not None:
        return computed.holds(field, "isnull", True, user=user)
    return _empty(field, field.source)


def lies_between(field: Field, first: date | None, behind: date | None, *, user: Any) -> Q:
    """Return the condition that a date or moment lies from a day on and before another."""
    if field.computed is not None:
        return _computed_between(field, field.computed(user, ""), first, behind)
    return _between(field, field.source, first, behind)


def parse(text: str, kind: ObjectKind, user: Any) -> Group:
    """Read the filter of an address.

    :raises BadFilter: it is not one of this kind, or holds what the person may not filter by.
    """
    if len(text) > LONGEST:
        raise BadFilter(_("The filter is too long."))
    try:
        body = json.loads(text)
    except (ValueError, RecursionError):
        raise BadFilter(_("The filter in the address is cut short or damaged.")) from None
    reader = _Reader(kind, user)
    found = reader.part(body, depth=1)
    return found if isinstance(found, Group) else Group(False, (found,))


def written(group: Group) -> str:
    """Return the filter as an address holds it; ``""`` for none."""
    if not group.parts:
        return ""
    return json.dumps(_plain(group), ensure_ascii=False, separators=(",", ":"))


def _plain(part: Condition | Group) -> list[Any]:
    if isinstance(part, Group):
        return ["or" if part.is_any else "and", *(_plain(each) for each in part.parts)]
    return [part.key, part.operator, *part.values]


class _Reader:
    def __init__(self, kind: ObjectKind, user: Any) -> None:
        self._kind, self._user = kind, user
        self._known: dict[str, dict[str, Field]] = {}
        self._count = 0

    def part(self, body: Any, *, depth: int) -> Condition | Group:
        if not isinstance(body, list) or not body or not isinstance(body[0], str):
            raise BadFilter(_("The filter in the address is cut short or damaged."))
        if body[0] in ("and", "or"):
            if depth > DEEPEST:
                raise BadFilter(_("The filter has too many groups inside one another."))
            parts = tuple(self.part(each, depth=depth + 1) for each in body[1:])
            return Group(body[0] == "or", parts)
        self._count += 1
        if self._count > MOST:
            raise BadFilter(_("The filter has more than %(count)d conditions.") % {"count": MOST})
        return self._condition(body)

    def _condition(self, body: list[Any]) -> Condition:
        steps = self._steps(body[0])
        operator = body[1] if len(body) > 1 else ""
        if not isinstance(operator, str) or operator not in OF_TYPE[steps[-1].type]:
            raise BadFilter(
                _("“%(field)s” cannot be compared in this way.") % {"field": steps[-1].label}
            )
        values = body[2:]
        if len(values) > MOST_VALUES or not all(isinstance(each, str) for each in values):
            raise BadFilter(_("The filter in the address is cut short or damaged."))
        if any(len(each) > LONGEST_VALUE or "\x00" in each for each in values):
            raise BadFilter(_("A value of the filter is too long."))
        condition = Condition(steps, operator, tuple(values))
        check(condition)
        return condition

    def _steps(self, name: str) -> tuple[Field, ...]:
        first, _dot, second = name.partition(".")
        field = self._fields(self._kind).get(first)
        if field is not None and not second:
            return (field,)
        if field is not None and field.type == "relation" and field.related:
            behind = self._fields(objects.kind(field.related)).get(second)
            if behind is not None:
                return (field, behind)
        raise BadFilter(_("There is no field “%(field)s” to filter by.") % {"field": name[:60]})

    def _fields(self, kind: ObjectKind) -> dict[str, Field]:
        if kind.key not in self._known:
            self._known[kind.key] = {each.key: each for each in fields(kind, self._user)}
        return self._known[kind.key]


def check(condition: Condition) -> None:
    """Pass when the values fit the field and the operator.

    :raises BadFilter: with what is wrong.
    """
    takes = OPERATORS[condition.operator].takes
    wanted = {"none": (0, 0), "two": (2, 2), "many": (1, MOST_VALUES)}.get(takes, (1, 1))
    if not wanted[0] <= len(condition.values) <= wanted[1]:
        raise BadFilter(_("“%(field)s” lacks a value.") % {"field": condition.field.label})
    for value in condition.values:
        _value(condition, value)


# Comparing ----------------------------------------------------------------------------------------


def compiled(group: Group, *, user: Any, kind: ObjectKind, today: date) -> Q:
    """Return the filter as one condition for the database."""
    found = Q()
    for part in group.parts:
        if isinstance(part, Group):
            if not part.parts:
                continue
            one = compiled(part, user=user, kind=kind, today=today)
        else:
            one = _one(part, user, kind, today)
        found = (found | one) if group.is_any else (found & one)
    return found


def _one(condition: Condition, user: Any, kind: ObjectKind, today: date) -> Q:
    path = "__".join(step.source for step in condition.steps)
    model = kind.model
    if len(condition.steps) == 2:
        behind = objects.kind(condition.steps[0].related)
        model = behind.model
        reachable = _reachable(condition, behind, user)
        known = _known(condition, model, f"{condition.steps[0].source}__", user)
        return _compare(condition, path, model, user, today) & reachable & known
    return _compare(condition, path, model, user, today) & _known(condition, model, "", user)


def _of_computed(condition: Condition, user: Any, today: date) -> Q:
    """Return the condition on a value that the database computes; an empty one is unlike all."""
    above = f"{condition.steps[0].source}__" if len(condition.steps) == 2 else ""
    field, operator = condition.field, condition.operator
    expression = field.computed(user, above) if field.computed is not None else None
    empty = computed.is_so(expression, "isnull", True)
    if operator in ("empty", "filled"):
        return empty if operator == "empty" else ~empty
    values = [_value(condition, each) for each in condition.values]
    if field.type == "boolean":
        return computed.is_so(expression, "exact", operator == "yes")
    if operator in ("any", "none"):
        wanted = [user.pk if each == ME and field.type == "user" else each for each in values]
        found = computed.is_so(expression, "in", wanted)
        return found if operator == "any" else ~found | empty
    if operator in ("contains", "lacks", "is", "isnt", "begins"):
        look = {"contains": Contains, "lacks": Contains, "begins": StartsWith}.get(operator, Exact)
        found = Q(look(Folded(expression), Value(folded(condition.values[0]))))
        return ~found | empty if operator in ("lacks", "isnt") else found
    if field.type in ("date", "moment"):
        return _computed_between(field, expression, *_days(operator, values, today))
    if operator == "between":
        return computed.is_so(expression, "gte", values[0]) & computed.is_so(
            expression, "lte", values[-1]
        )
    if operator == "ne":
        return ~computed.is_so(expression, "exact", values[0]) | empty
    return computed.is_so(expression, _LOOKUPS.get(operator, "exact"), values[0])


def _known(condition: Condition, model: type[models.Model], path: str, user: Any) -> Q:
    """Return which rows may be found by a field: of the others nothing is told, not even no."""
    unseen = objects.rights().unseen(user, model, path)
    return unseen.is_open if condition.field.key in unseen.closed else Q()


def _reachable(condition: Condition, behind: ObjectKind, user: Any) -> Q:
    """Return the condition that the related row is one the person may see.

    Where there is none, what is asked to be empty, or not to be so, holds.
    """
    rows = behind.rows(user)
    relation = condition.steps[0].source
    is_open = condition.operator in _OF_NOTHING
    nobody = Q(**{f"{relation}__isnull": True}) if is_open else Q(pk__in=[])
    if rows.query.is_empty():
        return nobody
    if not rows.query.where:
        return Q()
    seen = Q(**{f"{relation}__in": rows.order_by().values("pk")})
    return nobody | seen if is_open else seen


def _compare(
    condition: Condition, path: str, model: type[models.Model], user: Any, today: date
) -> Q:
    field, operator = condition.field, condition.operator
    if field.computed is not None:
        return _of_computed(condition, user, today)
    if operator in ("empty", "filled"):
        empty = _empty(field, path)
        return empty if operator == "empty" else ~empty
    values = [_value(condition, each) for each in condition.values]
    if field.type == "boolean":
        return Q(**{path: operator == "yes"})
    if operator in ("any", "none"):
        found = _among(field, path, values, user)
        return found if operator == "any" else ~found | _empty(field, path)
    if operator in ("contains", "lacks", "is", "isnt", "begins"):
        found = _text(field, path, operator, condition.values[0], model, len(condition.steps) == 1)
        return ~found | _empty(field, path) if operator in ("lacks", "isnt") else found
    if field.type in ("date", "moment"):
        first, behind = _days(operator, values, today)
        return _between(field, path, first, behind)
    return _number(field, path, operator, values)


def _empty(field: Field, path: str) -> Q:
    """Return the condition that nothing is there: what is empty is unlike every value."""
    if field.is_custom:
        missing = Q(**{f"{path}__isnull": True}) | Q(**{path: None})
        return missing | Q(**{path: ""}) | Q(**{path: []})
    empty = Q(**{f"{path}__isnull": True})
    if field.type in ("text", "long_text", "phone", "email", "url", "choice"):
        empty |= Q(**{path: ""})
    if field.type == "choices":
        empty |= Q(**{path: []})
    return empty


def _among(field: Field, path: str, values: Sequence[Any], user: Any) -> Q:
    wanted = [user.pk if value == ME and field.type == "user" else value for value in values]
    if field.type == "choices":
        found = Q()
        for value in wanted:
            kept = [value] if field.is_custom else value
            found |= Q(**{f"{path}__contains": kept})
        return found
    if field.is_custom:
        return Q(**{f"{path}__in": [str(value) for value in wanted]})
    return Q(**{f"{path}__in": wanted})


def _text(
    field: Field, path: str, operator: str, value: str, model: type[models.Model], is_own: bool
) -> Q:
    kept: Any = Folded(KT(path) if field.is_custom else F(path))
    look = {"contains": Contains, "lacks": Contains, "begins": StartsWith}.get(operator, Exact)
    found = Q(look(kept, Value(folded(value))))
    if operator in ("contains", "begins") and is_own and _is_searched(model, field.source):
        return Q(search_text__contains=folded(value)) & found  # the index of parts finds it
    return found


def _is_searched(model: type[models.Model], name: str) -> bool:
    """Tell whether a field stands in the folded column of its table."""
    try:
        column: Any = model._meta.get_field("search_text")
    except FieldDoesNotExist:
        return False
    if not isinstance(column, models.GeneratedField):
        return False
    todo: list[Any] = [column.expression]  # type: ignore[attr-defined]  # not in the stubs
    names: set[str] = set()
    while todo:
        each = todo.pop()
        if isinstance(each, Folded):
            todo += each.get_source_expressions()
        elif isinstance(each, F):
            names.add(each.name)  # type: ignore[attr-defined]  # not in the stubs
        elif hasattr(each, "get_source_expressions") and each.__class__.__name__ != "Digits":
            todo += each.get_source_expressions()
    return name in names


def _number(field: Field, path: str, operator: str, values: Sequence[Any]) -> Q:
    first, second = _kept(field, values[0]), _kept(field, values[-1])
    if operator == "eq":
        return Q(**{path: first})
    if operator == "ne":
        return ~Q(**{path: first}) | _empty(field, path)
    if operator == "between":
        return Q(**{f"{path}__gte": first, f"{path}__lte": second})
    return Q(**{f"{path}__{_LOOKUPS[operator]}": first})


def _kept(field: Field, value: Any) -> Any:
    """Return a value as the column holds it: custom fields stand in JSON."""
    return field.stored(value) if field.is_custom and field.stored is not None else value


def _between(field: Field, path: str, first: date | None, behind: date | None) -> Q:
    """Return the condition of lying from a day on and before another."""
    found = Q()
    if first is not None:
        found &= Q(**{f"{path}__gte": _edge(field, first)})
    if behind is not None:
        found &= Q(**{f"{path}__lt": _edge(field, behind)})
    return found


def _computed_between(
    field: Field, expression: Any, first: date | None, behind: date | None
) -> Q:
    found = Q()
    if first is not None:
        found &= computed.is_so(expression, "gte", _edge(field, first))
    if behind is not None:
        found &= computed.is_so(expression, "lt", _edge(field, behind))
    return found


def _edge(field: Field, day: date) -> Any:
    if field.type == "date":
        return _kept(field, day)
    return _kept(field, datetime.combine(day, time.min, timezone.get_current_timezone()))


def _days(operator: str, values: Sequence[Any], today: date) -> tuple[date | None, date | None]:
    """Return the first day, and the day behind the latest."""
    day = timedelta(days=1)
    if operator == "in":
        return period(str(values[0]), today)
    if operator == "older":
        return None, today - values[0] * day
    if operator == "within":
        return today - (values[0] - 1) * day, today + day
    if operator == "ahead":
        return today, today + values[0] * day
    if operator == "before":
        return None, values[0]
    if operator == "after":
        return values[0] + day, None
    return values[0], values[-1] + day  # on, between


def period(name: str, today: date) -> tuple[date, date]:
    """Return the first day of a period, and the day behind its latest; weeks begin on Monday."""
    day = timedelta(days=1)
    monday = today - today.weekday() * day
    month = today.replace(day=1)
    quarter = month.replace(month=(today.month - 1) // 3 * 3 + 1)
    year = month.replace(month=1)
    return {
        "today": (today, today + day),
        "yesterday": (today - day, today),
        "tomorrow": (today + day, today + 2 * day),
        "this_week": (monday, monday + 7 * day),
        "last_week": (monday - 7 * day, monday),
        "next_week": (monday + 7 * day, monday + 14 * day),
        "this_month": (month, months_later(month, 1)),
        "last_month": (months_later(month, -1), month),
        "next_month": (months_later(month, 1), months_later(month, 2)),
        "this_quarter": (quarter, months_later(quarter, 3)),
        "last_quarter": (months_later(quarter, -3), quarter),
        "this_year": (year, months_later(year, 12)),
        "last_year": (months_later(year, -12), year),
    }[name]


def months_later(first: date, count: int) -> date:
    """Return the first day of the month so many months later."""
    month = first.year * 12 + first.month - 1 + count
    return date(month // 12, month % 12 + 1, 1)


def _value(condition: Condition, text: str) -> Any:
    """Return a value as the database compares it.

    :raises BadFilter: it is none of the field's.
    """
    field, takes = condition.field, OPERATORS[condition.operator].takes
    try:
        if takes == "period":
            if text not in PERIODS:
                raise ValueError(text)
            return text
        if takes == "days":
            days = int(text)
            if not 0 < days <= MOST_DAYS:
                raise ValueError(text)
            return days
        if field.type in ("date", "moment"):
            day = parse_date(text)
            if day is None or not 1900 <= day.year <= 2200:
                raise ValueError(text)
            return day
        if field.type in ("number", "quantity", "money"):
            return number(text)
        if field.type == "user" and text == ME:
            return ME
        if field.type in ("user", "relation"):
            return UUID(text)
        if field.type in ("choice", "choices") and text not in dict(field.offered()):
            raise ValueError(text)
    except (ValueError, InvalidOperation, OverflowError):
        raise BadFilter(
            _("“%(value)s” is no value of “%(field)s”.")
            % {"value": text[:60], "field": field.label}
        ) from None
    if field.type in ("text", "long_text", "phone", "email", "url") and not folded(text):
        raise BadFilter(_("“%(field)s” lacks a value.") % {"field": field.label})
    return text


def number(text: str) -> Decimal:
    """Return the number people typed; a comma is a point, blanks are nothing.

    :raises ValueError: it is none, or has more digits than a column holds.
    """
    try:
        value = Decimal("".join(text.split()).replace(",", "."))
    except InvalidOperation:
        raise ValueError(text) from None
    if not value.is_finite() or abs(value) >= Decimal(10) ** 15:
        raise ValueError(text)
    return value


# Saying -------------------------------------------------------------------------------------------


def sentence(part: Condition | Group, names: dict[str, str]) -> str:
    """Return what a part of the filter says; ``names`` holds those of rows by key."""
    if isinstance(part, Group):
        word = _("or") if part.is_any else _("and")
        return f" {word} ".join(
            f"({sentence(each, names)})" if isinstance(each, Group) else sentence(each, names)
            for each in part.parts
        )
    label = " → ".join(str(step.label) for step in part.steps)
    operator = OPERATORS[part.operator]
    words = [label, str(operator.label)]
    if part.values:
        shown = [_shown(part, value, names) for value in part.values]
        words.append((" – " if operator.takes == "two" else ", ").join(shown))
    return " ".join(words)


def _shown(condition: Condition, text: str, names: dict[str, str]) -> str:
    field, value = condition.field, _value(condition, text)
    if value == ME:
        return _("me")
    if condition.operator == "in":
        return str(PERIODS[text])
    if OPERATORS[condition.operator].takes == "days":
        return _("%(count)s d") % {"count": text}
    if isinstance(value, date):
        return date_format(value, "SHORT_DATE_FORMAT")
    if isinstance(value, Decimal):
        return number_text(value, places=None)
    if field.type in ("choice", "choices"):
        return dict(field.offered()).get(text, text)
    return names.get(text, "…") if isinstance(value, UUID) else f"“{text}”"


def names_in(group: Group, user: Any) -> dict[str, str]:
    """Return the names of the people and rows a filter speaks of, one query for each kind."""
    wanted: dict[str, set[str]] = {}
    todo: list[Condition | Group] = [group]
    while todo:
        part = todo.pop()
        if isinstance(part, Group):
            todo += part.parts
        elif part.field.type in ("user", "relation"):
            kind = "" if part.field.type == "user" else part.field.related
            wanted.setdefault(kind, set()).update(each for each in part.values if each != ME)
    found: dict[str, str] = {}
    for kind_key, keys in wanted.items():
        if not keys:
            continue
        rows = objects.kind(kind_key).rows(user) if kind_key else get_user_model().objects.all()
        found |= {str(row.pk): str(row) for row in rows.filter(pk__in=keys)}
    return found

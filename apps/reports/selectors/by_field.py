"""Rows of any object by any field of theirs: number, sums, averages, least and greatest.

Rooms' fields and those that administrators made or let the database compute are read from the
registry of kinds, so that a new field is here at once. One statement over the rows a person may
see; a figure and the list behind it share rows and expression, so they cannot differ.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, cast
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db.models import Case, DateField, F, Func, JSONField, Q, QuerySet, Value, When
from django.db.models.fields.json import KeyTransform
from django.db.models.functions import Cast, TruncDate
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from apps.accounts.rights import can
from apps.core import computed, objects
from apps.core.lists import conditions, grouping
from apps.core.objects import Field, ObjectKind
from apps.custom import related
from apps.custom.formulas.compiling import OUTPUT, plain
from apps.reports.bounded import rows_of

PAGE = 100
MOST_STEPS = 800  # of a picture
ROWS = "rows"  # to be sorted by: how many rows there are
NOTHING = "-"  # in addresses: rows that have no value; a value stands behind an equals sign
GROUPED = frozenset({"text", "boolean", "choice", "user", "relation", "date", "moment"})
SEVERAL = "choices"  # of the rows' own fields: a row counts under each of its values
_DAYS = frozenset({"date", "moment"})
_NUMBERS = frozenset({"number", "quantity", "money"})
STEPS: dict[str, str | Promise] = {
    "day": gettext_lazy("Day"), "week": gettext_lazy("Week"), "month": gettext_lazy("Month"),
    "quarter": pgettext_lazy("three months", "Quarter"), "year": pgettext_lazy("period", "Year"),
}  # fmt: skip
MEASURES = {key: label for key, label in related.HOW.items() if key != "count"}


@dataclass(frozen=True)
class Way:
    """A field of the rows, or a relation of theirs and a field of the row it leads to."""

    steps: tuple[Field, ...]

    @property
    def field(self) -> Field:
        """Return the field whose values count."""
        return self.steps[-1]

    @property
    def key(self) -> str:
        """Return the way as addresses name it: ``x_region``, ``counterparty.x_region``."""
        return ".".join(step.key for step in self.steps)

    @property
    def label(self) -> str:
        """Return what people call it."""
        return " → ".join(str(step.label) for step in self.steps)


@dataclass(frozen=True)
class Measure:
    """A figure of each group: a sum, an average, the least or the greatest of a field."""

    how: str
    of: Field

    @property
    def key(self) -> str:
        """Return the figure as addresses name it: ``sum.x_worth``."""
        return f"{self.how}.{self.of.key}"

    @property
    def label(self) -> str:
        """Return its head: “Worth, sum”."""
        return f"{self.of.label}, {str(MEASURES[self.how]).lower()}"

    @property
    def is_of_currencies(self) -> bool:
        """Tell whether amounts stand in currencies of their own."""
        return self.of.type == "money" and bool(self.of.unit)


@dataclass(frozen=True)
class Ask:
    """What is asked of the rows of a kind; amounts count in one currency."""

    kind: ObjectKind
    by: Way
    step: str = "month"
    measures: Sequence[Measure] = ()
    condition: conditions.Group | None = None
    currency: str = ""
    sort: str = ROWS
    page: int = 1
    size: int = PAGE

    @property
    def is_of_several(self) -> bool:
        """Tell whether a row may count in several groups; in the total it counts once."""
        return self.by.field.type == SEVERAL

    @property
    def is_in_time(self) -> bool:
        """Tell whether groups are months or the like, which stand in their own order."""
        return self.by.field.type in _DAYS


@dataclass
class Group:
    """Rows that share a value: their number and figures; ``share`` is for the picture."""

    key: Any = None
    label: str = ""
    count: int = 0
    figures: list[Decimal | None] = field(default_factory=list)
    share: int = 0

    @property
    def at(self) -> str:
        """Return what the address of its rows names it by."""
        return NOTHING if self.key is None else f"={self.key}"

    def measured(self, ask: Ask) -> Decimal:
        """Return the figure by which groups are sorted, and which the picture shows."""
        for measure, figure in zip(ask.measures, self.figures, strict=True):
            if measure.key == ask.sort:
                return figure or Decimal(0)
        return Decimal(self.count)


@dataclass
class Answer:
    """Groups of a page, what everything comes to, whether more groups follow."""

    groups: list[Group] = field(default_factory=list)
    total: Group = field(default_factory=Group)
    has_more: bool = False


def kinds(user: Any) -> list[ObjectKind]:
    """Return the objects whose rows a person may see, by name."""
    found = [
        each for each in objects.kinds()
        if related.is_guarded(each) and can(user, f"{each.right_object}.view")
    ]  # fmt: skip
    return sorted(found, key=lambda each: str(each.label_plural))


def ways(kind: ObjectKind, user: Any) -> list[Way]:
    """Return by what a person may group: fields of the rows, then those one relation away."""
    own = _seen(kind, user)
    found = [Way((each,)) for each in own if each.type in GROUPED or each.type == SEVERAL]
    for through, of in _reached(own, user):
        found += [Way((through, each)) for each in _seen(of, user) if each.type in GROUPED]
    return found


def measures(kind: ObjectKind, user: Any) -> list[Measure]:
    """Return the figures a person may ask for: four of each number they see."""
    numbers = [
        each for each in _seen(kind, user)
        if each.type in _NUMBERS and not (each.unit and each.type == "quantity")
    ]  # fmt: skip
    return [Measure(how, each) for each in numbers for how in MEASURES]


def analyse(user: Any, ask: Ask) -> Answer:
    """Return the groups; one statement for the figures, one for what their keys are called.

    :raises TooMuch: it takes too long.
    """
    answer = _read(user, ask)
    _name(answer.groups, ask, user)
    highest = max((group.measured(ask) for group in answer.groups), default=Decimal(0))
    for group in answer.groups:
        group.share = max(round(group.measured(ask) * 100 / highest), 0) if highest > 0 else 0
    return answer


def steps_between(first: date, latest: date, step: str) -> list[date]:
    """Return the beginnings of all days, weeks, months … between two of them, both included."""
    found: list[date] = []
    day = first
    while day <= latest and len(found) < MOST_STEPS:
        found.append(day)
        if step in ("day", "week"):
            day += timedelta(days=7 if step == "week" else 1)
        else:
            months = {"month": 1, "quarter": 3, "year": 12}[step]
            day = conditions.months_later(day, months)
    return found


def counted(user: Any, ask: Ask) -> QuerySet[Any]:
    """Return the rows that are counted: those in use that fulfil the conditions."""
    rows = ask.kind.rows(user)
    if any(each.name == "is_archived" for each in ask.kind.model._meta.concrete_fields):
        rows = rows.filter(is_archived=False)
    if ask.condition is not None:
        today = timezone.localdate()
        rows = rows.filter(
            conditions.compiled(ask.condition, user=user, kind=ask.kind, today=today)
        )
    return rows


def behind(user: Any, ask: Ask, at: str, *, of: Measure | None = None) -> QuerySet[Any]:
    """Return the rows behind a figure: of the group ``at``, of all groups with ``""``.

    Behind an amount (``of``) stand those in its currency only.
    """
    rows = counted(user, ask)
    if of is not None and of.is_of_currencies:
        rows = rows.filter(**{of.of.unit: ask.currency})
    if not at:
        return rows
    value = valued(ask.kind, ask.by, user, step=ask.step)
    try:
        return rows.filter(stands_at(value, ask.by.field, at))
    except ValueError:
        return rows.none()


def stands_at(value: Any, by: Field, at: str) -> Q:
    """Return the condition that a value is that of a group, as addresses name it.

    :raises ValueError: it is none of the field's.
    """
    if by.type == SEVERAL:
        if at != NOTHING:
            return computed.is_so(value, "contains", [at[1:]])
        empty = computed.is_so(value, "exact", None) | computed.is_so(value, "exact", [])
        return computed.is_so(value, "isnull", True) | empty
    if at == NOTHING:
        return computed.is_so(value, "isnull", True)
    return computed.is_so(value, "exact", value_at(by, at))


def value_at(by: Field, at: str) -> Any:
    """Return the value of a group, as addresses name it behind an equals sign.

    :raises ValueError: it is none of the field's.
    """
    text = at[1:]
    if by.type in _DAYS:
        return date.fromisoformat(text)
    if by.type in ("user", "relation"):
        return UUID(text)
    if by.type == "boolean":
        if text not in ("True", "False"):
            raise ValueError(text)
        return text == "True"
    return text


def _seen(kind: ObjectKind, user: Any) -> list[Field]:
    """Return the fields of a kind that a person sees and the database can follow."""
    hidden = conditions.hidden_fields(user, kind)
    return [
        each for each in objects.fields_of(kind)
        if each.is_filterable and each.key not in hidden
        and (related.can_be_shown(each) or _holds_several(kind, each)) and _is_there(each)
    ]  # fmt: skip


def _holds_several(kind: ObjectKind, each: Field) -> bool:
    """Tell whether a field holds a list of choices that the database can unfold."""
    if each.type != SEVERAL or (each.read is not None and not each.is_custom):
        return False
    names = {one.name: one for one in kind.model._meta.concrete_fields}
    return isinstance(names.get(each.source.partition("__")[0]), JSONField)


def _is_there(each: Field) -> bool:
    """Tell whether the object a relation leads to is in use."""
    if each.type != "relation":
        return True
    try:
        objects.kind(each.related)
    except KeyError:
        return False
    return True


def _reached(own: Sequence[Field], user: Any) -> Iterator[tuple[Field, ObjectKind]]:
    """Return the relations a person may follow, with the kind each leads to."""
    for each in own:
        if related.leads(each):
            of = objects.kind(each.related)
            if related.is_guarded(of) and can(user, f"{of.right_object}.view"):
                yield each, of


def valued(kind: ObjectKind, by: Way, user: Any, *, step: str) -> Any:
    """Return the value rows are grouped by; days as the first day of their month or the like."""
    steps, last = by.steps, by.field
    if len(steps) == 2:
        value = related.value_of_related(
            steps[0], objects.kind(steps[0].related), last, user, ""
        )
    else:
        value = _open(kind, last, user)
    if last.type == "moment":
        value = TruncDate(value, tzinfo=timezone.get_current_timezone())
    if last.type in _DAYS:
        template = f"date_trunc('{step}', %(expressions)s)::date"
        return Func(value, template=template, output_field=DateField())
    return value


def _open(kind: ObjectKind, each: Field, user: Any) -> Any:
    """Return the value of a field; of VIP customers whose details are closed it is empty."""
    value = _list_of(each) if each.type == SEVERAL else plain(each, user=user)
    unseen = objects.rights().unseen(user, kind.model)
    if each.key not in unseen.closed:
        return value
    output = JSONField() if each.type == SEVERAL else OUTPUT[each.type]
    return Case(When(unseen.is_open, then=value), default=Value(None), output_field=output)


def _list_of(each: Field) -> Any:
    column, _dots, key = each.source.partition("__")
    return Cast(KeyTransform(key, column) if key else F(column), JSONField())


def _amount(ask: Ask, measure: Measure, user: Any) -> Any:
    value = _open(ask.kind, measure.of, user)
    if not measure.is_of_currencies:
        return value
    is_in_it = {measure.of.unit: ask.currency}
    return Case(When(**is_in_it, then=value), default=Value(None), output_field=OUTPUT["money"])


_SINGLE = """SELECT key, grouping(key) AS is_whole, count(*) AS rows{figures}
    FROM read GROUP BY GROUPING SETS ((key), ())"""
_SUMS = """WITH read (key{columns}) AS ({read}),
summed AS (
    {summed}
)
SELECT key, is_whole, rows{names} FROM (
    SELECT *, row_number() OVER (ORDER BY is_whole DESC, {order}, key) - 1 AS place FROM summed
) found
WHERE place = 0 OR place > %s AND place <= %s ORDER BY place"""
_SEVERAL = """
    SELECT NULL AS key, 1 AS is_whole, count(*) AS rows{figures} FROM read
    UNION ALL
    SELECT one.value, 0, count(*){figures} FROM read LEFT JOIN LATERAL (
        SELECT DISTINCT value FROM jsonb_array_elements_text(
            CASE jsonb_typeof(read.key) WHEN 'array' THEN read.key END
        )
    ) one ON true GROUP BY one.value"""
_FIGURES = {
    "sum": "trim_scale(sum({}))", "avg": "trim_scale(round(avg({}), 2))",
    "min": "trim_scale(min({}))", "max": "trim_scale(max({}))",
}  # fmt: skip


def _read(user: Any, ask: Ask) -> Answer:
    amounts = {
        f"figure_{place}": _amount(ask, each, user) for place, each in enumerate(ask.measures)
    }
    rows = counted(user, ask).order_by().select_related(None).prefetch_related(None)
    if rows.query.annotations or rows.query.distinct:
        rows = ask.kind.model._default_manager.filter(pk__in=rows.values("pk")).order_by()
    by = valued(ask.kind, ask.by, user, step=ask.step)
    read = rows.annotate(in_group=by, **amounts).values_list("in_group", *amounts)
    try:
        sql, values = cast("tuple[str, Sequence[Any]]", read.query.sql_with_params())
    except EmptyResultSet:
        return Answer(total=Group(figures=[None] * len(amounts)))
    figures = [
        f", {_FIGURES[each.how].format(f'figure_{place}')} AS f{place}"
        for place, each in enumerate(ask.measures)
    ]
    before = (ask.page - 1) * ask.size
    statement = _SUMS.format(
        columns="".join(f", {name}" for name in amounts), read=sql,
        summed=(_SEVERAL if ask.is_of_several else _SINGLE).format(figures="".join(figures)),
        names="".join(f", f{place}" for place in range(len(amounts))), order=_order(ask),
    )  # fmt: skip
    answer = Answer()
    for key, is_whole, count, *found in rows_of(statement, [*values, before,
                                                            before + ask.size + 1]):  # fmt: skip
        group = Group(key, "", count, found)
        if is_whole:
            answer.total = group
        else:
            answer.groups.append(group)
    answer.has_more = len(answer.groups) > ask.size
    answer.groups = answer.groups[: ask.size]
    return answer


def _order(ask: Ask) -> str:
    """Return how groups stand: days the latest first, others by their figure."""
    if ask.is_in_time:
        return "key DESC NULLS LAST"
    for place, each in enumerate(ask.measures):
        if each.key == ask.sort:
            return f"f{place} DESC NULLS LAST, rows DESC"
    return "rows DESC"


def _name(groups: Sequence[Group], ask: Ask, user: Any) -> None:
    """Say what the groups are called: one query for people and rows, none for others."""
    keys = [str(group.key) for group in groups if group.key is not None]
    names: Mapping[str, str] = {}
    if not ask.is_in_time:
        names = grouping.names_of(ask.by.field, keys, user)
    for group in groups:
        if group.key is None:
            group.label = _("nothing entered")
        elif not ask.is_in_time:
            group.label = names.get(str(group.key), "…")

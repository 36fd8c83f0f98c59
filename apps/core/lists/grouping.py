"""Groups of a list with their sums, and the sums of its columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib.auth import get_user_model
from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import TruncMonth
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from apps.core import computed, objects
from apps.core.formats import money_text, number_text
from apps.core.lists import fields
from apps.core.lists.columns import Column
from apps.core.objects import Field, ObjectKind

MOST_GROUPS = 200
NOTHING = "-"


@dataclass
class Group:
    """Rows that share a value: ``key`` names it in the address, ``sums`` are by column."""

    key: str
    label: str
    count: int = 0
    sums: dict[str, list[str]] = field(default_factory=dict)


def groupable(kind: ObjectKind, user: Any) -> list[Field]:
    """Return the fields by which rows of a kind can be grouped."""
    rights = objects.rights()
    hidden = rights.unseen(user, kind.model).keys | rights.hidden_in(user, kind)
    return [
        each
        for each in objects.fields_of(kind)
        if (each.type in fields.GROUPED or (each.computed is not None and each.type == "text"))
        and (each.read is None or each.is_custom or each.computed is not None)
        and each.key not in hidden
        and not (each.is_custom and each.type in ("date", "moment"))
    ]  # fmt: skip


def summed(columns: Sequence[Column], kind: ObjectKind) -> list[tuple[Column, Field]]:
    """Return the columns that hold amounts of the kind's own fields."""
    known = {each.key: each for each in objects.fields_of(kind)}
    found = []
    for column in columns:
        each = known.get(column.field or column.key)
        if each is None or each.is_custom or (each.read is not None and each.computed is None):
            continue
        if each.type in fields.SUMMED:
            found.append((column, each))
    return found


def groups(
    rows: QuerySet[Any], by: Field, *, kind: ObjectKind, columns: Sequence[Column], user: Any
) -> list[Group]:
    """Return the groups of rows by a field, largest first; dates by month, the latest first."""
    path = _valued(by, user)
    if by.type in ("date", "moment"):
        path = TruncMonth(path)
    asked = summed(columns, kind)
    units = list(dict.fromkeys(each.unit for _column, each in asked if each.unit))
    named = {f"unit_{number}": F(unit) for number, unit in enumerate(units)}
    sums = {f"sum_{number}": Sum(_valued(each, user)) for number, (_c, each) in enumerate(asked)}
    plain = _plain(rows, kind)
    found = (
        plain.annotate(of_group=path, **named)
        .values("of_group", *named)
        .annotate(rows_there=Count("pk"), **sums)
        .order_by()
    )
    made: dict[str, Group] = {}
    for line in found[: MOST_GROUPS * 5]:
        key = _key(line["of_group"])
        group = made.setdefault(key, Group(key, ""))
        group.count += line["rows_there"]
        for number, (column, each) in enumerate(asked):
            total = line[f"sum_{number}"]
            unit = line[f"unit_{units.index(each.unit)}"] if each.unit else ""
            if total:
                group.sums.setdefault(column.key, []).append(_total(total, each, unit))
    _name(made, by, user)
    if by.type in ("date", "moment"):
        return sorted(made.values(), key=lambda group: group.key, reverse=True)[:MOST_GROUPS]
    return sorted(made.values(), key=lambda group: (-group.count, group.label))[:MOST_GROUPS]


def in_group(by: Field, key: str, *, user: Any) -> Q:
    """Return the condition of standing in a group.

    :raises ValueError: the key is none of a group.
    """
    if by.computed is not None:
        return _in_computed(by, key, user)
    if key == NOTHING:
        return Q(**{f"{by.source}__isnull": True})
    if by.type in ("date", "moment"):
        first, behind = _edges(by, key)
        return Q(**{f"{by.source}__gte": first, f"{by.source}__lt": behind})
    if by.type == "boolean":
        return Q(**{by.source: key == "True"})
    if by.type in ("user", "relation"):
        return Q(**{by.source: str(UUID(key)) if by.is_custom else UUID(key)})
    return Q(**{by.source: "" if key == "=" else key})


def _in_computed(by: Field, key: str, user: Any) -> Q:
    if key == NOTHING:
        return computed.holds(by, "isnull", True, user=user)
    if by.type in ("date", "moment"):
        first, behind = _edges(by, key)
        return computed.holds(by, "gte", first, user=user) & computed.holds(
            by, "lt", behind, user=user
        )
    value: Any = key
    if by.type == "boolean":
        value = key == "True"
    elif by.type in ("user", "relation"):
        value = UUID(key)
    return computed.holds(by, "exact", value, user=user)


def _edges(by: Field, key: str) -> tuple[Any, Any]:
    first = date.fromisoformat(f"{key}-01")
    behind = (first + timedelta(days=32)).replace(day=1)
    if by.type == "date":
        return first, behind
    zone = timezone.get_current_timezone()
    made = [datetime(day.year, day.month, 1, tzinfo=zone) for day in (first, behind)]
    return made[0], made[1]


def _valued(each: Field, user: Any) -> Any:
    """Return what the database finds a value by: a column, or what it computes."""
    return each.computed(user, "") if each.computed is not None else F(each.source)


def totals(
    rows: QuerySet[Any], *, kind: ObjectKind, columns: Sequence[Column], user: Any
) -> dict[str, list[str]]:
    """Return the sums of all rows by column, one for each currency or unit."""
    asked = summed(columns, kind)
    if not asked:
        return {}
    units = list(dict.fromkeys(each.unit for _column, each in asked if each.unit))
    named = {f"unit_{number}": F(unit) for number, unit in enumerate(units)}
    sums = {f"sum_{number}": Sum(_valued(each, user)) for number, (_c, each) in enumerate(asked)}
    plain = _plain(rows, kind).annotate(**named)
    lines = list(plain.values(*named).annotate(**sums).order_by()[:100]) if named else [
        plain.aggregate(**sums)
    ]  # fmt: skip
    found: dict[str, dict[str, Decimal]] = {}
    for line in lines:
        for number, (column, each) in enumerate(asked):
            unit = str(line[f"unit_{units.index(each.unit)}"] or "") if each.unit else ""
            total = line[f"sum_{number}"]
            if total:
                of_column = found.setdefault(column.key, {})
                of_column[unit] = of_column.get(unit, Decimal(0)) + total
    known = {column.key: each for column, each in asked}
    return {
        key: [_total(total, known[key], unit) for unit, total in sorted(by_unit.items())]
        for key, by_unit in found.items()
    }


def _plain(rows: QuerySet[Any], kind: ObjectKind) -> QuerySet[Any]:
    """Return the rows without what a list annotated, which would be grouped by, too."""
    rows = rows.order_by().select_related(None)
    if rows.query.annotations or rows.query.distinct:
        return kind.model._default_manager.filter(pk__in=rows.values("pk"))
    return rows


def _key(value: Any) -> str:
    if value is None:
        return NOTHING
    if isinstance(value, datetime):
        return timezone.localtime(value).strftime("%Y-%m")
    if isinstance(value, date):
        return value.strftime("%Y-%m")
    return str(value) or "="


def _name(made: dict[str, Group], by: Field, user: Any) -> None:
    keys = [key for key in made if key not in (NOTHING, "=")]
    if by.type in ("date", "moment"):
        labels = {
            key: date_format(date.fromisoformat(f"{key}-01"), "YEAR_MONTH_FORMAT") for key in keys
        }
    else:
        labels = names_of(by, keys, user)
    for key, group in made.items():
        is_nothing = key in (NOTHING, "=")
        group.label = _("nothing entered") if is_nothing else labels.get(key, "…")


def names_of(by: Field, keys: Sequence[str], user: Any) -> dict[str, str]:
    """Return what values of a field that is no date are called; rows one does not see are not."""
    if by.type == "user":
        people = get_user_model().objects.filter(pk__in=keys)
        return {str(person.pk): str(person) for person in people}
    if by.type == "relation":
        rows = objects.kind(by.related).rows(user).filter(pk__in=keys)
        return {str(row.pk): str(row) for row in rows}
    if by.type in ("choice", "choices"):
        return {**{key: key for key in keys}, **dict(by.offered())}
    if by.type == "boolean":
        return {"True": _("yes"), "False": _("no")}
    return {key: key for key in keys}


def _total(total: Decimal, each: Field, unit: Any) -> str:
    if each.type == "money":
        return money_text(total, str(unit or ""))
    text = number_text(Decimal(total).normalize(), places=None)
    return f"{text}\u00a0{unit}" if unit else text

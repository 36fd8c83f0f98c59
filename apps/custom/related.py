"""Values of related rows, as expressions of the database: of the one a relation leads to, and
totals of the many that lead here.

A person is told what they could see on the cards of these rows: rows that are not theirs, fields
their role hides and the details of VIP customers are empty, and count in no total.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Func, JSONField, OuterRef, Q, QuerySet, Subquery
from django.db.models.fields.json import KeyTransform
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.accounts.rights import fields
from apps.accounts.rights.matrix import ALL_RIGHTS
from apps.core import objects
from apps.core.lists import conditions
from apps.core.objects import Field, ObjectKind
from apps.custom.formulas.checking import MOST_PLACES
from apps.custom.formulas.compiling import OUTPUT, finished, key_of_json, nothing, plain
from tenants.current import current_company

SHOWN = frozenset({
    "text", "long_text", "number", "quantity", "money", "date", "moment", "boolean", "choice",
    "user", "relation", "phone", "email", "url",
})  # fmt: skip
_OWN_COUNTERPARTY = "counterparty_id"  # of own objects: read by itself, and a column all the same


HOW: dict[str, str | Promise] = {
    "count": _("Number of rows"), "sum": _("Sum"), "min": _("Least"), "max": _("Greatest"),
    "avg": _("Average"),
}  # fmt: skip
_NUMBERS = frozenset({"number", "quantity", "money"})
_DAYS = frozenset({"date", "moment"})
COMPARED = SHOWN - {"user", "relation"} | {"choices"}


@dataclass(frozen=True)
class Total:
    """A figure over the rows of a kind whose relation leads to the row.

    ``target`` is what is added up, ``None`` where rows are counted; ``only`` the condition they
    fulfil, as ``apps.core.lists.conditions`` writes it.
    """

    of: ObjectKind
    through: Field
    how: str
    target: Field | None = None
    only: tuple[str, ...] = ()

    @property
    def type(self) -> str:
        """Return the type of the figure."""
        if self.target is None:
            return "number"
        return "number" if self.target.type == "quantity" else self.target.type


def is_guarded(of: ObjectKind) -> bool:
    """Tell whether rights say who sees the rows of a kind."""
    return f"{of.right_object}.view" in ALL_RIGHTS


def can_be_totalled(field: Field, how: str) -> bool:
    """Tell whether a figure can be made of a field."""
    is_column = field.read is None or field.is_custom or field.computed is not None
    types = _NUMBERS | _DAYS if how in ("min", "max") else _NUMBERS
    return is_column and field.type in types


def may_narrow(field: Field, only: Sequence[str]) -> bool:
    """Tell whether a condition asks for choices that an administrator's field offers."""
    if field.type not in ("choice", "choices") or not field.is_custom:
        return True
    return set(only[2:]) <= dict(field.offered()).keys()


def total_of_related(total: Total, user: Any, path: str) -> Any:
    """Return the figure for rows found by a path; rows out of use do not count.

    Amounts that have a currency of their own count where it is the company's.
    """
    rows = seen(total.of, total.target, user)
    if rows is None:
        return nothing(total.type)
    if total.only:
        try:
            rows = rows.filter(_condition(total, user))
        except conditions.BadFilter:  # by a field the person does not see
            return nothing(total.type)
    if any(each.name == "is_archived" for each in total.of.model._meta.concrete_fields):
        rows = rows.filter(is_archived=False)
    if total.target is not None and total.target.unit and total.target.type == "money":
        rows = rows.filter(**{total.target.unit: current_company().currency})
    rows = rows.filter(_leads_to_outer(total.through, f"{path}pk"))
    return finished(Subquery(rows.values_list(_figure(total, user))), total.type)


def _condition(total: Total, user: Any) -> Q:
    group = conditions.parse(json.dumps(list(total.only)), total.of, user)
    return conditions.compiled(group, user=user, kind=total.of, today=timezone.localdate())


def _leads_to_outer(through: Field, key: str) -> Q:
    if not through.is_custom:
        return Q(**{through.source: OuterRef(key)})
    kept = Func(
        OuterRef(key), template="to_jsonb((%(expressions)s)::text)", output_field=JSONField()
    )
    return Q(**{through.source: kept})


def _figure(total: Total, user: Any) -> Any:
    """Return the aggregate. It is none to Django, which would group the rows by something."""
    if total.target is None:
        return Func(template="count(*)::numeric", output_field=OUTPUT["number"])
    template = f"{total.how}(%(expressions)s)"
    if total.how == "avg":
        template = f"round({template}, {MOST_PLACES})"
    value = plain(total.target, user=user)
    return Func(value, template=template, output_field=OUTPUT[total.type])


def leads(field: Field) -> bool:
    """Tell whether a field is a relation that the database can follow."""
    is_column = field.read is None or field.is_custom or field.path == _OWN_COUNTERPARTY
    return field.type == "relation" and bool(field.related) and is_column


def can_be_shown(field: Field) -> bool:
    """Tell whether a field of a related object can be shown."""
    is_column = field.read is None or field.is_custom or field.computed is not None
    return field.type in SHOWN and (is_column or leads(field))


def value_of_related(
    through: Field, of: ObjectKind, target: Field, user: Any, path: str
) -> Any:
    """Return a field of the row that a relation leads to, for rows found by a path."""
    rows = seen(of, target, user)
    if rows is None:
        return nothing(target.type)
    found = rows.filter(pk=_key(through, path)).values_list(plain(target, user=user))[:1]
    return finished(Subquery(found), target.type)


def seen(of: ObjectKind, target: Field | None, user: Any) -> QuerySet[Any] | None:
    """Return the rows of which a person sees a field; ``None`` for none. A program sees all."""
    if user is None:
        return of.model._default_manager.filter(**of.only).order_by()
    if target is not None and target.key in fields(user, of.key).hidden:
        return None
    rows = of.rows(user).select_related(None).prefetch_related(None).order_by()
    if rows.query.is_empty():
        return None
    unseen = objects.rights().unseen(user, of.model)
    if target is not None and target.key in unseen.closed:
        rows = rows.filter(unseen.is_open)
    return rows


def _key(through: Field, path: str) -> Any:
    if not through.is_custom:
        return OuterRef(f"{path}{through.source}")
    column, _dots, key = through.source.rpartition("__")
    return key_of_json(KeyTransform(key, OuterRef(f"{path}{column}")))

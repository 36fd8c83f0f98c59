"""Narrowing a list of the API: ``?responsible=…&created_at__gte=2026-11-01&q=nail``."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.db.models.fields.json import KeyTransform
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.api.fields import NotTaken, taken
from apps.api.problems import Problem
from apps.core import objects, searching
from apps.core.folding import fold
from apps.core.lists import Order
from apps.core.objects import Field, ObjectKind, fields_of

_COMPARED = ("", "gt", "gte", "lt", "lte", "in", "ne", "empty")
OPERATORS = {
    **dict.fromkeys(("number", "quantity", "money", "date", "moment"), _COMPARED),
    **dict.fromkeys(("boolean",), ("", "empty")),
    **dict.fromkeys(("choice", "user", "relation", "key"), ("", "in", "ne", "empty")),
    **dict.fromkeys(("choices",), ("has", "empty")),
    **dict.fromkeys(
        ("text", "long_text", "phone", "email", "url"),
        ("", "in", "ne", "contains", "startswith", "empty"),
    ),
}
_TEXTS = frozenset({"text", "long_text", "phone", "email", "url"})
OURS = frozenset({"limit", "cursor", "sort", "q", "fields", "count", "trash"})
TRASH = ("no", "yes", "only")
MOST_VALUES = 200


def narrowed(
    kind: ObjectKind, rows: QuerySet[Any], asked: Mapping[str, str], user: Any
) -> QuerySet[Any]:
    """Return the rows that fit the parameters of a request.

    By what a person does not see of a row it is not found, whatever is asked.

    :raises Problem: a parameter is unknown or its value is none of the field's.
    """
    unseen = objects.rights().unseen(user, kind.model)
    hidden = unseen.hidden | objects.rights().hidden_in(user, kind)
    fields = {each.key: each for each in fields_of(kind) if each.key not in hidden}
    for name, text in asked.items():
        if name in OURS:
            continue
        key, _dots, operator = name.partition("__")
        field = fields.get(key)
        if field is None or not field.is_filterable:
            raise Problem(
                400, _("There is no filter “%(name)s”.") % {"name": name[:60]}, parameter=name[:60]
            )
        if operator not in OPERATORS.get(field.type, ()):
            raise Problem(
                400, _("“%(field)s” cannot be compared by “%(operator)s”.")
                % {"field": key, "operator": operator[:20]}, parameter=name[:60],
            )  # fmt: skip
        try:
            if field.computed is not None:
                rows = rows.alias(**{field.key: field.computed(user, "")})
            rows = rows.filter(_condition(kind, field, operator, text))
            if field.key in unseen.closed:
                rows = rows.filter(unseen.is_open)
        except NotTaken as error:
            raise Problem(400, f"{name[:60]}: {error}", parameter=name[:60]) from error
        except (ValueError, ValidationError):  # choices may be keys of rows: this is none of them
            rows = rows if operator == "ne" else rows.none()
    if "search_text__contains" in kind.search:
        return searching.matching(rows, asked.get("q", ""), by=user)
    for word in fold(asked.get("q", "")[:200].replace("\0", " ")).split()[:8]:
        wanted = Q()
        for lookup in kind.search:
            wanted |= Q(**{lookup: word})
        rows = rows.filter(wanted) if kind.search else rows.none()
    return rows


def has_trash(kind: ObjectKind) -> bool:
    """Tell whether rows of a kind go into the trash, out of which they can be brought back."""
    columns = {each.name for each in kind.model._meta.concrete_fields}
    return kind.archive is not None and "is_archived" in columns


def without_trash(kind: ObjectKind, rows: QuerySet[Any], asked: str) -> QuerySet[Any]:
    """Leave out what is in the trash or was merged into another row; ``yes`` and ``only`` show it.

    :raises Problem: it is none of the three.
    """
    if (asked or "no") not in TRASH or (asked and not has_trash(kind)):
        raise Problem(400, _("trash is no, yes or only."), parameter="trash")
    if not has_trash(kind) or asked == "yes":
        return rows
    return rows.filter(is_archived=asked == "only")


def ordered_by(
    kind: ObjectKind, rows: QuerySet[Any], text: str, user: Any
) -> tuple[QuerySet[Any], Order]:
    """Return rows and order for ``sort=name`` or ``sort=-name``; by key without.

    :raises Problem: the list cannot be sorted by that.
    """
    if not text:
        return rows, Order("pk")
    wanted = Order.parse(text)
    if wanted.path == "id":
        return rows, Order("pk", wanted.is_descending)
    rights = objects.rights()
    closed = rights.unseen(user, kind.model).keys | rights.hidden_in(user, kind)
    for field in fields_of(kind):
        if field.key == wanted.path and field.is_sortable and field.key not in closed:
            path = field.source
            if field.is_custom:
                path = f"by_{field.key}"
                rows = rows.annotate(**{path: KeyTransform(field.key, "custom")})
            elif field.computed is not None:
                rows = rows.annotate(**{path: field.computed(user, "")})
            return rows, Order(path, wanted.is_descending)
    raise Problem(400, _("Lists are not sorted by “%(name)s”.") % {"name": text[:60]})


def _condition(kind: ObjectKind, field: Field, operator: str, text: str) -> Q:
    path = field.source
    if operator == "empty":
        return _empty(kind, field) if _truth(text) else ~_empty(kind, field)
    if operator == "in":
        asked = [each for each in text.split(",") if each]
        if len(asked) > MOST_VALUES:
            raise NotTaken(_("At most %(most)d values.") % {"most": MOST_VALUES})
        values = [_value(field, each) for each in asked]
        return Q(**{f"{path}__in": values})
    if operator in {"contains", "startswith"}:
        return Q(**{f"{path}__i{operator}": _value(field, text)})
    if operator == "has":
        return Q(**{f"{path}__contains": [text]})
    value = _value(field, text)
    if operator == "ne":  # what is empty is unlike every value
        unlike = ~Q(**{path: value})
        return unlike if value in ("", None) else unlike | _empty(kind, field)
    return Q(**{f"{path}__{operator}" if operator else path: value})


def _value(field: Field, text: str) -> Any:
    if field.type == "boolean":
        given: Any = _truth(text)
    elif field.type == "moment" and len(text) == 10:  # a day stands for its beginning
        day = taken(Field("", "", "date"), text)
        midnight = datetime.combine(day, time.min)
        given = timezone.make_aware(midnight).isoformat()
    else:
        given = text
    # A choice that nobody offers any more may still be asked for.
    value = taken(Field("", "", "text") if field.type == "choice" else field, given)
    if field.stored is None or value == "":
        return value
    try:
        return field.stored(value)
    except ValueError:  # a part of an address, what no field would keep: found nowhere
        return float(value) if isinstance(value, Decimal) else value  # JSON knows no decimals


def _empty(kind: ObjectKind, field: Field) -> Q:
    nothing = Q(**{f"{field.source}__isnull": True})
    if field.type == "choices" and field.computed is None:
        return nothing | Q(**{field.source: []})
    if field.is_custom or field.computed is not None or field.type not in _TEXTS:
        return nothing
    return nothing | Q(**{field.source: ""})


def _truth(text: str) -> bool:
    if text in {"true", "false"}:
        return text == "true"
    raise NotTaken(_("true or false is needed."))

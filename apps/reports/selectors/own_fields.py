"""Fields that administrators added, as sales are grouped and narrowed by them.

They are those of the customer, and of the deal where deals are counted. A document whose customer
the person does not see, or that has none, stands where nothing is entered.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

from django.core.exceptions import EmptyResultSet
from django.db.models import Q, QuerySet

from apps.core import objects
from apps.core.objects import Field, ObjectKind
from apps.reports.selectors import by_field
from apps.reports.selectors.by_field import NOTHING, Way

STEP = "month"
_OF = {"customer": "counterparties", "deal": "deals"}
_COLUMNS = {"customer": "counterparty", "deal": "pk"}  # of the documents
_FACTS = {"customer": "customer", "deal": "doc_id"}  # of the statement


@dataclass(frozen=True)
class OwnField:
    """A field of the customer or the deal; ``key`` names it in addresses: ``customer.x_region``."""

    of: str
    way: Way

    @property
    def key(self) -> str:
        """Return the name in addresses."""
        return f"{self.of}.{self.way.key}"

    @property
    def field(self) -> Field:
        """Return the field."""
        return self.way.field

    @property
    def label(self) -> str:
        """Return what people call it: “Counterparty → Region”."""
        return f"{self.kind.label} → {self.field.label}"

    @property
    def kind(self) -> ObjectKind:
        """Return the kind the field belongs to."""
        return objects.kind(_OF[self.of])

    @property
    def is_in_time(self) -> bool:
        """Tell whether its groups are months."""
        return self.field.type in ("date", "moment")


def offered(user: Any, source: str) -> dict[str, OwnField]:
    """Return the fields by which a person may group invoices or deals."""
    found = {}
    seen = {each.key for each in by_field.kinds(user)}
    for of in ("customer", "deal") if source == "deals" else ("customer",):
        if _OF[of] not in seen:
            continue
        for way in by_field.ways(objects.kind(_OF[of]), user):
            if way.field.type == by_field.SEVERAL:
                continue  # a sum of sales counts once
            is_own = way.field.is_custom or way.field.computed is not None
            if len(way.steps) == 1 and is_own:
                own = OwnField(of, way)
                found[own.key] = own
    return found


def joined(own: OwnField, user: Any) -> tuple[str, Sequence[Any]]:
    """Return the join of a statement that names each row's value ``own.value``."""
    value = by_field.valued(own.kind, own.way, user, step=STEP)
    rows = _rows(own, user).annotate(in_group=value).values_list("pk", "in_group")
    try:
        sql, values = cast("tuple[str, Sequence[Any]]", rows.query.sql_with_params())
    except EmptyResultSet:
        sql, values = "SELECT NULL::uuid, NULL::text WHERE false", ()
    return f"LEFT JOIN ({sql}) own (id, value) ON own.id = fact.{_FACTS[own.of]}", values


def holds(own: OwnField, at: str, user: Any) -> Q:
    """Return the condition of documents that their value is that of a group.

    :raises ValueError: it is none of the field's.
    """
    value = by_field.valued(own.kind, own.way, user, step=STEP)
    column = f"{_COLUMNS[own.of]}__in"
    if at == NOTHING:
        filled = ~by_field.stands_at(value, own.field, NOTHING)
        is_filled = Q(**{column: _rows(own, user).filter(filled).values("pk")})
        without = Q(counterparty__isnull=True) if own.of == "customer" else Q()
        return without | ~is_filled
    wanted = by_field.stands_at(value, own.field, at)
    return Q(**{column: _rows(own, user).filter(wanted).values("pk")})


def _rows(own: OwnField, user: Any) -> QuerySet[Any]:
    rows = own.kind.rows(user).select_related(None).prefetch_related(None)
    return rows.order_by()

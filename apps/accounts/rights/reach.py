"""The question turned round: which people a right to some row covers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import QuerySet, UUIDField, Value

from apps.accounts.models import Ticked, User
from apps.accounts.rights.guards import can
from apps.accounts.rights.scope import is_narrowed, visible


def with_rights() -> QuerySet[User]:
    """Return the people who may sign in, each read with what they may do."""
    return User.objects.filter(is_active=True).annotate(ticked=Ticked())


def seeing(people: Iterable[User], row: QuerySet[Any], right: str) -> set[UUID]:
    """Return the keys of those people whom a right lets at a row; one query at most.

    ``row`` finds it by its key; ``people`` come from ``with_rights``.
    """
    found: set[UUID] = set()
    asked: list[QuerySet[Any]] = []
    for person in people:
        if not can(person, right):
            continue
        if not is_narrowed(person, row.model, right):
            found.add(person.pk)
            continue
        mine = visible(person, row, right).order_by()
        asked.append(mine.values_list(Value(person.pk, output_field=UUIDField()), flat=True)[:1])
    if asked:
        found.update(asked[0].union(*asked[1:], all=True) if len(asked) > 1 else asked[0])
    return found

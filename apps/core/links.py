"""What refers to rows: foreign keys, and tables that name rows by their kind and key instead
(activities, followers).

The latter are found by their two columns, so that a merge or a purge forgets none. A table whose
lines are not about the row as it lives on (a log, a job's own notes) is left out by saying so.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import QuerySet

from apps.core import objects
from apps.core.objects import Field, ObjectKind


@dataclass(frozen=True)
class Link:
    """A table whose ``column`` holds the key of a row; ``kind`` says of what kind, where it has."""

    model: type[models.Model]
    column: str = "key"
    has_kind: bool = True

    @property
    def table(self) -> str:
        """The table in the database."""
        return str(self.model._meta.db_table)


_left_out: dict[str, str] = {}
_followers: dict[str, Link] = {}


def references(
    model: type[models.Model],
) -> list[tuple[type[models.Model], models.ForeignKey[Any, Any]]]:
    """Return every foreign key to the rows of a model, those without a way back too (``"+"``)."""
    found = [
        (relation.related_model, relation.field)
        for relation in model._meta.get_fields(include_hidden=True)
        if isinstance(relation, models.ManyToOneRel) and relation.related_model._meta.managed
    ]
    return sorted(found, key=lambda each: (each[0]._meta.label, each[1].name))


def own_references(kind: ObjectKind) -> list[tuple[ObjectKind, Field]]:
    """Return the fields administrators made that lead to rows of a kind, with whose they are."""
    return [
        (each, field)
        for each in objects.kinds()
        for field in objects.fields_of(each)
        if field.is_custom and field.type == "relation" and field.related == kind.key
    ]


def rows_by_own(kind: ObjectKind, field: Field, keys: Collection[UUID]) -> QuerySet[Any]:
    """Return the rows whose own field leads to one of these."""
    rows = kind.model._base_manager.filter(**kind.only)
    return rows.filter(**{f"{field.source}__in": [str(key) for key in keys]})


def leave_out(label: str, reason: str) -> None:
    """Declare that lines of a model stay with the key they were written for, and why."""
    _left_out[label.lower()] = reason


def follow(model: type[models.Model], *, column: str) -> None:
    """Let lines that name a row by its key alone follow it too: the history on its card."""
    _followers[model._meta.label] = Link(model, column=column, has_kind=False)


def all_links() -> list[Link]:
    """Return the tables whose lines follow a row, by name."""
    found = []
    for model in apps.get_models():
        if model._meta.app_config.name not in settings.TENANT_APPS:
            continue
        if model._meta.label_lower in _left_out or not model.__module__.startswith("apps."):
            continue
        columns = {each.name: each for each in model._meta.concrete_fields}
        is_link = isinstance(columns.get("kind"), models.CharField) and isinstance(
            columns.get("key"), models.UUIDField
        )
        if is_link:
            found.append(Link(model))
    found += _followers.values()
    return sorted(found, key=lambda link: link.table)

"""The bin: rows of every kind that were deleted, brought back with all links or purged for good.

Deleting is archiving: nothing that refers to a row is touched, so bringing it back brings
everything. Who did it and when is what the journal says.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import ProtectedError, QuerySet, RestrictedError

from apps.accounts.models import User
from apps.accounts.rights import ALL_RIGHTS, can
from apps.core import links, objects
from apps.core.objects import ObjectKind
from apps.duplicates.models import MergedRow
from tenants.audit.services import record
from tenants.context import acting

KEPT = timedelta(days=30)


@dataclass(frozen=True)
class Deleted:
    """How a row came into the bin."""

    by: str = ""
    at: datetime | None = None


class TooEarly(Exception):
    """A row is purged 30 days after it was deleted; nothing was changed."""


def kinds_with_bin(user: Any) -> list[ObjectKind]:
    """Return the kinds whose deleted rows a person may bring back."""
    return [
        kind for kind in objects.kinds()
        if kind.archive is not None and _has_bin(kind)
        and f"{kind.right_object}.delete" in ALL_RIGHTS
        and can(user, f"{kind.right_object}.delete")
    ]  # fmt: skip


def deleted_rows(kind: ObjectKind, user: Any) -> QuerySet[Any]:
    """Return the rows in the bin; one that was merged into another is not in it."""
    merged = MergedRow.objects.filter(kind=kind.key).values("key")
    return kind.rows(user, action="delete").filter(is_archived=True).exclude(pk__in=merged)


def who_and_when(kind: ObjectKind, keys: Sequence[UUID]) -> dict[UUID, Deleted]:
    """Return who deleted rows and when, as far as the journal remembers."""
    if not keys:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT ON (k) k, author, moment FROM replication_journal j,"
            " unnest(coalesce(j.keys, ARRAY[j.key])) k WHERE table_name = %s AND operation = 'U'"
            " AND (j.key = ANY(%s) OR j.keys && %s) AND k = ANY(%s) AND changed ? 'is_archived'"
            " ORDER BY k, moment DESC, id DESC",
            [kind.model._meta.db_table, list(keys), list(keys), list(keys)],
        )
        lines = cursor.fetchall()
    people = User.objects.in_bulk([author for _key, author, _at in lines if author])
    return {key: Deleted(str(people.get(author) or ""), at) for key, author, at in lines}


def restore(*, kind: ObjectKind, keys: Collection[UUID], by: User) -> int:
    """Bring rows back out of the bin; return how many came."""
    allowed = list(deleted_rows(kind, by).filter(pk__in=keys).values_list("pk", flat=True))
    if not allowed or kind.archive is None:
        return 0
    with acting(author=by.pk, cause="restored"):
        return kind.archive(allowed, False)


def delete(*, kind: ObjectKind, keys: Collection[UUID], by: User) -> int:
    """Put rows into the bin; return how many went."""
    rows = kind.rows(by, action="delete").filter(pk__in=keys, is_archived=False)
    allowed = list(rows.values_list("pk", flat=True))
    if not allowed or kind.archive is None:
        return 0
    with acting(author=by.pk, cause="deleted"):
        return kind.archive(allowed, True)


def purge(
    *, kind: ObjectKind, keys: Collection[UUID], by: User, now: datetime,
    address: str | None = None,
) -> tuple[int, list[str]]:  # fmt: skip
    """Remove rows for good; return how many went, and the names of those that documents hold.

    The security log says by whom.

    :raises TooEarly: one of them was deleted less than 30 days ago.
    """
    rows = list(deleted_rows(kind, by).filter(pk__in=keys).order_by("pk"))
    deleted = who_and_when(kind, [row.pk for row in rows])
    moments = [deleted[row.pk].at if row.pk in deleted else row.updated_at for row in rows]
    if any(moment and moment > now - KEPT for moment in moments):
        raise TooEarly
    count, held = 0, []
    with acting(author=by.pk, cause="purged"):
        for row in rows:
            name, key = str(row), row.pk
            if _has_dealings(kind, key):
                held.append(name)
                continue
            try:
                with transaction.atomic():
                    row.delete()
                    for link in links.all_links():
                        if link.has_kind:
                            link.model._base_manager.filter(kind=kind.key, key=key).delete()
            except (ProtectedError, RestrictedError):
                held.append(name)
            else:
                count += 1
    if rows:
        record(
            kind="bin.purged", login=by.email, address=address, object=kind.key, rows=count
        )
    return count, held


def _has_dealings(kind: ObjectKind, key: UUID) -> bool:
    """Tell whether something of another room refers to a row: a document, a deal, a request."""
    if any(links.rows_by_own(*each, [key]).exists() for each in links.own_references(kind)):
        return True
    return any(
        model._base_manager.filter(**{field.attname: key}).exists()
        for model, field in links.references(kind.model)
        if model._meta.app_label != kind.model._meta.app_label
    )


def _has_bin(kind: ObjectKind) -> bool:
    return any(each.name == "is_archived" for each in kind.model._meta.concrete_fields)



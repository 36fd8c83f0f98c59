"""Which rows a right covers: the one place that narrows what anybody reads.

- *own*: rows whose owner one is, and in which one takes part; rows that belong to such a row (the
  invoices and contact persons of one's customers).
- *team*: those of everybody in one's team and the teams below it, and rows that nobody owns yet.
- *office*: also the rows that one's branch office serves.
- *all*: every row.

A row that only belongs to another one (a contact person, a payment) is seen as far as that one is.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Model, Q, QuerySet

from apps.accounts.models import Scope, User
from apps.accounts.rights import matrix
from apps.accounts.rights.access import Access, access_of
from apps.core import objects
from apps.core.objects import ObjectKind


def visible(user: Any, rows: QuerySet[Any], right: str) -> QuerySet[Any]:
    """Return the rows that a right covers for a person; none without the right.

    Every list, count, card, search, autocomplete, export and door of the API reads through this:
    ``visible(request.user, Deal.objects.all(), "deals.view")``.

    :raises KeyError: there is no such right, so the code that asks is wrong.
    """
    access = access_of(user)
    scope = access.scope(right)
    if not scope:
        return rows.none()
    kind = _kind_for(rows.model, right)
    if kind is None:
        return rows
    condition = condition_of(user, access, kind, scope)
    return rows if condition is None else rows.filter(condition)


def covers(user: Any, row: Model, right: str) -> bool:
    """Tell whether a right covers one row; without a query where it covers all or none."""
    access = access_of(user)
    scope = access.scope(right)
    if not scope:
        return False
    if not is_narrowed(user, type(row), right):
        return True
    everything = type(row)._default_manager.filter(pk=row.pk)
    return visible(user, everything, right).exists()


def is_narrowed(user: Any, model: type[Model], right: str) -> bool:
    """Tell whether a right that a person has covers a part of a model's rows only."""
    access = access_of(user)
    kind = _kind_for(model, right)
    scope = access.scope(right)
    return kind is not None and condition_of(user, access, kind, scope) is not None


def condition_of(user: User, access: Access, kind: ObjectKind, scope: Scope) -> Q | None:
    """Return what rows of a kind have to fulfil for a scope; ``None``: nothing."""
    parent = _parent(kind)
    if parent is not None and not kind.owner:  # belongs to another row altogether
        above = access.scope(f"{object_of(parent)}.view")
        scope = min(scope, above) if above else Scope.OWN
    if scope == Scope.ALL or not (kind.owner or kind.office or parent or kind.participants):
        return None
    wanted = _owned(user, access, kind, scope)
    if kind.parent is not None and parent is not None:
        path = kind.parent[0]
        above_it = condition_of(user, access, parent, scope)
        if above_it is None:
            return None if not kind.owner else wanted
        seen = parent.model._default_manager.filter(above_it).order_by().values("pk")
        wanted |= Q(**{f"{path}__in": seen})
    return wanted


def object_of(kind: ObjectKind) -> str:
    """Return the object of the rights whose rows a kind holds: its own, or its parent's.

    :raises KeyError: nobody has said who may see this kind.
    """
    if kind.right_object in matrix.ACTIONS:
        return kind.right_object
    parent = _parent(kind)
    if parent is None:
        raise KeyError(kind.key)
    return object_of(parent)


def _owned(user: User, access: Access, kind: ObjectKind, scope: Scope) -> Q:
    wanted = Q(pk__in=[])
    if kind.owner:
        wanted |= Q(**{kind.owner: user.pk})
    for path in kind.participants:
        taking_part = kind.model._default_manager.filter(**{path: user.pk}).order_by()
        wanted |= Q(pk__in=taking_part.values("pk"))
    if kind.shared_with is not None:
        wanted |= kind.shared_with(user)
    if scope >= Scope.TEAM:
        if kind.owner and access.teams:
            mates = User.objects.filter(team_id__in=access.teams).order_by().values("pk")
            wanted |= Q(**{f"{kind.owner}__in": mates})
        nobodys = _nobodys(kind)
        if nobodys is not None:
            wanted |= nobodys
    if scope >= Scope.OFFICE and kind.office:
        here = user.office_id
        wanted |= Q(**{kind.office: here}) if here else Q(**{f"{kind.office}__isnull": True})
    return wanted


def _nobodys(kind: ObjectKind) -> Q | None:
    """Return which rows belong to nobody: no owner, and no other row that has one."""
    paths = [kind.owner, kind.parent[0] if kind.parent else ""]
    empty = [Q(**{f"{path}__isnull": True}) for path in paths if path]
    if not empty:
        return None
    return empty[0] & empty[1] if len(empty) > 1 else empty[0]


def _parent(kind: ObjectKind) -> ObjectKind | None:
    """Return the kind whose rows decide; ``None`` without one, or when its room is taken out."""
    if kind.parent is None:
        return None
    return objects.room_kind(kind.parent[1])


def _kind_for(model: type[Model], right: str) -> ObjectKind | None:
    """Return how rows of a model are owned: of several kinds, the one that the right names."""
    named = objects.room_kind(right.partition(".")[0])
    return named if named is not None and named.model is model else objects.kind_of(model)

"""Asking for a right: in services, in views, in templates."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from functools import wraps
from typing import Any, TypeVar, cast
from uuid import UUID

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from apps.accounts.models import Scope, User
from apps.accounts.rights import matrix
from apps.accounts.rights.access import access_of
from apps.accounts.rights.fields import VIP, fields, is_closed
from apps.accounts.rights.scope import covers, is_narrowed, object_of, visible
from apps.core.objects import ObjectKind, Refused


class NotAllowed(PermissionDenied):
    """The person's role does not give this right, or the company has switched its module off."""

    def __init__(self, right: str, *, module_off: str = "") -> None:
        super().__init__(right)
        self.right = right
        self.module_off = module_off


def scope_of(user: Any, right: str) -> Scope:
    """Return whose rows a right covers for a person.

    :raises KeyError: there is no such right, so the code that asks is wrong.
    """
    return access_of(user).scope(right)


def can(user: Any, right: str) -> bool:
    """Tell whether a user has a right to some rows; nobody who is not signed in has any.

    :raises KeyError: there is no such right, so the code that asks is wrong.
    """
    return bool(scope_of(user, right))


def require(user: Any, right: str, row: Model | None = None) -> None:
    """Pass when the user has the right, to this row if one is given.

    :raises NotAllowed: the role does not give it.
    """
    if not can(user, right):
        module = matrix.OBJECTS[right.partition(".")[0]].module
        is_off = bool(module) and module in access_of(user).modules_off
        raise NotAllowed(right, module_off=module if is_off else "")
    if row is not None and not covers(user, row, right):
        raise NotAllowed(right)


def row_or_404(user: Any, rows: QuerySet[Any], right: str, pk: UUID) -> Any:
    """Return a row that a right covers.

    :raises Http404: there is none, or it is not for this person: they do not learn which.
    """
    found = visible(user, rows, right).filter(pk=pk).first()
    if found is None:
        raise Http404(str(pk))
    return found


def require_save(user: Any, kind: ObjectKind, key: UUID | None, names: Collection[str]) -> None:
    """Pass when a person may make a row of a kind (no ``key``), or change these fields of one.

    :raises NotAllowed: the role does not give the right to this row.
    :raises Refused: a field is hidden or read only for them.
    """
    way = "create" if key is None else "change"
    right = kind.right_to(way) if kind.rights_to else f"{object_of(kind)}.{way}"
    require(user, right)
    if key is not None and is_narrowed(user, kind.model, right):
        rows = kind.model._default_manager.filter(pk=key)
        if not visible(user, rows, right).exists():
            raise NotAllowed(right)
    locked = fields(user, kind.key).locked
    closed = set() if key is None else _closed(user, kind, key)
    refused = sorted(set(names) & (locked | closed))
    if refused:
        sentence = _("Your role does not let you change this field.")
        raise Refused({each: [sentence] for each in refused})


def refusals(
    user: Any, kind: ObjectKind, rows: Sequence[tuple[UUID | None, Collection[str]]]
) -> list[Refused | None]:
    """Return for each row (key or ``None``, fields) why a person may not save it so.

    What ``require_save`` says of one, said of thousands with as many queries.
    """
    name = object_of(kind)
    keys = {key for key, _names in rows if key is not None}
    mine: set[UUID | None] = set(_changeable(user, kind, f"{name}.change", keys))
    if can(user, f"{name}.create"):
        mine.add(None)
    locked = fields(user, kind.key).locked
    sensitive = {each.key for each in kind.fields if each.is_sensitive}
    asked = {key for key, names in rows if key in mine and sensitive & set(names)} - {None}
    closed = _closed_rows(user, kind, asked) if asked else set()
    not_yours = _("Your role does not let you change this row.")
    read_only = _("Your role does not let you change this field.")
    found: list[Refused | None] = []
    for key, names in rows:
        if key not in mine:
            found.append(Refused({"": [not_yours]}))
            continue
        refused = sorted(set(names) & (locked | (sensitive if key in closed else set())))
        found.append(Refused({each: [read_only] for each in refused}) if refused else None)
    return found


def _changeable(user: Any, kind: ObjectKind, right: str, keys: set[UUID]) -> set[UUID]:
    if not keys or not can(user, right):
        return set()
    if not is_narrowed(user, kind.model, right):
        return keys
    rows = visible(user, kind.model._default_manager.filter(pk__in=keys), right)
    return set(rows.values_list("pk", flat=True))


def _closed_rows(user: Any, kind: ObjectKind, keys: Collection[Any]) -> set[Any]:
    """Return which of these rows are of VIP customers whose details are closed to a person."""
    if can(user, VIP):
        return set()
    rows = kind.model._default_manager.select_related(*kind.related).filter(pk__in=keys)
    return {row.pk for row in rows if is_closed(user, row)}


def _closed(user: Any, kind: ObjectKind, key: UUID) -> set[str]:
    """Return the fields of a VIP customer that are closed to a person."""
    sensitive = {each.key for each in kind.fields if each.is_sensitive}
    if not sensitive or can(user, VIP):
        return set()
    row = kind.model._default_manager.select_related(*kind.related).filter(pk=key).first()
    return sensitive if row is not None and is_closed(user, row) else set()


def signed_in(request: HttpRequest) -> User:
    """Return who is signed in; for views behind ``needs``.

    :raises PermissionDenied: nobody is, so the view is not guarded.
    """
    user = request.user
    if not isinstance(user, User):
        raise PermissionDenied
    return user


V = TypeVar("V", bound=Callable[..., HttpResponseBase])


def needs(right: str) -> Callable[[V], V]:
    """Guard a view: sign in first, then have the right."""
    if right not in matrix.ALL_RIGHTS:
        raise KeyError(right)

    def guard(view: V) -> V:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            require(request.user, right)
            return view(request, *args, **kwargs)

        guarded.right = right  # type: ignore[attr-defined]  # the route test reads it
        return cast(V, guarded)

    return guard

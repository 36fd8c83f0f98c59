"""Single fields that a role hides or locks, and the details of VIP customers.

A hidden field is absent wherever rows are shown: lists leave its column and filters out, searches
do not look at it, and rows that are about to be shown are *masked*: the value is taken off them. A
masked row cannot be saved, so that nothing is lost by it. ``unseen`` says what must not be
learned by asking either: by filters, sorting, groups, searches, warnings and imports.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model, Q, prefetch_related_objects
from django.db.models.signals import pre_save
from django.dispatch import receiver

from apps.accounts.models import User
from apps.accounts.rights.access import FieldRights, access_of
from apps.core import objects
from apps.core.objects import Field, ObjectKind, Unseen

_EVERYTHING = FieldRights()
_ALL_SEEN = Unseen()
VIP = "counterparties.vip"
NO_MARK: frozenset[str] = frozenset()


class MaskedRow(Exception):
    """A row whose hidden fields were taken off for showing is no row to save: a defect of ours."""


def fields(user: Any, kind: str) -> FieldRights:
    """Return the fields of a kind that a person does not see, and those they do not change."""
    found = access_of(user).fields
    if not found:
        return _EVERYTHING
    rights = found.get(kind, _EVERYTHING)
    told = _telling(kind, found)
    return replace(rights, hidden=rights.hidden | told) if told else rights


def _telling(kind: str, rights: Mapping[str, FieldRights]) -> frozenset[str]:
    """Return the fields of a kind that are computed of what a person does not see."""
    try:
        known = objects.fields_of(objects.kind(kind))
    except KeyError:
        return NO_MARK
    return frozenset(
        each.key
        for each in known
        if any(key in rights.get(of, _EVERYTHING).hidden for of, key in each.made_of)
    )


def hidden_of(user: Any, row: Model) -> frozenset[str]:
    """Return the keys of the fields of one row that a person does not see.

    Of a VIP customer these are also the sensitive ones, but for the owner of the row and whoever
    has the right ``counterparties.vip``.
    """
    kind = objects.kind_of(type(row))
    if kind is None:
        return NO_MARK
    hidden = fields(user, kind.key).hidden
    if is_closed(user, row):
        hidden |= {each.key for each in objects.fields_of(kind) if each.is_sensitive}
    return hidden


def is_vip(row: Any) -> bool:
    """Tell whether a row is a VIP customer, or belongs to one."""
    return _vip(row) is not None


def is_closed(user: Any, row: Any) -> bool:
    """Tell whether the details of a VIP customer are closed to a person.

    They are open to whoever is responsible for the customer, its contact persons too.
    """
    if access_of(user).scope(VIP):
        return False
    vip = _vip(row)
    return vip is not None and not _is_owner(user, vip)


def unseen(user: Any, model: type[Model], path: str = "") -> Unseen:
    """Return what a person must not learn of a model's rows, by asking for it either.

    ``path`` leads to the rows in the query they are looked for from: ``counterparty__``. A
    condition on a closed field holds for no row that is not open, whatever it asks, so that its
    answer tells nothing; by hidden ones nothing is asked at all.
    """
    kind = objects.kind_of(model)
    if kind is None:
        return _ALL_SEEN
    hidden = fields(user, kind.key).hidden
    closed = NO_MARK
    if not access_of(user).scope(VIP):
        closed = frozenset(each.key for each in objects.fields_of(kind) if each.is_sensitive)
    if not hidden and not closed:
        return _ALL_SEEN
    further = frozenset(kind.sensitive_columns)
    sensitive = {each.key for each in kind.fields if each.is_sensitive}
    return Unseen(
        hidden=hidden,
        closed=closed,
        is_open=_open_rows(user, kind, path) if closed else Q(),
        hidden_columns=_columns(kind, hidden) | (further if hidden & sensitive else NO_MARK),
        closed_columns=_columns(kind, closed) | (further if closed else NO_MARK),
    )


def opened(user: Any, model: type[Model], key: str, path: str = "") -> Q:
    """Return which rows may be found by a field: those of which a person sees it.

    Without a person (``None``) it is a program that asks, of all rows.
    """
    if user is None:
        return Q()
    found = unseen(user, model, path)
    if key in found.hidden:
        return Q(pk__in=[])
    return found.is_open if key in found.closed else Q()


def mask(user: Any, rows: Iterable[Any]) -> None:
    """Take what a person does not see off these rows, and off rows that were read with them."""
    if not access_of(user).may_hide:
        return
    rows = list(rows)
    _read_above(rows)
    for row in rows:
        for each in _with_related(row):
            keys = hidden_of(user, each)
            if keys:
                _take_off(each, keys)


def _vip(row: Any) -> Any:
    """Return the VIP customer that a row is or belongs to; ``None`` for all others."""
    if getattr(row, "is_vip", False):
        return row
    kind = objects.kind_of(type(row))
    if kind is None or kind.parent is None:
        return None
    path = kind.parent[0]
    has_details = any(each.is_sensitive for each in kind.fields)
    above = getattr(row, path) if has_details else row._state.fields_cache.get(path)
    return above if getattr(above, "is_vip", False) else None


def _read_above(rows: Sequence[Any]) -> None:
    """Read the customers of contact persons that were read without them, with one query."""
    by_path: dict[str, list[Any]] = {}
    for row in rows:
        kind = objects.kind_of(type(row)) if isinstance(row, Model) else None
        if kind is None or kind.parent is None or kind.parent[0] in row._state.fields_cache:
            continue
        if any(each.is_sensitive for each in kind.fields):
            by_path.setdefault(kind.parent[0], []).append(row)
    for path, found in by_path.items():
        prefetch_related_objects(found, path)


def _open_rows(user: Any, kind: ObjectKind, path: str) -> Q:
    """Return which rows are of no VIP customer, or of one that the person is responsible for."""
    steps, owner = path, kind.owner
    if kind.parent is not None and not _has_mark(kind):
        above = objects.room_kind(kind.parent[1])
        steps, owner = f"{path}{kind.parent[0]}__", above.owner if above is not None else ""
    found = Q(**{f"{steps}is_vip": False})
    if owner:
        found |= Q(**{f"{steps}{owner}": user.pk})
    if steps:
        found |= Q(**{f"{steps.removesuffix('__')}__isnull": True})
    return found


def _has_mark(kind: ObjectKind) -> bool:
    return any(each.name == "is_vip" for each in kind.model._meta.concrete_fields)


def _columns(kind: ObjectKind, keys: frozenset[str]) -> frozenset[str]:
    return frozenset(each.source for each in kind.fields if each.key in keys)


def _take_off(row: Any, keys: frozenset[str]) -> None:
    kind = objects.kind_of(type(row))
    if kind is None:
        return
    for each in objects.fields_of(kind):
        if each.key in keys:
            _empty(row, each)
    row.masked = getattr(row, "masked", NO_MARK) | keys


def _empty(row: Any, each: Field) -> None:
    name, _dots, rest = each.source.partition("__")
    if rest:
        held = getattr(row, name, None)
        if isinstance(held, dict):  # values of the fields that administrators have added
            setattr(row, name, {key: value for key, value in held.items() if key != rest})
        return
    try:
        column = row._meta.get_field(name)
    except FieldDoesNotExist:
        if name in row.__dict__:
            setattr(row, name, None)
        return
    is_text = getattr(column, "empty_strings_allowed", False) and not column.null
    setattr(row, column.attname, "" if is_text else None)
    if column.is_relation:
        row._state.fields_cache.pop(name, None)


def _with_related(row: Any) -> Iterator[Any]:
    """Yield a row and what was read together with it, two steps away at most."""
    yield row
    state = getattr(row, "_state", None)
    for first in list(state.fields_cache.values()) if state is not None else ():
        if not isinstance(first, Model) or isinstance(first, User):
            continue
        yield first
        for second in list(first._state.fields_cache.values()):
            if isinstance(second, Model) and not isinstance(second, User):
                yield second


def _is_owner(user: Any, row: Any) -> bool:
    kind = objects.kind_of(type(row))
    if kind is None or not kind.owner or "__" in kind.owner:
        return False
    owner = getattr(row, row._meta.get_field(kind.owner).attname)
    return bool(owner == getattr(user, "pk", None))


@receiver(pre_save)
def _keep_whole(sender: Any, instance: Any, **values: Any) -> None:
    masked: Sequence[str] = sorted(getattr(instance, "masked", ()))
    if masked:
        raise MaskedRow(f"{sender.__name__}: {', '.join(masked)}")

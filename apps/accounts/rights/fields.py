"""Single fields that a role hides or locks, and the details of VIP customers.

A hidden field is absent wherever rows are shown: lists leave its column and filters out, searches
do not look at it, and rows that are about to be shown are *masked*: the value is taken off them. A
masked row cannot be saved, so that nothing is lost by it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db.models import Model
from django.db.models.signals import pre_save
from django.dispatch import receiver

from apps.accounts.models import User
from apps.accounts.rights.access import FieldRights, access_of
from apps.core import objects
from apps.core.objects import Field

_EVERYTHING = FieldRights()
VIP = "counterparties.vip"
NO_MARK: frozenset[str] = frozenset()


class MaskedRow(Exception):
    """A row whose hidden fields were taken off for showing is no row to save: a defect of ours."""


def fields(user: Any, kind: str) -> FieldRights:
    """Return the fields of a kind that a person does not see, and those they do not change."""
    found = access_of(user).fields
    return found.get(kind, _EVERYTHING) if found else _EVERYTHING


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
    """Tell whether a row is a VIP customer, or belongs to one that was read with it."""
    if getattr(row, "is_vip", False):
        return True
    kind = objects.kind_of(type(row))
    if kind is None or kind.parent is None:
        return False
    above = row._state.fields_cache.get(kind.parent[0])
    return bool(getattr(above, "is_vip", False))


def is_closed(user: Any, row: Any) -> bool:
    """Tell whether the details of a VIP customer are closed to a person."""
    return is_vip(row) and not _is_owner(user, row) and not access_of(user).scope(VIP)


def mask(user: Any, rows: Iterable[Any]) -> None:
    """Take what a person does not see off these rows, and off rows that were read with them."""
    for row in rows:
        for each in _with_related(row):
            keys = hidden_of(user, each)
            if keys:
                _take_off(each, keys)


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
    except LookupError:
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

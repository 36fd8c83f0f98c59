"""The start page: rooms register widgets, each person (or the company for a role) arranges them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils.functional import Promise

from apps.core import preferences

# The arrangement of a role is kept as if a person of this key had chosen it.
EVERYBODY = UUID(int=0)
KEY = "desktop"


@dataclass(frozen=True)
class Section:
    """A widget of the start page: a template and what it is given; ``None``: not shown today.

    One without a ``label`` always stands at its place; the others are arranged by whoever works
    here. ``is_default`` says whether it is shown before anybody has chosen.
    """

    key: str
    template: str
    context: Callable[[HttpRequest], dict[str, Any] | None]
    order: int = 100
    right: str = ""
    is_tile: bool = False
    label: str | Promise = ""
    is_wide: bool = True
    is_default: bool = True


@dataclass(frozen=True)
class Desktop:
    """An arrangement: widgets in their order, and those that are hidden."""

    shown: Sequence[Section]
    hidden: Sequence[Section]
    is_own: bool  # the person's own, not that of the role


_sections: dict[str, Section] = {}


def register(section: Section) -> None:
    """Add a widget; registered again it replaces the former one."""
    _sections[section.key] = section


def sections() -> list[Section]:
    """Return the widgets in the order they have before anybody chose."""
    return sorted(_sections.values(), key=lambda section: (section.order, section.key))


def desktop(*, user: Any, allowed: Callable[[str], bool]) -> Desktop:
    """Return a person's arrangement: their own, else their role's, else the usual one."""
    own = preferences.read(user_id=user.pk, key=KEY)
    kept = own or preferences.read(user_id=EVERYBODY, key=_of_role(user))
    known = [each for each in sections() if not each.right or allowed(each.right)]
    return _arranged(known, kept if isinstance(kept, dict) else {}, is_own=bool(own))


def arrange(
    *, user: Any, order: Sequence[str], hidden: Sequence[str], for_role: str = ""
) -> None:
    """Keep an arrangement: a person's, or that of everybody of a role who has none."""
    value = {
        "order": [key for key in order if key in _sections],
        "hidden": [key for key in hidden if key in _sections],
    }
    if for_role:
        preferences.keep(user_id=EVERYBODY, key=f"{KEY}:{for_role}", value=value)
    else:
        preferences.keep(user_id=user.pk, key=KEY, value=value)


def usual(*, user: Any) -> None:
    """Go back to the arrangement of the person's role."""
    preferences.forget(user_id=user.pk, key=KEY)


def _of_role(user: Any) -> str:
    return f"{KEY}:{getattr(user, 'role', '')}"


def _arranged(known: Sequence[Section], kept: dict[str, Any], *, is_own: bool) -> Desktop:
    order = {key: place for place, key in enumerate(kept.get("order", ()))}
    away = set(kept.get("hidden", ()))
    if not kept:
        away = {each.key for each in known if not each.is_default}
    else:  # what came with a later version is shown if it would be by itself
        away |= {each.key for each in known if each.key not in order and not each.is_default}
    away -= {each.key for each in known if not each.label}
    placed = sorted(
        known, key=lambda each: (order.get(each.key, len(order) + each.order), each.key)
    )
    return Desktop(
        [each for each in placed if each.key not in away],
        [each for each in placed if each.key in away],
        is_own,
    )

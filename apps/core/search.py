"""The command palette: rooms register what it finds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise


@dataclass(frozen=True)
class Found:
    """One result: a title, a second line or figure, where it leads."""

    title: str
    detail: str
    url: str


@dataclass(frozen=True)
class Finder:
    """A kind of result: its heading, icon, the right it needs, and the search (user, query,
    limit), which finds only what that person may see."""

    kind: str
    label: str | Promise
    icon: str
    right: str
    find: Callable[[Any, str, int], Sequence[Found]]
    order: int = 100


_finders: dict[str, Finder] = {}


def register(finder: Finder) -> None:
    """Add a kind of result; registered again it replaces the former one."""
    _finders[finder.kind] = finder


def finders() -> list[Finder]:
    """Return the kinds in their order."""
    return sorted(_finders.values(), key=lambda finder: (finder.order, finder.kind))

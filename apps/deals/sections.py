"""What other rooms show on a deal's card: they register here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from django.http import HttpRequest

from apps.deals.models import Deal


@dataclass(frozen=True)
class Section:
    """A part of the card: its template and what the template needs.

    ``place``: the wide column in the middle (the time line) or the narrow one at the side.
    """

    template: str
    context: Callable[[Deal, HttpRequest], dict[str, Any]]
    position: int = 100
    place: Literal["main", "side"] = "main"
    right: str = ""


@dataclass
class _Registry:
    sections: list[Section] = field(default_factory=list)


_registry = _Registry()


def register_section(section: Section) -> None:
    """Show this section on every card; registered again it stands once."""
    kept = [known for known in _registry.sections if known.template != section.template]
    _registry.sections = sorted([*kept, section], key=lambda each: each.position)


def sections() -> Sequence[Section]:
    """Return the sections in their order."""
    return tuple(_registry.sections)

"""The start page: rooms register the sections they show there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest


@dataclass(frozen=True)
class Section:
    """A part of the start page: a template and what it is given; ``None``: not shown today."""

    key: str
    template: str
    context: Callable[[HttpRequest], dict[str, Any] | None]
    order: int = 100
    right: str = ""
    is_tile: bool = False


_sections: dict[str, Section] = {}


def register(section: Section) -> None:
    """Add a section; registered again it replaces the former one."""
    _sections[section.key] = section


def sections() -> list[Section]:
    """Return the sections in their order."""
    return sorted(_sections.values(), key=lambda section: (section.order, section.key))

"""What other rooms show on a counterparty's card and in the list: they register here."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

from apps.accounts.models import User
from apps.counterparties.models import Counterparty

Debts = Mapping[UUID, Sequence[tuple[str, Decimal]]]  # by counterparty: (currency, amount)


@dataclass(frozen=True)
class Section:
    """A part of the card: its template and what the template needs."""

    template: str
    context: Callable[[Counterparty, User], dict[str, Any]]
    position: int = 100


@dataclass
class _Registry:
    sections: list[Section] = field(default_factory=list)
    debts: Callable[[Sequence[UUID]], Debts] | None = None


_registry = _Registry()


def register_section(section: Section) -> None:
    """Show this section on every card; registered again it stands once."""
    kept = [known for known in _registry.sections if known.template != section.template]
    _registry.sections = sorted([*kept, section], key=lambda each: each.position)


def register_debts(source: Callable[[Sequence[UUID]], Debts]) -> None:
    """Let this function tell what counterparties owe."""
    _registry.debts = source


def sections() -> Sequence[Section]:
    """Return the sections in their order."""
    return tuple(_registry.sections)


def debts(ids: Sequence[UUID]) -> Debts:
    """Return what these counterparties owe; nothing when no room keeps count."""
    return _registry.debts(ids) if _registry.debts is not None and ids else {}

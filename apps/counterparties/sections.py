"""What other rooms show on a counterparty's card and in the list: they register here."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

from django.utils.functional import Promise

from apps.accounts.models import User
from apps.counterparties.models import ContactPerson, Counterparty
from apps.custom import layouts

Debts = Mapping[UUID, Sequence[tuple[str, Decimal]]]  # by counterparty: (currency, amount)


Place = Literal["left", "middle", "right"]
TIMELINE, TRADE, FILES = "timeline", "1c", "files"


@dataclass(frozen=True)
class Section:
    """A part of the card: its template and what the template needs.

    ``place`` is the column: ``left`` tells who it is, ``right`` what belongs to it; in the
    ``middle`` a section stands in the ``tab`` it names, by default that of what happened. Its
    context is made only when it is shown; ``right`` is the right without which it is not.
    """

    template: str
    context: Callable[[Counterparty, User], dict[str, Any]]
    position: int = 100
    place: Place = "middle"
    tab: str = TIMELINE
    right: str = ""
    label: str | Promise = ""  # what administrators who arrange the card know it by

    @property
    def key(self) -> str:
        """Return what names it in layouts: ``sales.trade``."""
        return self.template.removesuffix(".html").replace("/_", ".").replace("/", ".")

    @property
    def first_place(self) -> str:
        """Return where it stands as long as nobody has moved it."""
        return f"{layouts.TAB}{self.tab}" if self.place == "middle" else self.place


@dataclass(frozen=True)
class PersonSection:
    """A part of a contact person's card, at its right side at first."""

    template: str
    context: Callable[[ContactPerson, User], dict[str, Any]]
    position: int = 100
    right: str = ""
    label: str | Promise = ""

    @property
    def key(self) -> str:
        """Return what names it in layouts."""
        return self.template.removesuffix(".html").replace("/_", ".").replace("/", ".")


@dataclass(frozen=True)
class Tab:
    """A tab of the middle column; the first one a person may see is open at first."""

    key: str
    label: str | Promise
    icon: str = ""
    position: int = 100
    right: str = ""


@dataclass
class _Registry:
    sections: list[Section] = field(default_factory=list)
    of_people: list[PersonSection] = field(default_factory=list)
    tabs: dict[str, Tab] = field(default_factory=dict)
    debts: Callable[[Sequence[UUID]], Debts] | None = None
    turnover: Callable[[Sequence[UUID]], Debts] | None = None


_registry = _Registry()


def register_section(section: Section) -> None:
    """Show this section on every card; registered again it stands once."""
    kept = [known for known in _registry.sections if known.template != section.template]
    _registry.sections = sorted([*kept, section], key=lambda each: each.position)


def register_person_section(section: PersonSection) -> None:
    """Show this section on the cards of contact persons; registered again it stands once."""
    kept = [known for known in _registry.of_people if known.template != section.template]
    _registry.of_people = sorted([*kept, section], key=lambda each: each.position)


def person_section(key: str) -> PersonSection | None:
    """Return a section that another room shows; ``None`` for a part of the card's own."""
    return next((each for each in _registry.of_people if each.key == key), None)


def person_parts() -> list[layouts.Part]:
    """Return the sections of other rooms as parts of a contact person's card."""
    return [
        layouts.Part(each.key, each.label or each.key, layouts.RIGHT, each.template)
        for each in _registry.of_people
    ]


def register_debts(source: Callable[[Sequence[UUID]], Debts]) -> None:
    """Let this function tell what counterparties owe."""
    _registry.debts = source


def register_tab(tab: Tab) -> None:
    """Add a tab to the middle column; registered again it replaces the former one."""
    _registry.tabs[tab.key] = tab


def tabs() -> list[Tab]:
    """Return the tabs in which something stands at first, in their order."""
    filled = {each.tab for each in _registry.sections if each.place == "middle"}
    found = [tab for tab in _registry.tabs.values() if tab.key in filled]
    return sorted(found, key=lambda tab: (tab.position, tab.key))


def section(key: str) -> Section:
    """Return a section by what names it in layouts.

    :raises KeyError: no room shows it any more.
    """
    for each in _registry.sections:
        if each.key == key:
            return each
    raise KeyError(key)


def parts() -> list[layouts.Part]:
    """Return the sections as parts of the card that administrators arrange."""
    return [
        layouts.Part(each.key, each.label or each.key, each.first_place, each.template)
        for each in _registry.sections
    ]


def debts(ids: Sequence[UUID]) -> Debts:
    """Return what these counterparties owe; nothing when no room keeps count."""
    return _registry.debts(ids) if _registry.debts is not None and ids else {}


def register_turnover(source: Callable[[Sequence[UUID]], Debts]) -> None:
    """Let this function tell what was sold to counterparties."""
    _registry.turnover = source


def turnover(ids: Sequence[UUID]) -> Debts:
    """Return what was sold to these counterparties; nothing when no room keeps count."""
    return _registry.turnover(ids) if _registry.turnover is not None and ids else {}


layouts.register_card(
    "counterparties",
    layouts.Card(
        tabs=lambda: [layouts.Tab(each.key, each.label) for each in tabs()], parts=parts
    ),
)

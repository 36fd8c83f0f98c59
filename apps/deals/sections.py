"""What other rooms show on a deal's card: they register here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.custom import layouts
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
    label: str | Promise = ""  # what administrators who arrange the card know it by

    @property
    def key(self) -> str:
        """Return what names it in layouts."""
        return self.template.removesuffix(".html").replace("/_", ".").replace("/", ".")


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


def by_key(key: str) -> Section | None:
    """Return the section at the side that a layout names; ``None`` for a part of the card's own."""
    found = (each for each in _registry.sections if each.key == key and each.place == "side")
    return next(found, None)


def parts() -> list[layouts.Part]:
    """Return the parts of a deal's card: its own, and those of other rooms at the side."""
    main, side = f"{layouts.TAB}main", layouts.RIGHT
    own = (
        ("lines", _("Lines"), main), ("quotations", _("Quotations"), main),
        ("invoices", _("Invoices, payment and shipment"), main), ("comment", _("Comment"), main),
        ("files", _("Files"), main),
        ("facts", _("Facts"), side), ("participants", _("People of the customer"), side),
        ("team", _("Our team"), side),
    )  # fmt: skip
    further = [
        layouts.Part(each.key, each.label or each.key, side, each.template)
        for each in _registry.sections if each.place == "side"
    ]  # fmt: skip
    return [
        *(layouts.Part(key, label, place, f"deals/card/{key}.html") for key, label, place in own),
        *further,
        layouts.Part("moves", _("The way so far"), side, "deals/card/moves.html"),
    ]


layouts.register_card(
    "deals",
    layouts.Card(
        tabs=lambda: (layouts.Tab("main", pgettext_lazy("tab", "Deal")),), parts=parts,
        columns=(layouts.RIGHT,),
    ),
)  # fmt: skip

"""Layouts of cards: which part stands in which column or tab, for everybody or for one role.

A room registers the parts of its card with the places they have at first (``register_card``); what
an administrator arranged is one JSON value for a kind and a role. A part that a room adds later
stands at its own place until somebody moves it; one that is gone is not missed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.accounts.roles import choice_of
from apps.core import objects
from apps.core.objects import ObjectKind
from apps.custom.fields import card_layouts, forget
from apps.custom.models import CardLayout, CustomRow
from apps.custom.selectors import facts
from tenants.audit.services import record

LEFT, RIGHT, HIDDEN, TAB = "left", "right", "hidden", "tab:"
GROUP = "group:"
EVERYBODY = ""
MOST_TABS, MOST_GROUPS, MOST_FIELDS, LONGEST_LABEL = 12, 12, 60, 60


@dataclass(frozen=True)
class Tab:
    """A tab of a card; ``key`` never changes."""

    key: str
    label: str | Promise


@dataclass(frozen=True)
class Part:
    """A part of a card. ``place`` is where it stands at first; ``template`` shows it.

    ``fields`` are those of a group that an administrator made: it is shown by them alone.
    """

    key: str
    label: str | Promise
    place: str
    template: str = ""
    fields: tuple[str, ...] = ()

    @property
    def is_group(self) -> bool:
        """Whether an administrator made it of fields."""
        return self.key.startswith(GROUP)


@dataclass(frozen=True)
class Card:
    """What a kind's card is made of at first: columns beside the tabs, tabs, parts."""

    tabs: Callable[[], Sequence[Tab]]
    parts: Callable[[], Sequence[Part]]
    columns: Sequence[str] = (LEFT, RIGHT)


@dataclass(frozen=True)
class Layout:
    """A card as it is arranged: its tabs, its parts in their order, and the place of each."""

    card: Card
    tabs: Sequence[Tab]
    parts: Sequence[Part]
    places: Mapping[str, str] = field(default_factory=dict)

    def at(self, place: str) -> list[Part]:
        """Return the parts of a column or tab in their order."""
        return [each for each in self.parts if self.places[each.key] == place]

    @property
    def grouped(self) -> frozenset[str]:
        """Return the fields that stand in groups, so that no other part repeats them."""
        return frozenset(
            key for each in self.parts if self.places[each.key] != HIDDEN for key in each.fields
        )


_cards: dict[str, Card] = {}


def register_card(kind: str, card: Card) -> None:
    """Let administrators arrange the card of a kind; registered again it replaces the former."""
    _cards[kind] = card


def arranged_kinds() -> list[ObjectKind]:
    """Return the kinds whose cards can be arranged."""
    return [each for each in objects.kinds() if card_of(each) is not None]


def card_of(kind: ObjectKind) -> Card | None:
    """Return what a kind's card is made of; ``None`` when it cannot be arranged."""
    if kind.model is CustomRow:
        return _OWN
    return _cards.get(kind.key)


def layout_for(kind: ObjectKind, user: User) -> Layout:
    """Return the card of a kind as a person has it: their own, their role's, else everybody's.

    No query of its own: layouts are read with the person who is signed in.
    """
    own = getattr(user, "arranged_by_self", {}).get(f"card:{kind.key}")
    if own:
        return arranged(kind, own)
    stored = card_layouts()
    mine = stored.get((kind.key, choice_of(user)))
    return arranged(kind, mine or stored.get((kind.key, EVERYBODY)))


def stored_layout(kind: ObjectKind, role: str) -> Layout:
    """Return the layout of one role, as its administrator changes it.

    One that has none begins as everybody's.
    """
    stored = dict(
        CardLayout.objects.filter(kind=kind.key, role__in=(EVERYBODY, role))
        .values_list("role", "value")
    )  # fmt: skip
    return arranged(kind, stored.get(role) or stored.get(EVERYBODY))


def arranged(kind: ObjectKind, value: Mapping[str, Any] | None) -> Layout:
    """Return a card by what is stored of it; whatever does not fit any more is left out.

    :raises KeyError: the card of this kind cannot be arranged.
    """
    card = card_of(kind)
    if card is None:
        raise KeyError(kind.key)
    value = value or {}
    first_tabs = card.tabs()
    known = {tab.key: tab for tab in first_tabs}
    tabs = [
        Tab(each["key"], each.get("label") or getattr(known.get(each["key"]), "label", each["key"]))
        for each in value.get("tabs", ())
    ]
    tabs += [tab for tab in first_tabs if tab.key not in {each.key for each in tabs}]
    parts = {part.key: part for part in card.parts()}
    for each in value.get("groups", ()):
        key = f"{GROUP}{each['key']}"
        first = RIGHT if RIGHT in card.columns else f"{TAB}{tabs[0].key}"
        parts[key] = Part(
            key, each["label"], first, "custom/_group.html", tuple(each["fields"])
        )
    allowed = {*card.columns, HIDDEN, *(f"{TAB}{tab.key}" for tab in tabs)}
    places: dict[str, str] = {}
    for each in value.get("parts", ()):
        if each["key"] in parts and each["place"] in allowed:
            places[each["key"]] = each["place"]
    for key, part in parts.items():
        places.setdefault(key, part.place)
    return Layout(card, tabs, [parts[key] for key in places], places)


def plain(layout: Layout) -> dict[str, Any]:
    """Return a layout as it is stored."""
    known = {tab.key: str(tab.label) for tab in layout.card.tabs()}
    labels = {tab.key: str(tab.label) for tab in layout.tabs}
    return {
        "tabs": [
            {"key": key, "label": "" if label == known.get(key) else label}
            for key, label in labels.items()
        ],
        "groups": [
            {"key": part.key.removeprefix(GROUP), "label": str(part.label),
             "fields": list(part.fields)}
            for part in layout.parts if part.is_group
        ],
        "parts": [{"key": part.key, "place": layout.places[part.key]} for part in layout.parts],
    }  # fmt: skip


@transaction.atomic
def save_layout(*, kind: ObjectKind, role: str, layout: Layout, by: User) -> CardLayout:
    """Keep how a card is arranged for a role, or for everybody; it counts from the next page."""
    value = plain(layout)
    row = CardLayout.objects.select_for_update().filter(kind=kind.key, role=role).first()
    row = row or CardLayout(kind=kind.key, role=role)
    if row._state.adding or row.value != value:
        row.value = value
        row.save()
        forget()
        record(kind="layouts.changed", login=by.email, object=kind.key, role=role or "*")
    return row


@transaction.atomic
def reset_layout(*, kind: ObjectKind, role: str, by: User) -> None:
    """Go back to everybody's layout; everybody's to the one the card has at first."""
    if CardLayout.objects.filter(kind=kind.key, role=role).delete()[0]:
        forget()
        record(kind="layouts.changed", login=by.email, object=kind.key, role=role or "*")


# On the card --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Shown:
    """A part as a page shows it: made already, or by a template in the page's own context."""

    key: str
    template: str = ""
    html: str = ""


def on_card(
    layout: Layout,
    kind: ObjectKind,
    row: Any,
    *,
    request: Any,
    tab: str,
    made: Callable[[Part], str] | None = None,
    may: Callable[[Part], bool] = lambda part: True,
) -> dict[str, Any]:
    """Return what a card's template needs: ``left``, ``middle``, ``right``, ``tabs``, ``tab``.

    ``made`` makes a part that needs more than the page's own context; without it every part is
    shown by its template. ``may`` tells which parts are for this person. Only the open tab is made.
    """
    user = request.user

    def shown(part: Part) -> Shown | None:
        if part.is_group:
            told = facts(kind, row, by=user, keys=part.fields)
            context = {"facts": told, "label": part.label}
            return Shown(part.key, html=render_to_string(part.template, context)) if told else None
        html = made(part) if made is not None else ""
        return Shown(part.key, "" if html else part.template, html)

    def theirs(place: str) -> list[Part]:
        return [each for each in layout.at(place) if each.is_group or may(each)]

    def column(place: str) -> list[Shown]:
        return [each for each in map(shown, theirs(place)) if each is not None]

    tabs = [tab for tab in layout.tabs if theirs(f"{TAB}{tab.key}")]
    open_tab = next((each.key for each in tabs if each.key == tab), tabs[0].key if tabs else "")
    return {
        "left": column(LEFT), "right": column(RIGHT), "middle": column(f"{TAB}{open_tab}"),
        "tabs": tabs, "tab": open_tab, "grouped_fields": layout.grouped,
    }  # fmt: skip


_OWN = Card(
    tabs=lambda: (Tab("main", _("Main")),),
    columns=(RIGHT,),
    parts=lambda: (Part("facts", _("Fields"), f"{TAB}main", "custom/card/facts.html"),),
)

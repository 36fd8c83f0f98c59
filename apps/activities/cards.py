"""The cards activities stand on: kinds of objects by key, whose customer they are, their address.

Kinds that ``apps.core.objects`` knows are cards by themselves; others are registered here.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Model, QuerySet
from django.urls import NoReverseMatch, reverse

from apps.accounts.rights import ALL_RIGHTS, can, visible
from apps.core import objects
from apps.counterparties.models import Counterparty

CUSTOMERS = "counterparties"


@dataclass(frozen=True)
class CardKind:
    """A kind of card: its rows, the right to see them, the path from a row to its customer."""

    key: str
    model: type[Model]
    right: str
    url_name: str = ""
    customer: str = "counterparty_id"
    icon: str = "file"
    title: Callable[[Any], str] = str
    related: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """What one of its rows is called; ``""`` when it is no kind of the registry."""
        found = objects.room_kind(self.key)
        return str(found.label) if found is not None else ""

    @property
    def table(self) -> str:
        """The table its rows stand in."""
        return str(self.model._meta.db_table)

    def rows(self, user: Any) -> QuerySet[Any]:
        """Return the rows a person may see."""
        rows = self.model._default_manager.select_related(*self.related)
        return visible(user, rows, self.right) if can(user, self.right) else rows.none()

    def url(self, key: UUID) -> str:
        """Return the address of a card; ``""`` when the kind has none."""
        try:
            return reverse(self.url_name, args=[key]) if self.url_name else ""
        except NoReverseMatch:
            return ""


class NoSuchCard(LookupError):
    """There is no card of this kind and key that the person may see."""


_cards: dict[str, CardKind] = {}


def register(kind: CardKind) -> None:
    """Add a kind of card; registered again it replaces the former one."""
    _cards[kind.key] = kind


def kind_of(key: str) -> CardKind:
    """Return a kind of card.

    :raises NoSuchCard: there is none.
    """
    if key in _cards:
        return _cards[key]
    try:
        found = objects.kind(key)
    except KeyError:
        raise NoSuchCard(key) from None
    right = f"{found.right_object}.view"
    if right not in ALL_RIGHTS and found.parent is not None:
        right = f"{found.parent[1]}.view"
    if right not in ALL_RIGHTS:
        raise NoSuchCard(key)
    return CardKind(
        key, found.model, right, found.card_url_name, _customer_path(found.model), found.icon
    )


def find(user: Any, kind: str, key: UUID) -> tuple[CardKind, Any]:
    """Return a card's kind and row, as far as the person may see it.

    :raises NoSuchCard: there is none, or not for this person.
    """
    card = kind_of(kind)
    row = card.rows(user).filter(pk=key).first()
    if row is None:
        raise NoSuchCard(kind, key)
    return card, row


def customer_of(kind: str, key: UUID) -> UUID | None:
    """Return the counterparty of a card; ``None`` when it has none or is not there."""
    if kind == CUSTOMERS:
        return key if Counterparty.objects.filter(pk=key).exists() else None
    card = kind_of(kind)
    if not card.customer:
        return None
    return card.model._default_manager.filter(pk=key).values_list(card.customer, flat=True).first()


def titles(links: Collection[tuple[str, UUID]], user: Any) -> Mapping[tuple[str, UUID], str]:
    """Return what cards are called, one query for each kind; those one may not see are absent."""
    by_kind: dict[str, set[UUID]] = {}
    for kind, key in links:
        by_kind.setdefault(kind, set()).add(key)
    found: dict[tuple[str, UUID], str] = {}
    for kind, keys in by_kind.items():
        try:
            card = kind_of(kind)
        except NoSuchCard:
            continue
        for row in card.rows(user).filter(pk__in=keys):
            found[kind, row.pk] = card.title(row)
    return found


def _customer_path(model: type[Model]) -> str:
    if model is Counterparty:
        return "pk"
    names = {each.name for each in model._meta.concrete_fields}
    return "counterparty_id" if "counterparty" in names else ""

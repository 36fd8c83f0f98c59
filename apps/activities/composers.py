"""What rooms above let people enter at a timeline: a form of their own beside the composer's.

A link leads to the form; with a script it opens in the composer's place, its key included.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils.functional import Promise

from apps.activities.cards import CardKind


@dataclass(frozen=True)
class Composer:
    """One further thing to enter, at cards with a customer; ``url_name`` takes kind and key."""

    key: str
    label: str | Promise
    icon: str
    letter: str
    url_name: str
    is_of_centre: bool = False  # a branch office, which cannot do it, does not offer it


_composers: dict[str, Composer] = {}


def register(composer: Composer) -> None:
    """Add what can be entered; registered again it replaces the former one."""
    _composers[composer.key] = composer


def offered(kind: CardKind, key: UUID) -> Sequence[tuple[Composer, str]]:
    """Return what can be entered at a card, with the address of its form."""
    if not kind.customer:
        return []
    return [
        (each, reverse(each.url_name, args=[kind.key, key]))
        for each in _composers.values()
        if not (each.is_of_centre and settings.IS_OFFICE)
    ]

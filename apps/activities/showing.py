"""What the template of a timeline needs: the views and the tag ``{% timeline %}`` share it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone

from apps.accounts.rights import can, signed_in
from apps.activities import selectors, timeline
from apps.activities.cards import CardKind
from apps.activities.models import Follower


@dataclass(frozen=True)
class Shown:
    """A card and its row, when the caller has it."""

    kind: CardKind
    key: UUID
    row: Any = None


def timeline_of(
    request: HttpRequest, card: Shown, *, only: str = "", after: str = ""
) -> dict[str, Any]:
    """Return a page of a card's timeline with what stands around it."""
    looked = timeline.Card(card.kind, card.key, request.user)
    page = timeline.page(looked, only=only, after=after)
    context: dict[str, Any] = {
        "page": page,
        "days": [
            (day, [(entry, timeline.source(entry.source).template) for entry in found])
            for day, found in page.days
        ],
        "card_kind": card.kind,
        "card_key": card.key,
        "card_row": card.row,
        "card_address": card.kind.url(card.key),
        "only": only,
        "now": timezone.now(),
    }
    if after:
        return context
    return context | {
        "chips": timeline.chips(looked),
        "planned": selectors.next_of_card(user=request.user, kind=card.kind.key, key=card.key),
        "may_change": can(request.user, "activities.change"),
        "is_followed": Follower.objects.filter(
            user=signed_in(request), kind=card.kind.key, key=card.key
        ).exists(),
        "people": selectors.active_people() if can(request.user, "activities.change") else [],
    }

"""What the template of a timeline needs: the views and the tag ``{% timeline %}`` share it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Exists, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from apps.accounts.models import User
from apps.accounts.rights import can
from apps.activities import composers, selectors, timeline
from apps.activities.cards import CardKind
from apps.activities.models import Follower
from tenants.prepared import Prepared


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
    looked = timeline.Card(card.kind, card.key, request.user, card.row)
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
    may_change = can(request.user, "activities.change")
    people, is_followed = _around(request.user, card, with_people=may_change)
    return context | {
        "chips": timeline.chips(looked),
        "composers": composers.offered(card.kind, card.key),
        "planned": selectors.next_of_card(user=request.user, kind=card.kind.key, key=card.key),
        "may_change": may_change,
        "is_followed": is_followed,
        "people": people,
    }


def _around(user: Any, card: Shown, *, with_people: bool) -> tuple[Sequence[User], bool]:
    """Return whom one can give something to, and whether ``user`` follows the card; one query."""
    mine = Follower.objects.filter(user_id=user.pk, kind=card.kind.key, key=card.key)
    if not with_people:
        return [], mine.exists()
    people = _people(user.pk, card.kind.key, card.key)
    return people, any(each.is_followed for each in people[:1])


def _with_followed(user_id: UUID, kind: str, key: UUID) -> QuerySet[User]:
    mine = Follower.objects.filter(user_id=user_id, kind=kind, key=key)
    return selectors.active_people().annotate(is_followed=Exists(mine))


_people: Prepared[Any] = Prepared(_with_followed, UUID(int=1), "a kind", UUID(int=2))

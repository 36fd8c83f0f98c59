"""Telling who follows a card what others have changed on it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.db.models import Min

from apps.accounts.models import User
from apps.activities import cards
from apps.activities.models import Follower
from apps.core import naming, notices
from apps.history.models import RowChange
from apps.history.selectors import closed_columns
from apps.history.tracked import card_of, of_table

AT_ONCE = 5000
MOST_FIELDS = 4


@transaction.atomic
def tell_changes() -> int:
    """Tell each follower what others have changed since the latest time; return how many.

    One notice for a card, whatever was changed; one's own changes are not told. Done again it
    tells nothing.
    """
    followers = list(
        Follower.objects.select_for_update(of=("self",)).select_related("user").order_by("pk")
    )
    since = Follower.objects.aggregate(first=Min("seen_change"))["first"]
    if since is None:
        return 0
    changes = RowChange.objects.filter(owner__in={each.key for each in followers}, pk__gt=since)
    by_card: dict[UUID, list[RowChange]] = defaultdict(list)
    for change in changes.order_by("pk")[:AT_ONCE]:
        by_card[change.owner].append(change)
    latest = max((each.pk for found in by_card.values() for each in found), default=0)
    authors = naming.names_of(User, {e.author for found in by_card.values() for e in found})
    told = sum(_tell(each, by_card.get(each.key, []), authors) for each in followers)
    if latest:
        Follower.objects.filter(seen_change__lt=latest).update(seen_change=latest)
    return told


def _tell(follower: Follower, changes: Sequence[RowChange], authors: dict[str, str]) -> bool:
    news = [
        each for each in changes
        if each.pk > follower.seen_change and each.author != follower.user_id
        and each.operation == "U"
    ]  # fmt: skip
    if not news:
        return False
    try:
        card, row = cards.find(follower.user, follower.kind, follower.key)
    except cards.NoSuchCard:  # gone, or not for this person any more
        return False
    known = card_of(card.table)
    closed = closed_columns(card=known, pk=row.pk, user=follower.user) if known else frozenset()
    fields = list(dict.fromkeys(name for each in news for name in _fields(each, closed)))
    if not fields:
        return False
    who = authors.get(str(news[-1].author), "1C")
    notices.tell(
        users=[follower.user_id], kind="followed_change",
        values={
            "who": who, "card": card.title(row),
            "fields": ", ".join(fields[:MOST_FIELDS]) + ("…" if fields[MOST_FIELDS:] else ""),
        },
        url=card.url(follower.key),
    )  # fmt: skip
    return True


def _fields(change: RowChange, closed: frozenset[str]) -> list[str]:
    tracked = of_table(change.table)
    if tracked is None:
        return []
    found = [naming.field_of(tracked.model, column) for column in change.changed or {}]
    return [
        naming.column_name(each) for each in found
        if each is not None and each.editable
        and str(each.column) not in (*tracked.hidden, *closed)
    ]  # fmt: skip

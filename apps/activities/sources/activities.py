"""Notes, calls, meetings and tasks on a timeline: what was done; what is planned stands above."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import CharField, Count, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, JSONObject
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.accounts.models import name_of
from apps.accounts.rights import mask
from apps.activities import selectors, timeline, words
from apps.activities.models import Activity, ActivityKind, ActivityState, Comment
from apps.activities.timeline import Card, Entry, Source

_CLOSED = (ActivityState.DONE, ActivityState.DECLINED)
_TOLD = ("kind", "state", "subject", "text", "result")


def rows(card: Card) -> QuerySet[Any]:
    """Return the card's activities that are done or declined."""
    found = selectors.seen_by(card.user).select_related(None)
    return found.filter(
        selectors.of_card(card.kind.key, card.key), state__in=_CLOSED, is_archived=False
    )


def tell(entries: Sequence[Entry], card: Card) -> None:
    """Put activities into words; no query."""
    found: list[Any] = [
        Activity(**{name: entry.data[name] for name in _TOLD}) for entry in entries
    ]
    mask(card.user, found)
    for entry, said in zip(entries, found, strict=True):
        said.said = entry.data["said"]
        entry.icon, entry.title = words.icon(said.kind), said.subject
        entry.text = _below(said.subject, said.text)
        entry.who = entry.data["who"]
        entry.tone = "off" if said.state == ActivityState.DECLINED else "good"
        entry.details = [said]


def _below(subject: str, text: str) -> str:
    """Return a text without the first line where that is the title above it."""
    first, _line, rest = (text or "").partition("\n")
    return rest.strip() if first.strip() == subject else text


def _said() -> Subquery:
    """Return how many comments an activity has."""
    mine = Comment.objects.filter(activity=OuterRef("pk")).order_by().values("activity")
    return Subquery(mine.annotate(number=Count("pk")).values("number"))


timeline.register(
    Source(
        key="activities",
        rows=rows,
        moment=F("at"),
        data=JSONObject(
            **{name: name for name in _TOLD},
            who=Coalesce(
                name_of("completed_by"), name_of("giver"), Value(""), output_field=CharField()
            ),
            said=Coalesce(_said(), 0),
        ),
        tell=tell,
        filters=(
            ("note", _("Notes"), Q(kind=ActivityKind.NOTE)),
            ("call", _("Calls"), Q(kind=ActivityKind.CALL)),
            ("meeting", _("Meetings"), Q(kind=ActivityKind.MEETING)),
            ("task", pgettext_lazy("timeline", "Tasks"), Q(kind=ActivityKind.TASK)),
        ),
        right="activities.view",
        template="activities/timeline/_activity.html",
        order=10,
    )
)

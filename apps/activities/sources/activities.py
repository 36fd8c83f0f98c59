"""Notes, calls, meetings and tasks on a timeline: what was done; what is planned stands above."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import JSONObject
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.accounts.rights import mask
from apps.activities import selectors, timeline, words
from apps.activities.models import Activity, ActivityKind, ActivityState
from apps.activities.timeline import Card, Entry, Source

_CLOSED = (ActivityState.DONE, ActivityState.DECLINED)


def rows(card: Card) -> QuerySet[Any]:
    """Return the card's activities that are done or declined."""
    found = selectors.seen_by(card.user).select_related(None)
    return found.filter(
        selectors.of_card(card.kind.key, card.key), state__in=_CLOSED, is_archived=False
    )


def tell(entries: Sequence[Entry], card: Card) -> None:
    """Put activities into words: one query for all of a page."""
    found = Activity.objects.select_related("owner", "giver", "completed_by")
    known = {
        str(each.pk): each
        for each in found.filter(pk__in=[entry.key for entry in entries]).annotate(
            said=Count("comments")
        )
    }
    mask(card.user, list(known.values()))
    for entry in entries:
        each = known.get(entry.key)
        if each is None:
            continue
        entry.icon, entry.title, entry.text = words.icon(each.kind), each.subject, each.text
        entry.who = str(each.completed_by or each.giver or "")
        entry.tone = "off" if each.state == ActivityState.DECLINED else "good"
        entry.details = [each]


timeline.register(
    Source(
        key="activities",
        rows=rows,
        moment=F("at"),
        data=JSONObject(kind="kind"),
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

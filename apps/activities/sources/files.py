"""Files on a timeline: who put which on the card, and when."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import F, Q, QuerySet
from django.db.models.functions import JSONObject
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.accounts.models import name_of
from apps.activities import timeline
from apps.activities.timeline import Card, Entry, Source
from apps.counterparties.files import has_files
from apps.counterparties.models import Attachment


def rows(card: Card) -> QuerySet[Any] | None:
    """Return every version of the card's files; whoever sees the card sees them."""
    if not has_files(card.kind.key):
        return None
    return Attachment.objects.filter(kind=card.kind.key, key=card.key, is_archived=False)


def tell(entries: Sequence[Entry], card: Card) -> None:
    """Put files into words; no query."""
    for entry in entries:
        told = entry.data
        entry.icon, entry.title, entry.who = "paperclip", told["name"], told["who"] or ""
        entry.url = reverse("counterparties:file", args=[entry.key])
        if told["version"] > 1:
            entry.text = _("version %(number)s") % {"number": told["version"]}


timeline.register(
    Source(
        key="files",
        rows=rows,
        moment=F("created_at"),
        data=JSONObject(name="name", version="version", who=name_of("author")),
        tell=tell,
        filters=(("file", gettext_lazy("Files"), Q()),),
        order=25,
    )
)

"""What customers wrote on their page, and what we answered, on the timelines of cards."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import F, Q, QuerySet
from django.db.models.functions import JSONObject
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.accounts.rights import can
from apps.activities import cards, timeline
from apps.activities.timeline import Card, Entry, Source
from apps.deals.models import Quotation
from apps.portal import selectors
from apps.portal.models import PortalMessage


def rows(card: Card) -> QuerySet[Any] | None:
    """Return the messages of a card, about documents the person may see."""
    kinds = [kind for kind in selectors.KINDS if can(card.user, f"{kind}.view")]
    found = PortalMessage.objects.filter(kind__in=kinds)
    if card.kind.key == cards.CUSTOMERS:
        return found.filter(counterparty=card.key)
    if card.kind.key in selectors.KINDS:
        return found.filter(kind=card.kind.key, key=card.key)
    if card.kind.key == "deals":
        offered = Quotation.objects.filter(deal=card.key).order_by()
        return found.filter(kind="quotations", key__in=offered.values("pk"))
    return None


def tell(entries: Sequence[Entry], card: Card) -> None:
    """Put messages into words: one query for all of a page."""
    found = PortalMessage.objects.select_related("person", "author")
    known = {str(each.pk): each for each in found.filter(pk__in=[e.key for e in entries])}
    for entry in entries:
        said = known.get(entry.key)
        if said is None:
            continue
        entry.icon, entry.text = "message", said.text
        entry.title = _("Answer on the customer's page") if said.author_id else _(
            "The customer wrote on their page"
        )
        entry.who = str(said.author or said.person or "")
        entry.url = reverse(selectors.CARDS[said.kind], args=[said.key])


timeline.register(
    Source(
        key="portal",
        rows=rows,
        moment=F("created_at"),
        data=JSONObject(kind="kind"),
        tell=tell,
        filters=(("portal", gettext_lazy("Customer's page"), Q()),),
        right="portal.view",
        order=40,
    )
)

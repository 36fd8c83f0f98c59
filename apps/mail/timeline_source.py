"""Mail on the timelines of cards, as far as its boxes are shared and the customer is open."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import JSONObject, Left
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.accounts.rights import opened
from apps.activities import timeline
from apps.activities.timeline import Card, Entry, Source
from apps.counterparties.models import Counterparty
from apps.mail.models import MailLink, MailPlace

SHOWN_TEXT = 5000


def rows(card: Card) -> QuerySet[Any]:
    """Return the messages on a card that the person may read.

    Of a VIP customer whose e-mail is closed to the person there are none: a message tells it.
    """
    places = MailPlace.objects.filter(message=OuterRef("message"))
    readable = Q(folder__mailbox__shares_matched=True) | Q(folder__mailbox__owner=card.user.pk)
    return MailLink.objects.filter(
        Exists(places.filter(readable)),
        opened(card.user, Counterparty, "email", "counterparty__"),
        kind=card.kind.key, key=card.key,
    )  # fmt: skip


def tell(entries: Sequence[Entry], card: Card) -> None:
    """Put messages into words; no query."""
    for entry in entries:
        told = entry.data
        entry.icon, entry.title = "mail", told["subject"] or _("(no subject)")
        entry.text = told["text"]
        entry.who = told["from_name"] or told["from_address"]


timeline.register(
    Source(
        key="mail",
        rows=rows,
        moment=F("at"),
        data=JSONObject(
            subject="message__subject", text=Left("message__text", SHOWN_TEXT),
            from_name="message__from_name", from_address="message__from_address",
            is_outgoing="message__is_outgoing", problem="message__problem",
        ),
        tell=tell,
        filters=(("mail", gettext_lazy("Mail"), Q()),),
        right="activities.view",
        template="mail/_entry.html",
        order=15,
    )
)  # fmt: skip

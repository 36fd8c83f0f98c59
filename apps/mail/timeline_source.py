"""Mail on the timelines of cards, as far as its boxes are shared and the customer is open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import JSONObject, Left
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.accounts.rights import opened
from apps.activities import timeline
from apps.activities.timeline import Card, Entry, Source
from apps.counterparties.models import Counterparty
from apps.mail import files
from apps.mail.models import Mailbox, MailFile, MailLink, MailPlace, MailSending, SendingState
from apps.mail.words import sending_text

SHOWN_TEXT = 5000


def rows(card: Card) -> QuerySet[Any]:
    """Return the messages on a card that the person may read.

    Of a VIP customer whose e-mail is closed to the person there are none: a message tells it.
    """
    boxes = Mailbox.objects.filter(Q(shares_matched=True) | Q(owner=card.user.pk)).values("pk")
    places = MailPlace.objects.filter(message=OuterRef("message"), folder__mailbox__in=boxes)
    sendings = MailSending.objects.filter(message=OuterRef("message"), mailbox__in=boxes)
    return MailLink.objects.filter(
        Exists(places) | Exists(sendings),
        opened(card.user, Counterparty, "email", "counterparty__"),
        kind=card.kind.key, key=card.key,
    )  # fmt: skip


def tell(entries: Sequence[Entry], card: Card) -> None:
    """Put messages into words; one query where something is attached."""
    with_files = [UUID(entry.data["id"]) for entry in entries if entry.data["has_files"]]
    attached = files.of_messages(with_files) if with_files else {}
    for entry in entries:
        told = entry.data
        entry.icon, entry.title = "mail", told["subject"] or _("(no subject)")
        entry.text = told["text"]
        entry.who = told["from_name"] or told["from_address"]
        entry.details = [Shown.of(told, attached.get(UUID(told["id"]), []), card)]


@dataclass(frozen=True)
class Shown:
    """What the template shows of a message beside its text."""

    message: str
    files: Sequence[MailFile]
    sending: str  # the key of its way out; "" for what was not written here
    state: str
    state_text: str
    problem: str
    leaves_at: datetime | None
    is_mine: bool  # this person may send it again
    has_many: bool  # an answer to all goes to more people than to the sender

    @classmethod
    def of(cls, told: Mapping[str, Any], attached: Sequence[MailFile], card: Card) -> Shown:
        """Return it from what the source has read."""
        state = told["state"] or ""
        problem = sending_text(told["send_problem"] or "", told["send_detail"] or "")
        if told["refused"]:
            names = ", ".join(told["refused"])
            problem = _("The server did not take these recipients: %(names)s.") % {"names": names}
        return cls(
            message=told["id"], files=attached, sending=told["sending"] or "", state=state,
            state_text=str(SendingState(state).label) if state else "", problem=problem,
            leaves_at=parse_datetime(told["leaves_at"]) if told["leaves_at"] else None,
            is_mine=told["sending_owner"] in (None, str(card.user.pk)),
            has_many=len(told["to"]) > 1,
        )  # fmt: skip


_sending = "message__sending__"
timeline.register(
    Source(
        key="mail",
        rows=rows,
        moment=F("at"),
        data=JSONObject(
            id="message", subject="message__subject", text=Left("message__text", SHOWN_TEXT),
            from_name="message__from_name", from_address="message__from_address",
            to="message__to_addresses", is_outgoing="message__is_outgoing",
            problem="message__problem", sending=f"{_sending}id", state=f"{_sending}state",
            send_problem=f"{_sending}problem", send_detail=f"{_sending}problem_detail",
            refused=f"{_sending}refused", leaves_at=f"{_sending}leaves_at",
            sending_owner=f"{_sending}mailbox__owner",
            has_files=Exists(MailFile.objects.filter(message=OuterRef("message"))),
        ),
        tell=tell,
        filters=(("mail", gettext_lazy("Mail"), Q()),),
        right="activities.view",
        template="mail/_entry.html",
        order=15,
    )
)  # fmt: skip

"""Writing: a message stands on its card at once, leaves some seconds later, can be taken back."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID, uuid4

from django.db import transaction

from apps.accounts.models import User
from apps.accounts.rights import require
from apps.activities import cards
from apps.mail import files, selectors, services
from apps.mail.models import Mailbox, MailFile, MailLink, MailMessage, MailSending, SendingState
from apps.mail.parsing import MOST_BEFORE, ReadFile
from apps.mail.tasks import send_mail

GRACE = timedelta(seconds=10)  # how long one can take a message back
MOST_RECIPIENTS = 50
CHANGEABLE = (SendingState.HELD, SendingState.FAILED)


class MailRefused(Exception):
    """A message was not taken; nothing was changed."""


class NotYourBox(MailRefused):
    """There is no such box, it cannot send, or it is a colleague's own."""


class CardClosed(MailRefused):
    """The card has no customer, or one whose e-mail this person does not see."""


class TooLarge(MailRefused):
    """What is attached is larger than ``files.LARGEST_OF_ALL`` altogether."""


class NoSuchMessage(MailRefused):
    """The message that is answered, or changed, is not there for this person."""


class TooLate(MailRefused):
    """It has left, or is leaving."""


@dataclass(frozen=True)
class Draft:
    """A message as a person writes it.

    ``kept`` are files of the draft it takes the place of.
    """

    mailbox_id: UUID
    to: Sequence[str]
    cc: Sequence[str]
    subject: str
    text: str
    answers: UUID | None = None
    attached: Sequence[ReadFile] = ()
    kept: Collection[UUID] = ()


@transaction.atomic
def write(
    *, draft: Draft, kind: str, key: UUID, by: User, now: datetime, instead_of: UUID | None = None
) -> MailSending:
    """Write a message from a card the person sees; it leaves after ``GRACE``.

    It stands on the card, and on those of its recipients. ``instead_of`` is one that was taken
    back or failed, and goes.

    :raises NotAllowed: the person enters nothing at timelines.
    :raises NoSuchCard: of ``cards``: there is none for this person.
    :raises MailRefused: in one of its forms.
    """
    require(by, "activities.create")
    cards.find(by, kind, key)
    box = selectors.boxes_to_write_from(by).filter(pk=draft.mailbox_id).first()
    if box is None:
        raise NotYourBox(draft.mailbox_id)
    customer = _open_customer(kind, key, by)
    before = _changeable(instead_of, by) if instead_of is not None else None
    kept = _kept_files(before, draft.kept)
    if sum(file.size for file in kept) + sum(len(file.data) for file in draft.attached) > (
        files.LARGEST_OF_ALL
    ):
        raise TooLarge
    answered = _answered(draft.answers, by)
    message = _message(draft, box, by, now, answered)
    message.save()
    sending = MailSending.objects.create(
        message=message, mailbox=box, author=by, to=list(draft.to), cc=list(draft.cc),
        in_reply_to=answered.message_id if answered else "", leaves_at=now + GRACE,
    )  # fmt: skip
    _link(message, {(kind, key, customer), (services.CUSTOMERS, customer, customer)})
    files.keep(found={message.pk: draft.attached})
    for place, file in enumerate(kept, start=len(draft.attached)):
        file.pk, file.message, file.place = None, message, place
        file._state.adding = True
    MailFile.objects.bulk_create(kept)
    if before is not None:
        files.delete_messages([before.message_id])
    _leave_later(sending)
    return sending


@transaction.atomic
def take_back(*, sending_id: UUID, by: User, now: datetime) -> MailSending:
    """Hold a message that has not left yet.

    :raises NoSuchMessage: it is not this person's.
    :raises TooLate: it has left.
    """
    sending = _mine(sending_id, by)
    if sending.state != SendingState.WAITING:
        raise TooLate(sending)
    sending.state, sending.ended_at = SendingState.HELD, now
    sending.save(update_fields=["state", "ended_at", "updated_at"])
    return sending


@transaction.atomic
def send_again(*, sending_id: UUID, by: User, now: datetime) -> MailSending:
    """Let a message leave that was taken back, failed, or of which nobody knows.

    :raises NoSuchMessage: it is not this person's.
    :raises TooLate: it has left.
    """
    sending = _mine(sending_id, by)
    if sending.state not in (*CHANGEABLE, SendingState.UNKNOWN):
        raise TooLate(sending)
    sending.state, sending.leaves_at, sending.attempts = SendingState.WAITING, now + GRACE, 0
    sending.problem = sending.problem_detail = ""
    sending.save()
    _leave_later(sending)
    return sending


@transaction.atomic
def discard(*, sending_id: UUID, by: User) -> None:
    """Delete a message that has not left.

    :raises NoSuchMessage: it is not this person's.
    :raises TooLate: it has left.
    """
    files.delete_messages([_changeable(sending_id, by).message_id])


def answer_of(message: MailMessage, *, to_all: bool) -> tuple[list[str], list[str]]:
    """Return to whom the answer to a message goes, and who gets a copy: never ourselves."""
    own = services.own_addresses()
    if message.is_outgoing:
        return [each for each in message.to_addresses if each not in own], []
    to = [message.reply_address or message.from_address]
    rest = [each for each in message.to_addresses if each not in own and each not in to]
    return [each for each in to if each], rest if to_all else []


def _message(
    draft: Draft, box: Mailbox, by: User, now: datetime, answered: MailMessage | None
) -> MailMessage:
    before = [*answered.references[-MOST_BEFORE:], answered.message_id] if answered else []
    name = f"<{uuid4()}@{box.address.rpartition('@')[2]}>"
    return MailMessage(
        message_id=name, sent_at=now, subject=draft.subject, text=draft.text, is_outgoing=True,
        from_name=(by.full_name if box.owner_id else box.name)[:200],
        from_address=box.address.lower(),
        to_addresses=list(dict.fromkeys(each.lower() for each in [*draft.to, *draft.cc])),
        references=before, thread=(answered.thread or answered.message_id) if answered else name,
    )  # fmt: skip


def _link(message: MailMessage, on: set[tuple[str, UUID, UUID]]) -> None:
    links = services.links_of([message], services.own_addresses())
    known = {(link.kind, link.key) for link in links}
    links += [
        MailLink(message=message, kind=kind, key=key, counterparty_id=partner, at=message.sent_at)
        for kind, key, partner in sorted(on, key=str)
        if (kind, key) not in known
    ]
    MailLink.objects.bulk_create(links)


def _open_customer(kind: str, key: UUID, by: User) -> UUID:
    customer = cards.customer_of(kind, key)
    if customer is None or not selectors.is_open(customer, user=by):
        raise CardClosed(kind, key)
    return customer


def _answered(key: UUID | None, by: User) -> MailMessage | None:
    if key is None:
        return None
    found = selectors.readable(by).filter(pk=key).first()
    if found is None:
        raise NoSuchMessage(key)
    return found


def _kept_files(before: MailSending | None, keys: Collection[UUID]) -> list[MailFile]:
    if before is None:
        return []
    return list(MailFile.objects.filter(message=before.message_id, pk__in=keys).order_by("place"))


def _changeable(key: UUID, by: User) -> MailSending:
    sending = _mine(key, by)
    if sending.state not in CHANGEABLE:
        raise TooLate(sending)
    return sending


def _mine(key: UUID, by: User) -> MailSending:
    require(by, "activities.create")
    rows = MailSending.objects.select_for_update(of=("self",)).filter(
        pk=key, mailbox__in=selectors.boxes_to_write_from(by).values("pk"),
        message__in=selectors.readable(by).values("pk"),
    )  # fmt: skip
    found = rows.first()
    if found is None:
        raise NoSuchMessage(key)
    return found


def _leave_later(sending: MailSending) -> None:
    later = partial(
        send_mail.apply_async, kwargs={"sending_id": str(sending.pk)},
        countdown=GRACE.total_seconds() + 1,
    )  # fmt: skip
    transaction.on_commit(later)

"""What people may read of mail, and write from: boxes, messages, conversations, strangers."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from apps.accounts.models import User
from apps.accounts.rights import can, opened, visible
from apps.counterparties.models import ContactPerson, ContactPoint, Counterparty, PointKind
from apps.mail.models import Mailbox, MailFile, MailLink, MailMessage, MailPlace, MailSending

CUSTOMERS = "counterparties"


def boxes_to_write_from(user: User) -> QuerySet[Mailbox]:
    """Return one's own boxes and those that are shared, as far as they can send; own ones first."""
    rows = Mailbox.objects.filter(Q(owner=user) | Q(owner=None), is_paused=False)
    return rows.exclude(smtp_host="").order_by("owner", "name", "pk")


def boxes_to_read(user: User) -> QuerySet[Mailbox]:
    """Return the boxes of which a person sees letters."""
    mine = Q(owner=user) | Q(owner=None) | Q(shares_matched=True)
    return Mailbox.objects.filter(mine).order_by("name", "pk")


def in_box(condition: Q) -> Q:
    """Return the condition of messages that lie in a box, or are written from one, of this kind.

    ``condition`` is about the box.
    """
    boxes = Mailbox.objects.filter(condition).values("pk")
    places = MailPlace.objects.filter(message=OuterRef("pk"), folder__mailbox__in=boxes)
    sendings = MailSending.objects.filter(message=OuterRef("pk"), mailbox__in=boxes)
    return Q(Exists(places)) | Q(Exists(sendings))


def readable(user: User) -> QuerySet[MailMessage]:
    """Return the messages a person may read.

    Those of a customer, in boxes that share them, to whoever sees the customer; those of nobody's
    in shared boxes to everybody; those of one's own box to oneself. What stands on the card of a
    VIP customer is read by those who see its e-mail.
    """
    if not can(user, "activities.view"):
        return MailMessage.objects.none()
    links = MailLink.objects.filter(message=OuterRef("pk"))
    partners = Counterparty.objects.all()
    if not can(user, "counterparties.view"):
        partners = partners.none()
    seen: Any = visible(user, partners, "counterparties.view")
    is_open = opened(user, Counterparty, "email", "counterparty__")
    mine, shared = in_box(Q(owner=user)), in_box(Q(owner=None))
    of_seen = Exists(links.filter(counterparty__in=seen.values("pk")))
    rows = MailMessage.objects.defer("search_text").filter(
        mine | Q(~Exists(links), shared) | Q(of_seen, in_box(Q(shares_matched=True)))
    )
    return rows.exclude(Exists(links.exclude(is_open))) if is_open else rows


def addresses_of(customer: UUID, *, user: User, first: UUID | None = None) -> list[tuple[str, str]]:
    """Return the addresses of a customer and its people, with the name of whose each is.

    Those of the contact person ``first`` stand first. None where e-mail is not for this person.
    """
    partners = Counterparty.objects.filter(opened(user, Counterparty, "email"), pk=customer)
    found = [(email, name) for name, email in partners.values_list("name", "email")]
    if not found:
        return []
    people = ContactPerson.objects.filter(
        opened(user, ContactPerson, "email"), counterparty=customer, is_archived=False
    )
    rows = people.order_by("full_name", "pk").values_list("pk", "full_name", "email")
    names = {key: name for key, name, _address in rows}
    written = {key: [address] for key, _name, address in rows}
    points = ContactPoint.objects.filter(kind=PointKind.EMAIL, counterparty=customer)
    for person, address in points.order_by("created_at", "pk").values_list("person_id", "value"):
        if person in written:
            written[person].append(address)
        elif not person:
            found.append((address, found[0][1]))
    for key in sorted(written, key=lambda each: each != first):
        of_person = [(address, names[key]) for address in written[key]]
        found = [*of_person, *found] if key == first else [*found, *of_person]
    known: dict[str, str] = {}
    for address, name in found:
        if address.strip():
            known.setdefault(address.strip().lower(), name)
    return list(known.items())


def is_open(customer: UUID, *, user: User) -> bool:
    """Tell whether the e-mail of a customer is for this person."""
    rows = Counterparty.objects.filter(opened(user, Counterparty, "email"), pk=customer)
    return rows.exists()


def box_to_answer_from(message: MailMessage, *, user: User) -> UUID | None:
    """Return the box a message came to, or went from, where one may write from it."""
    rows = boxes_to_write_from(user).filter(
        Q(folders__in=MailPlace.objects.filter(message=message).values("folder"))
        | Q(sendings__message=message)
    )
    return rows.values_list("pk", flat=True).first()


def files_to_read(user: User) -> QuerySet[MailFile]:
    """Return what is attached to messages a person may read."""
    return MailFile.objects.filter(message__in=readable(user).values("pk"))


def conversation(message: MailMessage, *, user: User) -> list[MailMessage]:
    """Return the messages of a conversation that a person may read, the oldest first."""
    if not message.thread:
        return [message]
    rows = readable(user).filter(thread=message.thread).order_by("sent_at", "id")
    return list(rows[:50])


def customers_of(
    messages: Collection[UUID], *, user: User
) -> dict[UUID, list[Counterparty]]:
    """Return the customers on whose cards messages stand, as far as a person sees them."""
    if not can(user, "counterparties.view"):
        return {}
    seen = visible(user, Counterparty.objects.all(), "counterparties.view")
    links = MailLink.objects.filter(
        message__in=messages, kind=CUSTOMERS, counterparty__in=seen.values("pk")
    ).select_related("counterparty")
    found: dict[UUID, list[Counterparty]] = {}
    for link in links.order_by("counterparty__sort_name", "pk"):
        found.setdefault(link.message_id, []).append(link.counterparty)
    return found


def strangers(user: User, *, with_automatic: bool = False) -> QuerySet[Any]:
    """Return the letters received of nobody's that a person may do something with.

    Those of a colleague's own box are read by that colleague alone.
    """
    rows = readable(user).filter(
        in_box(Q(owner=user) | Q(owner=None)), links=None, is_outgoing=False
    ).exclude(from_address="")
    return rows if with_automatic else rows.filter(is_automatic=False)

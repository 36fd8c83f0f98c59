"""Letters of people who are nobody of ours: made a lead, added to a customer, or ignored."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Max, Q

from apps.accounts.models import User
from apps.accounts.rights import require
from apps.accounts.rights.guards import require_save
from apps.core import objects
from apps.counterparties.contacts import PointValues, put_points
from apps.counterparties.models import (
    ContactPerson,
    Counterparty,
    CounterpartyKind,
    CounterpartyStatus,
    PointKind,
)
from apps.mail import files, selectors, services
from apps.mail.models import IgnoredSender, Mailbox, MailMessage, MailPlace

PAGE = 50
SOURCE = "E-mail"


class NoSuchStranger(LookupError):
    """There is no letter of this address that the person may do something with."""


@dataclass(frozen=True)
class Sender:
    """Whose letters wait: how many there are, and the latest one."""

    address: str
    name: str
    count: int
    latest_at: datetime
    latest: MailMessage


def senders(
    *, user: User, with_automatic: bool = False, words: str = "", begin: int = 0
) -> tuple[list[Sender], bool]:
    """Return a page of the senders, whoever wrote last first, and whether there are more."""
    rows = selectors.strangers(user, with_automatic=with_automatic)
    if words:
        rows = rows.filter(Q(from_address__icontains=words) | Q(from_name__icontains=words))
    grouped = rows.values("from_address").annotate(count=Count("pk"), latest_at=Max("sent_at"))
    page = list(grouped.order_by("-latest_at", "from_address")[begin : begin + PAGE + 1])
    addresses = [each["from_address"] for each in page[:PAGE]]
    latest = {
        row.from_address: row
        for row in rows.filter(from_address__in=addresses)
        .order_by("from_address", "-sent_at", "-id")
        .distinct("from_address")
    }
    found = [
        Sender(
            each["from_address"], latest[each["from_address"]].from_name, each["count"],
            each["latest_at"], latest[each["from_address"]],
        )
        for each in page[:PAGE]
    ]  # fmt: skip
    return found, len(page) > PAGE


@transaction.atomic
def make_lead(*, address: str, by: User) -> Counterparty:
    """Make a lead of a sender, with name and address; the letters stand on its card.

    :raises NoSuchStranger: there is no letter of this address for this person.
    :raises PermissionDenied: the role makes no counterparties.
    """
    latest = _latest(address, by)
    values = {
        "name": (latest.from_name or address)[:250], "email": address,
        "kind": CounterpartyKind.PERSON, "status": CounterpartyStatus.LEAD, "source": SOURCE,
        "responsible": by.pk, "is_customer": True,
    }  # fmt: skip
    lead = objects.save(objects.kind(services.CUSTOMERS), values=values, by=by)
    services.link_strangers(address=address)
    return Counterparty.objects.get(pk=lead.pk)


@transaction.atomic
def add_to_customer(
    *, address: str, counterparty_id: UUID, person_id: UUID | None, by: User
) -> Counterparty:
    """Make an address a further one of a customer, or of a contact person there.

    The letters stand on the cards of both.

    :raises NoSuchStranger: there is no letter of this address for this person.
    :raises PermissionDenied: the person may not change this customer, or its e-mail.
    :raises DoesNotExist: the contact person is not one of the customer's.
    """
    _latest(address, by)
    partner = Counterparty.objects.select_for_update().get(pk=counterparty_id)
    require(by, "counterparties.edit", partner)
    require_save(by, objects.kind(services.CUSTOMERS), partner.pk, ["email"])
    person = None
    if person_id is not None:
        person = ContactPerson.objects.select_for_update().get(
            pk=person_id, counterparty=partner, is_archived=False
        )
    held = partner.points.filter(person=person).order_by("created_at", "pk")
    wanted = [PointValues(each.kind, each.value, each.label) for each in held]
    put_points(
        partner=partner, person=person, wanted=[*wanted, PointValues(PointKind.EMAIL, address)]
    )
    (person or partner).save(update_fields=["further_contacts", "updated_at"])
    services.link_strangers(address=address)
    return partner


@transaction.atomic
def ignore(*, address: str, by: User) -> int:
    """Leave out letters of an address in the boxes it wrote to; return how many went.

    Those boxes are one's own and the shared ones; letters in a colleague's box stay.

    :raises NoSuchStranger: there is no letter of this address for this person.
    """
    _latest(address, by)
    letters = selectors.strangers(by, with_automatic=True).filter(from_address=address)
    places = MailPlace.objects.filter(message__in=letters.values("pk"))
    boxes = Mailbox.objects.filter(
        Q(owner=by) | Q(owner=None), folders__in=places.values("folder")
    ).distinct()
    IgnoredSender.objects.bulk_create(
        [IgnoredSender(mailbox=box, address=address, author=by) for box in boxes.order_by("pk")],
        ignore_conflicts=True,
    )
    elsewhere = MailPlace.objects.exclude(folder__mailbox__in=boxes)
    gone = letters.exclude(pk__in=elsewhere.values("message"))
    return files.delete_messages(gone.values_list("pk", flat=True))


def ignored(*, user: User) -> list[IgnoredSender]:
    """Return the addresses that one's own and the shared boxes leave out."""
    rows = IgnoredSender.objects.filter(Q(mailbox__owner=user) | Q(mailbox__owner=None))
    return list(rows.select_related("mailbox", "author").order_by("address", "pk")[:500])


@transaction.atomic
def stop_ignoring(*, ignored_id: UUID, by: User) -> IgnoredSender:
    """Keep letters of an address again, from now on.

    :raises NoSuchStranger: there is no such address in a box of this person's.
    """
    rows = IgnoredSender.objects.filter(Q(mailbox__owner=by) | Q(mailbox__owner=None))
    found = rows.filter(pk=ignored_id).first()
    if found is None:
        raise NoSuchStranger(ignored_id)
    IgnoredSender.objects.filter(pk=found.pk).delete()
    return found


def _latest(address: str, by: User) -> MailMessage:
    rows = selectors.strangers(by, with_automatic=True).filter(from_address=address)
    found: MailMessage | None = rows.order_by("-sent_at", "-id").first()
    if found is None:
        raise NoSuchStranger(address)
    return found

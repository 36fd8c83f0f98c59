"""Reading boxes: new messages are kept once and stand on the cards of those they concern."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Lower

from apps.counterparties.models import ContactPerson, ContactPoint, Counterparty, PointKind
from apps.deals.models import Deal
from apps.mail import parsing, reaching
from apps.mail.models import Mailbox, MailFolder, MailLink, MailMessage, MailPlace

FIRST_DAYS = 30
REFUSED_REST = timedelta(hours=1)  # a provider closes a box that is tried with a wrong password
BATCH = 50
INBOX = "INBOX"
CUSTOMERS, CONTACTS, DEALS = "counterparties", "contacts", "deals"


@dataclass(frozen=True)
class Fetched:
    """A message with its number in the folder."""

    uid: int
    read: parsing.Read


def boxes_to_read(*, now: datetime) -> list[UUID]:
    """Return the boxes whose turn it is: none that is paused, one that refused us once an hour."""
    rows = Mailbox.objects.filter(is_paused=False).exclude(
        problem=reaching.LOGIN, updated_at__gt=now - REFUSED_REST
    )
    return list(rows.order_by("pk").values_list("pk", flat=True))


def read_box(*, mailbox_id: UUID, now: datetime) -> int:
    """Read what is new in a box, received and sent; return how many messages were kept.

    The first time what is of the latest thirty days. Each batch is kept together with how far the
    folder is read: whoever is interrupted goes on there. Why a box could not be read stands on it.
    """
    mailbox = Mailbox.objects.get(pk=mailbox_id)
    if mailbox.is_paused:
        return 0
    count, problem, detail = 0, "", ""
    try:
        with reaching.opened(mailbox) as box:
            sent = box.sent_folder()
            for name in [INBOX, *([sent] if sent else [])]:
                count += _read_folder(mailbox, box, name, now)
    except reaching.NotReached as refused:
        problem, detail = refused.code, refused.detail
    said = {"problem": problem, "problem_detail": detail, "updated_at": now}
    if not problem:
        said["read_at"] = now
    Mailbox.objects.filter(pk=mailbox.pk).update(**said)
    return count


def _read_folder(mailbox: Mailbox, box: reaching.Box, name: str, now: datetime) -> int:
    folder, _made = MailFolder.objects.get_or_create(mailbox=mailbox, name=name)
    validity = box.open_folder(name)
    after = folder.latest_uid if folder.uidvalidity == validity else 0
    uids = box.uids(after=after, since=(now - timedelta(days=FIRST_DAYS)).date())
    count = 0
    for begin in range(0, len(uids), BATCH):
        part = uids[begin : begin + BATCH]
        sizes = box.sizes(part)
        fetched = []
        for uid in part:
            is_cut = sizes.get(uid, 0) > reaching.LARGEST
            raw = box.fetch(uid, head_only=is_cut)
            if raw is not None:
                fetched.append(Fetched(uid, parsing.read(raw, now=now, is_cut=is_cut)))
        count += keep(folder_id=folder.pk, validity=validity, latest=part[-1], fetched=fetched)
    return count


@transaction.atomic
def keep(*, folder_id: UUID, validity: int, latest: int, fetched: Sequence[Fetched]) -> int:
    """Keep a batch of a folder, and that it is read up to ``latest``; return how many are new.

    A message that is known by its identifier gets a further place, nothing else.
    """
    folder = MailFolder.objects.select_for_update().select_related("mailbox").get(pk=folder_id)
    own = set(Mailbox.objects.annotate(folded=Lower("address")).values_list("folded", flat=True))
    wanted = {
        each.read.message_id: MailMessage(
            message_id=each.read.message_id, sent_at=each.read.sent_at,
            subject=each.read.subject, from_name=each.read.from_name,
            from_address=each.read.from_address, to_addresses=list(each.read.to_addresses),
            text=each.read.text, problem=each.read.problem,
            is_outgoing=each.read.from_address in own,
        )
        for each in fetched
    }  # fmt: skip
    MailMessage.objects.bulk_create(
        [wanted[name] for name in sorted(wanted)], ignore_conflicts=True
    )
    kept = {row.message_id: row for row in MailMessage.objects.filter(message_id__in=wanted)}
    MailPlace.objects.bulk_create(
        [
            MailPlace(message=kept[each.read.message_id], folder=folder, uidvalidity=validity,
                      uid=each.uid)
            for each in fetched
        ],
        ignore_conflicts=True,
    )  # fmt: skip
    new = [row for name, row in kept.items() if row.pk == wanted[name].pk]
    MailLink.objects.bulk_create(_links(new, own), ignore_conflicts=True)
    folder.uidvalidity, folder.latest_uid = validity, latest
    folder.save(update_fields=["uidvalidity", "latest_uid", "updated_at"])
    return len(new)


def _links(messages: Sequence[MailMessage], own: Collection[str]) -> list[MailLink]:
    """Return where messages stand: customers, contact persons, the open deal if there is one."""
    strangers = {
        row.pk: {row.from_address, *row.to_addresses} - set(own) - {""} for row in messages
    }
    cards = _cards(set().union(*strangers.values()))
    deals = _single_deals({partner for found in cards.values() for _k, _key, partner in found})
    links = []
    for row in messages:
        found = {card for address in strangers[row.pk] for card in cards.get(address, ())}
        found |= {
            (DEALS, deals[partner], partner) for _k, _key, partner in found if partner in deals
        }
        links += [
            MailLink(message=row, kind=kind, key=key, counterparty_id=partner, at=row.sent_at)
            for kind, key, partner in sorted(found, key=str)
        ]
    return links


def _cards(addresses: Collection[str]) -> dict[str, set[tuple[str, UUID, UUID]]]:
    """Return the cards reached at each address, as (kind, key, customer).

    The indexes of addresses leave out empty ones: so do these reads.
    """
    found: dict[str, set[tuple[str, UUID, UUID]]] = defaultdict(set)
    partners = Counterparty.objects.annotate(folded=Lower("email")).filter(
        ~Q(email=""), folded__in=addresses, is_archived=False
    )
    for key, address in partners.values_list("pk", "folded"):
        found[address].add((CUSTOMERS, key, key))
    people = ContactPerson.objects.annotate(folded=Lower("email")).filter(
        ~Q(email=""), folded__in=addresses, is_archived=False
    )
    for key, partner, address in people.values_list("pk", "counterparty_id", "folded"):
        found[address] |= {(CONTACTS, key, partner), (CUSTOMERS, partner, partner)}
    points = ContactPoint.objects.filter(
        kind=PointKind.EMAIL, normalized__in=addresses, counterparty__is_archived=False
    )
    for partner, person, address in points.values_list(
        "counterparty_id", "person_id", "normalized"
    ):
        found[address].add((CUSTOMERS, partner, partner))
        if person is not None:
            found[address].add((CONTACTS, person, partner))
    return found


def _single_deals(partners: Collection[UUID]) -> dict[UUID, UUID]:
    """Return the open deal of each customer that has exactly one."""
    rows = Deal.objects.filter(
        counterparty__in=partners, closed_at__isnull=True, is_archived=False
    )
    by_partner: dict[UUID, list[UUID]] = defaultdict(list)
    for partner, deal in rows.values_list(F("counterparty_id"), "pk"):
        by_partner[partner].append(deal)
    return {partner: deals[0] for partner, deals in by_partner.items() if len(deals) == 1}

"""Reading boxes: new messages are kept once and stand on the cards of those they concern.

Letters of strangers are kept beside them, for ``strangers``, unless their address is ignored.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Lower

from apps.counterparties.models import ContactPerson, ContactPoint, Counterparty, PointKind
from apps.deals.models import Deal
from apps.mail import copying, files, parsing, reaching
from apps.mail.models import (
    IgnoredSender,
    Mailbox,
    MailFolder,
    MailLink,
    MailMessage,
    MailPlace,
    MailSending,
    SendingState,
)

FIRST_DAYS = 30
REFUSED_REST = timedelta(hours=1)  # a provider closes a box that is tried with a wrong password
BATCH = 50
LARGEST_BATCH = 30 * 1024 * 1024  # of what is attached: a batch is held in memory
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
            if sent and not mailbox.keeps_sent:
                copying.put_copies(mailbox=mailbox, box=box, folder=sent, now=now)
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
        fetched: list[Fetched] = []
        for uid in part:
            is_cut = sizes.get(uid, 0) > reaching.LARGEST
            raw = box.fetch(uid, head_only=is_cut)
            if raw is not None:
                fetched.append(Fetched(uid, parsing.read(raw, now=now, is_cut=is_cut)))
            if uid == part[-1] or _weight(fetched) > LARGEST_BATCH:
                count += keep(
                    folder_id=folder.pk, validity=validity, latest=uid, fetched=fetched, now=now
                )
                fetched = []
    return count


def _weight(fetched: Sequence[Fetched]) -> int:
    return sum(len(file.data) for each in fetched for file in each.read.files)


@transaction.atomic
def keep(
    *, folder_id: UUID, validity: int, latest: int, fetched: Sequence[Fetched], now: datetime
) -> int:
    """Keep a batch of a folder, and that it is read up to ``latest``; return how many are new.

    A message that is known by its identifier gets a further place, nothing else: so does the copy
    of one that was sent from here. Strangers whose address is ignored are left out.
    """
    folder = MailFolder.objects.select_for_update().select_related("mailbox").get(pk=folder_id)
    own = own_addresses()
    threads = _threads(fetched)
    wanted = {
        each.read.message_id: MailMessage(
            message_id=each.read.message_id, sent_at=each.read.sent_at,
            subject=each.read.subject, from_name=each.read.from_name,
            from_address=each.read.from_address, to_addresses=list(each.read.to_addresses),
            text=each.read.text, problem=each.read.problem,
            is_outgoing=each.read.from_address in own, reply_address=each.read.reply_address,
            references=list(each.read.references), thread=threads[each.read.message_id],
            is_automatic=each.read.is_automatic,
        )
        for each in fetched
    }  # fmt: skip
    links = links_of(list(wanted.values()), own)
    for name in _unwanted(folder.mailbox_id, wanted, {link.message_id for link in links}):
        del wanted[name]
    MailMessage.objects.bulk_create(
        [wanted[name] for name in sorted(wanted)], ignore_conflicts=True
    )
    kept = {row.message_id: row for row in MailMessage.objects.filter(message_id__in=wanted)}
    MailPlace.objects.bulk_create(
        [
            MailPlace(message=kept[each.read.message_id], folder=folder, uidvalidity=validity,
                      uid=each.uid)
            for each in fetched
            if each.read.message_id in kept
        ],
        ignore_conflicts=True,
    )  # fmt: skip
    new = {row.pk for name, row in kept.items() if row.pk == wanted[name].pk}
    MailLink.objects.bulk_create(
        [link for link in links if link.message_id in new], ignore_conflicts=True
    )
    attached = {
        kept[each.read.message_id].pk: each.read.files
        for each in fetched
        if each.read.message_id in kept
    }
    files.keep(found={key: found for key, found in attached.items() if key in new})
    if folder.name != INBOX:
        _found_sent(kept.values(), now)
    folder.uidvalidity, folder.latest_uid = validity, latest
    folder.save(update_fields=["uidvalidity", "latest_uid", "updated_at"])
    return len(new)


def own_addresses() -> set[str]:
    """Return the addresses of every box, folded."""
    return set(Mailbox.objects.annotate(folded=Lower("address")).values_list("folded", flat=True))


def _threads(fetched: Sequence[Fetched]) -> dict[str, str]:
    """Return the conversation of each message: that of the one it answers, where it is known."""
    answered = [each.read.references[-1] for each in fetched if each.read.references]
    rows = MailMessage.objects.filter(message_id__in=answered).exclude(thread="")
    known = dict(rows.values_list("message_id", "thread"))
    for each in sorted(fetched, key=lambda each: each.read.sent_at):
        name, before = each.read.message_id, each.read.references
        known[name] = known.get(before[-1], before[0]) if before else name
    return known


def _unwanted(
    mailbox_id: UUID, wanted: Mapping[str, MailMessage], linked: Collection[UUID]
) -> list[str]:
    """Return the identifiers of strangers' letters that the box leaves out."""
    ignored = set(
        IgnoredSender.objects.filter(
            mailbox=mailbox_id, address__in={row.from_address for row in wanted.values()}
        ).values_list("address", flat=True)
    )
    return [
        name for name, row in wanted.items()
        if row.from_address in ignored and row.pk not in linked
    ]  # fmt: skip


def _found_sent(messages: Iterable[MailMessage], now: datetime) -> None:
    """Note that copies of what was sent from here lie in the box: its server has taken them."""
    rows = MailSending.objects.filter(message__in=messages)
    rows.filter(state=SendingState.SENT, copied_at=None).update(copied_at=now, updated_at=now)
    rows.filter(state=SendingState.UNKNOWN).update(
        state=SendingState.SENT, ended_at=now, copied_at=now, problem="", problem_detail="",
        updated_at=now,
    )  # fmt: skip


def link_strangers(*, address: str) -> int:
    """Put letters that stood on no card where the address belongs now; return how many cards."""
    rows = MailMessage.objects.filter(from_address=address.strip().lower(), links=None)
    links = links_of(list(rows.order_by("pk")), own_addresses())
    return len(MailLink.objects.bulk_create(links, ignore_conflicts=True))


def links_of(messages: Sequence[MailMessage], own: Collection[str]) -> list[MailLink]:
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

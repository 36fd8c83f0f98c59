"""What people and 1C do to counterparties."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from apps.core.folding import fold
from apps.core.objects import ChangedMeanwhile
from apps.counterparties.contacts import PointValues, put_points
from apps.counterparties.models import (
    BankAccount,
    ContactPerson,
    Counterparty,
    CounterpartyKind,
    CounterpartyStatus,
    DateKind,
    ImportantDate,
)
from apps.duplicates.selectors import survivor
from exchange.rows import CounterpartyRow
from replication.nodes import offices_by_name, this_office

_FIELDS = (
    "name", "kind", "full_name", "tax_number", "tax_reason_code", "registration_number",
    "address", "legal_address", "phone", "email", "comment", "responsible_id", "office_id",
    "card_number", "status", "rejected_because", "is_customer", "is_supplier", "is_partner",
    "is_competitor", "is_vip", "source", "website", "preferences", "parent_id", "tags",
)  # fmt: skip
_OF_CONTACT = ("full_name", "job_title", "phone", "email")
_PHONES = ("телефон", "phone", "тел", "моб")
_MAILS = ("почта", "mail", "e-mail")
DEEPEST_TREE = 20  # companies above a company


class CounterpartyError(Exception):
    """A counterparty was not changed."""


class UnknownOffice(CounterpartyError):
    """There is no such branch office; nothing was changed."""


class BelongsToItself(CounterpartyError):
    """A company would belong to itself, or to one that belongs to it; nothing was changed."""


@dataclass(frozen=True)
class ContactValues:
    """A person at a counterparty."""

    full_name: str
    job_title: str = ""
    phone: str = ""
    email: str = ""
    key: UUID | None = None  # None: who has this name there


@dataclass(frozen=True)
class DateValues:
    """A day that matters to a counterparty."""

    on: date
    kind: str = DateKind.BIRTHDAY
    label: str = ""
    is_yearly: bool = True
    key: UUID | None = field(default=None, compare=False)  # None: the day that is the same


@dataclass(frozen=True)
class AccountValues:
    """An account of a counterparty; the number tells one from another, or the key."""

    number: str
    bank_name: str = ""
    bank_code: str = ""
    correspondent_account: str = ""
    key: UUID | None = field(default=None, compare=False)

    def columns(self) -> dict[str, str]:
        """Return what the row holds."""
        return {
            "number": self.number, "bank_name": self.bank_name, "bank_code": self.bank_code,
            "correspondent_account": self.correspondent_account,
        }  # fmt: skip


@dataclass(frozen=True)
class CounterpartyValues:
    """What a person enters of a counterparty."""

    name: str
    kind: str = CounterpartyKind.COMPANY
    full_name: str = ""
    tax_number: str = ""
    tax_reason_code: str = ""
    registration_number: str = ""
    address: str = ""
    legal_address: str = ""
    phone: str = ""
    email: str = ""
    comment: str = ""
    responsible_id: UUID | None = None
    office_id: UUID | None = None
    card_number: str = ""
    status: str = CounterpartyStatus.CUSTOMER
    rejected_because: str = ""
    is_customer: bool = True
    is_supplier: bool = False
    is_partner: bool = False
    is_competitor: bool = False
    is_vip: bool = False
    source: str = ""
    website: str = ""
    preferences: str = ""
    parent_id: UUID | None = None
    tags: Sequence[str] = ()
    points: Sequence[PointValues] | None = None
    dates: Sequence[DateValues] | None = None
    contact_persons: Sequence[ContactValues] | None = None  # None: as they are
    bank_accounts: Sequence[AccountValues] | None = None


@transaction.atomic
def save_counterparty(
    *, values: CounterpartyValues, counterparty_id: UUID | None = None,
    seen: datetime | None = None,
) -> Counterparty:  # fmt: skip
    """Create a counterparty or bring one to these values; the same again writes nothing.

    :raises ChangedMeanwhile: it was saved since ``seen``, the ``updated_at`` the writer saw.
    :raises BelongsToItself: its parent is itself or below it.
    """
    partner = (
        Counterparty.objects.select_for_update().get(pk=counterparty_id)
        if counterparty_id
        else Counterparty()
    )
    if counterparty_id and seen is not None and partner.updated_at > seen:
        raise ChangedMeanwhile(partner)
    if values.parent_id is not None and values.parent_id != partner.parent_id:
        _require_no_ring(partner, values.parent_id)
    wanted = {name: getattr(values, name) for name in _FIELDS} | {"tags": list(values.tags)}
    office = this_office()
    if counterparty_id is None and office is not None:
        wanted["office_id"] = wanted["office_id"] or office.pk
    wanted["sort_name"] = fold(values.name)[:250]
    changed = [name for name, value in wanted.items() if getattr(partner, name) != value]
    if "tax_number" in changed:
        forget_register(partner)
    for name in changed:
        setattr(partner, name, wanted[name])
    if changed or partner._state.adding:
        partner.save()
    if values.points is not None:
        before = partner.further_contacts
        put_points(partner=partner, person=None, wanted=values.points)
        if partner.further_contacts != before:
            partner.save(update_fields=["further_contacts", "updated_at"])
    if values.dates is not None:
        _put_dates(partner, values.dates)
    if values.contact_persons is not None:
        _put_contacts(partner, values.contact_persons)
    if values.bank_accounts is not None:
        _put_accounts(partner, values.bank_accounts)
    return partner


def forget_register(partner: Counterparty) -> None:
    """Drop what a register said: it was said of another tax number."""
    partner.register_state, partner.register_told_at = "", None


@transaction.atomic
def hand_over(*, ids: Sequence[UUID], office_id: UUID | None) -> int:
    """Let an office serve counterparties (``None``: the centre); return how many changed.

    With the next exchange the office that had them gives them up, and this one has them whole.

    :raises UnknownOffice: there is no such office.
    """
    if office_id is not None and office_id not in offices_by_name():
        raise UnknownOffice
    found = Counterparty.objects.filter(pk__in=ids).exclude(office_id=office_id)
    if office_id is not None:
        found = Counterparty.objects.filter(pk__in=ids).filter(
            ~Q(office_id=office_id) | Q(office_id=None)
        )
    return found.update(office_id=office_id, updated_at=timezone.now())


@transaction.atomic
def archive_counterparties(*, ids: Sequence[UUID], is_archived: bool = True) -> int:
    """Take counterparties out of lists and pickers, or bring them back; return how many changed."""
    found = Counterparty.objects.filter(pk__in=ids, is_archived=not is_archived)
    return found.update(is_archived=is_archived, updated_at=timezone.now())


def _require_no_ring(partner: Counterparty, parent_id: UUID) -> None:
    """Climb from the new parent: the counterparty itself must not stand above it."""
    above: UUID | None = parent_id
    for _step in range(DEEPEST_TREE):
        if above is None:
            return
        if above == partner.pk:
            break
        above = Counterparty.objects.values_list("parent_id", flat=True).filter(pk=above).first()
    raise BelongsToItself(partner)


def _put_dates(partner: Counterparty, wanted: Sequence[DateValues]) -> None:
    known = {
        DateValues(each.on, each.kind, each.label, each.is_yearly): each.pk
        for each in partner.dates.all()
    }
    by_key = {pk: values for values, pk in known.items()}
    for values in dict.fromkeys(wanted):
        if known.pop(values, None) is not None:
            continue
        columns = {
            "on": values.on, "kind": values.kind, "label": values.label,
            "is_yearly": values.is_yearly,
        }  # fmt: skip
        held = known.pop(by_key[values.key], None) if values.key in by_key else None
        if held is None:
            ImportantDate.objects.create(counterparty=partner, **columns)
        else:
            now = timezone.now()
            ImportantDate.objects.filter(pk=held).update(**columns, updated_at=now)
    ImportantDate.objects.filter(pk__in=known.values()).delete()


def _put_contacts(partner: Counterparty, wanted: Sequence[ContactValues]) -> None:
    """Bring the contact persons to what is wanted: found by key, then by the same name.

    Who is left out goes; persons in the trash stay there.
    """
    known = {person.pk: person for person in partner.contact_persons.filter(is_archived=False)}
    for values in wanted:
        told = {name: getattr(values, name) for name in _OF_CONTACT}
        key = values.key if values.key in known else _called(known, values.full_name)
        person = known.pop(key) if key is not None else None
        if person is None:
            ContactPerson.objects.create(counterparty=partner, **told)
            continue
        changed = [name for name, value in told.items() if getattr(person, name) != value]
        for name in changed:
            setattr(person, name, told[name])
        if changed:
            person.save(update_fields=[*changed, "updated_at"])
    ContactPerson.objects.filter(pk__in=list(known)).delete()


def _called(known: Mapping[UUID, ContactPerson], name: str) -> UUID | None:
    return next((key for key, person in known.items() if person.full_name == name), None)


def _put_accounts(partner: Counterparty, wanted: Sequence[AccountValues]) -> None:
    known = {account.number: account for account in partner.bank_accounts.all()}
    numbers = {account.pk: account.number for account in known.values()}
    for values in wanted:
        account = known.pop(values.number, None)
        if account is None and values.key is not None:
            account = known.pop(numbers.get(values.key, ""), None)
        if account is None:
            BankAccount.objects.create(counterparty=partner, **values.columns())
            continue
        changed = [n for n, value in values.columns().items() if getattr(account, n) != value]
        if changed:
            BankAccount.objects.filter(pk=account.pk).update(**values.columns())
    BankAccount.objects.filter(pk__in=[account.pk for account in known.values()]).delete()


def same_tax_number(*, tax_number: str, but: UUID | None = None) -> list[Counterparty]:
    """Return other counterparties with this tax number: probably the same company."""
    if not tax_number.strip():
        return []
    found = Counterparty.objects.filter(tax_number=tax_number.strip(), is_archived=False)
    return list((found.exclude(pk=but) if but else found).order_by("name", "id")[:5])


@transaction.atomic
def counterparty_for(*, row: CounterpartyRow, node_id: UUID) -> Counterparty:
    """Return the counterparty a row of 1C names, making or completing it; never a second one.

    Found by the node's identifier, then by ours, then by ИНН and КПП, then by the exact name.
    """
    partner = known_counterparty(row=row, node_id=node_id) or Counterparty(
        name=row.name[:250] or row.tax_number
    )
    changed = take_values(partner, row, node_id)
    if changed or partner._state.adding:
        partner.save()
    _take_accounts(partner, row)
    _take_representatives(partner, row)
    return partner


def take_values(partner: Counterparty, row: CounterpartyRow, node_id: UUID) -> bool:
    """Bring a counterparty (unsaved) to what 1C says; empty values keep ours."""
    values: dict[str, object] = {
        "name": row.name[:250],
        "full_name": row.full_name[:500],
        "tax_number": row.tax_number,
        "tax_reason_code": row.tax_reason_code,
        "address": row.address[:500],
        "legal_address": row.legal_address[:500],
        "phone": _contact(row, _PHONES)[:50],
        "email": _contact(row, _MAILS)[:254],
    }
    changed = False
    for name, value in values.items():
        if value and getattr(partner, name) != value:
            if name == "tax_number":
                forget_register(partner)
            setattr(partner, name, value)
            changed = True
    kind = CounterpartyKind.PERSON if row.is_person else CounterpartyKind.COMPANY
    if partner._state.adding:
        partner.kind = kind
    if partner.node_id is None and row.ref:
        partner.node_id, partner.ref = node_id, row.ref[:120]
        changed = True
    is_its_own = partner.node_id == node_id and partner.ref == row.ref[:120]
    if partner.is_archived != row.is_deleted and is_its_own:  # not one merged into it
        partner.is_archived = row.is_deleted
        changed = True
    sort_name = fold(partner.name)[:250]
    if partner.sort_name != sort_name:
        partner.sort_name = sort_name
        changed = True
    return changed


def known_counterparty(*, row: CounterpartyRow, node_id: UUID) -> Counterparty | None:
    """Return the counterparty a row of 1C names, as far as it is known here."""
    if row.ref:
        by_ref = Q(node_id=node_id, ref=row.ref[:120])
        if _is_uuid(row.ref):
            by_ref |= Q(pk=row.ref)
        found = Counterparty.objects.filter(by_ref).first()
        if found is not None:
            return _survivor(found)
    free = Counterparty.objects.filter(Q(node_id__isnull=True) | Q(node_id=node_id, ref=""))
    if row.tax_number:
        found = free.filter(
            tax_number=row.tax_number, tax_reason_code__in=[row.tax_reason_code, ""]
        ).first()
        found = found or free.filter(tax_number=row.tax_number).first()
        return _survivor(found) if found is not None else None
    found = free.filter(name=row.name[:250], tax_number="").first() if row.name else None
    return _survivor(found) if found is not None else None


def _survivor(partner: Counterparty) -> Counterparty:
    """Return the counterparty into which this one was merged; itself, if it was not."""
    key = survivor("counterparties", partner.pk)
    return partner if key == partner.pk else Counterparty.objects.get(pk=key)


def _take_accounts(partner: Counterparty, row: CounterpartyRow) -> None:
    known = {account.number: account for account in partner.bank_accounts.all()}
    for sent in row.accounts:
        number = sent.number[:40]
        values = {
            "bank_name": sent.bank_name[:250], "bank_code": sent.bic[:20],
            "correspondent_account": sent.correspondent_account[:40],
        }  # fmt: skip
        account = known.get(number)
        if account is None:
            BankAccount.objects.create(counterparty=partner, number=number, **values)
        elif any(getattr(account, name) != value for name, value in values.items()):
            BankAccount.objects.filter(pk=account.pk).update(**values)


def _take_representatives(partner: Counterparty, row: CounterpartyRow) -> None:
    known = set(partner.contact_persons.values_list("full_name", flat=True))
    for name in row.representatives:
        if name[:150] not in known:
            ContactPerson.objects.create(counterparty=partner, full_name=name[:150])
            known.add(name[:150])


def _contact(row: CounterpartyRow, words: Sequence[str]) -> str:
    return next(
        (c.value for c in row.contacts if any(word in c.type.lower() for word in words)), ""
    )


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True

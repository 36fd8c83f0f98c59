"""Personal data: consents, all that is kept of a person, and erasing it (152-ФЗ, KVKK, GDPR).

Documents stay: books have to be kept. What tells who the person is goes, from the card, its
history and its files.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from apps.accounts.rights import visible
from apps.counterparties.models import (
    Attachment,
    Consent,
    ContactPerson,
    Counterparty,
    CounterpartyKind,
)
from apps.duplicates.services import merging
from apps.history.models import RowChange
from apps.history.services import gather
from apps.imports.services import forgetting as imports
from tenants.context import acting

ERASED = gettext_noop("Erased person")
_OF_PERSON = ("job_title", "phone", "email", "preferences", "comment", "further_contacts")
_OF_COUNTERPARTY = (
    "full_name", "tax_number", "registration_number", "address", "legal_address", "phone", "email",
    "website", "comment", "preferences", "card_number", "source", "further_contacts",
    "rejected_because",
)  # fmt: skip


class NotAPerson(Exception):
    """A company has no personal data of its own: its contact persons have."""


@dataclass(frozen=True)
class Removed:
    """One line of the report on what was erased."""

    what: str
    count: int


@dataclass(frozen=True)
class Further:
    """What another room keeps of a person: ``tell`` returns it by its heading, ``erase`` takes it.

    Both are given the contact person or counterparty while their addresses still stand on it.
    """

    tell: Callable[[ContactPerson | Counterparty], dict[str, Any]]
    erase: Callable[[ContactPerson | Counterparty], list[Removed]]


_further: list[Further] = []


def register(further: Further) -> None:
    """Have another room told whenever a person is shown everything, or erased."""
    _further.append(further)


def consents_of(
    *, person: ContactPerson | None = None, partner: Counterparty | None = None
) -> list[Consent]:
    """Return the consents of a person, or of a counterparty itself, the latest first."""
    rows = Consent.objects.filter(person=person)
    if partner is not None:
        rows = rows.filter(counterparty=partner)
    return list(rows.order_by("-given_on", "-id"))


def found(*, kind: str, key: UUID, by: Any, action: str) -> ContactPerson | Counterparty:
    """Return the contact person or counterparty a page speaks of.

    :raises LookupError: there is none that the person may see.
    """
    model: Any = {"contacts": ContactPerson, "counterparties": Counterparty}[kind]
    row: ContactPerson | Counterparty | None = (
        visible(by, model.objects.all(), f"counterparties.{action}").filter(pk=key).first()
    )
    if row is None:
        raise LookupError(kind, key)
    return row


@transaction.atomic
def give_consent(
    *, subject: ContactPerson | Counterparty, given_on: date, text_version: str, channel: str = ""
) -> Consent:
    """Note that a person agreed, to which text, and how."""
    person = subject if isinstance(subject, ContactPerson) else None
    return Consent.objects.create(
        counterparty_id=person.counterparty_id if person is not None else subject.pk,
        person=person,
        given_on=given_on, text_version=text_version[:100], channel=channel[:100],
    )  # fmt: skip


@transaction.atomic
def withdraw_consent(*, consent: Consent, on: date) -> None:
    """Note that a consent was taken back; the second time changes nothing."""
    if consent.withdrawn_on is None:
        consent.withdrawn_on = on
        consent.save(update_fields=["withdrawn_on", "updated_at"])


def told_of(subject: ContactPerson | Counterparty) -> dict[str, Any]:
    """Return everything kept of a person, for the person to take along."""
    names = [
        field for field in subject._meta.concrete_fields
        if not field.is_relation and field.name not in ("search_text", "sort_name", "id")
    ]  # fmt: skip
    told: dict[str, Any] = {
        str(field.verbose_name): getattr(subject, field.attname) for field in names
    }
    if isinstance(subject, ContactPerson):
        told[_("counterparty")] = str(subject.counterparty)
        told[_("roles")] = [
            {"counterparty": str(role.counterparty), "role": role.role}
            for role in subject.roles.select_related("counterparty")
        ]
    person = subject if isinstance(subject, ContactPerson) else None
    points = subject.points.filter(person=person)
    told[_("contacts")] = [
        {"kind": point.kind, "label": point.label, "value": point.value} for point in points
    ]
    told[_("consents")] = [
        {"given_on": each.given_on, "text": each.text_version, "withdrawn_on": each.withdrawn_on}
        for each in _consents(subject)
    ]
    told[_("files")] = [file.name for file in _files(subject)]
    for each in _further:
        told |= each.tell(subject)
    return told


@transaction.atomic
def erase(
    *, subject: ContactPerson | Counterparty, by: UUID | None, now: datetime
) -> Sequence[Removed]:
    """Take away what tells who a person is, and say what that was.

    The change history is brought up to date first, so that nothing of it comes later; what is
    erased is not told there.

    :raises NotAPerson: it is a company.
    """
    if isinstance(subject, Counterparty) and subject.kind != CounterpartyKind.PERSON:
        raise NotAPerson(subject)
    gather(now=now)
    with acting(author=by, cause="erased"):
        return _erased(subject, now)


@transaction.atomic
def erase_whole(*, partner: Counterparty, now: datetime) -> None:
    """Take away what tells who a counterparty and its contact persons are, also of a company.

    The caller has brought the change history up to date and says on whose account it is.
    """
    for person in partner.contact_persons.all():
        _erased(person, now)
    _erased(partner, now)


def _erased(subject: Any, now: datetime) -> list[Removed]:
    elsewhere = [line for each in _further for line in each.erase(subject)]
    elsewhere += _erase_traces(subject, now)
    columns = _OF_PERSON if _is_contact(subject) else _OF_COUNTERPARTY
    filled = [name for name in columns if getattr(subject, name)]
    for name in filled:
        setattr(subject, name, "")
    subject.custom, subject.tags = {}, []
    if isinstance(subject, ContactPerson):
        subject.full_name, subject.born_on = _(ERASED), None
    else:
        subject.name, subject.sort_name = _(ERASED), ""
        subject.register_state, subject.register_told_at = "", None
        subject.erased_at = now
    subject.is_archived = True
    points = subject.points.filter(person=subject if _is_contact(subject) else None)
    removed = [
        Removed(_("fields of the card"), len(filled) + 1),
        Removed(_("phones, e-mails and addresses"), points.count()),
        Removed(_("files"), len(_files(subject))),
        Removed(_("consents"), _consents(subject).count()),
    ]
    lines = RowChange.objects.filter(owner=subject.pk)
    if isinstance(subject, ContactPerson):
        keys = [subject.pk, *points.values_list("pk", flat=True)]
        lines = RowChange.objects.filter(owner=subject.counterparty_id, key__in=keys)
    removed.append(Removed(_("lines of the change history"), lines.delete()[0]))
    points.delete()
    _consents(subject).delete()
    Attachment.objects.filter(kind=_kind(subject), key=subject.pk).delete()
    if isinstance(subject, Counterparty):
        removed.append(Removed(_("important dates"), subject.dates.all().delete()[0]))
        removed.append(Removed(_("bank accounts"), subject.bank_accounts.all().delete()[0]))
    subject.save()
    return [each for each in [*removed, *elsewhere] if each.count]


def _erase_traces(subject: Any, now: datetime) -> list[Removed]:
    """Erase what merges and imports keep of a person: copies, lines of files, rows that went."""
    gone = merging.forget(kind=_kind(subject), key=subject.pk)
    lines = imports.forget_rows(kind=_kind(subject), keys=[subject.pk, *gone])
    rows = type(subject)._base_manager.filter(pk__in=gone).order_by("pk")
    within = [line for row in rows for line in _erased(row, now)]
    return [
        *within, Removed(_("rows that were merged into it"), len(gone)),
        Removed(_("lines of imported files"), lines),
    ]  # fmt: skip


def _is_contact(subject: Any) -> bool:
    return isinstance(subject, ContactPerson)


def _kind(subject: Any) -> str:
    return "contacts" if _is_contact(subject) else "counterparties"


def _consents(subject: Any) -> Any:
    if _is_contact(subject):
        return Consent.objects.filter(person=subject)
    return Consent.objects.filter(counterparty=subject, person=None)


def _files(subject: Any) -> list[Attachment]:
    return list(Attachment.objects.filter(kind=_kind(subject), key=subject.pk))

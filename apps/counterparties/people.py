"""Contact persons: objects of their own, with a main counterparty and roles at others."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject
from django.utils import timezone

from apps.accounts.rights import hidden_of, mask, visible
from apps.core.objects import ChangedMeanwhile, Led
from apps.counterparties.contacts import PointValues, put_points
from apps.counterparties.models import (
    Consent,
    ContactPerson,
    ContactPoint,
    ContactRole,
    Counterparty,
)
from apps.counterparties.services import CounterpartyError
from tenants.prepared import Prepared

FIELDS = (
    "full_name", "job_title", "phone", "email", "born_on", "preferences", "comment", "tags",
    "counterparty_id",
)  # fmt: skip


class NoCounterparty(CounterpartyError):
    """A contact person belongs to a counterparty; nothing was changed."""


@dataclass(frozen=True)
class RoleValues:
    """What a person is at a further counterparty."""

    counterparty_id: UUID
    role: str = ""


@dataclass(frozen=True)
class PersonValues:
    """What people enter of a contact person."""

    full_name: str
    counterparty_id: UUID | None
    job_title: str = ""
    phone: str = ""
    email: str = ""
    born_on: date | None = None
    preferences: str = ""
    comment: str = ""
    tags: Sequence[str] = ()
    points: Sequence[PointValues] | None = None  # None: as they are
    roles: Sequence[RoleValues] | None = None


@transaction.atomic
def save_person(
    *, values: PersonValues, person_id: UUID | None = None, seen: datetime | None = None
) -> ContactPerson:
    """Enter a contact person or bring one to these values; the same again writes nothing.

    :raises NoCounterparty: no counterparty is named, or it is gone.
    :raises ChangedMeanwhile: it was saved since ``seen``.
    """
    key = values.counterparty_id
    partner = Counterparty.objects.filter(pk=key).first() if key is not None else None
    if partner is None:
        raise NoCounterparty
    person = (
        ContactPerson.objects.select_for_update().get(pk=person_id)
        if person_id
        else ContactPerson()
    )
    if person_id and seen is not None and person.updated_at > seen:
        raise ChangedMeanwhile(person)
    wanted = {name: getattr(values, name) for name in FIELDS} | {"tags": list(values.tags)}
    changed = [name for name, value in wanted.items() if getattr(person, name) != value]
    for name in changed:
        setattr(person, name, wanted[name])
    if changed or person._state.adding:
        person.save()
    if "counterparty_id" in changed:
        person.points.exclude(counterparty=partner).update(
            counterparty=partner, updated_at=timezone.now()
        )
    if values.points is not None:
        before = person.further_contacts
        put_points(partner=partner, person=person, wanted=values.points)
        if person.further_contacts != before:
            person.save(update_fields=["further_contacts", "updated_at"])
    if values.roles is not None:
        _put_roles(person, values.roles)
    return person


@transaction.atomic
def archive_people(*, ids: Collection[UUID], is_archived: bool = True) -> int:
    """Take contact persons out of use, or bring them back; return how many changed."""
    found = ContactPerson.objects.filter(pk__in=ids, is_archived=not is_archived)
    return found.update(is_archived=is_archived, updated_at=timezone.now())


def _put_roles(person: ContactPerson, wanted: Sequence[RoleValues]) -> None:
    known = {role.counterparty_id: role for role in person.roles.all()}
    for values in wanted:
        if values.counterparty_id == person.counterparty_id:
            continue  # what it is there stands in the job title
        role = known.pop(values.counterparty_id, None)
        if role is None:
            ContactRole.objects.get_or_create(
                person=person, counterparty_id=values.counterparty_id,
                defaults={"role": values.role},
            )  # fmt: skip
        elif role.role != values.role:
            role.role = values.role
            role.save(update_fields=["role", "updated_at"])
    ContactRole.objects.filter(pk__in=[role.pk for role in known.values()]).delete()


def card(person_id: UUID, *, by: Any) -> ContactPerson:
    """Return a contact person with counterparty, roles and further contacts, in two queries.

    ``places`` are the roles: ``{"counterparty": key, "name", "role"}``.

    :raises ContactPerson.DoesNotExist: there is none in this company that the person may see.
    """
    roles = ContactRole.objects.filter(person=OuterRef("pk")).order_by("created_at", "id")
    place = JSONObject(counterparty="counterparty_id", name="counterparty__name", role="role")
    found: ContactPerson = (
        visible(by, ContactPerson.objects.all(), "counterparties.view")
        .select_related("counterparty__responsible")
        .prefetch_related("points")
        .annotate(places=ArraySubquery(roles.values(row=place)))
        .get(pk=person_id)
    )
    return found


def people_of(partner: Counterparty, *, by: Any = None) -> list[Any]:
    """Return whom one speaks to at a counterparty: its own people, then those with a role there.

    Each has ``place``, what the person is there, and ``further`` contacts; one query.
    """
    found: list[Any] = _people_at(partner.pk)
    for person in found:
        person.is_own = person.counterparty_id == partner.pk
        person.place = person.job_title if person.is_own else person.role_there
    if by is None:  # a program, or whoever only writes
        return sorted(found, key=lambda person: not person.is_own)
    mask(by, found)
    for person in found:
        if {"phone", "email"} <= hidden_of(by, person):
            person.further = []
    return sorted(found, key=lambda person: not person.is_own)


def _at(key: UUID) -> QuerySet[ContactPerson]:
    points = ContactPoint.objects.filter(person=OuterRef("pk")).order_by("created_at", "id")
    roles = ContactRole.objects.filter(counterparty_id=key)
    there = roles.filter(person=OuterRef("pk"))
    # Two ways to the keys, each by its index: asked with OR, every person would be looked at.
    own = ContactPerson.objects.filter(counterparty_id=key).order_by().values("pk")
    further = roles.order_by().values("person_id")
    return (
        ContactPerson.objects.filter(pk__in=own.union(further), is_archived=False)
        .select_related("counterparty")
        .annotate(
            further=ArraySubquery(
                points.values(row=JSONObject(kind="kind", label="label", value="value"))
            ),
            role_there=Subquery(there.values("role")[:1]),
        )
        .order_by("created_at", "id")
    )


_people_at: Prepared[Any] = Prepared(_at, UUID(int=1))


def rows() -> QuerySet[ContactPerson]:
    """Return every contact person with its counterparty."""
    return ContactPerson.objects.select_related("counterparty")


def keep_places(
    *, person: ContactPerson, merged: Sequence[Mapping[str, Any]]
) -> list[ContactRole]:
    """Give a person a role at each company where those who became one with them worked.

    ``merged`` are their columns as they were before. Returns the roles that were made.
    """
    there = set(ContactRole.objects.filter(person=person).values_list("counterparty_id", flat=True))
    there.add(person.counterparty_id)
    made = []
    for columns in merged:
        company = columns["counterparty_id"]
        if company not in there:
            there.add(company)
            made.append(
                ContactRole.objects.create(
                    counterparty_id=company, person=person, role=columns.get("job_title") or ""
                )
            )
    return made


def lead_home(person: ContactPerson) -> list[Led]:
    """Let phones, e-mails and consents of a person stand at the person's own company."""
    led = []
    for model in (ContactPoint, Consent):
        rows = model._default_manager.filter(person=person).order_by("pk")
        for row in rows.exclude(counterparty_id=person.counterparty_id):
            former = row.counterparty_id
            row.counterparty_id = person.counterparty_id
            row.save(update_fields=["counterparty", "updated_at"])
            led.append(Led(row, "counterparty_id", former, person.counterparty_id))
    return led

"""Phones, e-mails and addresses: one spelling for each, however it was typed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, cast
from uuid import UUID

import phonenumbers
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from apps.core.folding import fold
from apps.counterparties.models import ContactPerson, ContactPoint, Counterparty, PointKind
from tenants.current import company_or_none

_REGIONS = {"RUB": "RU", "TRY": "TR", "KZT": "KZ", "BYN": "BY", "UAH": "UA", "AZN": "AZ",
            "GBP": "GB", "USD": "US"}  # fmt: skip
_MAIN = (PointKind.PHONE.value, PointKind.EMAIL.value, PointKind.ADDRESS.value)  # and columns


@dataclass(frozen=True)
class PointValues:
    """A further phone, e-mail or address as a person enters it."""

    kind: str
    value: str
    label: str = ""
    key: UUID | None = field(default=None, compare=False)  # None: what has this value


def region() -> str | None:
    """Return the country whose numbers are dialled without a code in this company."""
    company = company_or_none()
    return _REGIONS.get(company.currency) if company else None


def normal_phone(text: str, *, country: str | None) -> str:
    """Return a phone number as +79161234567; digits alone where it fits no plan of numbers."""
    return both_ways(text, country=country)[0]


def shown_phone(text: str, *, country: str | None) -> str:
    """Return a phone number as people read it: +7 916 123-45-67; as it is where it fits no plan.

    What stands behind a number (an extension, a name) is kept.
    """
    return both_ways(text, country=country)[1]


@lru_cache(maxsize=20_000)
def both_ways(text: str, *, country: str | None) -> tuple[str, str]:
    """Return a phone number as it is dialled and as it is read.

    Plans of numbers take a third of a millisecond, a list shows fifty numbers twice each.
    """
    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        return _digits(text), text
    dialled, shown = _digits(text), text
    if phonenumbers.is_possible_number(number):
        dialled = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    is_plain = all(letter.isdigit() or letter in "+()-. \u00a0/" for letter in text)
    if is_plain and phonenumbers.is_valid_number(number):
        shown = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    return str(dialled), str(shown)


def phone_problem(text: str, *, country: str | None) -> str:
    """Return the sentence about a phone number that cannot be dialled; ``""`` when it may be."""
    digits = _digits(text)
    if not text.strip():
        return ""
    if len(digits) < 3:
        return _("A phone number has digits: this one cannot be dialled.")
    if not text.strip().startswith("+"):
        return ""  # numbers of the house, extensions, numbers of the town
    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        return _("There is no country with this code.")
    if phonenumbers.is_possible_number(number):
        return ""
    return _("A digit is missing or too many in this phone number.")


def normal(kind: str, value: str) -> str:
    """Return what two spellings of one phone or e-mail share; ``""`` for an address."""
    if kind == PointKind.PHONE:
        return normal_phone(value, country=region())[:254]
    return value.strip().lower()[:254] if kind == PointKind.EMAIL else ""


def problem(kind: str, value: str) -> str:
    """Return the sentence about a value that cannot be right."""
    if kind == PointKind.PHONE:
        return phone_problem(value, country=region())
    if kind == PointKind.EMAIL:
        try:
            validate_email(value)
        except ValidationError:
            return _("An e-mail address looks like name@example.com.")
    return ""


def put_points(
    *, partner: Counterparty, person: ContactPerson | None, wanted: Iterable[PointValues]
) -> None:
    """Bring the further contacts of a counterparty or person to what is wanted, in its order.

    The row is not saved by this: ``further_contacts`` is set on it for the caller to save.
    """
    held = ContactPoint.objects.filter(counterparty=partner, person=person)
    known = {(point.kind, point.value): point for point in held}
    by_key = {point.pk: (point.kind, point.value) for point in known.values()}
    kept: list[PointValues] = []
    for values in wanted:
        if any((each.kind, each.value) == (values.kind, values.value) for each in kept):
            continue
        kept.append(values)
        point = known.pop((values.kind, values.value), None)
        if point is None and values.key is not None:
            point = known.pop(by_key.get(values.key, ("", "")), None)
        if point is None:
            ContactPoint.objects.create(
                counterparty=partner, person=person, kind=values.kind, label=values.label,
                value=values.value, normalized=normal(values.kind, values.value),
            )  # fmt: skip
        elif (point.kind, point.value, point.label) != (values.kind, values.value, values.label):
            point.kind, point.value, point.label = values.kind, values.value, values.label
            point.normalized = normal(values.kind, values.value)
            point.save(update_fields=["kind", "value", "label", "normalized", "updated_at"])
    ContactPoint.objects.filter(pk__in=[point.pk for point in known.values()]).delete()
    (person or partner).further_contacts = searched(kept)


def keep_after_merge(
    *, partner: Counterparty, person: ContactPerson | None, merged: Sequence[Mapping[str, Any]]
) -> list[ContactPoint]:
    """Keep the phones, e-mails and addresses of rows that became one as further ones.

    ``merged`` are their columns as they were before. Returns the points that were made; those that
    came along with the rows are found by the search as well then.
    """
    row = person or partner
    points = list(ContactPoint.objects.filter(counterparty=partner, person=person).order_by("pk"))
    told = {(kind, _same(kind, getattr(row, kind))) for kind in _MAIN if hasattr(row, kind)}
    told |= {(point.kind, _same(point.kind, point.value)) for point in points}
    made = []
    for columns in merged:
        for kind in _MAIN:
            value = columns.get(kind) or ""
            if value and (kind, _same(kind, value)) not in told:
                told.add((kind, _same(kind, value)))
                made.append(
                    ContactPoint.objects.create(
                        counterparty=partner, person=person, kind=kind, value=value,
                        normalized=normal(kind, value),
                    )
                )  # fmt: skip
    further = searched([PointValues(each.kind, each.value) for each in (*points, *made)])
    if further != row.further_contacts:
        row.further_contacts = further
        row.save(update_fields=["further_contacts", "updated_at"])
    return made


def add_points(
    wanted: Mapping[UUID, Sequence[tuple[str, str]]], *, of_people: bool = False
) -> list[tuple[UUID, ContactPoint]]:
    """Keep further phones and e-mails of many counterparties, or of people; by whose they are.

    What stands there already, in any spelling, is passed over. The search finds what is new.
    """
    model: Any = ContactPerson if of_people else Counterparty
    owners = {row.pk: row for row in model.objects.select_for_update().filter(pk__in=wanted)}
    told = {
        key: {(kind, _same(kind, getattr(row, kind))) for kind in ("phone", "email")}
        for key, row in owners.items()
    }
    for point in _points_of(owners, of_people=of_people):
        told[_owner(point, of_people)].add((point.kind, _same(point.kind, point.value)))
    made: list[tuple[UUID, ContactPoint]] = []
    for key, row in owners.items():
        for kind, value in wanted[key]:
            if value and (kind, _same(kind, value)) not in told[key]:
                told[key].add((kind, _same(kind, value)))
                point = ContactPoint(
                    counterparty_id=row.counterparty_id if of_people else key,
                    person_id=key if of_people else None, kind=kind, value=value[:500],
                    normalized=normal(kind, value),
                )  # fmt: skip
                made.append((key, point))
    ContactPoint.objects.bulk_create([point for _key, point in made])
    _search_anew({key for key, _point in made}, of_people=of_people)
    return made


def take_points_away(keys: Collection[UUID]) -> None:
    """Remove further phones and e-mails; the search finds their owners by them no more."""
    rows = ContactPoint.objects.filter(pk__in=keys)
    gone = list(rows.values_list("counterparty_id", "person_id"))
    rows.delete()
    _search_anew({person for _partner, person in gone if person}, of_people=True)
    _search_anew({partner for partner, person in gone if not person}, of_people=False)


def _points_of(keys: Collection[UUID], *, of_people: bool) -> QuerySet[ContactPoint]:
    points = ContactPoint.objects.order_by("pk")
    if of_people:
        return points.filter(person_id__in=keys)
    return points.filter(counterparty_id__in=keys, person=None)


def _owner(point: ContactPoint, of_people: bool) -> UUID:
    return cast(UUID, point.person_id if of_people else point.counterparty_id)


def _search_anew(keys: Collection[UUID], *, of_people: bool) -> None:
    """Bring what the search holds of further contacts to what is there.

    The version of the rows stays: nobody's open form says anything of it.
    """
    if not keys:
        return
    found: dict[UUID, list[PointValues]] = {key: [] for key in keys}
    for point in _points_of(keys, of_people=of_people):
        found[_owner(point, of_people)].append(PointValues(point.kind, point.value))
    model: Any = ContactPerson if of_people else Counterparty
    rows = [model(pk=key, further_contacts=searched(points)) for key, points in found.items()]
    model.objects.bulk_update(rows, ["further_contacts"], batch_size=500)


def _same(kind: str, value: str) -> str:
    return normal(kind, value) or fold(value)


def searched(points: Sequence[PointValues]) -> str:
    """Return what the search holds of further contacts: digits of phones, else the texts."""
    texts = (_digits(each.value) if each.kind == PointKind.PHONE else each.value for each in points)
    return " ".join(texts)[:2000]


def keys_reached_at(value: str) -> list[UUID]:
    """Return the counterparties that have this phone or e-mail as a further one."""
    kind = PointKind.EMAIL if "@" in value else PointKind.PHONE
    found = normal(kind, value)
    if not found:
        return []
    rows = ContactPoint.objects.filter(normalized=found).order_by("created_at", "id")
    return list(rows.values_list("counterparty_id", flat=True)[:20])


def _digits(text: str) -> str:
    return "".join(letter for letter in text if letter.isdigit())

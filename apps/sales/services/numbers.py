"""Invoice numbers: gapless for each organization and year, told apart by every client of 1C.

УТ keeps 11 characters of a number, УНФ only its digits: so the digits alone differ between
organizations too (CommerceML reference, chapter 9, quirk 28).
"""

from __future__ import annotations

from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import F, Max

from apps.core.models import Organization
from apps.sales.models import NumberSequence
from apps.sales.services.errors import NumberTooLong

LENGTH = 11


def next_number(*, organization: Organization, issued_on: date) -> str:
    """Return the next number; a transaction that fails gives it back.

    Writers of the same organization wait for each other.

    :raises NumberTooLong: the organization's prefix leaves no room.
    """
    sequence = _sequence(organization, issued_on.year)
    NumberSequence.objects.filter(pk=sequence.pk).update(latest=F("latest") + 1)
    sequence.refresh_from_db()
    year = issued_on.year % 100
    if sequence.block:
        number = f"{organization.invoice_prefix}{year:02d}{sequence.block:02d}{sequence.latest:05d}"
    else:
        number = f"{organization.invoice_prefix}{year:02d}-{sequence.latest:05d}"
    if len(number) > LENGTH:
        raise NumberTooLong(number)
    return number


def _sequence(organization: Organization, year: int) -> NumberSequence:
    while True:
        found = NumberSequence.objects.filter(organization=organization, year=year).first()
        if found is not None:
            return found
        taken = NumberSequence.objects.filter(year=year).aggregate(highest=Max("block"))["highest"]
        try:
            with transaction.atomic():
                return NumberSequence.objects.create(
                    organization=organization, year=year, block=0 if taken is None else taken + 1
                )
        except IntegrityError:
            continue  # another writer began the year at the same moment: look again

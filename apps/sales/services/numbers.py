"""Invoice numbers: gapless for each organization and year, told apart by every client of 1C.

УТ keeps 11 characters of a number, УНФ only its digits: so the digits alone differ between
organizations too (CommerceML reference, chapter 9, quirk 28). An office numbers by itself, with no
line: its prefix stands in front, and its digits come from a block of its own.
"""

from __future__ import annotations

from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import F, Max

from apps.core.models import Organization
from apps.sales.models import Invoice, NumberSequence
from apps.sales.services.errors import NumberTooLong
from replication.nodes import this_office

LENGTH = 11


def next_number(*, organization: Organization, issued_on: date) -> str:
    """Return the next number; a transaction that fails gives it back.

    Writers of the same organization wait for each other.

    :raises NumberTooLong: the organization's prefix leaves no room.
    """
    sequence = _sequence(organization, issued_on.year)
    while True:
        NumberSequence.objects.filter(pk=sequence.pk).update(latest=F("latest") + 1)
        sequence.refresh_from_db()
        number = _written(organization, sequence)
        # An order that began in 1C may have brought this very number.
        if not Invoice.objects.filter(number=number).exists():
            return number


def _written(organization: Organization, sequence: NumberSequence) -> str:
    office = this_office()
    prefix = f"{office.prefix if office else ''}{organization.invoice_prefix}"
    year = f"{sequence.year % 100:02d}"
    block = f"{sequence.block:02d}" if sequence.block else "-"
    number = f"{prefix}{year}{block}{sequence.latest:05d}"
    if len(number) > LENGTH:
        raise NumberTooLong(number)
    return number


def _block_after(taken: int | None) -> int:
    office = this_office()
    if taken is None:
        return office.number_block if office else 0
    return taken + 1


def _sequence(organization: Organization, year: int) -> NumberSequence:
    while True:
        found = NumberSequence.objects.filter(organization=organization, year=year).first()
        if found is not None:
            return found
        taken = NumberSequence.objects.filter(year=year).aggregate(highest=Max("block"))["highest"]
        try:
            with transaction.atomic():
                return NumberSequence.objects.create(
                    organization=organization, year=year, block=_block_after(taken)
                )
        except IntegrityError:
            continue  # another writer began the year at the same moment: look again

"""The change history of counterparties, and how a former value comes back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import F, Q

from apps.core.folding import fold
from apps.counterparties.models import (
    BankAccount,
    Consent,
    ContactPerson,
    ContactPoint,
    ContactRole,
    Counterparty,
    ImportantDate,
)
from apps.history.services import save_column
from apps.history.tracked import Card, Tracked, track, track_part

_REACH = ContactPoint._meta.db_table
CARD = Card("counterparties_counterparty", "counterparties:card", "counterparties.view")


def restore(partner: Counterparty, column: str, value: Any) -> None:
    """Bring a column back; a name brings its place in the list along."""
    setattr(partner, column, value)
    partner.sort_name = fold(partner.name)[:250]
    partner.save()


def of_person(pk: UUID) -> Q:
    """Return which changes stand on a contact person's own card: of the person and their parts.

    Of what was removed since, the journal tells whose it was.
    """
    parts = {
        key
        for model in (ContactPoint, ContactRole, Consent)
        for key in model._default_manager.filter(person_id=pk).values_list("pk", flat=True)
    }
    at = ContactPerson.objects.filter(pk=pk).values("counterparty_id")
    removed = Q(owner__in=at, operation="D", changed__person_id__contains=str(pk))
    return Q(~Q(key=F("owner")), key__in=[pk, *parts]) | removed


def kept_from(closed: frozenset[str]) -> frozenset[str]:
    """Return the tables that tell what closed columns hold: further phones and addresses."""
    return frozenset({_REACH}) if closed & {"phone", "email"} else frozenset()


track(
    Tracked(
        Counterparty, CARD, right="counterparties.change", restore=restore,
        hidden=("is_archived", "register_told_at", "erased_at"),
    )
)  # fmt: skip
track(Tracked(ContactPoint, CARD, hidden=("counterparty_id",)))  # the search holds a copy of it
for model in (ContactPerson, BankAccount, ContactRole, ImportantDate, Consent):
    track(
        Tracked(
            model, CARD, hidden=("counterparty_id",), right="counterparties.change",
            restore=save_column, parent="counterparty_id",
        )
    )  # fmt: skip
_PERSON = ContactPerson._meta.db_table
track_part(
    Card(
        _PERSON, "counterparties:person", "counterparties.view",
        tables=(_PERSON, _REACH, ContactRole._meta.db_table, Consent._meta.db_table),
        changes=of_person, withheld=kept_from,
    )
)  # fmt: skip

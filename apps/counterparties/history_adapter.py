"""The change history of counterparties, and how a former value comes back."""

from __future__ import annotations

from typing import Any

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
from apps.history.tracked import Card, Tracked, track

CARD = Card("counterparties_counterparty", "counterparties:card", "counterparties.view")


def restore(partner: Counterparty, column: str, value: Any) -> None:
    """Bring a column back; a name brings its place in the list along."""
    setattr(partner, column, value)
    partner.sort_name = fold(partner.name)[:250]
    partner.save()


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

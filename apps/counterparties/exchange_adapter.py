"""Counterparties as 1C tells them."""

from __future__ import annotations

from collections.abc import Sequence

from apps.counterparties.models import BankAccount, ContactPerson, Counterparty
from apps.counterparties.services import counterparty_for
from exchange.registry import Adapter, StoreContext, Stored, register
from exchange.rows import CounterpartyRow


@register
class CounterpartyAdapter(Adapter[CounterpartyRow]):
    """Takes counterparties of a directory file; those inside documents come with their order."""

    row_type = CounterpartyRow
    kind = "counterparties"
    rank = 150

    def store(self, rows: Sequence[CounterpartyRow], context: StoreContext) -> Stored:
        """Take the rows; one told twice counts once as changed, then as unchanged."""
        stored = Stored(read=len(rows))
        for row in rows:
            before = _traces(context, row)
            partner = counterparty_for(row=row, node_id=context.node_id)
            if before is None:
                stored.created += 1
            elif before == _state(partner):
                stored.unchanged += 1
            else:
                stored.changed += 1
        return stored


def _traces(context: StoreContext, row: CounterpartyRow) -> tuple[object, ...] | None:
    partner = Counterparty.objects.filter(node_id=context.node_id, ref=row.ref[:120]).first()
    return _state(partner) if partner is not None else None


def _state(partner: Counterparty) -> tuple[object, ...]:
    return (
        partner.name, partner.full_name, partner.tax_number, partner.tax_reason_code,
        partner.address, partner.legal_address, partner.phone, partner.email, partner.is_archived,
        BankAccount.objects.filter(counterparty=partner).count(),
        ContactPerson.objects.filter(counterparty=partner).count(),
    )  # fmt: skip

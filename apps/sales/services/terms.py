"""How one sells to a counterparty."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from apps.sales.models import TradeTerms


@transaction.atomic
def set_terms(
    *, counterparty_id: UUID, price_type_id: UUID | None, payment_days: int
) -> TradeTerms:
    """Set price type and days to pay; the same again writes nothing."""
    terms = TradeTerms.objects.select_for_update().filter(counterparty=counterparty_id).first()
    if terms is None:
        return TradeTerms.objects.create(
            counterparty_id=counterparty_id, price_type_id=price_type_id, payment_days=payment_days
        )
    if (terms.price_type_id, terms.payment_days) != (price_type_id, payment_days):
        terms.price_type_id, terms.payment_days = price_type_id, payment_days
        terms.save()
    return terms

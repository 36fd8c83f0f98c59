"""The change history of deals and quotations, and how a former value comes back."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from apps.core.folding import fold
from apps.deals.models import (
    Deal,
    DealLine,
    DealMember,
    DealParticipant,
    Quotation,
)
from apps.history.services import save_column
from apps.history.tracked import Card, Refused, Tracked, track

CARD = Card("deals_deal", "deals:card", "deals.view")
QUOTATION = Card("deals_quotation", "deals:quotation", "quotations.view")
_RESTORED = (
    "name", "owner_id", "expected_on", "source", "contract", "comment", "loss_comment",
)  # fmt: skip


def restore(deal: Deal, column: str, value: Any) -> None:
    """Bring a field back that neither the road nor the lines depend on.

    :raises Refused: another field.
    """
    if column not in _RESTORED:
        raise Refused(_("Change this on the deal itself: its road or its sums depend on it."))
    setattr(deal, column, value)
    deal.search_name = fold(f"{deal.name} {deal.counterparty}")[:500]
    deal.save()


track(
    Tracked(
        Deal, CARD, right="deals.change", restore=restore,
        hidden=("search_name", "touched_at", "stage_since", "is_archived", "opened_at"),
    )
)  # fmt: skip
track(
    Tracked(
        DealLine, CARD, hidden=("deal_id", "position", "product_id", "characteristic_id")
    )
)
for model in (DealParticipant, DealMember):
    track(
        Tracked(
            model, CARD, hidden=("deal_id",), right="deals.change", restore=save_column,
            parent="deal_id",
        )
    )  # fmt: skip
track(Tracked(Quotation, QUOTATION, hidden=("deal_id", "organization_id", "mail_problem")))

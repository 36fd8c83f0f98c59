"""Expected refusals of the room of deals; the sentence is made at the edge (``words.py``)."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from apps.deals.models import Deal, Quotation, Stage


class DealError(Exception):
    """The room of deals refuses; nothing was changed."""


class NoPipeline(DealError):
    """There is no pipeline that a deal could stand in."""


class StageNeeds(DealError):
    """The stage asks for fields that the deal does not have yet; ``missing`` are their keys."""

    def __init__(self, deal: Deal, stage: Stage, missing: Sequence[str]) -> None:
        super().__init__(stage.pk)
        self.deal, self.stage, self.missing = deal, stage, list(missing)


class StageInUse(DealError):
    """Deals stand in the stage."""

    def __init__(self, stage: Stage, count: int) -> None:
        super().__init__(stage.pk)
        self.stage, self.count = stage, count


class NothingToUndo(DealError):
    """The deal has moved on since, or never moved."""


class NothingToOffer(DealError):
    """The deal has neither lines nor an amount."""


class DiscountNeedsApproval(DealError):
    """More discount than this person may give, and no quotation of the deal with it is approved."""

    def __init__(self, discount: Decimal, limit: Decimal) -> None:
        super().__init__(discount)
        self.discount, self.limit = discount, limit


class NoOrganization(DealError):
    """No organization of one's own is entered that could sell."""


class WrongQuotationStatus(DealError):
    """The step does not follow from the quotation's status."""

    def __init__(self, quotation: Quotation) -> None:
        super().__init__(quotation.status)
        self.quotation = quotation


class NotValidAnyMore(DealError):
    """The quotation's last day is over."""

    def __init__(self, quotation: Quotation) -> None:
        super().__init__(quotation.pk)
        self.quotation = quotation

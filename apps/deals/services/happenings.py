"""What the room of deals tells other rooms after the commit (``apps.core.events``)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class DealMoved:
    """A deal came to another stage."""

    deal_id: UUID
    former_id: UUID
    stage_id: UUID
    by_id: UUID | None


@dataclass(frozen=True)
class DealsMoved:
    """Deals came to other stages, one or thousands."""

    moves: Sequence[DealMoved]


@dataclass(frozen=True)
class DealWon:
    """A deal was won."""

    deal_id: UUID
    by_id: UUID | None


@dataclass(frozen=True)
class DealLost:
    """A deal was lost."""

    deal_id: UUID
    by_id: UUID | None


@dataclass(frozen=True)
class DealsHandedOver:
    """Deals got another owner each: whom, by the key of the deal."""

    owners: Mapping[UUID, UUID | None]
    by_id: UUID | None


@dataclass(frozen=True)
class QuotationNeedsApproval:
    """A quotation gives more discount than its author may."""

    quotation_id: UUID


@dataclass(frozen=True)
class QuotationDecided:
    """A quotation was approved or not."""

    quotation_id: UUID
    is_approved: bool

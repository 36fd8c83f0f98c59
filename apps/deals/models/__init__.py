"""Pipelines, deals, quotations, plans."""

from apps.deals.models.deals import (
    Deal,
    DealInvoice,
    DealLine,
    DealMember,
    DealParticipant,
    MemberRole,
    ParticipantRole,
    Source,
    StageMove,
)
from apps.deals.models.pipelines import (
    Document,
    EntersOn,
    LossReason,
    Pipeline,
    Stage,
    StageKind,
)
from apps.deals.models.plans import DealSettings, SalesPlan
from apps.deals.models.quotations import (
    Quotation,
    QuotationLine,
    QuotationNumber,
    QuotationStatus,
)

__all__ = [
    "Deal",
    "DealInvoice",
    "DealLine",
    "DealMember",
    "DealParticipant",
    "DealSettings",
    "Document",
    "EntersOn",
    "LossReason",
    "MemberRole",
    "ParticipantRole",
    "Pipeline",
    "Quotation",
    "QuotationLine",
    "QuotationNumber",
    "QuotationStatus",
    "SalesPlan",
    "Source",
    "Stage",
    "StageKind",
    "StageMove",
]

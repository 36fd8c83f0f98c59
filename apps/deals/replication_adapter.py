"""How deals travel: with their counterparty; pipelines and rules come from the centre."""

from __future__ import annotations

from replication import plan
from replication.plan import Travelling, Whole

for label in ("Pipeline", "Stage", "LossReason", "DealSettings", "SalesPlan"):
    plan.travels_whole(Whole(f"deals.{label}"))
plan.travels(Travelling("deals.Deal", "rows", follows=("counterparty",)))
plan.travels(Travelling("deals.DealLine", "rows", follows=("deal",)))
plan.travels(Travelling("deals.DealParticipant", "rows", follows=("deal",)))
plan.travels(Travelling("deals.DealMember", "rows", follows=("deal",)))
plan.travels(Travelling("deals.StageMove", "keys", follows=("deal",)))
plan.travels(Travelling("deals.DealInvoice", "keys", follows=("deal",)))
plan.travels(Travelling("deals.Quotation", "rows", follows=("deal",), renames="number"))
plan.travels(Travelling("deals.QuotationLine", "rows", follows=("quotation",)))

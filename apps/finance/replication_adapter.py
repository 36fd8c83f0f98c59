"""Payments are 1C's: they come down with the counterparty they are of."""

from __future__ import annotations

from replication import plan

plan.travels(plan.Travelling("finance.Payment", "rows", policy="centre", follows=("counterparty",)))

"""How requests travel: with their counterparty."""

from __future__ import annotations

from replication import plan

plan.travels(plan.Travelling("service.ServiceRequest", "rows", follows=("counterparty",)))

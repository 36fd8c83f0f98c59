"""How messages travel: with their customer."""

from __future__ import annotations

from replication import plan

plan.travels(plan.Travelling("portal.PortalMessage", "rows", follows=("counterparty",)))

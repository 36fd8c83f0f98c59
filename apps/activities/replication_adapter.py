"""How activities travel: with their customer; those of nobody in particular go everywhere."""

from __future__ import annotations

from replication import plan

plan.travels(plan.Travelling("activities.Activity", "rows", follows=("counterparty",)))
for label in ("ActivityLink", "ActivityPerson", "Comment", "Mention"):
    plan.travels(plan.Travelling(f"activities.{label}", "rows", follows=("activity",)))

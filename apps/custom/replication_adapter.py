"""Fields and kinds are made at the centre; rows of the administrators' own travel both ways."""

from __future__ import annotations

from replication import plan

for label in ("CustomField", "CustomObject", "CardLayout", "MenuLayout"):
    plan.travels(plan.Travelling(f"custom.{label}", "rows", way="down", policy="centre"))
plan.travels(plan.Travelling("custom.CustomRow", "rows"))

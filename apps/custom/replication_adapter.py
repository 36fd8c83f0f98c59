"""Fields and kinds are made at the centre; their rows, and what people arrange, go both ways."""

from __future__ import annotations

from replication import plan

for label in ("CustomField", "CustomObject", "CardLayout", "MenuLayout"):
    plan.travels(plan.Travelling(f"custom.{label}", "rows", way="down", policy="centre"))
plan.travels(plan.Travelling("custom.CustomRow", "rows"))
plan.travels(plan.Travelling("custom.PersonalArrangement", "rows"))

"""How the company's own organizations, people and settings reach its offices."""

from __future__ import annotations

from replication import plan

plan.travels(plan.Travelling("core.Organization", "rows", policy="centre"))
plan.travels_whole(plan.Whole("core.CompanySettings", without=("has_demo_data",)))
plan.travels(plan.Travelling("core.Tag", "rows"))

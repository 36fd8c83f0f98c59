"""The change history of the company's own organizations."""

from __future__ import annotations

from apps.core.models import Organization
from apps.history.services import save_column
from apps.history.tracked import Card, Tracked, track

CARD = Card("core_organization", "finance:organization", "organizations.view")
track(Tracked(Organization, CARD, right="organizations.change", restore=save_column))

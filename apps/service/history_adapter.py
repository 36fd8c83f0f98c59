"""The change history of requests, and how a former value comes back."""

from __future__ import annotations

from apps.history.services import save_column
from apps.history.tracked import Card, Tracked, track
from apps.service.models import ServiceRequest

CARD = Card("service_servicerequest", "service:card", "requests.view")
track(
    Tracked(
        ServiceRequest, CARD, right="requests.change", restore=save_column,
        hidden=("is_archived", "taken_at", "closed_at"),
    )
)  # fmt: skip

"""The change history of activities, and how a former value comes back."""

from __future__ import annotations

from apps.activities.models import Activity, ActivityPerson
from apps.history.services import save_column
from apps.history.tracked import Card, Tracked, track

CARD = Card("activities_activity", "activities:card", "activities.view")
_COMPUTED = ("is_archived", "series", "remind_at", "completed_by_id")

track(
    Tracked(
        Activity, CARD, right="activities.change", hidden=_COMPUTED,
        restore=save_column,
    )
)  # fmt: skip
track(Tracked(ActivityPerson, CARD, hidden=("activity_id",), tells_creation=False))

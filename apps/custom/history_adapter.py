"""The change history of rows of the administrators' own objects."""

from __future__ import annotations

from apps.custom.models import CustomRow
from apps.history.services import save_column
from apps.history.tracked import Card, Tracked, track

CARD = Card("custom_customrow", "custom:row", "custom_objects.view")
track(Tracked(CustomRow, CARD, right="custom_objects.change", restore=save_column))

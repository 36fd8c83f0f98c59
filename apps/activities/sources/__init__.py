"""What stands on timelines: activities, changes of cards, documents and money of 1C."""

from apps.activities.sources import activities, changes, documents

__all__ = ["activities", "changes", "documents"]

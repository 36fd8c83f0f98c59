"""What stands on timelines: activities, changes of cards, files, documents and money of 1C."""

from apps.activities.sources import activities, changes, documents, files

__all__ = ["activities", "changes", "documents", "files"]

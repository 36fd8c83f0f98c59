"""What people do with activities: each file one subject."""

from apps.activities.services.doing import (
    NotYours,
    accept,
    archive,
    complete,
    decline,
    reopen,
    reschedule,
)
from apps.activities.services.saving import ActivityValues, change_activities, save_activity
from apps.activities.services.talking import comment, follow, unfollow

__all__ = [
    "ActivityValues",
    "NotYours",
    "accept",
    "archive",
    "change_activities",
    "comment",
    "complete",
    "decline",
    "follow",
    "reopen",
    "reschedule",
    "save_activity",
    "unfollow",
]

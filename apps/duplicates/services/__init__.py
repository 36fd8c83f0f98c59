"""Finding duplicates, deciding about them, merging, and parting again."""

from apps.duplicates.services.deciding import dismiss, reopen
from apps.duplicates.services.finding import find, start
from apps.duplicates.services.merging import (
    CannotMerge,
    NotMergeable,
    follow_late,
    merge,
    merge_sure,
)
from apps.duplicates.services.parting import CannotPart, part

__all__ = [
    "CannotMerge", "CannotPart", "NotMergeable", "dismiss", "find", "follow_late", "merge",
    "merge_sure", "part", "reopen", "start",
]  # fmt: skip

"""What people do with imports: bring a file, choose columns, check, write, undo."""

from apps.imports.services.checking import check
from apps.imports.services.starting import (
    KEPT,
    MOST_BYTES,
    Forgotten,
    NotReady,
    arrange,
    begin,
    choose,
    look_again,
    remove_old,
    start_undo,
    start_writing,
)
from apps.imports.services.undoing import undo
from apps.imports.services.writing import write

__all__ = [
    "KEPT", "MOST_BYTES", "Forgotten", "NotReady", "arrange", "begin", "check", "choose",
    "look_again", "remove_old", "start_undo", "start_writing", "undo", "write",
]  # fmt: skip

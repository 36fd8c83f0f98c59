"""Which models stay out of the journal, each with its reason; everything else must be captured."""

from __future__ import annotations

_local: dict[str, str] = {}


def declare_local(label: str, reason: str) -> None:
    """Declare that changes of a model (``app.Model``) concern nobody else, and why."""
    _local[label.lower()] = reason


def local_models() -> dict[str, str]:
    """Return the declared labels, in lower case, with their reasons."""
    return dict(_local)

"""What the API tells of: every kind of the registry, and those that only programs read."""

from __future__ import annotations

from apps.core import objects
from apps.core.objects import ObjectKind
from apps.mail.kinds import LETTERS

_FURTHER = {LETTERS.key: LETTERS}


def all_kinds() -> list[ObjectKind]:
    """Return the kinds, those of the registry first."""
    return [*objects.kinds(), *_FURTHER.values()]


def kind(key: str) -> ObjectKind:
    """Return a kind.

    :raises KeyError: there is none.
    """
    return _FURTHER[key] if key in _FURTHER else objects.kind(key)

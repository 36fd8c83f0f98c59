"""What the API tells of: every kind of the registry, and those that only programs read.

A kind of the registry may have a form of its own for programs, under the same key: with the parts
of its card that no list, import or report could take.
"""

from __future__ import annotations

from apps.core import objects
from apps.core.objects import Document, ObjectKind


def all_kinds() -> list[ObjectKind]:
    """Return the kinds, those of the registry first."""
    further = dict(objects.program_kinds())
    named = [further.pop(each.key, each) for each in objects.kinds()]
    return [*named, *(further[key] for key in sorted(further))]


def documents() -> list[Document]:
    """Return the settings that are one object each."""
    return list(objects.documents().values())


def kind(key: str) -> ObjectKind:
    """Return a kind.

    :raises KeyError: there is none.
    """
    further = objects.program_kinds()
    return further[key] if key in further else objects.kind(key)

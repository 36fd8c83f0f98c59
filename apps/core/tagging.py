"""Tags: a word and a colour on rows of any kind (``apps.core.models.Tagged``).

The words are few and read whole; rows hold keys. A tag that was removed is passed over wherever a
row still holds its key.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction

from apps.core.folding import fold
from apps.core.models import Tag

# Every tag by name, as a reading of lists: see ``told``.
READING = """(SELECT coalesce(json_agg(json_build_array(t.id, t.name, t.colour, t.folded_name)
    ORDER BY t.folded_name, t.id), '[]') FROM core_tag t)"""
COLOURS = 8
MOST_TAGS = 30  # on one row


def tags() -> list[Tag]:
    """Return every tag, by name."""
    return list(Tag.objects.order_by("folded_name", "id"))


def told(reading: Iterable[Sequence[Any]]) -> list[Tag]:
    """Return the tags that ``READING`` has read."""
    return [
        Tag(id=UUID(key), name=name, colour=colour, folded_name=folded)
        for key, name, colour, folded in reading
    ]


def choices() -> list[tuple[str, str]]:
    """Return every tag as (key, name)."""
    return [(str(tag.pk), tag.name) for tag in tags()]


def typed(keys: Sequence[str]) -> str:
    """Return tags as people type them: names with commas."""
    names = {str(tag.pk): tag.name for tag in tags()} if keys else {}
    return ", ".join(names[key] for key in keys if key in names)


def named(rows: Iterable[Any], known: Sequence[Tag] | None = None) -> None:
    """Give each row ``tag_list``: its tags by name, with one query for all of them at most."""
    rows = list(rows)
    if known is None:
        known = tags() if any(row.tags for row in rows) else ()
    by_key = {str(tag.pk): tag for tag in known}
    for row in rows:
        row.tag_list = sorted(
            (by_key[key] for key in row.tags if key in by_key), key=lambda tag: tag.folded_name
        )


@transaction.atomic
def tags_called(names: Iterable[str]) -> list[str]:
    """Return the keys of the tags with these names, making those that are not known yet.

    Case and marks make no difference; the order is that of the names, each once.
    """
    wanted: dict[str, str] = {}
    for name in names:
        if name.strip():
            wanted.setdefault(fold(name)[:60], " ".join(name.split())[:60])
    known = {tag.folded_name: tag for tag in Tag.objects.filter(folded_name__in=wanted)}
    missing = [
        Tag(name=name, folded_name=folded, colour=sum(map(ord, folded)) % COLOURS)
        for folded, name in wanted.items()
        if folded not in known
    ]
    known |= {tag.folded_name: tag for tag in Tag.objects.bulk_create(missing)}
    return [str(known[folded].pk) for folded in wanted][:MOST_TAGS]

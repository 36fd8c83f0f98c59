"""What people are told: rooms register the kinds of notices and tell; whoever shows them listens.

A room says ``notices.tell(users=…, kind="task_given", values={…}, url=…)`` inside its transaction;
after the commit the notices stand on the bell, in the browser and in letters, as each person chose.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.functional import Promise

from apps.core import events

BELL, BROWSER, MAIL, DIGEST = "bell", "browser", "mail", "digest"
CHANNELS = (BELL, BROWSER, MAIL, DIGEST)


@dataclass(frozen=True)
class NoticeKind:
    """A kind of notice: ``sentence`` takes the notice's values, ``topic`` is what people choose."""

    key: str
    sentence: str | Promise
    topic: str
    icon: str = "bell"


@dataclass(frozen=True)
class Topic:
    """Kinds that belong together in a person's settings, and the channels unless they choose."""

    key: str
    label: str | Promise
    channels: frozenset[str] = frozenset({BELL})
    order: int = 100
    right: str = ""  # offered to those who have it


@dataclass(frozen=True)
class Told:
    """People are to be told something."""

    users: tuple[UUID, ...]
    kind: str
    values: Mapping[str, Any]
    url: str


@dataclass(frozen=True)
class ToldMany:
    """People are to be told what was done to many rows at once."""

    notices: tuple[Told, ...]


_kinds: dict[str, NoticeKind] = {}
_topics: dict[str, Topic] = {}


def register(topic: Topic, *kinds: NoticeKind) -> None:
    """Add a topic and kinds of it; registered again they replace the former ones."""
    _topics[topic.key] = topic
    for kind in kinds:
        _kinds[kind.key] = kind


def kind(key: str) -> NoticeKind | None:
    """Return a kind; ``None`` for one of a later version or of a room that is gone."""
    return _kinds.get(key)


def kinds() -> list[NoticeKind]:
    """Return the kinds in the order of their keys."""
    return [_kinds[key] for key in sorted(_kinds)]


def topics() -> list[Topic]:
    """Return the topics in their order."""
    return sorted(_topics.values(), key=lambda topic: (topic.order, topic.key))


def topic(key: str) -> Topic | None:
    """Return a topic."""
    return _topics.get(key)


def tell(
    *, users: Collection[UUID | None], kind: str, values: Mapping[str, Any], url: str
) -> None:
    """Tell people something once the transaction is committed, each once; nobody is nobody."""
    tell_all([word(users=users, kind=kind, values=values, url=url)])


def tell_all(told: Iterable[Told]) -> None:
    """Tell what was done to many rows, by as many queries as for one."""
    known = tuple(each for each in told if each.users)
    if len(known) == 1:
        events.publish(known[0])
    elif known:
        events.publish(ToldMany(known))


def word(
    *, users: Collection[UUID | None], kind: str, values: Mapping[str, Any], url: str
) -> Told:
    """Return what people are to be told, for ``tell_all``."""
    return Told(tuple(sorted({key for key in users if key is not None})), kind, values, url)

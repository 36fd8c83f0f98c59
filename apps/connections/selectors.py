"""What the exchange screens show: connections with their health, runs, counts, problems."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.cache import cache
from django.db.models import Count, F, OuterRef, QuerySet, Subquery
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.connections import words
from apps.core.ahead import kept_at
from apps.core.navigation import Mark
from exchange import sentences
from exchange.models import (
    ExchangeSession,
    FileState,
    Node,
    SessionProblem,
    SessionState,
    UploadedFile,
)

PAGE = 50
LATE_AFTER = timedelta(hours=24)
MARK_KEPT = 20  # seconds in which pages show what another page has seen
COUNTED = {
    "read": gettext_lazy("Read"), "created": gettext_lazy("Created"),
    "changed": gettext_lazy("Changed"), "unchanged": gettext_lazy("Unchanged"),
    "archived": gettext_lazy("Archived"), "waiting": gettext_lazy("Waiting"),
    "skipped": gettext_lazy("Not exchanged"), "problems": gettext_lazy("Problems"),
}  # fmt: skip
COLUMNS = tuple(COUNTED)


@dataclass(frozen=True)
class CountRow:
    """The counts of one kind of a run."""

    name: str
    numbers: tuple[tuple[Promise, int], ...]  # what is counted, and how many


@dataclass(frozen=True)
class ProblemRow:
    """A problem in words: where it is, what is wrong, what was kept."""

    id: UUID
    where: str
    sentence: str
    code: str
    name: str


@dataclass(frozen=True)
class NodeCard:
    """A connection with its health, its latest run and how many rows wait."""

    node: Node
    health: str
    is_here_now: bool
    latest_session: UUID | None
    latest_state: str | None
    waiting_rows: int


@dataclass(frozen=True)
class FileRow:
    """A file of a run and the sentence of what happened to it; "" when nothing did."""

    file: UploadedFile
    cause_sentence: str


@dataclass(frozen=True)
class Page:
    """Some rows and the mark after which the next page begins."""

    rows: Sequence[object]
    following: str = ""


def nodes(*, now: datetime) -> list[NodeCard]:
    """Return the connections with their health, their latest run and how much waits."""
    latest = ExchangeSession.objects.filter(node=OuterRef("pk")).order_by("-created_at", "-id")
    found = Node.objects.annotate(
        latest_state=Subquery(latest.values("state")[:1]),
        latest_session=Subquery(latest.values("pk")[:1]),
        waiting_rows=Count("parked"),
    ).order_by("name", "id")
    return [
        NodeCard(
            node=node,
            health=_health(node, node.latest_state, now),
            is_here_now=_is_here_now(node, now),
            latest_session=node.latest_session,
            latest_state=node.latest_state,
            waiting_rows=node.waiting_rows,
        )
        for node in found
    ]


def mark(*, now: datetime) -> Mark:
    """Return how the exchange is doing, the worst connection first, and keep it for ``known_mark``.

    One query; nothing is shown without a connection in use.
    """
    latest = ExchangeSession.objects.filter(node=OuterRef("pk")).order_by("-created_at", "-id")
    found = Node.objects.filter(is_active=True).annotate(
        latest_state=Subquery(latest.values("state")[:1])
    )
    places = ((_WORST.index(_health(node, node.latest_state, now)), node.name) for node in found)
    worst = min(places, default=())
    cache.set(MARK_KEY, worst, timeout=MARK_KEPT)
    return _marked(worst)


def known_mark() -> Mark | None:
    """Return what was seen some seconds ago; ``None`` when nobody has looked."""
    worst = kept_at(MARK_KEY)
    return None if worst is None else _marked(worst)


def _marked(worst: tuple[int, str] | tuple[()]) -> Mark:
    if not worst:
        return Mark()
    place, name = worst
    tone, sentence = _MARKS[_WORST[place]]
    return Mark(tone, str(sentence) % {"name": name})


MARK_KEY = "exchange:mark"
_MARKS: dict[str, tuple[str, Promise]] = {
    "failed": ("bad", gettext_lazy("The latest run of “%(name)s” failed.")),
    "late": ("waiting", gettext_lazy("“%(name)s” has been silent for a day.")),
    "problems": ("waiting", gettext_lazy("The latest run of “%(name)s” had problems.")),
    "new": ("waiting", gettext_lazy("“%(name)s” has not called yet.")),
    "good": ("good", gettext_lazy("In step with 1C.")),
}
_WORST = list(_MARKS)


def in_state(found: QuerySet[ExchangeSession], state: str) -> QuerySet[ExchangeSession]:
    """Keep the runs in a state; ``problems`` stands for all that did not end well."""
    if state != "problems":
        return found.filter(state=state)
    return found.filter(
        state__in=[SessionState.DONE_WITH_PROBLEMS, SessionState.FAILED, SessionState.INTERRUPTED]
    )


def total(session: ExchangeSession, name: str) -> int:
    """Return one of ``COLUMNS`` over all kinds of a run."""
    return sum(numbers.get(name, 0) for numbers in session.counts.values())


def cause_sentence(of: ExchangeSession | UploadedFile) -> str:
    """Return what became of a run or a file as a sentence; "" when there is nothing to say."""
    return sentences.cause(of.cause, of.cause_values) if of.cause else ""


def count_rows(*, session: ExchangeSession) -> list[CountRow]:
    """Return the counts of a run by kind, in the order in which rows are stored."""
    order = {name: place for place, name in enumerate(words.KINDS)}
    kinds = sorted(session.counts, key=lambda name: (order.get(name, 50), name))
    return [
        CountRow(
            words.kind(name),
            tuple((said, session.counts[name].get(key, 0)) for key, said in COUNTED.items()),
        )
        for name in kinds
        if any(session.counts[name].values())
    ]


def files(*, session: ExchangeSession) -> list[FileRow]:
    """Return the files of a run with the sentence of what happened to each."""
    found = (
        session.files.exclude(state=FileState.DROPPED)
        .select_related("container")
        .order_by("created_at", "position", "id")[:500]
    )
    return [FileRow(file, cause_sentence(file)) for file in found]


def problem_codes(*, session: ExchangeSession) -> list[tuple[str, str, int]]:
    """Return (code, its name, how many) of a run's problems."""
    found = session.problems.values("code").annotate(number=Count("id")).order_by("-number", "code")
    return [(row["code"], words.code(row["code"]), row["number"]) for row in found]


def problems(*, session: ExchangeSession, code: str = "", after: str = "") -> Page:
    """Return problems in words, in the order in which they were met."""
    found = _problems(session, code).annotate(values_of_cause=F("file__cause_values"))
    if after:
        found = found.filter(id__gt=UUID(after))
    rows = [_in_words(each, each.values_of_cause) for each in found[: PAGE + 1]]
    return Page(rows[:PAGE], str(rows[PAGE - 1].id) if len(rows) > PAGE else "")


def problem_table(*, session: ExchangeSession, code: str = "") -> Iterator[tuple[str, ...]]:
    """Yield all problems of a run as rows of a table, its heading first."""
    yield (_("File"), _("Line"), _("Element"), _("Value"), _("Identifier"), _("Name"), _("Message"))
    found = _problems(session, code).annotate(values_of_cause=F("file__cause_values"))
    for problem in found.iterator(chunk_size=1000):
        yield (
            problem.file_name,
            str(problem.line or ""),
            problem.element,
            problem.value,
            problem.ref,
            problem.name,
            _in_words(problem, problem.values_of_cause).sentence,
        )


def _problems(session: ExchangeSession, code: str) -> QuerySet[SessionProblem]:
    found = session.problems.order_by("id")
    return found.filter(code=code) if code else found


def _in_words(problem: SessionProblem, cause_values: dict[str, Any] | None) -> ProblemRow:
    place = [problem.file_name] if problem.file_name else []
    if problem.line:
        place.append(_("line %(line)s") % {"line": problem.line})
    if problem.element:
        place.append(problem.element)
    return ProblemRow(
        id=problem.pk,
        where=", ".join(place),
        sentence=sentences.problem(
            code=problem.code,
            value=problem.value,
            name=problem.name,
            ref=problem.ref,
            kept=problem.kept,
            cause_values=cause_values,
        ),
        code=words.code(problem.code),
        name=problem.name,
    )


def _is_here_now(node: Node, now: datetime) -> bool:
    latest_at = node.latest_contact_at
    return latest_at is not None and latest_at > now - timedelta(minutes=1)


def _health(node: Node, latest_state: str | None, now: datetime) -> str:
    if not node.is_active:
        return "off"
    if node.first_contact_at is None:
        return "new"
    if latest_state in (SessionState.FAILED, SessionState.INTERRUPTED):
        return "failed"
    if node.latest_contact_at is not None and node.latest_contact_at < now - LATE_AFTER:
        return "late"
    return "problems" if latest_state == SessionState.DONE_WITH_PROBLEMS else "good"

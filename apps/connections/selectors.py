"""What the exchange screens show: connections with their health, runs, counts, problems."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.core.cache import cache
from django.db.models import Count, F, OuterRef, QuerySet, Subquery
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.connections import words
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
UNDER_WAY = (SessionState.RECEIVING, SessionState.QUEUED, SessionState.RUNNING)
COLUMNS = ("read", "created", "changed", "unchanged", "archived", "waiting", "skipped", "problems")


@dataclass(frozen=True)
class CountRow:
    """The counts of one kind of a run."""

    name: str
    numbers: tuple[int, ...]


@dataclass(frozen=True)
class ProblemRow:
    """A problem in words: where it is, what is wrong, what was kept."""

    id: UUID
    where: str
    sentence: str
    code: str
    name: str


@dataclass(frozen=True)
class Page:
    """Some rows and the mark after which the next page begins."""

    rows: Sequence[object]
    following: str = ""


def nodes(*, now: datetime) -> list[Node]:
    """Return the connections with ``health``, their latest run and how much waits."""
    latest = ExchangeSession.objects.filter(node=OuterRef("pk")).order_by("-created_at", "-id")
    found = list(
        Node.objects.annotate(
            latest_state=Subquery(latest.values("state")[:1]),
            latest_session=Subquery(latest.values("pk")[:1]),
            waiting_rows=Count("parked"),
        ).order_by("name", "id")
    )
    for node in found:
        node.health = _health(node, now)
        latest_at = node.latest_contact_at
        node.is_here_now = latest_at is not None and latest_at > now - timedelta(minutes=1)
    return found


def mark(*, now: datetime) -> Mark:
    """Return how the exchange is doing, the worst connection first, and keep it for ``known_mark``.

    One query; nothing is shown without a connection in use.
    """
    latest = ExchangeSession.objects.filter(node=OuterRef("pk")).order_by("-created_at", "-id")
    found = Node.objects.filter(is_active=True).annotate(
        latest_state=Subquery(latest.values("state")[:1])
    )
    worst = min(((_WORST.index(_health(node, now)), node.name) for node in found), default=())
    cache.set(_MARK_KEY, worst, timeout=MARK_KEPT)
    return _marked(worst)


def known_mark() -> Mark | None:
    """Return what was seen some seconds ago; ``None`` when nobody has looked."""
    worst = cache.get(_MARK_KEY)
    return None if worst is None else _marked(worst)


def _marked(worst: tuple[int, str] | tuple[()]) -> Mark:
    if not worst:
        return Mark()
    place, name = worst
    tone, sentence = _MARKS[_WORST[place]]
    return Mark(tone, str(sentence) % {"name": name})


_MARK_KEY = "exchange:mark"
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


def decorate(session: ExchangeSession) -> ExchangeSession:
    """Give a run what its row and its card show: totals, percentage, whether it is under way."""
    totals = dict.fromkeys(COLUMNS, 0)
    for numbers in session.counts.values():
        for name, number in numbers.items():
            totals[name] = totals.get(name, 0) + number
    session.totals = totals
    session.is_under_way = session.state in UNDER_WAY
    session.percent = (
        min(99, session.progress_current * 100 // session.progress_total)
        if session.progress_total
        else 0
    )
    session.cause_sentence = (
        sentences.cause(session.cause, session.cause_values) if session.cause else ""
    )
    return session


def count_rows(*, session: ExchangeSession) -> list[CountRow]:
    """Return the counts of a run by kind, in the order in which rows are stored."""
    order = {name: place for place, name in enumerate(words.KINDS)}
    kinds = sorted(session.counts, key=lambda name: (order.get(name, 50), name))
    return [
        CountRow(words.kind(name), tuple(session.counts[name].get(column, 0) for column in COLUMNS))
        for name in kinds
        if any(session.counts[name].values())
    ]


def files(*, session: ExchangeSession) -> list[UploadedFile]:
    """Return the files of a run with the sentence of what happened to each."""
    found = list(
        session.files.exclude(state=FileState.DROPPED)
        .select_related("container")
        .order_by("created_at", "position", "id")[:500]
    )
    for file in found:
        file.cause_sentence = sentences.cause(file.cause, file.cause_values) if file.cause else ""
    return found


def problem_codes(*, session: ExchangeSession) -> list[tuple[str, str, int]]:
    """Return (code, its name, how many) of a run's problems."""
    found = session.problems.values("code").annotate(number=Count("id")).order_by("-number", "code")
    return [(row["code"], words.code(row["code"]), row["number"]) for row in found]


def problems(*, session: ExchangeSession, code: str = "", after: str = "") -> Page:
    """Return problems in words, in the order in which they were met."""
    found = _problems(session, code)
    if after:
        found = found.filter(id__gt=UUID(after))
    rows = [_in_words(problem) for problem in found[: PAGE + 1]]
    return Page(rows[:PAGE], str(rows[PAGE - 1].id) if len(rows) > PAGE else "")


def problem_table(*, session: ExchangeSession, code: str = "") -> Iterator[tuple[str, ...]]:
    """Yield all problems of a run as rows of a table, its heading first."""
    yield (_("File"), _("Line"), _("Element"), _("Value"), _("Identifier"), _("Name"), _("Message"))
    for problem in _problems(session, code).iterator(chunk_size=1000):
        yield (
            problem.file_name,
            str(problem.line or ""),
            problem.element,
            problem.value,
            problem.ref,
            problem.name,
            _in_words(problem).sentence,
        )


def _problems(session: ExchangeSession, code: str) -> QuerySet[SessionProblem]:
    found = session.problems.order_by("id").annotate(values_of_cause=F("file__cause_values"))
    return found.filter(code=code) if code else found


def _in_words(problem: SessionProblem) -> ProblemRow:
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
            cause_values=problem.values_of_cause,
        ),
        code=words.code(problem.code),
        name=problem.name,
    )


def _health(node: Node, now: datetime) -> str:
    if not node.is_active:
        return "off"
    if node.first_contact_at is None:
        return "new"
    if node.latest_state in (SessionState.FAILED, SessionState.INTERRUPTED):
        return "failed"
    if node.latest_contact_at is not None and node.latest_contact_at < now - LATE_AFTER:
        return "late"
    return "problems" if node.latest_state == SessionState.DONE_WITH_PROBLEMS else "good"

"""Taking one file: read, stored set by set, counted and closed in one transaction.

Either everything of the file is in the company's tables together with its counts, or nothing is and
the file can be taken again. Nothing here writes to the session's row: progress is shown through the
side connection while the transaction is open.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, BinaryIO

from django.db import transaction

from exchange import parking
from exchange.ahead import ahead
from exchange.files import digest, open_file
from exchange.formats import commerceml
from exchange.models import (
    ExchangeSession,
    FileState,
    ParkedRow,
    SessionProblem,
    UploadedFile,
)
from exchange.registry import Adapter, StoreContext, Stored, adapter_for
from exchange.rows import (
    CatalogHeader,
    DirectoryHeader,
    OfferRow,
    PriceRow,
    Problem,
    SentFile,
    StockRow,
)

# Weight of the rows stored together; five such batches are in memory at a time. The first is small,
# so that the database does not wait for it long.
BATCH = 24_000
FIRST = BATCH // 6
LIGHT = frozenset({OfferRow, PriceRow, StockRow})  # a dozen values; other rows weigh twice as much
MAX_PROBLEMS = 5000  # stored for one file; all are counted
COUNTED = ("read", "created", "changed", "unchanged", "archived", "problems", "waiting", "skipped")

Counts = dict[str, dict[str, int]]
Report = Callable[[int, int], None]  # bytes read, bytes in all


def take_data(
    *, file: UploadedFile, session: ExchangeSession, now: datetime, report: Report
) -> Counts:
    """Take an XML file and return its counts.

    :raises NotWellFormed: it is cut short or is not XML; nothing of it was kept.
    :raises RefusedDocument: it is of a kind that is never read; nothing of it was kept.
    """
    taking = _Taking(file, session, now)
    if not file.sha256:
        file.sha256 = digest(file)
    with transaction.atomic(), open_file(file) as source:
        watched = _Watched(source)
        batches = ahead(lambda: taking.batches(commerceml.read(watched, name=file.name)))
        with closing(batches):
            taking.take(batches, lambda: report(watched.position, file.size))
        _finish(file, taking, now)
    return taking.counts


def take_attachments(
    *, files: list[UploadedFile], session: ExchangeSession, now: datetime
) -> Counts:
    """Offer pictures and attachments to whoever registered for them."""
    sent = [SentFile(f.name, str(f.pk), f.size, f.sha256 or digest(f)) for f in files]
    taking = _Taking(files[0], session, now)
    with transaction.atomic():
        taking.take(taking.batches(iter(sent)))
        _finish(files[0], taking, now)
        UploadedFile.objects.filter(pk__in=[file.pk for file in files]).update(
            state=FileState.DONE, finished_at=now
        )
    return taking.counts


def retry_waiting(*, session: ExchangeSession, now: datetime) -> Counts:
    """Offer every waiting row of the node again, in one transaction, and return what it gave."""
    taking = _Taking(None, session, now)
    with transaction.atomic():
        taking.offer_waiting()
        taking.save_problems()
    return taking.counts


def add_counts(into: Counts, more: Counts) -> Counts:
    """Add counts to others in place and return them."""
    for kind, numbers in more.items():
        mine = into.setdefault(kind, {})
        for name, number in numbers.items():
            mine[name] = mine.get(name, 0) + number
    return into


def counted(stored: Stored) -> dict[str, int]:
    """Return the counts of one call that are not zero."""
    numbers = {
        "read": stored.read,
        "created": stored.created,
        "changed": stored.changed,
        "unchanged": stored.unchanged,
        "archived": stored.archived,
        "problems": len(stored.problems),
        "waiting": len(stored.parked),
    }
    return {name: number for name, number in numbers.items() if number}


@dataclass
class _Part:
    """The rows of one kind in a batch, ready for their adapter."""

    adapter: Adapter[Any]
    rows: list[Any]
    prepared: Any = None


@dataclass
class _Batch:
    """What is stored together, in the order in which it is stored."""

    context: StoreContext
    headers: list[dict[str, Any]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    parts: list[_Part] = field(default_factory=list)


class _Taking:
    """The rows of one file on their way into the adapters."""

    def __init__(self, file: UploadedFile | None, session: ExchangeSession, now: datetime) -> None:
        self.file = file
        self.session = session
        self.options = session.node.options
        self.counts: Counts = {}
        self.headers: list[dict[str, Any]] = []
        self.problems: list[Problem] = []
        self.problem_count = 0
        self._made_news = False
        self.context = StoreContext(
            node_id=session.node_id,
            session_id=session.pk,
            file=file.name if file else "",
            now=now,
            settings=self.options.stored(),
        )

    def batches(self, stream: Iterator[Any]) -> Iterator[_Batch]:
        """Gather rows into batches and prepare them; touches nothing that storing touches."""
        pending: dict[type, list[Any]] = defaultdict(list)
        batch, size, limit = self._begin(self.context), 0, min(FIRST, BATCH)
        for item in stream:
            kind = type(item)
            if kind is Problem:
                batch.problems.append(item)
                continue
            if kind is DirectoryHeader:
                batch.headers.append(_told_of_directory(item))
                continue
            if kind is CatalogHeader:
                if size or batch.problems:
                    yield self._prepared(batch, pending)
                batch, pending, size = self._begin(batch.context, item), defaultdict(list), 0
            pending[kind].append(item)
            size += 1 if kind in LIGHT else 2
            if size >= limit:
                yield self._prepared(batch, pending)
                batch, pending, size = self._begin(batch.context), defaultdict(list), 0
                limit = BATCH
        yield self._prepared(batch, pending)

    def take(self, batches: Iterator[_Batch], report: Callable[[], None] = lambda: None) -> None:
        """Store batches in their order; ``report`` is called before each."""
        for batch in batches:
            report()
            self.context = batch.context
            self.headers += batch.headers
            for problem in batch.problems:
                self._note(problem)
            for part in batch.parts:
                self._store(part)
        if self._made_news and parking.has_waiting(session=self.session):
            self.offer_waiting()

    @staticmethod
    def _begin(context: StoreContext, header: CatalogHeader | None = None) -> _Batch:
        if header is None:
            return _Batch(replace(context, shared={}))
        catalog = header.ref.removesuffix("#")
        told = {
            "catalog": catalog,
            "is_offers": header.is_offers,
            "changes_only": header.changes_only,
        }
        return _Batch(replace(context, catalog_ref=catalog, shared={}), [told])

    def _prepared(self, batch: _Batch, pending: dict[type, list[Any]]) -> _Batch:
        for row_type, rows in pending.items():
            adapter = adapter_for(row_type)
            if adapter is not None:
                batch.parts.append(_Part(adapter, rows))
        batch.parts.sort(key=lambda part: part.adapter.rank)
        for part in batch.parts:
            if self.options.takes(part.adapter.kind):
                part.prepared = part.adapter.prepare(part.rows, batch.context)
        batch.context.close_shared()
        return batch

    def offer_waiting(self) -> None:
        """Offer the waiting rows again; those that are taken now wait no longer."""
        for batch in parking.waiting(session=self.session):
            for (row_type, catalog_ref), parked in _grouped(batch):
                adapter = adapter_for(row_type)
                if adapter is None:
                    continue
                decoded = [parking.decode(row.body) for row in parked]
                context = replace(self.context, catalog_ref=catalog_ref, shared={})
                stored = adapter.store(decoded, context)
                still = {parking.encode_key(row) for row in stored.parked}
                gone = [row.pk for row in parked if row.key not in still]
                ParkedRow.objects.filter(pk__in=gone).delete()
                self._count(adapter.kind, replace(stored, read=0, parked=[]))
                for problem in stored.problems:
                    self._note(problem, is_counted=True)

    def save_problems(self) -> None:
        """Write the problems of the file."""
        SessionProblem.objects.bulk_create(
            [
                SessionProblem(
                    session=self.session,
                    file=self.file,
                    code=str(problem.code),
                    file_name=(problem.file or self.context.file)[:300],
                    line=max(problem.line, 0),
                    element=problem.element[:300],
                    value=problem.value[:200].replace("\x00", ""),
                    ref=problem.ref[:120],
                    name=problem.name[:250],
                    kept=problem.kept[:40],
                )
                for problem in self.problems
            ],
            batch_size=1000,
        )

    def _store(self, part: _Part) -> None:
        adapter, rows = part.adapter, part.rows
        if not self.options.takes(adapter.kind):
            add_counts(self.counts, {adapter.kind: {"skipped": len(rows)}})
            return
        stored = adapter.apply(part.prepared, self.context)
        self._count(adapter.kind, replace(stored, read=len(rows)))
        self._made_news = self._made_news or bool(stored.created or stored.changed)
        for problem in stored.problems:
            self._note(problem, is_counted=True)
        if stored.parked:
            parking.park(
                session=self.session,
                adapter=adapter,
                waiting=stored.parked,
                file_name=self.context.file,
                catalog_ref=self.context.catalog_ref,
            )
        if len(stored.parked) < len(rows) and parking.has_waiting(session=self.session):
            still = {parking.encode_key(row) for row in stored.parked}
            parking.forget(
                session=self.session,
                stored=[row for row in rows if parking.encode_key(row) not in still],
            )

    def _count(self, kind: str, stored: Stored) -> None:
        add_counts(self.counts, {kind: counted(stored)})

    def _note(self, problem: Problem, *, is_counted: bool = False) -> None:
        self.problem_count += 1
        if not is_counted:
            add_counts(self.counts, {"": {"problems": 1}})
        if len(self.problems) < MAX_PROBLEMS:
            self.problems.append(problem)


def _told_of_directory(header: DirectoryHeader) -> dict[str, Any]:
    return {
        "catalog": header.ref,
        "scope": "directory",
        "is_offers": False,
        "changes_only": header.changes_only,
    }


def _finish(file: UploadedFile, taking: _Taking, now: datetime) -> None:
    taking.save_problems()
    UploadedFile.objects.filter(pk=file.pk).update(
        state=FileState.DONE,
        finished_at=now,
        counts=taking.counts,
        headers=taking.headers,
        problem_count=taking.problem_count,
        sha256=file.sha256,
        cause="",
        cause_values={},
    )


def _grouped(batch: Iterable[ParkedRow]) -> Iterator[tuple[tuple[type, str], list[ParkedRow]]]:
    groups: dict[tuple[type, str], list[ParkedRow]] = {}
    for row in batch:
        groups.setdefault((parking.row_class(row.row_type), row.catalog_ref), []).append(row)
    yield from groups.items()


class _Watched:
    """The file on its way to the reader, knowing how far it is."""

    def __init__(self, source: BinaryIO) -> None:
        self._source = source
        self.position = 0

    def read(self, size: int = -1, /) -> bytes:
        data = self._source.read(size)
        self.position += len(data)
        return data

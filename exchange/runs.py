"""The runs of a company, one at a time: files in order, each in its own transaction, then the end.

Whoever holds the company's lock works until nothing is queued. A worker that is killed leaves a
file
"being read"; the next holder of the lock takes it again, and because a file is all or nothing the
result is the same. A bad file fails alone and the rest goes on, except that later portions of a
catalogue wait for its first (they refer to what only the first brings).
"""

from __future__ import annotations

import errno
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

import psycopg2
import structlog
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from psycopg2.errors import DiskFull

from exchange import names, outcome, parking, taking
from exchange.files import open_file
from exchange.formats.commerceml import NotWellFormed, RefusedDocument, sniff
from exchange.models import (
    ExchangeSession,
    FileKind,
    FileState,
    ParkedRow,
    SessionProblem,
    SessionState,
    UploadedFile,
)
from exchange.progress import Cancelled, Side, side_connection
from exchange.registry import StoreContext, all_adapters
from exchange.rows import ProblemCode
from exchange.unpacking import BrokenArchive, HostileArchive, unpack
from tenants.audit.services import record
from tenants.context import acting

MAX_ATTEMPTS = 3
MAX_WAITING_PROBLEMS = 1000
LOST_CONNECTION = (OperationalError, InterfaceError, psycopg2.OperationalError)
log = structlog.get_logger(__name__)

Clock = Callable[[], datetime]


def run_company(*, clock: Clock = timezone.now) -> int:
    """Work off every queued run of the company and return how many were looked at.

    Returns 0 at once when another process is at it: that one takes what is queued here too.
    """
    done = 0
    while _is_queued():
        with side_connection() as side:
            if not side.try_lock():
                return done
            while (session := _next_queued()) is not None:
                _run(session, side, clock)
                done += 1
        # What was queued between the last look and giving up the lock is seen by the next round.
    return done


def finish_company(*, clock: Clock = timezone.now) -> None:
    """Work off every queued run of the company, and wait for what another process is taking.

    For whoever needs the rows at once: a worker may have been quicker to take the run.
    """
    run_company(clock=clock)
    with side_connection() as side:
        side.lock()
    run_company(clock=clock)


def _is_queued() -> bool:
    return ExchangeSession.objects.filter(queued_at__isnull=False).exists()


def _next_queued() -> ExchangeSession | None:
    queued = ExchangeSession.objects.filter(queued_at__isnull=False).select_related("node")
    return queued.order_by("queued_at", "id").first()


def _run(session: ExchangeSession, side: Side, clock: Clock) -> None:
    """Take what is pending of one run, and end it when nothing more can join."""
    ExchangeSession.objects.filter(pk=session.pk).update(
        queued_at=None, state=SessionState.RUNNING, finished_at=None
    )
    with acting(author=session.author, origin=session.node_id, cause=f"exchange:{session.pk}"):
        try:
            _take_pending(session, side, clock)
        except Cancelled:
            _cancel(session, clock())
        except LOST_CONNECTION as error:
            # The line to the database is gone for longer than the retries: what is pending stays
            # so.
            connection.close()
            ExchangeSession.objects.filter(pk=session.pk).update(queued_at=clock())
            log.warning("exchange run lost its database connection", error=str(error))
            raise
        session.refresh_from_db()
        if not session.is_open and not _pending(session).exists() and session.queued_at is None:
            _end(session, clock())
    _settle(session, clock())


def _take_pending(session: ExchangeSession, side: Side, clock: Clock) -> None:
    while (file := _next_file(session)) is not None:
        if file.kind == FileKind.OTHER:
            _take_attachments(session, clock)
        elif file.attempts >= MAX_ATTEMPTS:
            _fail(file, "interrupted", clock(), attempts=file.attempts)
        elif file.kind == FileKind.XML and _first_portion_failed(file):
            _fail(file, "first_portion_failed", clock(), state=FileState.SKIPPED)
        else:
            _take_file(file, session, side, clock)
        _recount(session)
    side.report(session_id=session.pk, file="", current=0, total=0, force=True)


def _pending(session: ExchangeSession) -> QuerySet[UploadedFile]:
    return session.files.filter(state__in=[FileState.WAITING, FileState.TAKING])


def _next_file(session: ExchangeSession) -> UploadedFile | None:
    """Return the file to take next: archives, then data by what refers to what, then pictures."""
    pending = list(_pending(session).select_related("upload"))
    kinds = {FileKind.ZIP: 0, FileKind.XML: 1, FileKind.OTHER: 2}
    return min(
        pending,
        key=lambda file: (
            kinds[FileKind(file.kind)],
            _rank(file),
            file.upload.created_at,
            names.natural(file.name),
            file.pk,
        ),
        default=None,
    )


def _rank(file: UploadedFile) -> int:
    """Return the file's place by its name, or by its first elements when the name tells nothing."""
    place = names.rank(file.name)
    if place != names.UNKNOWN or file.kind != FileKind.XML:
        return place
    try:
        with open_file(file) as source:
            return names.rank_of_content(sniff(source, name=file.name))
    except (RefusedDocument, OSError):
        return place  # taking it will say what is wrong


def _take_file(file: UploadedFile, session: ExchangeSession, side: Side, clock: Clock) -> None:
    """Take one archive or data file; whatever goes wrong with it stays with it."""
    report = partial(_report, side, session, file)
    while True:
        file.attempts += 1
        UploadedFile.objects.filter(pk=file.pk).update(
            state=FileState.TAKING, attempts=file.attempts, started_at=clock()
        )
        try:
            if file.kind == FileKind.ZIP:
                unpack(file=file, now=clock(), report=report)
            else:
                taking.take_data(file=file, session=session, now=clock(), report=report)
            return
        except Cancelled:
            UploadedFile.objects.filter(pk=file.pk).update(state=FileState.WAITING)
            raise
        except LOST_CONNECTION as error:
            if database_is_full(error):
                _fail(file, "disk_full", clock())
                log.exception("exchange file found the database full", file=file.name)
                return
            connection.close()
            log.warning("exchange file lost its database connection", error=str(error))
            if file.attempts >= MAX_ATTEMPTS:
                _fail(file, "database_lost", clock())
                return
        except NotWellFormed as error:
            _fail(file, "not_readable", clock(), line=error.line)
            return
        except RefusedDocument as error:
            record(kind="exchange.document_refused", file=file.name, reason=error.reason)
            _fail(file, "document_refused", clock(), reason=error.reason)
            return
        except HostileArchive as error:
            record(kind="exchange.archive_refused", file=file.name, reason=str(error))
            _fail(file, "archive_refused", clock(), reason=str(error))
            return
        except BrokenArchive:
            _fail(file, "archive_broken", clock())
            return
        except OSError as error:
            full = error.errno in (errno.ENOSPC, errno.EDQUOT)
            _fail(file, "disk_full" if full else "storage_lost", clock())
            log.exception("exchange file storage failed", file=file.name)
            return
        except Exception:
            # A defect of ours: this file is rolled back and named, the others are not held up.
            log.exception("exchange file failed", file=file.name, session=str(session.pk))
            _fail(file, "defect", clock())
            return


def database_is_full(error: Exception) -> bool:
    """Tell whether the database refused to write because its disk is full."""
    return isinstance(error, DiskFull) or isinstance(error.__cause__, DiskFull)


def _take_attachments(session: ExchangeSession, clock: Clock) -> None:
    files = list(_pending(session).filter(kind=FileKind.OTHER)[:500])
    try:
        taking.take_attachments(files=files, session=session, now=clock())
    except Exception:
        log.exception("exchange attachments failed", session=str(session.pk))
        for file in files:
            _fail(file, "defect", clock())


def _report(
    side: Side, session: ExchangeSession, file: UploadedFile, current: int, total: int
) -> None:
    side.report(session_id=session.pk, file=file.name, current=current, total=total)


def _first_portion_failed(file: UploadedFile) -> bool:
    """Tell whether the portion that later ones build on has failed in the same run."""
    portion = names.portion(file.name)
    if portion is None or portion[0] != "import" or portion[2] == 1:
        return False
    first = f"{portion[0]}{portion[1]}_1.xml"
    sent = UploadedFile.objects.filter(session_id=file.session_id, name__iendswith=first)
    latest = sent.exclude(state=FileState.DROPPED).order_by("-created_at", "-id").first()
    return latest is not None and latest.state == FileState.FAILED


def _fail(
    file: UploadedFile,
    cause: str,
    now: datetime,
    *,
    state: str = FileState.FAILED,
    **values: Any,
) -> None:
    """Close a file of which nothing was kept, and say why."""
    with transaction.atomic():
        SessionProblem.objects.create(
            session_id=file.session_id,
            file=file,
            code=f"file_{cause}",
            file_name=file.name,
            line=int(values.get("line", 0)),
            kept="nothing",
        )
        UploadedFile.objects.filter(pk=file.pk).update(
            state=state,
            finished_at=now,
            cause=cause,
            cause_values=values,
            counts={},
            problem_count=1,
        )


def _recount(session: ExchangeSession) -> None:
    """Bring the session's counts to the sum of its files and of its ending."""
    session.refresh_from_db(fields=["closing_counts"])
    totals: taking.Counts = {}
    problems = 0
    for counts, number in session.files.values_list("counts", "problem_count"):
        taking.add_counts(totals, counts)
        problems += number
    taking.add_counts(totals, session.closing_counts)
    ending = session.problems.filter(file__isnull=True).count()
    ExchangeSession.objects.filter(pk=session.pk).update(
        counts=totals, problem_count=problems + ending
    )


def _end(session: ExchangeSession, now: datetime) -> None:
    """End a closed run: offer what waits, then archive or zero what a full run left out."""
    if session.finished_at is not None or session.is_cancelled:
        return
    counts = taking.retry_waiting(session=session, now=now)
    with transaction.atomic():
        session.problems.filter(file__isnull=True).delete()
        full = _came_whole(session)
        for scope in full:
            taking.add_counts(counts, _finish_scope(session, scope, now))
        _name_waiting(session)
        ExchangeSession.objects.filter(pk=session.pk).update(
            full=full, closing_counts=taking.add_counts(counts, session.closing_counts)
        )
    _recount(session)


def _came_whole(session: ExchangeSession) -> list[dict[str, str]]:
    """Return the catalogues and offers of which this run brought everything.

    The first portion of a full export says so in its header and all later ones deny it, so "full"
    belongs to the run; 3.1 always denies it and ends a full run by ``deactivate``. A run with a
    failed
    file has not brought everything.
    """
    files = session.files.filter(is_purged=False).exclude(state=FileState.DROPPED)
    if files.filter(Q(state=FileState.FAILED) | Q(state=FileState.SKIPPED)).exists():
        return []
    has_stock = bool(session.counts.get("stock", {}).get("read"))
    whole: list[dict[str, str]] = []
    for headers in files.values_list("headers", flat=True):
        for header in headers:
            scope = header.get("scope") or ("offers" if header["is_offers"] else "catalog")
            entry = {"catalog": header["catalog"], "scope": scope}
            by_request = session.full_by_request and scope != "directory"
            claims = by_request or header["changes_only"] is False
            if claims and entry not in whole and (scope != "offers" or has_stock):
                whole.append(entry)
    return whole


def _finish_scope(session: ExchangeSession, scope: dict[str, str], now: datetime) -> taking.Counts:
    options = session.node.options
    context = StoreContext(
        node_id=session.node_id,
        session_id=session.pk,
        file="",
        now=now,
        is_full=True,
        catalog_ref=scope["catalog"],
        scope=scope["scope"],
        settings=options.stored(),
    )
    counts: taking.Counts = {}
    for adapter in all_adapters():
        if not options.takes(adapter.kind):
            continue
        stored = adapter.finish_run(context)
        numbers = taking.counted(replace(stored, parked=[]))
        if numbers:
            taking.add_counts(counts, {adapter.kind: numbers})
        SessionProblem.objects.bulk_create(
            [
                SessionProblem(
                    session=session,
                    code=str(problem.code),
                    file_name=problem.file[:300],
                    element=problem.element[:300],
                    value=problem.value[:200],
                    ref=problem.ref[:120],
                    name=problem.name[:250],
                    kept=problem.kept[:40],
                )
                for problem in stored.problems[: taking.MAX_PROBLEMS]
            ]
        )
    return counts


_WAITS_FOR = {
    "DocumentRow": ProblemCode.UNKNOWN_DOCUMENT,
    "ProductRow": ProblemCode.UNKNOWN_GROUP,
}


def _name_waiting(session: ExchangeSession) -> None:
    """Say of each row of this run that still waits what it waits for."""
    waiting = ParkedRow.objects.filter(session=session).order_by("rank", "id")
    problems = []
    for parked in waiting[:MAX_WAITING_PROBLEMS]:
        row = parking.decode(parked.body)
        ref = getattr(row, "product_ref", "") or getattr(row, "ref", "")
        problems.append(
            SessionProblem(
                session=session,
                code=_WAITS_FOR.get(parked.row_type, ProblemCode.UNKNOWN_PRODUCT),
                file_name=parked.file_name,
                line=row.line,
                ref=ref[:120],
                value=ref[:200],
                name=getattr(row, "name", "")[:250],
                kept="waits",
            )
        )
    SessionProblem.objects.bulk_create(problems, batch_size=1000)


def _cancel(session: ExchangeSession, now: datetime) -> None:
    _pending(session).update(
        state=FileState.SKIPPED, finished_at=now, cause="cancelled", cause_values={}
    )
    ExchangeSession.objects.filter(pk=session.pk).update(
        is_open=False, closed_at=now, queued_at=None, cause="cancelled"
    )
    _recount(session)


def _settle(session: ExchangeSession, now: datetime) -> None:
    """Give the session the state that its files and problems add up to."""
    session.refresh_from_db()
    if session.queued_at is not None or _pending(session).exists():
        state = SessionState.QUEUED
    elif session.files.filter(state=FileState.RECEIVING, is_current=True).exists():
        state = SessionState.RECEIVING
    else:
        state = _outcome(session)
    is_over = state not in (SessionState.QUEUED, SessionState.RECEIVING)
    ExchangeSession.objects.filter(pk=session.pk).update(
        state=state,
        finished_at=now if is_over else None,
        progress_file="",
        progress_current=0,
        progress_total=0,
    )
    if is_over:
        outcome.tell(session.pk, state)


def _outcome(session: ExchangeSession) -> SessionState:
    if session.is_cancelled:
        return SessionState.INTERRUPTED
    states = set(session.files.exclude(state=FileState.DROPPED).values_list("state", flat=True))
    if states and states <= {FileState.FAILED, FileState.SKIPPED}:
        return SessionState.FAILED
    if session.problem_count or states & {FileState.FAILED, FileState.SKIPPED}:
        return SessionState.DONE_WITH_PROBLEMS
    return SessionState.DONE

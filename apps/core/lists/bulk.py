"""One change of many rows: over a selection, or over all that match, with progress and undo.

A job takes down the keys first, then works through them in small transactions. A worker that is
killed leaves whole portions behind; whoever goes on takes the rows that still wait, so a job may
run twice and does each row once. Each row goes through the room's own service, which refuses what
it always refuses. Former values are kept for a day.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from apps.core import objects
from apps.core.lists import fields
from apps.core.lists.screen import screen_of
from apps.core.models import BulkJob, BulkRow, JobState, RowState
from apps.core.objects import ChangedMeanwhile, Field, ObjectKind, Refused
from tenants.context import acting

AT_ONCE = 200  # rows that are changed while the person waits
PORTION = 50
MOST_ROWS = 100_000
KEPT = timedelta(days=1)
STALE = timedelta(minutes=2)
WAYS = ("set", "add", "remove", "archive", "restore")
_ACTIVE = (JobState.WAITING, JobState.RUNNING, JobState.UNDOING)


class TooManyRows(ValueError):
    """More rows match than a job takes; nothing was changed."""

    def __init__(self, count: int) -> None:
        super().__init__(count)
        self.count = count


class TooLate(RuntimeError):
    """The former values are not kept any more, or the job is still at work."""


@transaction.atomic
def begin(
    *, kind: ObjectKind, by: Any, how: str, field: str = "", value: Any = (),
    keys: Sequence[UUID] | None = None, list_key: str = "", address: str = "",
) -> BulkJob:  # fmt: skip
    """Take down what is to be done with which rows: ``keys``, or all that match the address.

    :raises TooManyRows: more match than a job takes.
    """
    job = BulkJob(
        kind=kind.key, user_id=by.pk, field=field, how=how, value=value, list_key=list_key,
        address=address if keys is None else "",
    )  # fmt: skip
    found = _rows(job, kind, by, keys)
    wanted = list(found.order_by("pk").values_list("pk", flat=True)[: MOST_ROWS + 1])
    if len(wanted) > MOST_ROWS:
        raise TooManyRows(len(wanted))
    job.total = len(wanted)
    job.save()
    for start in range(0, len(wanted), 5000):
        BulkRow.objects.bulk_create(
            [BulkRow(job=job, row_id=key) for key in wanted[start : start + 5000]]
        )
    return job


def _rows(
    job: BulkJob, kind: ObjectKind, by: Any, keys: Sequence[UUID] | None
) -> QuerySet[Any]:
    may_change = kind.rows(by, action=_action(job.how))
    if keys is not None:
        return may_change.filter(pk__in=keys)
    matching = screen_of(job.list_key, user=by, address=job.address).matched()
    return may_change.filter(pk__in=matching.order_by().values("pk"))


def run(*, job_id: UUID) -> BulkJob:
    """Do what is left of a job; one that is done is left alone.

    :raises BulkJob.DoesNotExist: it is gone.
    """
    job = BulkJob.objects.get(pk=job_id)
    if job.state == JobState.WAITING:
        BulkJob.objects.filter(pk=job.pk).update(state=JobState.RUNNING)
        job.state = JobState.RUNNING
    if job.state not in (JobState.RUNNING, JobState.UNDOING):
        return job
    with acting(author=job.user_id, cause="screen"):
        while _portion(job):
            pass
    ended = {JobState.RUNNING: JobState.DONE, JobState.UNDOING: JobState.UNDONE}[
        JobState(job.state)
    ]
    job.refresh_from_db()
    job.state = ended
    job.save(update_fields=["state", "updated_at"])
    return job


@transaction.atomic
def _portion(job: BulkJob) -> bool:
    """Do some rows; return whether there were any. Two workers never take the same."""
    is_undo = job.state == JobState.UNDOING
    waiting = RowState.DONE if is_undo else RowState.WAITING
    rows = list(
        BulkRow.objects.select_for_update(skip_locked=True)
        .filter(job=job, state=waiting)
        .order_by("id")[:PORTION]
    )
    if not rows:
        return False
    by = get_user_model().objects.get(pk=job.user_id)
    kind = objects.kind(job.kind)
    there = kind.rows(by, action=_action(job.how)).in_bulk([row.row_id for row in rows])
    reasons: dict[str, int] = {}
    for row in rows:
        try:
            with transaction.atomic():
                _undo_row(job, kind, row, there, by) if is_undo else _do_row(
                    job, kind, row, there, by
                )
        except Refused as error:
            row.state = RowState.REFUSED
            sentence = next((text for each in error.errors.values() for text in each), "")
            reasons[sentence] = reasons.get(sentence, 0) + 1
    BulkRow.objects.bulk_update(rows, ["state", "former", "after_at"])
    _count(job, rows, reasons)
    return True


def _count(job: BulkJob, rows: Sequence[BulkRow], reasons: dict[str, int]) -> None:
    refused = sum(row.state == RowState.REFUSED for row in rows)
    kept = BulkJob.objects.select_for_update().get(pk=job.pk)
    for sentence, count in reasons.items():
        if sentence in kept.reasons or len(kept.reasons) < 20:
            kept.reasons[sentence] = kept.reasons.get(sentence, 0) + count
    kept.done += len(rows) - refused
    kept.refused += refused
    kept.save(update_fields=["done", "refused", "reasons", "updated_at"])


def _do_row(
    job: BulkJob, kind: ObjectKind, row: BulkRow, there: dict[UUID, Any], by: Any
) -> None:
    found = _found(there, row)
    if job.how in ("archive", "restore"):
        if kind.archive is None:
            raise Refused({"": [_("This cannot be archived.")]})
        row.former = bool(getattr(found, "is_archived", False))
        kind.archive([found.pk], job.how == "archive")
    else:
        field = _field(kind, job.field)
        row.former = fields.plain(found, field)
        wanted = _wanted(job, row.former)
        if wanted != row.former:
            value = fields.typed(field, wanted if isinstance(wanted, list) else [wanted])
            _save(kind, found.pk, {field.key: value}, by, None)
    row.after_at = _changed_at(kind, found.pk)
    row.state = RowState.DONE


def _undo_row(
    job: BulkJob, kind: ObjectKind, row: BulkRow, there: dict[UUID, Any], by: Any
) -> None:
    found = _found(there, row)
    if row.after_at is not None and found.updated_at != row.after_at:
        raise Refused({"": [_("It was changed since, and stays as it is.")]})
    if job.how in ("archive", "restore"):
        if kind.archive is not None:
            kind.archive([found.pk], bool(row.former))
    else:
        field = _field(kind, job.field)
        if fields.plain(found, field) != row.former:
            value = fields.restored(field, row.former)
            _save(kind, found.pk, {field.key: value}, by, found.updated_at)
    row.state = RowState.UNDONE


def _field(kind: ObjectKind, key: str) -> Field:
    try:
        return kind.field(key)
    except KeyError:
        raise Refused({"": [_("This field is not there any more.")]}) from None


def _save(
    kind: ObjectKind, key: UUID, values: dict[str, Any], by: Any, seen: datetime | None
) -> None:
    try:
        objects.save(kind, values=values, by=by, key=key, seen=seen)
    except ChangedMeanwhile:
        raise Refused({"": [_("It was changed since, and stays as it is.")]}) from None


def _found(there: dict[UUID, Any], row: BulkRow) -> Any:
    if row.row_id not in there:
        raise Refused({"": [_("It is gone, or you may not change it.")]})
    return there[row.row_id]


def _wanted(job: BulkJob, former: Any) -> Any:
    if job.how == "add":
        return [*former, *(each for each in job.value if each not in former)]
    if job.how == "remove":
        return [each for each in former if each not in job.value]
    return job.value if isinstance(former, list) else (job.value[-1] if job.value else "")


def _changed_at(kind: ObjectKind, key: UUID) -> datetime | None:
    found = kind.model._default_manager.filter(pk=key)
    return found.values_list("updated_at", flat=True).first()


@transaction.atomic
def begin_undo(*, job_id: UUID, by: Any, now: datetime) -> BulkJob:
    """Let a job that is done be taken back; the rows follow with ``run``.

    :raises BulkJob.DoesNotExist: there is none of this person.
    :raises TooLate: it is at work, undone already, or older than a day.
    """
    job = BulkJob.objects.select_for_update().get(pk=job_id, user_id=by.pk)
    if job.state != JobState.DONE or job.created_at < now - KEPT:
        raise TooLate(job)
    job.state, job.done, job.refused, job.reasons = JobState.UNDOING, 0, 0, {}
    job.total = job.rows.filter(state=RowState.DONE).count()
    job.save()
    return job


def left_behind(*, now: datetime) -> list[UUID]:
    """Return the jobs whose worker has gone: active, and nothing moved for minutes."""
    found = BulkJob.objects.filter(state__in=_ACTIVE, updated_at__lt=now - STALE)
    return list(found.order_by("pk").values_list("pk", flat=True)[:100])


def forget_old(*, now: datetime) -> int:
    """Delete jobs that cannot be undone any more; return how many."""
    old = BulkJob.objects.filter(created_at__lt=now - KEPT).exclude(state__in=_ACTIVE)
    keys = list(old.values_list("pk", flat=True)[:1000])
    BulkRow.objects.filter(job__in=keys).delete()
    return BulkJob.objects.filter(pk__in=keys).delete()[0]


def _action(how: str) -> str:
    """Return the right to rows that a way of changing many needs."""
    return "delete" if how in ("archive", "restore") else "change"


def portion_of(job: BulkJob) -> float:
    """Return how much of a job is done, from 0 to 100."""
    return 100 * (job.done + job.refused) / job.total if job.total else 100.0

"""One change of many rows: over a selection, or over all that match, with progress and undo.

A job takes down the keys first, then works through them in small transactions. A worker that is
killed leaves whole portions behind; whoever goes on takes the rows that still wait, so a job may
run twice and does each row once. The rows of a portion go together through the room's own service
(``save_many``), which refuses what it always refuses and leaves the others. Former values are kept
for a day.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib.auth import get_user_model
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.core import bulk as table
from apps.core import objects
from apps.core.lists import fields
from apps.core.lists.screen import screen_of
from apps.core.models import BulkJob, BulkRow, JobState, RowState
from apps.core.objects import Field, ObjectKind, Refused
from tenants.context import acting

AT_ONCE = 200  # rows that are changed while the person waits
PORTION = 1000  # rows of one transaction
MOST_ROWS = 100_000
KEPT = timedelta(days=1)
STALE = timedelta(minutes=2)
WAYS = ("set", "add", "remove", "archive", "restore")
Refusals = dict[UUID, str]  # why rows stay as they are, by their key
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
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO core_bulkrow (job_id, row_id, state)"
            " SELECT %s, key, %s FROM unnest(%s::uuid[]) WITH ORDINALITY AS k (key, n) ORDER BY n",
            [job.pk, RowState.WAITING, wanted],
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
    there = _locked(kind, by, job.how, [row.row_id for row in rows])
    refused = (_undo if is_undo else _do)(job, kind, rows, there, by)
    _settle(rows, refused, kind, RowState.UNDONE if is_undo else RowState.DONE)
    _count(job, rows, refused)
    return True


def _locked(kind: ObjectKind, by: Any, how: str, keys: Sequence[UUID]) -> dict[UUID, Any]:
    """Return the rows that may be changed, held in the order of their keys."""
    found = kind.rows(by, action=_action(how)).filter(pk__in=keys).prefetch_related(None)
    return {row.pk: row for row in found.order_by("pk").select_for_update(of=("self",))}


def _settle(
    rows: Sequence[BulkRow], refused: Refusals, kind: ObjectKind, state: RowState
) -> None:
    """Note what became of each row, and the version that stands there now."""
    keys = [row.row_id for row in rows if row.row_id not in refused]
    moments = dict(
        kind.model._default_manager.filter(pk__in=keys).values_list("pk", "updated_at")
    )
    for row in rows:
        row.state = RowState.REFUSED if row.row_id in refused else state
        row.after_at = moments.get(row.row_id, row.after_at)
    told = [
        {"id": row.pk, "state": row.state, "former": row.former, "after_at": row.after_at}
        for row in rows
    ]
    table.update(BulkRow, told, now=timezone.now(), names={"state", "former", "after_at"})


def _count(job: BulkJob, rows: Sequence[BulkRow], refused: Refusals) -> None:
    kept = BulkJob.objects.select_for_update().get(pk=job.pk)
    for sentence, count in Counter(refused.values()).items():
        if sentence in kept.reasons or len(kept.reasons) < 20:
            kept.reasons[sentence] = kept.reasons.get(sentence, 0) + count
    kept.done += len(rows) - len(refused)
    kept.refused += len(refused)
    kept.save(update_fields=["done", "refused", "reasons", "updated_at"])


def _do(
    job: BulkJob, kind: ObjectKind, rows: Sequence[BulkRow], there: dict[UUID, Any], by: Any
) -> Refusals:
    refused: Refusals = {row.row_id: _gone() for row in rows if row.row_id not in there}
    found = [row for row in rows if row.row_id in there]
    if job.how in ("archive", "restore"):
        for row in found:
            row.former = bool(getattr(there[row.row_id], "is_archived", False))
        return refused | _archive(kind, [row.row_id for row in found], job.how == "archive")
    try:
        field = _field(kind, job.field)
        _require_there(field, job, by)
    except Refused as error:
        return refused | {row.row_id: _sentence(error) for row in found}
    values: dict[UUID, Any] = {}
    typed = _typed_once(field)
    for row in found:
        row.former = fields.exact(there[row.row_id], field)
        wanted = _wanted(job, row.former)
        if wanted == fields.plain(there[row.row_id], field):
            continue
        try:
            values[row.row_id] = typed(wanted if isinstance(wanted, list) else [wanted])
        except Refused as error:
            refused[row.row_id] = _sentence(error)
    return refused | _save(kind, field, values, by)


def _undo(
    job: BulkJob, kind: ObjectKind, rows: Sequence[BulkRow], there: dict[UUID, Any], by: Any
) -> Refusals:
    refused: Refusals = {}
    former: dict[UUID, Any] = {}
    for row in rows:
        found = there.get(row.row_id)
        if found is None:
            refused[row.row_id] = _gone()
        elif row.after_at is not None and found.updated_at != row.after_at:
            refused[row.row_id] = _("It was changed since, and stays as it is.")
        else:
            former[row.row_id] = row.former
    if job.how in ("archive", "restore"):
        for is_archived in (True, False):
            keys = [key for key, value in former.items() if bool(value) == is_archived]
            refused |= _archive(kind, keys, is_archived)
        return refused
    try:
        field = _field(kind, job.field)
    except Refused as error:
        return refused | dict.fromkeys(former, _sentence(error))
    values = {
        key: fields.restored(field, value) for key, value in former.items()
        if fields.exact(there[key], field) != value
    }  # fmt: skip
    return refused | _save(kind, field, values, by)


def _field(kind: ObjectKind, key: str) -> Field:
    """Return a field whose choices have been read: rows by the thousand ask for them."""
    try:
        found = kind.field(key)
    except KeyError:
        raise Refused({"": [_("This field is not there any more.")]}) from None
    return replace(found, choices=found.offered()) if callable(found.choices) else found


def _require_there(field: Field, job: BulkJob, by: Any) -> None:
    """Pass when the person or the object that rows are to lead to is there.

    :raises Refused: it is gone, or ``by`` does not see it.
    """
    text = job.value[-1] if job.value else ""
    if field.type not in ("user", "relation") or not text:
        return
    key = fields.typed(field, [text])
    if field.type == "user":
        is_there = get_user_model().objects.filter(pk=key).exists()
        sentence = _("There is no such person.")
    else:
        is_there = objects.kind(field.related).rows(by).filter(pk=key).exists()
        sentence = _("There is no such object.")
    if not is_there:
        raise Refused({field.key: [sentence]})


def _typed_once(field: Field) -> Callable[[Sequence[str]], Any]:
    """Return ``fields.typed`` that reads the same texts once: most rows get the same value."""
    known: dict[tuple[str, ...], Any] = {}

    def typed(values: Sequence[str]) -> Any:
        key = tuple(values)
        if key not in known:
            known[key] = fields.typed(field, values)
        return known[key]

    return typed


def _save(kind: ObjectKind, field: Field, values: dict[UUID, Any], by: Any) -> Refusals:
    if not values:
        return {}
    rows = [(key, {field.key: value}) for key, value in values.items()]
    saved = objects.save_many(kind, rows=rows, by=by)
    return {
        key: _sentence(answer.refused) for key, answer in zip(values, saved, strict=True)
        if answer.refused is not None
    }  # fmt: skip


def _archive(kind: ObjectKind, keys: Sequence[UUID], is_archived: bool) -> Refusals:
    if kind.archive is None:
        return dict.fromkeys(keys, _("This cannot be archived."))
    if keys:
        kind.archive(keys, is_archived)
    return {}


def _gone() -> str:
    return _("It is gone, or you may not change it.")


def _sentence(error: Refused) -> str:
    return next((text for each in error.errors.values() for text in each), "")


def _wanted(job: BulkJob, former: Any) -> Any:
    if job.how == "add":
        return [*former, *(each for each in job.value if each not in former)]
    if job.how == "remove":
        return [each for each in former if each not in job.value]
    return job.value if isinstance(former, list) else (job.value[-1] if job.value else "")


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

"""Lists as files made in the background: with progress, fetched by their owner, sent by the clock.

A job holds the list's address and the chosen columns, and is made with the rights of its owner as
they are when it runs. A worker that is killed leaves the job behind; whoever looks after jobs
starts it anew. Files are kept for a week.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import ngettext

from apps.core import notices, saved
from apps.core.lists.columns import Column
from apps.core.lists.export import FileKind, pieces
from apps.core.lists.screen import ListScreen, is_known, screen_of
from apps.core.models import Every, ExportJob, ExportSchedule, ExportState
from tenants.audit.services import record
from tenants.current import current_company

AT_ONCE = 5_000  # rows that are sent while the person waits
MOST_JOBS = 20  # of one person that wait or run
MOST_SCHEDULES = 20  # of one person
LARGEST_LETTER = 10 * 1024 * 1024
KEPT = timedelta(days=7)
STALE = timedelta(minutes=10)
NOTICE = "export_ready"


class TooManyExports(ValueError):
    """The person has as many exports at work, or by the clock, as they may; nothing was begun."""


@dataclass(frozen=True)
class When:
    """When a list is sent: every day, or every week on a day (Monday is 0), at an hour."""

    every: str
    weekday: int = 0
    hour: int = 7


def is_large(screen: ListScreen) -> bool:
    """Tell whether a list is made in the background: many rows, and it can be asked for anew."""
    if not is_known(screen):
        return False
    return screen.matched().order_by()[: AT_ONCE + 1].count() > AT_ONCE


@transaction.atomic
def begin(
    *, screen: ListScreen, columns: Sequence[Column], kind: FileKind, by: Any
) -> ExportJob:
    """Begin to make a file of a list as it stands at its address.

    :raises TooManyExports: the person has as many at work as they may.
    """
    at_work = ExportJob.objects.filter(
        user_id=by.pk, state__in=(ExportState.WAITING, ExportState.RUNNING)
    )
    if at_work.count() >= MOST_JOBS:
        raise TooManyExports
    job = ExportJob.objects.create(
        user_id=by.pk, list_key=screen.key, title=str(screen.title)[:120], kind=kind,
        address=saved.state_of(screen.asked), columns=[column.key for column in columns],
        total=screen.matched().order_by().count(),
    )  # fmt: skip
    record(
        kind="list.exported", login=by.email, list=screen.key, columns=job.columns,
        asked=job.address[:500], rows=job.total,
    )  # fmt: skip
    return job


def run(*, job_id: UUID) -> ExportJob:
    """Make the file of a job; one that is made, or being made, is left alone.

    :raises ExportJob.DoesNotExist: it is gone.
    """
    begun = ExportJob.objects.filter(pk=job_id, state=ExportState.WAITING).update(
        state=ExportState.RUNNING, done=0, updated_at=timezone.now()
    )
    job = ExportJob.objects.get(pk=job_id)
    if not begun:
        return job
    person = get_user_model().objects.filter(pk=job.user_id, is_active=True).first()
    if person is None:
        return _ended(job, ExportState.REFUSED)
    company = current_company()
    language = getattr(person, "language", "") or company.language
    zone = ZoneInfo(getattr(person, "time_zone", "") or company.time_zone)
    with translation.override(language), timezone.override(zone):
        screen = screen_of(job.list_key, user=person, address=job.address)
        screen.leave_out()
        if not screen.may_export:
            return _ended(job, ExportState.REFUSED)
        _make(job, screen, language=language, zone=zone)
        if job.schedule_id is None:
            _tell(job)
        else:
            _mail(job, person, company)
    return job


def _make(job: ExportJob, screen: ListScreen, *, language: str, zone: ZoneInfo) -> None:
    if job.file:  # made before, and its letter could not be sent
        default_storage.delete(job.file)
    known = {column.key: column for column in screen.columns}
    columns = [known[key] for key in job.columns if key in known] or _usual(screen)

    def told(done: int) -> None:
        ExportJob.objects.filter(pk=job.pk).update(done=done, updated_at=timezone.now())

    made = pieces(
        screen, columns, kind=job.kind, language=language, zone=zone, told=told,
        company=current_company(),
    )  # fmt: skip
    with tempfile.TemporaryFile() as file:
        for piece in made:
            file.write(piece)
        size = file.tell()
        file.seek(0)
        name = default_storage.save(f"exports/{job.pk}.{job.kind}", File(file))
    job.refresh_from_db()
    job.file, job.size, job.total = name, size, job.done
    job.state, job.ended_at = ExportState.DONE, timezone.now()
    job.save()


def _usual(screen: ListScreen) -> list[Column]:
    return [column for column in screen.columns if column.is_default or column.is_link]


def _ended(job: ExportJob, state: ExportState) -> ExportJob:
    """Note that a file is not made; a schedule whose owner may not have it any more stops."""
    job.state, job.ended_at = state, timezone.now()
    job.save()
    if job.schedule_id is not None:
        ExportSchedule.objects.filter(pk=job.schedule_id).update(is_active=False)
        record(kind="list.export_stopped", list=job.list_key, person=str(job.user_id))
    return job


@transaction.atomic
def _tell(job: ExportJob) -> None:
    notices.tell(
        users=[job.user_id], kind=NOTICE, values={"name": job.title}, url=reverse("core:exports")
    )


def _mail(job: ExportJob, person: Any, company: Any) -> None:
    """Send the file to the owner of the schedule, and note it in the security log."""
    scheme, _sep, host = settings.PUBLIC_URL.partition("://")
    where = f"{scheme}://{company.slug}.{host.rstrip('/')}{reverse('core:exports')}"
    text = ngettext(
        "The list “%(name)s” as it stands now: %(count)d row.",
        "The list “%(name)s” as it stands now: %(count)d rows.",
        job.total,
    ) % {"name": job.title, "count": job.total}
    letter = EmailMessage(job.title, f"{text}\n\n{where}\n", settings.DEFAULT_FROM_EMAIL,
                          [person.email])  # fmt: skip
    if job.size <= LARGEST_LETTER:
        with default_storage.open(job.file) as file:
            letter.attach(job.file_name, file.read())
    letter.send()
    record(
        kind="list.export_sent", login=person.email, list=job.list_key, rows=job.total,
        columns=job.columns, asked=job.address[:500],
    )  # fmt: skip


# By the clock ------------------------------------------------------------------------------------


@transaction.atomic
def schedule(
    *, screen: ListScreen, kind: FileKind, when: When, by: Any, view_id: UUID | None, now: datetime,
    columns: Sequence[Column],
) -> ExportSchedule:  # fmt: skip
    """Send a list to a person by the clock; with a saved view, as the view stands by then.

    :raises TooManyExports: the person has as many as they may.
    """
    if ExportSchedule.objects.filter(user_id=by.pk, is_active=True).count() >= MOST_SCHEDULES:
        raise TooManyExports
    made = ExportSchedule(
        user_id=by.pk, list_key=screen.key, title=str(screen.title)[:120], kind=kind,
        address=saved.state_of(screen.asked), view_id=view_id, every=when.every,
        weekday=when.weekday, hour=when.hour, columns=[column.key for column in columns],
    )  # fmt: skip
    made.next_at = next_moment(when, after=now, zone=zone_of(by))
    made.save()
    record(
        kind="list.export_scheduled", login=by.email, list=screen.key, every=when.every,
        asked=made.address[:500],
    )  # fmt: skip
    return made


def stop(*, schedule_id: UUID, by: Any) -> None:
    """Send a list no more; only its owner may say so.

    :raises ExportSchedule.DoesNotExist: there is no such schedule of this person's.
    """
    found = ExportSchedule.objects.get(pk=schedule_id, user_id=by.pk)
    found.is_active = False
    found.save()
    record(kind="list.export_stopped", login=by.email, list=found.list_key)


def next_moment(when: When, *, after: datetime, zone: ZoneInfo) -> datetime:
    """Return the first moment after another one at which a list is sent, by a zone's clock."""
    local = after.astimezone(zone)
    day = local.date()
    for ahead in range(9):
        wanted = datetime(day.year, day.month, day.day, when.hour, tzinfo=zone) + timedelta(
            days=ahead
        )
        is_day = when.every == Every.DAY or wanted.weekday() == when.weekday
        if is_day and wanted > after:
            return wanted.astimezone(ZoneInfo("UTC"))
    raise AssertionError("a week has every weekday")


def zone_of(person: Any) -> ZoneInfo:
    """Return by whose clock a person lives."""
    company = current_company()
    return ZoneInfo(getattr(person, "time_zone", "") or company.time_zone)


def begin_due(*, now: datetime) -> list[UUID]:
    """Begin what is due by the clock; return the keys of the jobs. Two at once begin each once."""
    begun = []
    with transaction.atomic():
        due = ExportSchedule.objects.select_for_update(skip_locked=True).filter(
            is_active=True, next_at__lte=now
        )
        for each in due.order_by("next_at", "id")[:200]:
            begun.append(_begin(each, now))
    return [key for key in begun if key is not None]


def _begin(due: ExportSchedule, now: datetime) -> UUID | None:
    person = get_user_model().objects.filter(pk=due.user_id, is_active=True).first()
    when = When(due.every, due.weekday, due.hour)
    if person is None:
        due.is_active = False
        due.save()
        return None
    due.next_at = next_moment(when, after=now, zone=zone_of(person))
    due.save()
    view = saved.seen_by(person).filter(pk=due.view_id).first() if due.view_id else None
    address = view.address if view is not None else due.address
    named = QueryDict(address).get("cols", "")
    job = ExportJob.objects.create(
        user_id=due.user_id, list_key=due.list_key, title=view.name if view else due.title,
        kind=due.kind, address=address, columns=named.split(",") if named else due.columns,
        schedule=due,
    )  # fmt: skip
    return job.pk


# Looking after -----------------------------------------------------------------------------------


def jobs_of(person: Any) -> QuerySet[ExportJob]:
    """Return the exports of a person, the latest first."""
    return ExportJob.objects.filter(user_id=person.pk).order_by("-created_at", "-pk")


def left_behind(*, now: datetime) -> list[UUID]:
    """Return jobs that nobody works at any more, ready to be begun anew."""
    gone = ExportJob.objects.filter(state=ExportState.RUNNING, updated_at__lt=now - STALE)
    gone.update(state=ExportState.WAITING)
    waiting = ExportJob.objects.filter(state=ExportState.WAITING, updated_at__lt=now - STALE)
    return list(waiting.order_by("created_at", "pk").values_list("pk", flat=True)[:200])


def forget_old(*, now: datetime) -> int:
    """Take away files that have been there for a week; return how many."""
    old = list(ExportJob.objects.filter(created_at__lt=now - KEPT).order_by("pk")[:1000])
    for job in old:
        remove(job)
    return len(old)


def remove(job: ExportJob) -> None:
    """Take a job and its file away."""
    if job.file:
        default_storage.delete(job.file)
    job.delete()

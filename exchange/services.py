"""What an administrator and 1C do to connections and runs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, BinaryIO
from uuid import UUID

import uuid_utils.compat
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from exchange import access, attention, files, names, sessions
from exchange.models import (
    Configuration,
    ExchangeSession,
    FileKind,
    FileState,
    Node,
    SessionState,
    Subject,
    Upload,
    UploadedFile,
)
from exchange.options import NodeOptions

CONTACT_EVERY = timedelta(seconds=5)


class NothingToRepeat(Exception):
    """The raw files of the run were removed after the retention time."""


class LoginTaken(Exception):
    """Another connection of the company has this login."""


@transaction.atomic
def connect(*, name: str, kind: str, login: str, now: datetime) -> tuple[Node, str]:
    """Make a connection and return it with its password, which is shown once and never again.

    :raises LoginTaken: the login belongs to another connection.
    """
    if Node.objects.filter(login=login).exists():
        raise LoginTaken(login)
    node = Node(name=name, kind=kind, login=login)
    node.settings = _defaults(kind).stored()
    node.save()
    password = access.new_password()
    access.set_password(node=node, password=password, now=now)
    return node, password


@transaction.atomic
def renew_password(*, node: Node, now: datetime) -> str:
    """Replace the password and return the new one; logins under way end."""
    password = access.new_password()
    access.set_password(node=node, password=password, now=now)
    return password


@transaction.atomic
def change_settings(
    *,
    node: Node,
    name: str,
    file_limit: int,
    accepts_zip: bool,
    is_active: bool,
    options: NodeOptions,
) -> Node:
    """Store what the settings page of a connection holds."""
    node.name, node.file_limit, node.accepts_zip = name, file_limit, accepts_zip
    node.is_active, node.settings = is_active, options.stored()
    node.save(update_fields=["name", "file_limit", "accepts_zip", "is_active", "settings"])
    return node


def free_login(*, wanted: str = "1c") -> str:
    """Return a login no connection has: ``1c``, ``1c-2``, …"""
    taken = set(Node.objects.filter(login__startswith=wanted).values_list("login", flat=True))
    number = 1
    while (login := wanted if number == 1 else f"{wanted}-{number}") in taken:
        number += 1
    return login


def note_contact(*, node: Node, address: str, user_agent: str) -> None:
    """Remember that the node called; written at most every few seconds."""
    now = timezone.now()
    if node.latest_contact_at is not None and node.latest_contact_at > now - CONTACT_EVERY:
        return
    node.latest_contact_at = now
    node.first_contact_at = node.first_contact_at or now
    node.latest_address, node.user_agent = address, user_agent or node.user_agent
    node.save(
        update_fields=["latest_contact_at", "first_contact_at", "latest_address", "user_agent"]
    )


def upload_size(*, upload: Upload) -> int:
    """Return the bytes that stand in an upload's area."""
    current = upload.files.filter(is_current=True, container__isnull=True)
    return int(current.aggregate(size=Sum("size"))["size"] or 0)


def broken_archive(*, upload: Upload) -> UploadedFile | None:
    """Return the archive of an upload that could not be unpacked, if there is one."""
    return upload.files.filter(
        kind=FileKind.ZIP, is_current=True, state__in=[FileState.FAILED, FileState.SKIPPED]
    ).first()


def is_anything_running() -> bool:
    """Tell whether a run of the company is taking files right now."""
    return ExchangeSession.objects.filter(state=SessionState.RUNNING).exists()


@transaction.atomic
def run_again(*, session: ExchangeSession, by: UUID | None, now: datetime) -> ExchangeSession:
    """Queue a new run over the raw files of a former one.

    :raises NothingToRepeat: its files were removed after the retention time.
    """
    former = list(
        session.files.filter(container__isnull=True, is_purged=False)
        .exclude(state__in=[FileState.DROPPED, FileState.RECEIVING])
        .order_by("upload__created_at", "position")
    )
    if not former:
        raise NothingToRepeat(session)
    again = _manual_session(session.node, session.subject, by, now)
    again.repeats = session
    again.full_by_request = session.full_by_request
    again.save(update_fields=["repeats", "full_by_request"])
    for file in former:
        upload = _manual_upload(again, now, version=file.upload.version)
        with files.open_file(file) as source:
            _add(upload, file.name, source, now)
    sessions.close(session=again, now=now)
    return again


def upload_by_hand(
    *, node: Node, name: str, source: Any, size: int, by: UUID | None, now: datetime
) -> ExchangeSession:
    """Queue a file or archive that a person exported from 1C and brought here (F026).

    :raises exchange.files.Refused: it is empty.
    :raises exchange.names.HostileName: its name is not allowed.
    """
    clean = names.normalised(name)
    with transaction.atomic():
        session = _manual_session(node, _subject_of(clean), by, now)
        upload = _manual_upload(session, now)
        _add(upload, clean, source, now)
        sessions.close(session=session, now=now)
    return session


@transaction.atomic
def cancel(*, session: ExchangeSession, now: datetime) -> None:
    """Stop a run: the file being taken is rolled back, those after it are skipped."""
    ExchangeSession.objects.filter(pk=session.pk).update(is_cancelled=True)
    running = session.state == SessionState.RUNNING
    if running:
        return
    sessions_pending = session.files.filter(
        state__in=[FileState.WAITING, FileState.TAKING, FileState.RECEIVING]
    )
    sessions_pending.update(state=FileState.SKIPPED, finished_at=now, cause="cancelled")
    ExchangeSession.objects.filter(pk=session.pk).update(
        is_open=False,
        closed_at=now,
        finished_at=now,
        queued_at=None,
        state=SessionState.INTERRUPTED,
        cause="cancelled",
    )


def look_after(*, now: datetime) -> None:
    """Queue what went quiet, close what has ended, and note when to look again."""
    sessions.take_quiet(now=now)
    sessions.close_stale(now=now)
    attention.settle(at=sessions.next_attention(now=now))


def remove_old(*, now: datetime) -> int:
    """Delete raw files older than their node's retention time; return how many."""
    removed = 0
    for node in Node.objects.all():
        before = now - timedelta(days=node.options.retention_days)
        while old := _removable(node, before):
            files.remove_bytes(old)
            removed += len(old)
    return removed


def _removable(node: Node, before: datetime) -> Sequence[UploadedFile]:
    settled = [FileState.DONE, FileState.FAILED, FileState.SKIPPED, FileState.DROPPED]
    return list(
        UploadedFile.objects.filter(
            upload__node=node, created_at__lt=before, is_purged=False, state__in=settled
        )
        # Pictures are not raw files: what registered for them may read them any time.
        .exclude(kind=FileKind.OTHER, state=FileState.DONE)[:500]
    )


def _defaults(kind: str) -> NodeOptions:
    if kind == Configuration.BUS:
        return NodeOptions(silence_seconds=60)
    return NodeOptions()


def _manual_session(node: Node, subject: str, by: UUID | None, now: datetime) -> ExchangeSession:
    return ExchangeSession.objects.create(
        node=node,
        subject=subject,
        is_manual=True,
        is_open=False,
        author=by,
        started_at=now,
        latest_contact_at=now,
        state=SessionState.QUEUED,
    )


def _manual_upload(session: ExchangeSession, now: datetime, *, version: str = "") -> Upload:
    return Upload.objects.create(
        cookie=uuid_utils.compat.uuid7(),
        node=session.node,
        subject=session.subject,
        session=session,
        version=version,
        latest_contact_at=now,
    )


def _add(upload: Upload, name: str, source: BinaryIO, now: datetime) -> None:
    file = files.append_part(upload=upload, name=name, source=source, expected=None, limit=1 << 40)
    UploadedFile.objects.filter(pk=file.pk).update(
        state=FileState.WAITING, is_requested=True, requested_at=now
    )


def _subject_of(name: str) -> str:
    return Subject.SALE if names.rank(name) == 70 else Subject.CATALOG

"""Uploads and the runs they belong to: joining, asking for imports, closing.

УТ logs in anew for every portion, the 1C-Bitrix module once for everything, УНФ sends orders and
never
asks for their import: a run is what one node sends about one subject with no gap longer than the
node's ``gap_minutes``, ended at once by ``deactivate``, ``complete`` or the begin of another
subject.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce

from exchange import attention
from exchange.files import remove_bytes
from exchange.models import (
    ExchangeSession,
    FileKind,
    FileState,
    Node,
    SessionState,
    Subject,
    Upload,
    UploadedFile,
)

# A short last part of an order file tells that it is whole; УНФ never asks for its import.
SHORT_SILENCE = timedelta(seconds=3)
PENDING = (FileState.WAITING, FileState.TAKING)


class FileNotReceived(LookupError):
    """1C asks for the import of a file it has not sent in this login."""


def upload_of(*, node: Node, cookie: UUID, subject: str, now: datetime) -> Upload:
    """Return the area of this login, making it at its first use."""
    upload, _ = Upload.objects.get_or_create(
        cookie=cookie, subject=subject, defaults={"node": node, "latest_contact_at": now}
    )
    return upload


@transaction.atomic
def join_run(*, upload: Upload, now: datetime) -> ExchangeSession:
    """Return the run the upload belongs to: the node's open one, or a new one after a gap."""
    node = Node.objects.select_for_update().get(pk=upload.node_id)
    close_runs(node=node, now=now, but=upload.subject)
    session = ExchangeSession.objects.filter(
        node=node, subject=upload.subject, is_open=True, is_manual=False
    ).first()
    gap = timedelta(minutes=node.options.gap_minutes)
    if session is not None and (session.is_cancelled or session.latest_contact_at < now - gap):
        close(session=session, now=now)
        session = None
    if session is None:
        session = ExchangeSession.objects.create(
            node=node, subject=upload.subject, latest_contact_at=now, started_at=now
        )
    touch(session=session, now=now)
    if upload.session_id != session.pk:
        upload.session = session
        upload.save(update_fields=["session"])
    return session


def touch(*, session: ExchangeSession, now: datetime) -> None:
    """Note a contact, so that the run stays open."""
    ExchangeSession.objects.filter(pk=session.pk).update(latest_contact_at=now)
    session.latest_contact_at = now


@transaction.atomic
def begin_area(*, upload: Upload, version: str, cml_version: str, now: datetime) -> None:
    """Empty the area of this login (``init``): what it had sent and not imported is dropped."""
    join_run(upload=upload, now=now)
    upload.version, upload.cml_version = version[:10], cml_version[:10]
    upload.latest_contact_at = now
    upload.save(update_fields=["version", "cml_version", "latest_contact_at"])
    current = upload.files.filter(is_current=True)
    dropped = list(current.filter(state=FileState.RECEIVING))
    current.filter(state=FileState.RECEIVING).update(state=FileState.DROPPED)
    current.update(is_current=False)
    transaction.on_commit(lambda: remove_bytes(dropped))


def note_part(*, upload: Upload, file: UploadedFile, part_size: int, now: datetime) -> None:
    """Note that a part arrived, and when the upload will count as quiet."""
    Upload.objects.filter(pk=upload.pk).update(latest_contact_at=now)
    ExchangeSession.objects.filter(uploads=upload).update(
        latest_contact_at=now, state=SessionState.RECEIVING, finished_at=None
    )
    whole = upload.subject == Subject.SALE and part_size < (upload.node.file_limit or part_size)
    wait = SHORT_SILENCE if whole else timedelta(seconds=upload.node.options.silence_seconds)
    attention.ask(at=now + wait)


@transaction.atomic
def request_import(*, upload: Upload, name: str, now: datetime) -> UploadedFile | None:
    """Put the file 1C asks for into the queue and return it.

    1C names the XML files, also when they came in an archive, and never the archive itself.
    ``None``:
    an archive has to be unpacked first, ask again. A file that was taken already is returned as it
    is.

    :raises FileNotReceived: this login has sent no such file.
    """
    Upload.objects.select_for_update().get(pk=upload.pk)
    current = UploadedFile.objects.filter(upload=upload, is_current=True)
    file = _named(current, name)
    archives = current.filter(kind=FileKind.ZIP)
    _request(archives.filter(state=FileState.RECEIVING), now)
    _request(current.filter(kind=FileKind.OTHER, state=FileState.RECEIVING), now)
    if file is None:
        if archives.filter(state__in=PENDING).exists():
            _queue(upload.session_id, now)
            return None
        raise FileNotReceived(name)
    _request(current.filter(pk=file.pk, state=FileState.RECEIVING), now)
    current.filter(pk=file.pk, state=FileState.WAITING).update(is_requested=True)
    file.refresh_from_db()
    if current.filter(state=FileState.WAITING).exists():
        _queue(upload.session_id, now)
    return file


@transaction.atomic
def take_quiet(*, now: datetime) -> int:
    """Queue the files of uploads that went quiet without an import; return how many."""
    taken = 0
    silent = Upload.objects.filter(
        files__state=FileState.RECEIVING, files__is_current=True
    ).select_related("node")
    for upload in silent.distinct():
        if upload.latest_contact_at + _silence(upload) <= now:
            files = upload.files.filter(is_current=True, state=FileState.RECEIVING)
            taken += files.update(state=FileState.WAITING, requested_at=now)
            _queue(upload.session_id, now)
    return taken


@transaction.atomic
def close(*, session: ExchangeSession, now: datetime, full: bool = False) -> None:
    """Let nothing more join the run; what it has sent is taken, then it ends.

    ``full``: 1C asked that what the run did not name be switched off (``deactivate``).
    """
    uploads = session.uploads.all()
    UploadedFile.objects.filter(
        upload__in=uploads, session=session, state=FileState.RECEIVING, is_current=True
    ).update(state=FileState.WAITING, requested_at=now)
    changes = {"full_by_request": True} if full else {}
    ExchangeSession.objects.filter(pk=session.pk).update(is_open=False, closed_at=now, **changes)
    _queue(session.pk, now)


def close_runs(*, node: Node, now: datetime, but: str) -> None:
    """Close the node's open runs about other subjects: 1C goes on to the next one."""
    for session in ExchangeSession.objects.filter(node=node, is_open=True, is_manual=False):
        if session.subject != but:
            close(session=session, now=now)


def close_stale(*, now: datetime) -> int:
    """Close the runs whose node has been away for longer than its gap; return how many."""
    closed = 0
    for session in ExchangeSession.objects.filter(is_open=True).select_related("node"):
        if session.latest_contact_at + timedelta(minutes=session.node.options.gap_minutes) <= now:
            close(session=session, now=now)
            closed += 1
    return closed


def next_attention(*, now: datetime) -> datetime | None:
    """Return when this company needs looking after next; ``None``: nothing is under way."""
    moments: list[datetime] = []
    silent = Upload.objects.filter(
        files__state=FileState.RECEIVING, files__is_current=True
    ).select_related("node")
    moments += [upload.latest_contact_at + _silence(upload) for upload in silent.distinct()]
    for session in ExchangeSession.objects.filter(is_open=True).select_related("node"):
        gap = timedelta(minutes=session.node.options.gap_minutes)
        moments.append(session.latest_contact_at + gap)
    if ExchangeSession.objects.filter(queued_at__isnull=False).exists():
        moments.append(now + timedelta(minutes=1))
    return max(min(moments), now) if moments else None


def _named(current: QuerySet[UploadedFile], name: str) -> UploadedFile | None:
    """Find a file by its name, then by its last part when only one file has it."""
    files = list(current.filter(Q(name=name) | Q(name__iendswith=name.rsplit("/", 1)[-1])))
    exact = [file for file in files if file.name == name]
    tail = name.rsplit("/", 1)[-1].lower()
    alike = [file for file in files if file.name.rsplit("/", 1)[-1].lower() == tail]
    if exact:
        return exact[0]
    return alike[0] if len(alike) == 1 else None


def _request(files: QuerySet[UploadedFile], now: datetime) -> None:
    files.update(state=FileState.WAITING, requested_at=now, is_requested=True)


def _queue(session_id: UUID | None, now: datetime) -> None:
    if session_id is None:  # nothing has come that a run would take
        return
    ExchangeSession.objects.filter(pk=session_id).update(
        queued_at=Coalesce(F("queued_at"), now), finished_at=None
    )


def _silence(upload: Upload) -> timedelta:
    latest = upload.files.filter(is_current=True).order_by("-position").first()
    part = latest.parts.order_by("-number").first() if latest else None
    limit = upload.node.file_limit
    if upload.subject == Subject.SALE and part is not None and (not limit or part.size < limit):
        return SHORT_SILENCE
    return timedelta(seconds=upload.node.options.silence_seconds)

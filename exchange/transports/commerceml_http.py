"""CommerceML over HTTP: 1C calls ``?type=…&mode=…`` and reads the first line of the answer.

The answers are those that every client accepts (``docs/protocol/exchange-sessions.md``, "Answers"):
status 200, UTF-8 without a mark, LF between lines and none at the end, exact length, not
compressed.
Every mode takes GET and POST. This file moves bytes and words; what they mean is decided elsewhere.
"""

from __future__ import annotations

import errno
import time
from collections.abc import Callable
from typing import NamedTuple
from uuid import UUID

import structlog
from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.utils import timezone, translation
from django.views.decorators.csrf import csrf_exempt

from exchange import (
    access,
    catalog_out,
    files,
    names,
    orders_out,
    sentences,
    services,
    sessions,
    tasks,
)
from exchange.access import AccessRefused
from exchange.models import (
    ExchangeSession,
    FileKind,
    FileState,
    Node,
    Subject,
    Upload,
    UploadedFile,
)
from exchange.runs import database_is_full
from tenants.audit.services import record
from tenants.current import company_of

LONG_POLL = 18.0  # seconds an ``import`` is held open; proxies and УТ give up later
LOOK_EVERY = 0.2
WORKER_MISSING_AFTER = 900  # seconds in the queue while nothing runs
IMPORT_LIMIT = 4 * 3600  # seconds for one file, then 1C is let go
UNKNOWN_TYPE = "Unknown command type."
log = structlog.get_logger(__name__)


class Call(NamedTuple):
    """One request of a client that has been let in."""

    request: HttpRequest
    parameters: dict[str, str]
    node: Node
    cookie: UUID
    subject: str
    cookie_value: str = ""

    def upload(self) -> Upload:
        return sessions.upload_of(
            node=self.node, cookie=self.cookie, subject=self.subject, now=timezone.now()
        )


@csrf_exempt
def exchange(request: HttpRequest) -> HttpResponse:
    """Answer one request of 1C."""
    company = company_of(request)
    parameters = names.query_parameters(request.META.get("QUERY_STRING", "").encode("latin-1"))
    with translation.override(company.language):
        try:
            return _answer(request, parameters)
        except AccessRefused as refusal:
            return _failure(refusal.cause, **refusal.values)
        except files.Refused as refusal:
            if refusal.is_hostile:
                record(
                    kind="exchange.upload_refused", address=_address(request), cause=refusal.cause
                )
            return _failure(refusal.cause, **refusal.values)
        except names.HostileName as refusal:
            record(kind="exchange.name_refused", address=_address(request), name=str(refusal))
            return _failure("bad_name", name=str(refusal)[:80])
        except DatabaseError as error:
            log.exception("exchange request failed on the database")
            return _failure("disk_full" if database_is_full(error) else "database_away")
        except UnreadablePostError:
            return _failure("part_cut_off", expected="?", received="?")
        except OSError as error:
            log.exception("exchange request failed on storage")
            full = error.errno in (errno.ENOSPC, errno.EDQUOT)
            return _failure("disk_full" if full else "storage_lost")


def _answer(request: HttpRequest, parameters: dict[str, str]) -> HttpResponse:
    subject = parameters.get("type", "").lower()
    mode = parameters.get("mode", "").lower()
    table = _MODES.get(subject)
    if table is None or (mode != "checkauth" and mode not in table):
        return _text("failure", UNKNOWN_TYPE)
    given = access.credentials(request.META.get("HTTP_AUTHORIZATION", ""))
    if mode == "checkauth":
        return _checkauth(request, subject, given)
    cookie = request.COOKIES.get(access.COOKIE_NAME, "")
    if not cookie:
        raise AccessRefused("no_session")
    node, key = access.from_cookie(value=cookie, given=given)
    services.note_contact(node=node, **_caller(request))
    stored = _SUBJECTS.get(subject, Subject.CATALOG)
    return table[mode](Call(request, parameters, node, key, stored, cookie))


def _checkauth(
    request: HttpRequest, subject: str, given: access.Credentials | None
) -> HttpResponse:
    node = access.sign_in(given=given, address=_address(request), now=timezone.now())
    services.note_contact(node=node, **_caller(request))
    _, value = access.new_cookie(node=node)
    lines = ["success", access.COOKIE_NAME, value]
    if subject != "get_catalog":
        lines.append(f"sessid={access.session_token(value)}")
    if subject == "catalog":
        lines.append(f"timestamp={int(time.time())}")
    return _text(*lines)


def _init(call: Call) -> HttpResponse:
    version = call.parameters.get("version", "")
    upload = call.upload()
    sessions.begin_area(
        upload=upload,
        version=version,
        cml_version=call.parameters.get("cmlVersion", ""),
        now=timezone.now(),
    )
    lines = [
        f"zip={'yes' if call.node.accepts_zip else 'no'}",
        f"file_limit={call.node.file_limit}",
    ]
    if version:
        lines += [
            f"sessid={access.session_token(call.cookie_value)}",
            f"version={orders_out.answered_version(version)}",
        ]
    return _text(*lines)


def _init_get_catalog(call: Call) -> HttpResponse:
    catalog_out.begin(upload=call.upload())
    return _text("zip=no")


def _file(call: Call) -> HttpResponse:
    if not call.parameters.get("filename", "").strip():
        return _failure("no_name")
    name = names.normalised(call.parameters["filename"])
    upload, now = call.upload(), timezone.now()
    if (
        upload.session_id is None
        or not ExchangeSession.objects.filter(pk=upload.session_id, is_open=True).exists()
    ):
        sessions.join_run(upload=upload, now=now)
    room = settings.KOPRU_EXCHANGE_UPLOAD_LIMIT - services.upload_size(upload=upload)
    expected, source = _body(call.request)
    file = files.append_part(
        upload=upload, name=name, source=source, expected=expected, limit=max(room, 0)
    )
    part = file.parts.latest("number")
    sessions.note_part(upload=upload, file=file, part_size=part.size, now=now)
    return _text("success")


def _import(call: Call) -> HttpResponse:
    """Have a file imported and stay on the line until there is news, below 20 seconds."""
    name = names.normalised(call.parameters.get("filename") or "-")
    upload = call.upload()
    if upload.session_id is None:
        return _failure("not_received", name=name)
    deadline = time.monotonic() + LONG_POLL
    started: set[UUID | None] = set()
    while True:
        try:
            file = sessions.request_import(upload=upload, name=name, now=timezone.now())
        except sessions.FileNotReceived:
            broken = services.broken_archive(upload=upload)
            return _verdict(broken) if broken else _failure("not_received", name=name)
        if file is not None and file.state not in (FileState.WAITING, FileState.TAKING):
            return _verdict(file)
        awaited = file.pk if file else None
        if awaited not in started:  # first the archive, then the file that was inside
            started.add(awaited)
            tasks.start_runs()
            continue
        if time.monotonic() >= deadline:
            return _progress(upload, file)
        time.sleep(LOOK_EVERY)


def _verdict(file: UploadedFile) -> HttpResponse:
    if file.state == FileState.DONE:
        return _text("success")
    return _failure(file.cause or "import_without_run", **file.cause_values)


def _progress(upload: Upload, file: UploadedFile | None) -> HttpResponse:
    """Tell how far it is, or let 1C go when it would wait in vain."""
    asked_at = file.requested_at if file else None
    age = (timezone.now() - asked_at).total_seconds() if asked_at else 0
    session = ExchangeSession.objects.get(uploads=upload)
    if age > WORKER_MISSING_AFTER and not services.is_anything_running():
        return _failure("no_worker")
    if age > IMPORT_LIMIT:
        return _failure("takes_too_long")
    if session.progress_total:
        percent = min(99, session.progress_current * 100 // session.progress_total)
        return _text("progress", f"{percent}% {session.progress_file}")
    name = file.name if file else call_name(upload)
    return _text(
        "progress", translation.gettext("%(name)s is waiting in the queue") % {"name": name}
    )


def call_name(upload: Upload) -> str:
    """Return the name of the archive that is being unpacked."""
    archive = upload.files.filter(kind=FileKind.ZIP, is_current=True).first()
    return archive.name if archive else ""


def _query(call: Call) -> HttpResponse:
    upload, now = call.upload(), timezone.now()
    sessions.join_run(upload=upload, now=now)
    return _xml(orders_out.write(upload=upload, now=now))


def _success(call: Call) -> HttpResponse:
    orders_out.acknowledge(upload=call.upload(), now=timezone.now())
    return _text("success")


def _info(call: Call) -> HttpResponse:
    return _xml(orders_out.info())


def _deactivate(call: Call) -> HttpResponse:
    _close(call, full=True)
    return _text("success")


def _complete(call: Call) -> HttpResponse:
    _close(call, full=False)
    return _text("success")


def _close(call: Call, *, full: bool) -> None:
    upload = call.upload()
    if upload.session_id is None:
        return
    session = ExchangeSession.objects.get(pk=upload.session_id)
    if session.is_open:
        sessions.close(session=session, now=timezone.now(), full=full)
        tasks.start_runs()


def _listen(call: Call) -> HttpResponse:
    """Hold the line until an order has changed; 304 when none has."""
    deadline = time.monotonic() + LONG_POLL
    while time.monotonic() < deadline:
        if orders_out.has_news(node=call.node):
            return _text("success")
        time.sleep(1)
    return HttpResponse(status=304)


def _get_catalog(call: Call) -> HttpResponse:
    """Give the next step; a link followed in a browser (``Referer``) gets none."""
    if call.request.headers.get("Referer"):
        return _failure("opened_by_hand")
    step = catalog_out.next_step(upload=call.upload(), now=timezone.now())
    return _text("finished=yes") if step is None else _xml(step)


def _taken(call: Call) -> HttpResponse:
    return _text("success")


_UPLOADING: dict[str, Callable[[Call], HttpResponse]] = {
    "init": _init,
    "file": _file,
    "import": _import,
    "deactivate": _deactivate,
    "complete": _complete,
}
_MODES: dict[str, dict[str, Callable[[Call], HttpResponse]]] = {
    "catalog": {**_UPLOADING},
    "sale": {**_UPLOADING, "query": _query, "success": _success, "info": _info},
    "reference": {**_UPLOADING},
    "get_catalog": {"init": _init_get_catalog, "query": _get_catalog, "success": _taken},
    "listen": {"listen": _listen, "": _listen},
}
_SUBJECTS = {"sale": Subject.SALE, "listen": Subject.SALE, "reference": Subject.REFERENCE}


def _body(request: HttpRequest) -> tuple[int | None, files.Source]:
    """Return the length a client announced and its body; chunked bodies have no length."""
    if request.META.get("HTTP_TRANSFER_ENCODING", "").lower() == "chunked":
        return None, request.META["wsgi.input"]
    return int(request.META.get("CONTENT_LENGTH") or 0), request


def _caller(request: HttpRequest) -> dict[str, str]:
    return {
        "address": _address(request),
        "user_agent": request.META.get("HTTP_USER_AGENT", "")[:200],
    }


def _address(request: HttpRequest) -> str:
    return str(request.META.get("REMOTE_ADDR") or "127.0.0.1")


def _failure(cause: str, **values: object) -> HttpResponse:
    return _text("failure", sentences.cause(cause, values))


def _xml(body: bytes) -> HttpResponse:
    answer = HttpResponse(body, content_type="application/xml; charset=utf-8")
    answer["Content-Length"] = str(len(body))
    return answer


def _text(*lines: str) -> HttpResponse:
    body = "\n".join(line.replace("\r", " ").replace("\n", " ") for line in lines)
    answer = HttpResponse(body.encode("utf-8"), content_type="text/plain; charset=utf-8")
    answer["Content-Length"] = str(len(answer.content))
    return answer

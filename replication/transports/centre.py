"""The centre's door for its offices, ``/sync/v1/`` (``docs/protocol/replication.md``, 6).

Every answer is JSON or the bytes of a message. A refusal says a code and a sentence and changes
nothing; what smells of an attack stands in the security log.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any
from uuid import UUID

from django.core.cache import cache
from django.http import (
    FileResponse,
    HttpRequest,
    HttpResponse,
    JsonResponse,
)
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from replication import attachments, checking, meetings, nodes, plan
from replication.conflicts import tell_again
from replication.journal import PositionTooOld, require_kept
from replication.messages import RELEASE, Message, MessageRefused, WrongRelease
from replication.models import BranchNode, NodeState, OutgoingMessage, Side
from replication.packing import acknowledge, pack
from replication.receiving import Receipt, receive, require_release
from replication.tasks import pack_for_office
from replication.transports import parts, sessions
from replication.transports.sentences import sentence
from tenants.audit.services import record
from tenants.current import current_company, current_schema

TRIES_A_MINUTE = 10  # of codes, from one address
PACKING_SECONDS = 900
_LOGGED = frozenset(
    {"bad_signature", "not_for_us", "forked", "too_large", "malformed", "session", "revoked",
     "not_in_exchange"}
)  # fmt: skip
_STATUS = {"session": 401, "revoked": 403, "code": 403, "wrong_number": 409, "offset": 409,
           "too_large": 413, "not_there": 404, "no_file": 404, "throttled": 429}  # fmt: skip
View = Callable[..., HttpResponseBase]


def _answers(method: str) -> Callable[[View], View]:
    """Let a view answer one method, in JSON whatever happens."""

    def guard(view: View) -> View:
        @csrf_exempt
        @wraps(view)
        def guarded(request: HttpRequest, **values: Any) -> HttpResponseBase:
            if request.method != method:
                return JsonResponse({"code": "method"}, status=405, headers={"Allow": method})
            try:
                return view(request, **values)
            except MessageRefused as refusal:
                return _refusal(request, refusal.code, refusal.detail, **refusal.values)
            except sessions.Refused as refusal:
                return _refusal(request, refusal.code)
            except parts.WrongOffset as wrong:
                return _refusal(request, "offset", have=wrong.have)
            except (ValueError, KeyError, TypeError, binascii.Error):
                return _refusal(request, "malformed")

        guarded.is_for_offices = True  # type: ignore[attr-defined]
        return guarded

    return guard


def _refusal(request: HttpRequest, code: str, detail: str = "", **values: object) -> JsonResponse:
    if code in _LOGGED:
        record(
            kind=f"office.{code}", address=request.META.get("REMOTE_ADDR") or None,
            path=request.path, detail=detail,
        )  # fmt: skip
    said = {"code": code, "message": str(sentence(code)), "detail": detail, **values}
    return JsonResponse(said, status=_STATUS.get(code, 400))


def _node(request: HttpRequest) -> BranchNode:
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    if kind != "Bearer":
        raise sessions.Refused("session")
    return sessions.node_of(token)


@_answers("POST")
def join(request: HttpRequest) -> HttpResponse:
    """Let an office in that knows a one-time code."""
    said = json.loads(request.body)
    address = request.META.get("REMOTE_ADDR", "")
    tries = f"sync.join.{address}"
    cache.add(tries, 0, 60)
    if cache.incr(tries) > TRIES_A_MINUTE:
        return _refusal(request, "throttled")
    told = {"release": int(said.get("release", 0)), "program": str(said.get("program", ""))[:40]}
    try:
        joined = nodes.accept(
            code=str(said["code"]), public_key=base64.b64decode(said["public_key"]), told=told,
            now=timezone.now(),
        )  # fmt: skip
    except nodes.JoinRefused:
        record(kind="office.code_refused", address=address or None)
        return _refusal(request, "code")
    record(kind="office.joined", address=address or None, office=str(joined.node))
    company = current_company()
    return JsonResponse(
        {
            "node": str(joined.node), "company": str(joined.company), "name": joined.name,
            "public_key": base64.b64encode(joined.public_key).decode(), "prefix": joined.prefix,
            "incarnation": str(joined.incarnation), "number_block": joined.number_block,
            "file_key": base64.b64encode(joined.file_key).decode(),
            "slug": company.slug,
            "company_name": company.name, "language": company.language,
            "time_zone": company.time_zone, "currency": company.currency, "release": RELEASE,
        }
    )  # fmt: skip


@_answers("POST")
def ask_challenge(request: HttpRequest) -> HttpResponse:
    """Give something to sign."""
    said = json.loads(request.body)
    return JsonResponse({"challenge": sessions.challenge(node_id=UUID(said["node"]))})


@_answers("POST")
def open_session(request: HttpRequest) -> HttpResponse:
    """Give a token for a signed challenge."""
    said = json.loads(request.body)
    token = sessions.open_session(
        node_id=UUID(said["node"]), given=str(said["challenge"]),
        signature=base64.b64decode(said["signature"]),
    )  # fmt: skip
    return JsonResponse({"token": token, "seconds": sessions.TOKEN_SECONDS})


@_answers("POST")
def state(request: HttpRequest) -> HttpResponse:
    """Compare numbers; numbers that run backwards mean that a base was restored."""
    node, said, now = _node(request), json.loads(request.body), timezone.now()
    told = dict(said["told"])
    told["program"] = str(told.get("program", ""))[:40]
    is_newer = int(told["release"]) > int(node.told.get("release", 0))
    waits = sum(node.outgoing.values_list("rows", flat=True))
    remembered = meetings.noted(
        node=node, baton=str(said.get("baton", ""))[:40], waiting=waits, now=now
    )
    BranchNode.objects.filter(pk=node.pk).update(
        met_at=now, told={**remembered, **_known(told)}, clock_offset=_offset(said["now"], now)
    )
    node.refresh_from_db()
    try:
        require_release(int(told["release"]), sender=Side.BRANCH)
    except WrongRelease:
        BranchNode.objects.filter(pk=node.pk).update(fault=WrongRelease.code)
        raise
    if UUID(said["incarnation"]) == node.incarnation:
        if _runs_backwards(node, said):
            node = nodes.begin_anew(node=node, fault="restored", now=now)
        elif (is_newer and node.position) or not _is_kept(node):
            BranchNode.objects.filter(pk=node.pk).update(state=NodeState.NEEDS_IMAGE)
        node.refresh_from_db()
    answer = _state(node, now)
    if said.get("wants_file_key"):
        answer["file_key"] = base64.b64encode(nodes.make_file_key(node)).decode()
    return JsonResponse(answer)


def _known(told: dict[str, Any]) -> dict[str, Any]:
    names = ("release", "program", "waiting", "parked", "conflicts", "compared_at", "differed")
    return {name: told[name] for name in names if isinstance(told.get(name), int | str)}


def _offset(theirs: str, now: datetime) -> float:
    return (datetime.fromisoformat(theirs) - now).total_seconds()


def _runs_backwards(node: BranchNode, said: dict[str, Any]) -> bool:
    """Tell whether either end knows of messages that the other one has forgotten."""
    received, sent = int(said["received"]), int(said["sent"])
    is_office_restored = received < node.acknowledged_number or sent < node.received_number
    is_centre_restored = (
        received > node.sent_number or int(said["acknowledged"]) > node.received_number
    )
    return is_office_restored or is_centre_restored


def _is_kept(node: BranchNode) -> bool:
    """Tell whether the journal still has what the office has not been told."""
    try:
        if node.position:
            require_kept(node.position)
    except PositionTooOld:
        return False
    return True


def _state(node: BranchNode, now: datetime) -> dict[str, Any]:
    return {
        "incarnation": str(node.incarnation), "state": node.state,
        "received": node.received_number, "sent": node.sent_number,
        "received_before": int(node.told.get("received_before", 0)),
        "have": parts.arrived(node=node, number=node.received_number + 1),
        "name": node.name, "prefix": node.prefix, "schedule": node.schedule, "seats": node.seats,
        "release": RELEASE, "now": now.isoformat(), "baton": node.told["baton"],
    }  # fmt: skip


@_answers("PUT")
def up(request: HttpRequest, number: int) -> HttpResponse:
    """Take a part of a message; with the latest one the message is taken in."""
    node = _node(request)
    offset, size = int(request.GET["offset"]), int(request.GET["size"])
    if number <= node.received_number:
        return _receipt(Receipt(number, node.received_number, is_repeat=True))
    have = parts.add(node=node, number=number, offset=offset, size=size, data=request.body)
    if have < size:
        return JsonResponse({"have": have})
    try:
        message = Message.decode(parts.whole(node=node, number=number))
        return _receipt(receive(node=node, message=message, now=timezone.now()))
    finally:
        parts.forget(node=node)


def _receipt(receipt: Receipt) -> JsonResponse:
    return JsonResponse({**receipt._asdict(), "have": None})


@_answers("POST")
def ask_pack(request: HttpRequest) -> HttpResponse:
    """Pack what the office has not been told; a first copy is packed behind the page."""
    node = _node(request)
    is_image = not node.position or node.state == NodeState.NEEDS_IMAGE
    if not is_image:
        pack(node=node, now=timezone.now())
        return JsonResponse({"sent": node.sent_number, "packing": False})
    if cache.add(f"sync.packing.{node.pk}", 1, PACKING_SECONDS):
        pack_for_office.delay(schema=current_schema(), node_id=str(node.pk))
    return JsonResponse({"sent": node.sent_number, "packing": True})


@_answers("GET")
def down(request: HttpRequest, number: int) -> HttpResponse:
    """Give the bytes of a message, from where the office has got to."""
    node = _node(request)
    found = OutgoingMessage.objects.filter(node=node, number=number).first()
    if found is None:
        return _refusal(request, "not_there")
    data = Message(bytes(found.head), bytes(found.signature), bytes(found.body)).encode()
    begin = _range(request.headers.get("Range", ""), len(data))
    answer = HttpResponse(data[begin:], content_type="application/octet-stream")
    if begin:
        answer.status_code = 206
        answer.headers["Content-Range"] = f"bytes {begin}-{len(data) - 1}/{len(data)}"
    answer.headers["Accept-Ranges"] = "bytes"
    return answer


@_answers("GET")
def file(request: HttpRequest, digest: str) -> HttpResponseBase:
    """Give the bytes of a file that a row in the office's scope names, from where it has got to."""
    node = _node(request)
    try:
        found = attachments.given_to(node=node, digest=digest)
    except attachments.NotNamed:
        return _refusal(request, "no_file")
    size = found.stat().st_size
    begin = _range(request.headers.get("Range", ""), size)
    source = found.open("rb")
    source.seek(begin)
    answer = FileResponse(source, content_type="application/octet-stream")
    answer.headers["Content-Length"] = str(size - begin)
    if begin:
        answer.status_code = 206
        answer.headers["Content-Range"] = f"bytes {begin}-{size - 1}/{size}"
    answer.headers["Accept-Ranges"] = "bytes"
    return answer


def _range(text: str, size: int) -> int:
    """Return where ``bytes=N-`` begins; anything else is the whole."""
    unit, _, rest = text.partition("=")
    first = rest.partition("-")[0]
    begin = int(first) if unit == "bytes" and first.isdigit() else 0
    return begin if begin < size else 0


@_answers("POST")
def take_acknowledgement(request: HttpRequest) -> HttpResponse:
    """Clear what has arrived, and tell how far the centre has got."""
    node = _node(request)
    acknowledge(node=node, number=int(json.loads(request.body)["number"]))
    if node.state == NodeState.COPYING and not node.outgoing.exists() and node.sent_number:
        BranchNode.objects.filter(pk=node.pk, state=NodeState.COPYING).update(state=NodeState.LIVE)
    BranchNode.objects.filter(pk=node.pk).update(met_at=timezone.now(), fault="")
    return JsonResponse({"received": node.received_number, "sent": node.sent_number})


@_answers("POST")
def give_fingerprints(request: HttpRequest) -> HttpResponse:
    """Tell what the office should hold, in hashes."""
    node = _node(request)
    return JsonResponse({"tables": checking.fingerprints(node=node)})


@_answers("POST")
def give_hashes(request: HttpRequest) -> HttpResponse:
    """Tell the hashes of rows in ranges that differ."""
    node, said = _node(request), json.loads(request.body)
    rows = checking.hashes(node=node, table=str(said["table"]), ranges=list(said["ranges"]))
    return JsonResponse({"rows": rows})


@_answers("POST")
def repair(request: HttpRequest) -> HttpResponse:
    """Send rows that differ again with the next message; only what the office may hold goes."""
    node, said = _node(request), json.loads(request.body)
    entry = plan.of_table(str(said["table"]))
    keys = [UUID(each) for each in said["keys"]]
    if entry is not None:
        tell_again(node=node, table=entry.table, keys=keys)
    return JsonResponse({"rows": len(keys) if entry else 0})

"""The REST API: one set of views over every kind in the registry (``docs/protocol/api.md``)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import wraps
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from apps.api import fields as values
from apps.api import filters, throttling, tokens
from apps.api.access import Caller, caller, limits
from apps.api.kinds import all_kinds
from apps.api.kinds import documents as all_documents
from apps.api.kinds import kind as kind_named
from apps.api.models import ApiReplay
from apps.api.openapi import document
from apps.api.problems import Problem
from apps.core import computed, objects
from apps.core.lists import UnknownCursor, read_page
from apps.core.objects import (
    ChangedMeanwhile,
    Content,
    Document,
    Field,
    ObjectKind,
    Refused,
    fields_of,
)
from apps.duplicates import bin as trash
from tenants.context import acting
from tenants.prepared import PreparedBy

PAGE, MOST = 50, 200
COUNT_CAP = 10_000
LARGEST_BODY = 2 * 1024 * 1024
REMEMBERED = timedelta(hours=24)
RESTORE = "restore"
_BODYLESS = frozenset({"action", "purge"})  # addresses whose body may be left out
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
Handler = Callable[..., HttpResponse]


def door(*methods: str) -> Callable[[Handler], Handler]:
    """Let a view be asked by programs: who asks, how often, problems as JSON.

    Without methods the view itself says which it answers to.
    """

    def made(view: Handler) -> Handler:
        @csrf_exempt  # keys cannot be sent by another site's page; sessions are checked by hand
        @wraps(view)
        def opened(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            budget: throttling.Budget | None = None
            try:
                who = caller(request)
                budget = throttling.spend(owner=who.owner)
                if budget.left < 0:
                    raise Problem(
                        429, _("More requests than one key may send in a minute."),
                        headers={"Retry-After": str(budget.seconds)},
                    )  # fmt: skip
                if methods:
                    _require_method(request, methods)
                with acting(author=who.user.pk, cause="api"):
                    answer = view(request, who, *args, **kwargs)
            except Problem as problem:
                answer = problem.answer()
            except PermissionDenied:
                answer = Problem(
                    403, _("The role of this key's owner does not allow that.")
                ).answer()
            for name, value in (budget.headers if budget else {}).items():
                answer.headers.setdefault(name, value)
            answer.headers.setdefault("Cache-Control", "private, no-store")
            return answer

        return opened

    return made


@door("GET", "HEAD")
def index(request: HttpRequest, who: Caller) -> HttpResponse:
    """Name the kinds this key may read, and where."""
    base = request.build_absolute_uri(request.path.rstrip("/"))
    kinds = [
        {"key": k.key, "name": str(k.label_plural), "url": f"{base}/{k.key}"}
        for k in all_kinds()
        if who.may(k, tokens.READ)
    ]
    return as_json({"openapi": f"{base}/openapi.json", "kinds": kinds})


@door("GET", "HEAD")
def openapi(request: HttpRequest, who: Caller) -> HttpResponse:
    """Describe the API of this company as OpenAPI 3.1, own fields and objects among it."""
    kinds = [kind for kind in all_kinds() if who.may(kind, tokens.READ)]
    base = request.build_absolute_uri("/api/v1")
    settings = [each for each in all_documents() if who.may(each, tokens.READ)]
    return as_json(
        document(kinds, settings, base=base, hidden=lambda kind: limits(who.user, kind)[0])
    )


@door("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")
def nowhere(request: HttpRequest, who: Caller, rest: str) -> HttpResponse:
    """Say in the API's own words that nothing is at an address."""
    raise Problem(404, _("There is nothing at this address."))


@door()
def collection(request: HttpRequest, who: Caller, kind: str) -> HttpResponse:
    """List the rows of a kind, or make one."""
    if kind in objects.documents():
        return _document(request, who, objects.documents()[kind])
    found = kind_or_404(kind)
    _require_method(request, ("GET", "HEAD", *(("POST",) if found.makes_rows else ())))
    if request.method == "POST":
        return once(request, who, lambda: _create(request, who, found))
    who.require(found, tokens.READ)
    return listed(request, who, found)


@door()
def item(request: HttpRequest, who: Caller, kind: str, pk: UUID) -> HttpResponse:
    """Show, change or archive one row."""
    found = kind_or_404(kind)
    ways = {
        "PATCH": found.changes_rows,
        "DELETE": found.archive is not None or found.remove is not None,
    }
    _require_method(request, ("GET", "HEAD", *(way for way, is_there in ways.items() if is_there)))
    who.require(found, tokens.READ)
    if request.method in {"GET", "HEAD"}:
        row = row_or_404(who, found, pk)
        etag = etag_of(found, row)
        # What is computed may be another although the row is as it was.
        is_whole = found.has_version and all(
            each.computed is None for each in fields_of(found)
        )
        if etag and is_whole and etag in _tags(request, "If-None-Match"):
            return HttpResponse(status=304, headers={"ETag": etag})
        return as_json(_body(who, found, row), etag=etag)
    if request.method == "DELETE":
        return _archive(request, who, found, pk)
    return _change(request, who, found, pk)


@door()
def action(request: HttpRequest, who: Caller, kind: str, pk: UUID, name: str) -> HttpResponse:
    """Do something with one row: issue, send, win; or fetch what of it is a file."""
    found = kind_or_404(kind)
    wanted = next((each for each in found.actions if each.key == name), None)
    content = next((each for each in found.contents if each.key == name), None)
    _require_method(request, ("GET", "HEAD") if content is not None else ("POST",))
    who.require(found, tokens.READ)
    if content is not None:
        return _content(request, who, found, pk, content)
    if name == RESTORE and filters.has_trash(found):
        return once(request, who, lambda: _restore(request, who, found, pk))
    if wanted is None:
        raise Problem(404, _("There is no action “%(name)s”.") % {"name": name[:60]})
    who.require(found, tokens.WRITE, wanted.right)

    def run() -> JsonResponse:
        of, _dot, way = wanted.right.partition(".")
        row = row_or_404(who, found, pk, way if of == found.right_object else "view")
        given = values_in(who, found, object_in(request), wanted.fields)
        try:
            made = wanted.run(key=row.pk, values=given, by=who.user)
        except Refused as refused:
            raise refused_as(refused) from refused
        row = row_or_404(who, found, made.pk if wanted.is_making and made is not None else pk)
        return as_json(_body(who, found, row), etag=etag_of(found, row))

    return once(request, who, run)


def _document(request: HttpRequest, who: Caller, found: Document) -> HttpResponse:
    """Show settings that are one object, or change what a body names of them."""
    _require_method(request, ("GET", "HEAD", *(("PATCH",) if found.save is not None else ())))
    who.require(found, tokens.READ)
    if request.method == "PATCH" and found.save is not None:
        who.require(found, tokens.WRITE)
        given = values_in(who, found, object_in(request), found.fields)
        try:
            with transaction.atomic():
                found.save(values=given, by=who.user)
        except Refused as refused:
            raise refused_as(refused) from refused
    elif request.GET:
        raise Problem(400, _("These settings take no parameters."))
    told = found.read(by=who.user)
    return as_json({each.key: values.said(each, told.get(each.key)) for each in found.fields})


def _content(
    request: HttpRequest, who: Caller, kind: ObjectKind, pk: UUID, content: Content
) -> HttpResponse:
    """Answer with a file that is made of a row, or stands behind it."""
    asked = _asked(request)
    language = asked.pop("language", "") if content.languages else ""
    if asked:
        name = sorted(asked)[0][:60]
        raise Problem(400, _("There is no filter “%(name)s”.") % {"name": name}, parameter=name)
    if language not in ("", *content.languages):
        languages = ", ".join(content.languages)
        sentence = _("language is one of %(languages)s.") % {"languages": languages}
        raise Problem(400, sentence, parameter="language")
    row = row_or_404(who, kind, pk)
    try:
        answer: HttpResponse = content.send(row=row, user=who.user, language=language)
    except FileNotFoundError as error:
        raise Problem(404, _("There is no such object.")) from error
    return answer


def etag_of(kind: ObjectKind, row: Any) -> str:
    """Return the version of a row: the moment of its latest change, to the microsecond.

    Parts that are rows of their own change without it; what they hold is told beside it.
    """
    moment = getattr(row, "updated_at", None)
    if moment is None:
        return ""
    version = f"{int((moment - EPOCH) / timedelta(microseconds=1)):x}"
    parts = [values.written(each, row) for each in kind.fields if each.type == "rows"]
    if parts:
        told = json.dumps(parts, separators=(",", ":"), ensure_ascii=False).encode()
        version += f"-{hashlib.blake2b(told, digest_size=6).hexdigest()}"
    return f'"{version}"'


def listed(request: HttpRequest, who: Caller, kind: ObjectKind) -> HttpResponse:
    """Return a page of the rows that the parameters ask for."""
    asked = _asked(request)
    hidden, _locked = limits(who.user, kind)
    rows = filters.without_trash(kind, kind.rows(who.user), asked.get("trash", ""))
    rows = filters.narrowed(kind, rows, asked, who.user)
    rows, order = filters.ordered_by(kind, rows, asked.get("sort", ""), who.user)
    size = _size(asked.get("limit", ""))
    shown = _chosen(kind, asked.get("fields", ""), hidden)
    if all(each.read is None for each in shown):  # no part was asked for: none is read
        rows = rows.prefetch_related(None)
    try:
        page = read_page(rows, order=order, after=asked.get("cursor", ""), size=size)
    except UnknownCursor as error:
        raise Problem(400, _("This cursor is not one of this list."), parameter="cursor") from error
    computed.give(page.rows, shown, kind=kind, user=who.user)
    objects.rights().mask(who.user, page.rows)
    said: dict[str, Any] = {
        "data": [_said(kind, row, shown) for row in page.rows],
        "next": page.following or None,
    }
    if asked.get("count", "no") not in ("yes", "no"):
        raise Problem(400, _("count is yes or no."), parameter="count")
    if asked.get("count") == "yes":
        number = rows.order_by()[: COUNT_CAP + 1].count()
        said["count"] = min(number, COUNT_CAP)
        said["is_count_capped"] = number > COUNT_CAP
    answer = as_json(said)
    if page.following:
        query = request.GET.copy()
        query["cursor"] = page.following
        address = request.build_absolute_uri(f"{request.path}?{query.urlencode()}")
        answer["Link"] = f'<{address}>; rel="next"'
    return answer


def _create(request: HttpRequest, who: Caller, kind: ObjectKind) -> JsonResponse:
    who.require(kind, tokens.WRITE, kind.right_to("create"))
    given = values_in(who, kind, object_in(request))
    return made(request, who, kind, _saved(who, kind, given, key=None, seen=None))


def made(request: HttpRequest, who: Caller, kind: ObjectKind, row: Any) -> JsonResponse:
    """Answer with a row that was made."""
    answer = as_json(_body(who, kind, row), status=201, etag=etag_of(kind, row))
    answer["Location"] = request.build_absolute_uri(f"/api/v1/{kind.key}/{row.pk}")
    return answer


def _change(request: HttpRequest, who: Caller, kind: ObjectKind, pk: UUID) -> HttpResponse:
    row = row_or_404(who, kind, pk)
    who.require(kind, tokens.WRITE)
    if not kind.rows(who.user, action="change").filter(pk=pk).exists():
        raise Problem(403, _("You may read this one, not change it."))
    given = values_in(who, kind, object_in(request), row=row)
    saved = _saved(who, kind, given, key=pk, seen=_seen(request, who, kind, row))
    return as_json(_body(who, kind, saved), etag=etag_of(kind, saved))


def _archive(request: HttpRequest, who: Caller, kind: ObjectKind, pk: UUID) -> HttpResponse:
    row = row_or_404(who, kind, pk)
    who.require(kind, tokens.WRITE, kind.right_to("delete"))
    if not kind.rows(who.user, action="delete").filter(pk=pk).exists():
        raise Problem(403, _("You may read this one, not change it."))
    seen = _seen(request, who, kind, row)
    if seen is not None and row.updated_at > seen:
        raise _changed(who, kind, row)
    try:
        if kind.remove is not None:
            with transaction.atomic():
                kind.remove(key=pk, by=who.user)
        else:
            kind.archive([pk], True)  # type: ignore[misc]  # answered only where there is one
    except Refused as refused:
        raise refused_as(refused) from refused
    return HttpResponse(status=204)


def _restore(request: HttpRequest, who: Caller, kind: ObjectKind, pk: UUID) -> JsonResponse:
    """Bring a row back out of the trash; one that is not in it stays as it is."""
    who.require(kind, tokens.WRITE, f"{kind.right_object}.delete")
    row = row_or_404(who, kind, pk)
    values_in(who, kind, object_in(request), ())
    if row.is_archived:
        if not trash.restore(kind=kind, keys=[pk], by=who.user):
            raise Problem(422, _("It was merged into another one, or is not yours to bring back."))
        row = row_or_404(who, kind, pk)
    return as_json(_body(who, kind, row), etag=etag_of(kind, row))


def _saved(
    who: Caller, kind: ObjectKind, given: Mapping[str, Any], *, key: UUID | None,
    seen: datetime | None,
) -> Any:  # fmt: skip
    try:
        row = objects.save(kind, values=given, by=who.user, key=key, seen=seen)
    except Refused as refused:
        raise refused_as(refused) from refused
    except ChangedMeanwhile as error:
        raise _changed(who, kind, error.row) from error
    shown = _seen_row(who, kind, row.pk)
    if shown is None:  # it was given away
        return row
    objects.rights().mask(who.user, [shown])
    return shown


def values_in(
    who: Caller, kind: ObjectKind | Document, given: Mapping[str, Any], only: Any = None, *,
    row: Any = None,
) -> dict[str, Any]:  # fmt: skip
    """Return the values of a body as ``kind.save`` takes them; ``row`` is the one they change.

    :raises Problem: 422 with sentences by field.
    """
    hidden, locked = limits(who.user, kind)
    is_whole = only is None
    if only is None and isinstance(kind, ObjectKind):
        only = fields_of(kind)
    known = {each.key: each for each in only}
    found: dict[str, Any] = {}
    errors: dict[str, list[str]] = {}
    wanted: list[tuple[str, Field, UUID]] = []
    for name, value in given.items():
        field = known.get(name)
        if field is None or name in hidden:
            errors[name[:60]] = [_("There is no such field.")]
        elif name in locked or not (field.is_writable or (field.is_of_new and row is None)):
            errors[name] = [_("This field is not written here.")]
        else:
            try:
                found[name] = values.checked(kind, field, values.taken(field, value))
                values.require_right(field, found[name], row)
                wanted += _keys_in(field, name, found[name])
            except values.NotTaken as error:
                errors[name] = [str(error)]
    if is_whole and row is None:
        for field in known.values():
            if field.is_required and field.is_writable and field.key not in given:
                errors.setdefault(field.key, []).append(
                    _("“%(field)s” is required.") % {"field": field.label}
                )
    errors = errors or values.require_there(who.user, wanted)
    if errors:
        raise Problem(422, _("Nothing was saved."), errors=errors)
    return found


def _keys_in(field: Field, name: str, value: Any) -> list[tuple[str, Field, UUID]]:
    if field.type in {"user", "relation"} and not field.is_custom and value is not None:
        return [(name, field, value)]
    if field.type != "rows":
        return []
    parts = [part for part in field.parts if part.type in {"user", "relation"}]
    return [
        (name, part, row[part.key]) for row in value or () for part in parts if row.get(part.key)
    ]


def once(
    request: HttpRequest, who: Caller, run: Callable[[], JsonResponse], *,
    sent: Callable[[], bytes] | None = None,
) -> HttpResponse:  # fmt: skip
    """Do what is asked; with an ``Idempotency-Key`` once, however often it is asked.

    The key is taken in the transaction of the effect: a second request waits for the first and is
    given its answer; a first one that failed leaves nothing, and the second does it. ``sent`` tells
    a request from another one where the body is a form, never in memory as a whole.
    """
    key = request.headers.get("Idempotency-Key", "")
    if not key:
        with transaction.atomic():
            return run()
    if len(key) > 200 or not key.isascii() or not key.isprintable():
        raise Problem(400, _("An Idempotency-Key has at most 200 printable characters."))
    fingerprint = hashlib.sha256(
        f"{request.method} {request.get_full_path()}\n".encode()
        + (sent() if sent is not None else request.body)
    ).hexdigest()
    with transaction.atomic():
        replay = ApiReplay(
            owner=who.owner, key=key, fingerprint=fingerprint, created_at=timezone.now()
        )
        ApiReplay.objects.bulk_create([replay], ignore_conflicts=True)
        replay = ApiReplay.objects.select_for_update().get(owner=who.owner, key=key)
        if replay.fingerprint != fingerprint:
            raise Problem(409, _("This Idempotency-Key came with another request before."))
        if replay.status:
            answer = as_json(replay.body, status=replay.status, etag=replay.etag)
            answer["Idempotent-Replayed"] = "true"
            return answer
        answer = run()
        replay.status, replay.body = answer.status_code, json.loads(answer.content)
        replay.etag = answer.get("ETag", "")
        replay.save()
        return answer


def kind_or_404(key: str) -> ObjectKind:
    """Return the kind an address names.

    :raises Problem: there is none.
    """
    try:
        return kind_named(key)
    except KeyError:
        raise Problem(404, _("There is no kind “%(key)s”.") % {"key": key[:60]}) from None


_rows_by_key: dict[str, PreparedBy] = {}


def _seen_row(who: Caller, kind: ObjectKind, pk: UUID) -> Any:
    """Return a row as who asks may see it; of the kinds that every company has, compiled once."""
    known = (objects.room_kind(kind.key), objects.program_kinds().get(kind.key))
    if type(kind) is not ObjectKind or not any(kind is each for each in known):
        return kind.rows(who.user).filter(pk=pk).first()
    if kind.key not in _rows_by_key:
        _rows_by_key[kind.key] = PreparedBy(
            lambda by, key: kind.rows(by).filter(pk=key), UUID(int=1)
        )
    return next(iter(_rows_by_key[kind.key](who.user, pk)), None)


def row_or_404(who: Caller, kind: ObjectKind, pk: UUID, action: str = "view") -> Any:
    """Return a row that who asks may see, or do something with.

    :raises Problem: there is none for them.
    """
    row = kind.rows(who.user, action=action).filter(pk=pk).first()
    if row is None:
        raise Problem(404, _("There is no such object."))
    objects.rights().mask(who.user, [row])
    return row


def _require_method(request: HttpRequest, methods: Sequence[str]) -> None:
    """Pass when an address answers to what is asked.

    :raises Problem: 405 with the methods it answers to: what 1C owns is only read here.
    """
    if request.method not in methods:
        raise Problem(
            405, _("This address answers to %(methods)s.") % {"methods": ", ".join(methods)},
            headers={"Allow": ", ".join(methods)},
        )  # fmt: skip


def object_in(request: HttpRequest) -> dict[str, Any]:
    """Return the object that a body holds.

    :raises Problem: it is too large, or no JSON object.
    """
    if len(request.body) > LARGEST_BODY:
        raise Problem(413, _("A body has at most two megabytes."))
    address = str(request.resolver_match.url_name)  # type: ignore[union-attr]
    if not request.body and address in _BODYLESS:
        return {}
    if request.content_type != "application/json":
        raise Problem(415, _("Send the body as application/json."))
    try:
        body = json.loads(request.body, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise Problem(400, _("The body is no JSON.")) from error
    if not isinstance(body, dict):
        raise Problem(400, _("The body is no JSON object."))
    return body


def _no_constant(name: str) -> Any:
    raise ValueError(name)


def _asked(request: HttpRequest) -> dict[str, str]:
    for name, texts in request.GET.lists():
        if len(texts) > 1:
            raise Problem(400, _("“%(name)s” stands twice.") % {"name": name[:60]})
        if "\0" in name + texts[0]:
            raise Problem(400, _("A text cannot hold the character zero."))
    return {name: str(text) for name, text in request.GET.items()}


def _size(text: str) -> int:
    if not text:
        return PAGE
    if not text.isascii() or not text.isdecimal() or not 1 <= int(text[:6]) <= MOST:
        raise Problem(400, _("limit is a number from 1 to %(most)d.") % {"most": MOST})
    return int(text)


def _chosen(kind: ObjectKind, text: str, hidden: frozenset[str]) -> list[Field]:
    shown = [each for each in fields_of(kind) if each.key not in hidden]
    if not text:
        return shown
    wanted = set(text.split(","))
    unknown = wanted - {each.key for each in shown}
    if unknown:
        name = sorted(unknown)[0][:60]
        raise Problem(400, _("There is no field “%(name)s”.") % {"name": name})
    return [each for each in shown if each.key in wanted]


def _said(kind: ObjectKind, row: Any, shown: list[Field]) -> dict[str, Any]:
    said = {"id": str(row.pk), **{each.key: values.written(each, row) for each in shown}}
    return {**said, "is_archived": row.is_archived} if filters.has_trash(kind) else said


def _body(who: Caller, kind: ObjectKind, row: Any) -> dict[str, Any]:
    shown = _chosen(kind, "", limits(who.user, kind)[0])
    computed.give([row], shown, kind=kind, user=who.user)
    objects.rights().mask(who.user, [row])
    return _said(kind, row, shown)


def _tags(request: HttpRequest, header: str) -> set[str]:
    return {each.strip().removeprefix("W/") for each in request.headers.get(header, "").split(",")}


def _seen(request: HttpRequest, who: Caller, kind: ObjectKind, row: Any) -> datetime | None:
    """Return the version that ``If-Match`` names: what the program saw.

    :raises Problem: it is no tag of ours, so the row is another one now.
    """
    text = request.headers.get("If-Match", "").strip()
    if not text or text == "*":
        return None
    if etag_of(kind, row) in _tags(request, "If-Match"):
        return row.updated_at  # type: ignore[no-any-return]
    raise _changed(who, kind, row)


def _changed(who: Caller, kind: ObjectKind, row: Any) -> Problem:
    current = _body(who, kind, row)
    return Problem(
        412, _("It was changed since you read it. Read it again."),
        headers={"ETag": etag_of(kind, row)}, current=current,
    )  # fmt: skip


def refused_as(refused: Refused) -> Problem:
    """Return what a service refused as the API says it."""
    whole = " ".join(refused.errors.get("", ()))
    errors = {key: each for key, each in refused.errors.items() if key}
    return Problem(422, whole or _("Nothing was saved."), errors=errors)


def as_json(body: Any, *, status: int = 200, etag: str = "") -> JsonResponse:
    """Return an answer in JSON."""
    headers = {"ETag": etag} if etag else {}
    return JsonResponse(
        body, status=status, safe=False, headers=headers,
        json_dumps_params={"ensure_ascii": False, "separators": (",", ":")},
    )  # fmt: skip

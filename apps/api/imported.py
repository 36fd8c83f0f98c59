"""The door for files to import: kept and looked into as the screen does (``docs/protocol/api.md``).

A file comes as ``multipart/form-data``, so that it is streamed to the disk and never held in
memory; its limit is that of the screen.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any, BinaryIO, cast

from django.core.exceptions import BadRequest
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import gettext as _

from apps.api import openapi, tokens
from apps.api.access import Caller
from apps.api.problems import Problem
from apps.api.views import door, listed, made, once, refused_as, values_in
from apps.core.objects import Refused
from apps.imports import services
from apps.imports.programs import RUNS, SIGN, bring

ENVELOPE = 1 << 20  # what a body holds beside the file
_CHOICES = ("kind", "encoding", "mode", "empty", "missing")
_TEXTS = (*_CHOICES, "delimiter", "table", "match", "head")
_ROWS = ("columns", "meanings")  # as JSON


@door("GET", "HEAD", "POST")
def collection(request: HttpRequest, who: Caller) -> HttpResponse:
    """List imports, or bring a file: how it is read and what it means is guessed, or told along."""
    who.require(RUNS, tokens.READ)
    if request.method != "POST":
        return listed(request, who, RUNS)
    who.require(RUNS, tokens.WRITE)
    given, sent = _told(request)

    def run() -> JsonResponse:
        values = values_in(who, RUNS, given)
        try:
            row = bring(
                values=values, file_name=sent.name or "", source=cast(BinaryIO, sent.open()),
                size=sent.size or 0, by=who.user,
            )  # fmt: skip
        except Refused as refused:
            raise refused_as(refused) from refused
        return made(request, who, RUNS, row)

    return once(request, who, run, sent=lambda: _digest(given, sent))


def described() -> dict[str, Any]:
    """Return the door as the description of the API has it."""
    text = {"type": "string"}
    fields: dict[str, Any] = {
        name: {"enum": [value for value, _label in RUNS.field(name).offered()]} for name in _CHOICES
    }
    fields |= {
        "file": {"type": "string", "format": "binary"}, "table": text,
        "delimiter": {**text, "pattern": f"^({SIGN})$", "description": _("It is a sign, or Tab.")},
        "match": {**text, "description": _("Keys of fields, parted by commas.")},
        "head": {**text, "pattern": "^[0-9]{1,3}$", "description": _("0: there is none.")},
        **{name: {**text, "contentMediaType": "application/json"} for name in _ROWS},
    }  # fmt: skip
    body = {
        "type": "object", "additionalProperties": False, "required": ["kind", "file"],
        "properties": fields,
    }  # fmt: skip
    return openapi.upload(
        name="create_imports", summary=_("Import a file"), kind=RUNS, body=body, is_once=True
    )


openapi.add_door(f"/{RUNS.key}", described)


def _told(request: HttpRequest) -> tuple[dict[str, Any], UploadedFile[Any]]:
    """Return what the form says, as a body in JSON would, and the file.

    :raises Problem: the body is no form, too large, or says something else.
    """
    length = request.META.get("CONTENT_LENGTH") or "0"
    if length.isdecimal() and int(length) > services.MOST_BYTES + ENVELOPE:
        raise _too_large()
    if request.content_type != "multipart/form-data":
        raise Problem(415, _("Send the file as multipart/form-data."))
    try:
        texts, files = request.POST, request.FILES
    except (MultiPartParserError, BadRequest, ValueError) as error:
        raise Problem(400, _("The body is no form.")) from error
    errors: dict[str, list[str]] = {}
    for name in {*texts, *files} - {*_TEXTS, *_ROWS, "file"}:
        errors[name[:60]] = [_("There is no such field.")]
    for name, values in (("kind", texts.getlist("kind")), ("file", files.getlist("file"))):
        if len(values) != 1:
            errors[name] = [_("“%(field)s” is required.") % {"field": name}]
    given: dict[str, Any] = {}
    for name in texts.keys() - errors.keys():
        try:
            given[name] = _value(name, texts.getlist(name))
        except ValueError as error:
            errors[name] = [str(error)]
    if errors:
        raise Problem(422, _("Nothing was saved."), errors=errors)
    sent = cast("UploadedFile[Any]", files["file"])
    if (sent.size or 0) > services.MOST_BYTES:
        raise _too_large()
    return given, sent


def _value(name: str, told: list[str]) -> Any:
    """Return what a field of the form says; a list in JSON.

    :raises ValueError: with the sentence.
    """
    if len(told) != 1:
        raise ValueError(_("“%(name)s” stands twice.") % {"name": name})
    text = told[0]
    if name != "match" and not text:
        raise ValueError(_("“%(field)s” is required.") % {"field": name})
    if name not in _ROWS:
        return text
    try:
        rows = json.loads(text)
    except (ValueError, RecursionError):
        rows = None
    if not isinstance(rows, list):
        raise ValueError(_("A list is needed."))
    return rows


def _digest(given: dict[str, Any], sent: UploadedFile[Any]) -> bytes:
    """Return what tells this form from another one; the file is read piece by piece."""
    told = hashlib.sha256(json.dumps([sorted(given.items()), sent.name]).encode())
    for piece in sent.chunks():
        told.update(piece)
    return told.digest()


def _too_large() -> Problem:
    most = services.MOST_BYTES >> 20
    return Problem(413, _("A file to import has at most %(most)d megabytes.") % {"most": most})

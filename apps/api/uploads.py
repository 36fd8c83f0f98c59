"""The door for files: kept on a card as its own screen keeps them (``docs/protocol/api.md``).

A file comes as ``multipart/form-data``, so that it is streamed to the disk and never held in
memory; its limit is that of files, not that of other bodies.
"""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from django.core.exceptions import BadRequest
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import gettext as _

from apps.accounts.rights import can
from apps.api import openapi, tokens
from apps.api.access import Caller
from apps.api.problems import Problem
from apps.api.views import door, listed, made
from apps.counterparties import files
from apps.counterparties.filed import FILES
from apps.counterparties.models import Attachment

ENVELOPE = 64 * 1024  # what a body holds beside the file
_TEXTS = ("kind", "key")


@door("GET", "HEAD", "POST")
def collection(request: HttpRequest, who: Caller) -> HttpResponse:
    """List files, or keep one on a card: the same name is a further version of it."""
    who.require(FILES, tokens.READ)
    if request.method != "POST":
        return listed(request, who, FILES)
    if not tokens.covers(who.scopes, kind=FILES.key, way=tokens.WRITE):
        raise Problem(403, _("This key has no scope “%(scope)s”.") % {"scope": "files:write"})
    if not can(who.user, "counterparties.view"):
        raise Problem(403, _("The role of this key's owner does not allow that."))
    kind, key, sent = _told(request)
    return made(request, who, FILES, _keep(kind, key, sent, who))


def described() -> dict[str, Any]:
    """Return the door as the description of the API has it."""
    fields = {
        "kind": {"enum": files.places()}, "key": {"type": "string", "format": "uuid"},
        "file": {"type": "string", "format": "binary"},
    }  # fmt: skip
    body = {
        "type": "object", "additionalProperties": False, "required": list(fields),
        "properties": fields,
    }  # fmt: skip
    return openapi.upload(name="create_files", summary=_("Keep a file"), kind=FILES, body=body)


openapi.add_door(f"/{FILES.key}", described)


@transaction.atomic
def _keep(kind: str, key: UUID, sent: UploadedFile[Any], who: Caller) -> Attachment:
    try:
        files.card_of(kind=kind, key=key, by=who.user)
        return files.keep_file(
            kind=kind, key=key, name=sent.name or "", source=cast(Any, sent.file),
            size=sent.size or 0, by=who.user,
        )  # fmt: skip
    except files.NoSuchCard:
        raise Problem(422, _("Nothing was saved."), errors={
            "key": [_("There is no such card, or it is not yours to change.")]
        }) from None  # fmt: skip
    except files.TooLarge:
        raise Problem(413, _("“%(name)s” is larger than 25 MB.") % {"name": sent.name}) from None
    except files.FileRefused as refusal:
        texts = {
            files.Empty: _("“%(name)s” holds nothing."),
            files.TooMany: _("This card has 200 files already: “%(name)s” was not kept."),
        }
        sentence = texts[type(refusal)] % {"name": sent.name}
        raise Problem(422, _("Nothing was saved."), errors={"file": [sentence]}) from None


def _told(request: HttpRequest) -> tuple[str, UUID, UploadedFile[Any]]:
    """Return the card a file is for, and the file.

    :raises Problem: the body is no form, too large, or says something else.
    """
    length = request.META.get("CONTENT_LENGTH") or "0"
    if length.isdecimal() and int(length) > files.LARGEST + ENVELOPE:
        raise Problem(413, _("A file has at most 25 megabytes."))
    if request.content_type != "multipart/form-data":
        raise Problem(415, _("Send the file as multipart/form-data."))
    try:
        texts, sent = request.POST, request.FILES
    except (MultiPartParserError, BadRequest, ValueError) as error:
        raise Problem(400, _("The body is no form.")) from error
    errors: dict[str, list[str]] = {}
    for name in {*texts, *sent} - {*_TEXTS, "file"}:
        errors[name[:60]] = [_("There is no such field.")]
    given = {name: texts.getlist(name) for name in _TEXTS} | {"file": sent.getlist("file")}
    for name, values in given.items():
        if len(values) != 1:
            errors[name] = [_("“%(field)s” is required.") % {"field": name}]
    if errors:
        raise Problem(422, _("Nothing was saved."), errors=errors)
    try:
        key = UUID(texts["key"])
    except ValueError:
        sentence = _("“%(value)s” is not a key.") % {"value": texts["key"][:50]}
        raise Problem(422, _("Nothing was saved."), errors={"key": [sentence]}) from None
    return texts["kind"], key, cast("UploadedFile[Any]", sent["file"])

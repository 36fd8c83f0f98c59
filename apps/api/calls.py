"""The door for telephone exchanges (``docs/protocol/api.md``)."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from apps.accounts.rights import can
from apps.activities.services.calling import CallEvent, CallState, take_call
from apps.api import openapi, tokens
from apps.api.access import Caller
from apps.api.problems import Problem
from apps.api.views import as_json, door, object_in

SCOPE = "calls"
_REQUIRED = ("call", "event", "number")
_TEXTS: dict[str, tuple[str, Callable[[], str]]] = {
    "call": (r"[ -~]{1,100}", lambda: _("Write 1 to 100 printable ASCII characters.")),
    "event": ("|".join(CallState.values), lambda: _("It is ringing, answered, ended or missed.")),
    "number": (
        r"|[+0-9 ().#*-]{1,30}",
        lambda: _("Write digits, spaces and + ( ) - . # *; nothing if the number is withheld."),
    ),
    "direction": ("incoming|outgoing", lambda: _("It is incoming or outgoing.")),
    "person": (r"[!-~]{0,254}", lambda: _("Write the person's e-mail.")),
    "recording": (
        r"|https?://[!-~]{1,500}",
        lambda: _("Write an address that begins with http:// or https://."),
    ),
    "at": (r"[!-~]{1,40}", lambda: _("Write a moment with its zone: 2026-11-28T10:00:00Z.")),
}


@door("POST")
def call_event(request: HttpRequest, who: Caller) -> HttpResponse:
    """Take an event of a call: once for each call, in whatever order."""
    if not tokens.covers(who.scopes, kind=SCOPE, way=tokens.WRITE):
        raise Problem(403, _("This key has no scope “%(scope)s”.") % {"scope": f"{SCOPE}:write"})
    if not can(who.user, "activities.create"):
        raise Problem(403, _("The role of this key's owner does not allow that."))
    call, task = take_call(event=_event(object_in(request)), by=who.user, now=timezone.now())
    said = {"id": str(call.pk)}
    if call.counterparty_id:
        said["counterparty"] = str(call.counterparty_id)
    if task is not None:
        said["task"] = str(task.pk)
    return as_json(said)


def described() -> dict[str, Any]:
    """Return the door as the description of the API has it."""
    fields: dict[str, dict[str, Any]] = {
        name: {"type": "string", "pattern": f"^({pattern})$"}
        for name, (pattern, _says) in _TEXTS.items()
    }
    fields["event"] = {"enum": list(CallState.values)}
    fields["direction"] = {"enum": ["incoming", "outgoing"], "default": "incoming"}
    fields["at"] = {"type": "string", "format": "date-time"}
    key = {"type": "string", "format": "uuid"}
    return openapi.door(
        name="tell_call", summary=_("Tell of a call"), tag=SCOPE,
        body={
            "type": "object", "additionalProperties": False, "required": list(_REQUIRED),
            "properties": fields,
        },
        answer={
            "type": "object", "required": ["id"],
            "properties": {"id": key, "counterparty": key, "task": key},
        },
    )  # fmt: skip


openapi.add_door(f"/{SCOPE}", described)


def _event(body: dict[str, Any]) -> CallEvent:
    """Return what a body says.

    :raises Problem: 422 with sentences by field.
    """
    errors: dict[str, list[str]] = {}
    for name in _REQUIRED:
        if name not in body:
            errors[name] = [_("“%(field)s” is required.") % {"field": name}]
    for name, value in body.items():
        if name not in _TEXTS:
            errors[name[:60]] = [_("There is no such field.")]
            continue
        pattern, says = _TEXTS[name]
        if not isinstance(value, str) or re.fullmatch(pattern, value) is None:
            errors[name] = [says()]
    at = timezone.now()
    if "at" in body and "at" not in errors:
        try:
            moment = parse_datetime(body["at"])
        except ValueError:
            moment = None
        if moment is None or timezone.is_naive(moment) or not 2000 <= moment.year <= 2999:
            errors["at"] = [_TEXTS["at"][1]()]
        else:
            at = moment
    if errors:
        raise Problem(422, _("Nothing was saved."), errors=errors)
    return CallEvent(
        call=body["call"], state=body["event"], number=body["number"].strip(), at=at,
        is_incoming=body.get("direction", "incoming") == "incoming",
        person=body.get("person", ""), recording=body.get("recording", ""),
    )  # fmt: skip

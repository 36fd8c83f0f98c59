"""The door by which a program invites people (``docs/protocol/api.md``)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from apps.accounts import entering, services
from apps.accounts.forms import InviteForm
from apps.accounts.rights import can
from apps.api import openapi, tokens
from apps.api.access import Caller
from apps.api.problems import Problem
from apps.api.views import as_json, door, object_in, once, refused_as
from apps.core.objects import Refused

SCOPE = "invitations"
_FIELDS = ("email", "role")


@door("POST")
def invite(request: HttpRequest, who: Caller) -> HttpResponse:
    """Send an invitation by mail, once more if it was sent before."""
    if not tokens.covers(who.scopes, kind=SCOPE, way=tokens.WRITE):
        raise Problem(403, _("This key has no scope “%(scope)s”.") % {"scope": f"{SCOPE}:write"})
    if settings.IS_OFFICE:
        raise Problem(403, _("This is changed at the centre: the office has a copy of it."))
    if not can(who.user, "people.change"):
        raise Problem(403, _("The role of this key's owner does not allow that."))

    def run() -> JsonResponse:
        body = object_in(request)
        unknown = sorted(set(body) - set(_FIELDS))
        wrong = [name for name in _FIELDS if not isinstance(body.get(name, ""), str)]
        errors = {name[:60]: [_("There is no such field.")] for name in unknown}
        errors |= {name: [_("A text is needed.")] for name in wrong}
        if errors:
            raise Problem(422, _("Nothing was saved."), errors=errors)
        try:
            email = entering.invite(form=InviteForm(body, by=who.user), by=who.user)
        except Refused as refused:
            raise refused_as(refused) from refused
        return as_json({"email": email, "role": body["role"], "days": services.INVITE_DAYS})

    return once(request, who, run)


def described() -> dict[str, Any]:
    """Return the door as the description of the API has it."""
    text = {"type": "string"}
    return openapi.door(
        name="invite_person", summary=_("Invite a person"), tag=SCOPE, is_once=True,
        body={
            "type": "object", "additionalProperties": False, "required": list(_FIELDS),
            "properties": {"email": {"type": "string", "format": "email"}, "role": text},
        },
        answer={
            "type": "object", "required": ["email", "role", "days"],
            "properties": {"email": text, "role": text, "days": {"type": "integer"}},
        },
    )  # fmt: skip


openapi.add_door(f"/{SCOPE}", described)

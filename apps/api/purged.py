"""The door by which a program deletes rows of the trash for good (``docs/protocol/api.md``)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.api import filters, openapi, tokens
from apps.api.access import Caller
from apps.api.problems import Problem
from apps.api.views import as_json, door, kind_or_404, object_in, once, row_or_404, values_in
from apps.core.objects import ObjectKind
from apps.duplicates import bin as trash

NAME = "purge"
RIGHT = "settings.change"


@door("POST")
def purge(request: HttpRequest, who: Caller, kind: str, pk: UUID) -> HttpResponse:
    """Delete a row for good, 30 days after it went into the trash."""
    found = kind_or_404(kind)
    who.require(found, tokens.READ)
    if not filters.has_trash(found):
        raise Problem(404, _("There is no action “%(name)s”.") % {"name": NAME})
    for right in (RIGHT, f"{found.right_object}.delete"):
        who.require(found, tokens.WRITE, right)
    return once(request, who, lambda: _purge(request, who, found, pk))


def _purge(request: HttpRequest, who: Caller, kind: ObjectKind, pk: UUID) -> JsonResponse:
    row_or_404(who, kind, pk)
    values_in(who, kind, object_in(request), ())
    try:
        count, held = trash.purge(
            kind=kind, keys=[pk], by=who.user, now=timezone.now(),
            address=request.META.get("REMOTE_ADDR"),
        )  # fmt: skip
    except trash.TooEarly as error:
        sentence = _(
            "Rows are deleted for good 30 days after they went into the bin. None was deleted."
        )
        raise Problem(422, sentence) from error
    if held:
        names = ", ".join(f"“{name}”" for name in held)
        raise Problem(422, _("Kept, because documents name them: %(names)s.") % {"names": names})
    if not count:
        raise Problem(422, _("It is not in the trash, or is not yours to delete."))
    return as_json({"id": str(pk)})


def described(kind: ObjectKind) -> dict[str, Any] | None:
    """Return the address below a row as the description of the API has it."""
    if not filters.has_trash(kind):
        return None
    return {"post": openapi.purge_door(kind, NAME, summary=_("Delete for good"))}


openapi.add_part(NAME, described)

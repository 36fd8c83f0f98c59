"""The door by which a program fetches the file of an export (``docs/protocol/api.md``)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from apps.api import openapi, tokens
from apps.api.access import Caller
from apps.api.problems import Problem
from apps.api.views import door
from apps.core import objects
from apps.core.lists import exporting
from apps.core.views_exports import fetched


@door("GET", "HEAD")
def export_file(request: HttpRequest, who: Caller, pk: UUID) -> Any:
    """Send the file of an export to whoever asked for it."""
    who.require(objects.program_kinds()["exports"], tokens.READ)
    job = exporting.jobs_of(who.user).filter(pk=pk).first()
    try:
        if job is None:
            raise Http404(str(pk))
        answer = fetched(job, by=who.user, address=request.META.get("REMOTE_ADDR"))
    except Http404:
        raise Problem(404, _("There is no such file, or not yet.")) from None
    answer["Content-Type"] = "application/octet-stream"
    return answer


def described() -> dict[str, Any]:
    """Return the door as the description of the API has it."""
    return openapi.file_door(name="fetch_export", summary=_("Fetch the file"), tag="exports")


openapi.add_door("/exports/{id}/file", described)

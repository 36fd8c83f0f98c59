"""What the screens of this room share: whose activity, the answer to an action, how to undo it."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.core import signing
from django.core.serializers.json import DjangoJSONEncoder
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.accounts.rights import signed_in
from apps.activities import selectors, telling
from apps.activities.models import Activity
from apps.core.objects import Refused
from tenants.current import current_schema

UNDO_SECONDS = 3600


def person(request: HttpRequest) -> User:
    """Return who is signed in; only views behind sign-in ask."""
    return signed_in(request)


def key_of(text: str) -> UUID | None:
    """Return a key, ``None`` for what is none."""
    try:
        return UUID(text)
    except ValueError:
        return None


def activity_or_404(request: HttpRequest, pk: UUID, *, action: str = "view") -> Activity:
    """Return an activity the person may see (or change)."""
    found = selectors.seen_by(request.user, action=action).filter(pk=pk).first()
    if found is None:
        raise Http404(str(pk))
    return found


def chosen(
    request: HttpRequest, ids: Collection[UUID], *, action: str = "change"
) -> list[UUID]:
    """Return those of the keys that the person may change, or delete."""
    rows = selectors.seen_by(request.user, action=action).filter(pk__in=ids)
    return list(rows.order_by("pk").values_list("pk", flat=True))


def done(request: HttpRequest, text: str, *, undo: dict[str, Any] | None = None) -> HttpResponse:
    """Answer an action: a toast that can undo it, or back to the page without the script."""
    if request.headers.get("HX-Request") != "true":
        messages.success(request, text)
        return redirect(back(request))
    toast: dict[str, Any] = {"text": text}
    if undo is not None:
        address = f"{reverse('activities:undo')}?token={sealed(undo)}"
        toast["undo"] = {"label": _("Undo"), "url": address}
    answer = HttpResponse(status=204)
    answer["HX-Trigger"] = json.dumps({"toast": toast, "activities-changed": {}})
    return answer


def back(request: HttpRequest) -> str:
    """Return the page the form was on; *Today* for an address that is not ours."""
    address = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return address if address and is_ours else reverse("activities:today")


def sealed(undo: dict[str, Any]) -> str:
    """Return what an undo button carries; good in this company for an hour."""
    text = json.dumps(undo, cls=DjangoJSONEncoder)
    return signing.dumps(text, salt=_salt(), compress=True)


def opened(token: str) -> dict[str, Any]:
    """Return what an undo button carried.

    :raises Http404: it is not one of ours, or too old.
    """
    try:
        return cast(
            "dict[str, Any]",
            json.loads(signing.loads(token, salt=_salt(), max_age=UNDO_SECONDS)),
        )
    except signing.BadSignature as error:
        raise Http404 from error


def refusal_text(refused: Refused) -> str:
    """Return what was refused as one line."""
    return " ".join(sentence for found in refused.errors.values() for sentence in found)


def not_told_text(activity: Activity, text: str) -> str:
    """Return whom a text names without their hearing of it: they may not see this."""
    names = [str(user) for user in telling.not_seeing(activity, text)]
    if not names:
        return ""
    return _("Not told, because their role does not show them this: %(names)s.") % {
        "names": ", ".join(names)
    }


def _salt() -> str:
    return f"activities.undo:{current_schema()}"

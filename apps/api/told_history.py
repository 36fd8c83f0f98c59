"""The door by which a program reads the change history of a row (``docs/protocol/api.md``)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.rights import can
from apps.api import openapi, tokens
from apps.api.access import Caller
from apps.api.fields import plain
from apps.api.kinds import kind as kind_named
from apps.api.problems import Problem
from apps.api.views import as_json, door
from apps.core.objects import ObjectKind
from apps.history import selectors, services, tasks
from apps.history.tracked import card_of

RIGHT = "history.view"
_LONGEST = 18  # digits of a place


@door("GET", "HEAD")
def history(request: HttpRequest, who: Caller, kind: str, pk: UUID) -> HttpResponse:
    """Tell who changed what of a row, the latest first, as its card does."""
    try:
        found = kind_named(kind)
    except KeyError:
        raise Problem(404, _("There is no kind “%(key)s”.") % {"key": kind[:60]}) from None
    who.require(found, tokens.READ)
    card = card_of(found.model._meta.db_table)
    if card is None:
        raise Problem(404, _("There is nothing at this address."))
    if not can(who.user, RIGHT) or not can(who.user, card.right):
        raise Problem(403, _("The role of this key's owner does not allow that."))
    row = selectors.row_of(card=card, pk=pk, user=who.user)
    if row is None or not found.rows(who.user).filter(pk=pk).exists():
        raise Problem(404, _("There is no such object."))
    below = _below(request)
    if not below and not services.gather_now(now=timezone.now()):
        tasks.gather.delay()
    page = selectors.page(card=card, pk=pk, user=who.user, below=below, row=row)
    return as_json({
        "data": [_told(entry) for entry in page.entries], "next": str(page.following or "") or None
    })  # fmt: skip


def _below(request: HttpRequest) -> int:
    """Return where a page begins; 0: with the latest.

    :raises Problem: a parameter is unknown, or no place.
    """
    for name in request.GET:
        if name != "cursor" or len(request.GET.getlist(name)) > 1:
            text = _("There is no filter “%(name)s”.") % {"name": name[:60]}
            raise Problem(400, text, parameter=name[:60])
    text = request.GET.get("cursor", "")
    if not text:
        return 0
    if not text.isascii() or not text.isdecimal() or len(text) > _LONGEST:
        raise Problem(400, _("This cursor is not one of this list."), parameter="cursor")
    return int(text)


def _told(entry: selectors.Entry) -> dict[str, Any]:
    return {
        "moment": plain(entry.moment), "author": entry.author or None,
        "source": entry.source or None,
        "rows": [
            {
                "operation": {"I": "created", "U": "changed", "D": "deleted"}[row.operation],
                "part": row.title or None,
                "fields": [
                    {"name": str(each.name), "old": str(each.old), "new": str(each.new)}
                    for each in row.fields
                ],
            }
            for row in entry.rows
        ],
    }  # fmt: skip


def _described(kind: ObjectKind) -> dict[str, Any] | None:
    """Return the door of a kind as the description has it; ``None`` where no history is kept."""
    if card_of(kind.model._meta.db_table) is None:
        return None
    text, nothing = {"type": "string"}, {"type": ["string", "null"]}
    field = {"type": "object", "properties": {"name": text, "old": text, "new": text}}
    row = {
        "type": "object", "required": ["operation", "part", "fields"],
        "properties": {
            "operation": {"enum": ["created", "changed", "deleted"]}, "part": nothing,
            "fields": {"type": "array", "items": field},
        },
    }  # fmt: skip
    entry = {
        "type": "object", "required": ["moment", "author", "source", "rows"],
        "properties": {
            "moment": {"type": "string", "format": "date-time"}, "author": nothing,
            "source": nothing, "rows": {"type": "array", "items": row},
        },
    }  # fmt: skip
    return openapi.part_door(
        name=f"history_{kind.key}", summary=_("Change history"), tag=kind.key,
        answer={
            "type": "object", "required": ["data", "next"],
            "properties": {"data": {"type": "array", "items": entry}, "next": nothing},
        },
    )  # fmt: skip


openapi.add_part("history", _described)

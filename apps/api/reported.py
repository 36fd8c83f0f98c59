"""The door by which a program reads reports as tables (``docs/protocol/api.md``)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.rights import can
from apps.api import openapi, tokens
from apps.api.access import Caller
from apps.api.fields import plain
from apps.api.problems import Problem
from apps.api.views import as_json, door
from apps.deals.selectors import tables
from apps.reports import showing
from apps.reports.bounded import TooMuch
from apps.reports.models import ReportKind
from tenants.audit.services import record
from tenants.current import current_company

SCOPE = "reports"
RIGHTS = {  # by room: the whole table is told, as a file of it would be
    "reports": ("reports.view", "reports.export"),
    "deals": ("deals.view", "deals.export"),
}
NAMES = (*ReportKind.values, *tables.NAMES)


@door("GET", "HEAD")
def report(request: HttpRequest, who: Caller, name: str) -> HttpResponse:
    """Tell a report as the table of its file: the query is that of the report's own address."""
    if not tokens.covers(who.scopes, kind=SCOPE, way=tokens.READ):
        raise Problem(403, _("This key has no scope “%(scope)s”.") % {"scope": f"{SCOPE}:read"})
    if not any(_may(who, each) for each in RIGHTS):
        raise Problem(403, _("The role of this key's owner does not allow that."))
    if name not in NAMES:
        raise Problem(404, _("There is no report “%(name)s”.") % {"name": name[:60]})
    if not _may(who, _room_of(name)):
        raise Problem(403, _("The role of this key's owner does not allow that."))
    if any("\0" in text for pair in request.GET.items() for text in pair):
        raise Problem(400, _("A text cannot hold the character zero."))
    heads, rows = _table(request, who, name)
    if not heads:
        raise Problem(422, _("It cannot be counted so: the page of the report says why."))
    record(
        kind="list.exported", login=who.user.email, address=request.META.get("REMOTE_ADDR"),
        list=f"{_room_of(name)}.{name}", columns=[str(head) for head in heads],
        asked=request.GET.urlencode()[:500],
    )  # fmt: skip
    return as_json({
        "columns": [str(head) for head in heads],
        "rows": [[_cell(value) for value in row] for row in rows],
    })  # fmt: skip


def _room_of(name: str) -> str:
    return "deals" if name in tables.NAMES else "reports"


def _may(who: Caller, room: str) -> bool:
    return all(can(who.user, right) for right in RIGHTS[room])


def _table(
    request: HttpRequest, who: Caller, name: str
) -> tuple[Sequence[str], Sequence[Sequence[Any]]]:
    today = timezone.localdate()
    if name in tables.NAMES:
        told = tables.table_of(
            who.user, name, request.GET, now=timezone.now(), today=today,
            currency=current_company().currency,
        )  # fmt: skip
        return told.heads, told.rows
    try:
        table = showing.table_of(who.user, name, request.GET, today=today)
    except TooMuch as error:
        raise Problem(422, _("This takes too long: ask for fewer days.")) from error
    return table.heads, table.values


def _cell(value: Any) -> Any:
    """Return a cell; numbers are texts, as everywhere in the API."""
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return str(value) if is_number else plain(value)


def described() -> dict[str, Any]:
    """Return the door as the description of the API has it."""
    text = {"type": "string"}
    cell = {"type": ["string", "boolean", "null"]}
    return openapi.report_door(
        name="read_report", summary=_("Reports"), tag=SCOPE, names=list(NAMES),
        asked=(
            "period", "from", "until", "compare", "by", "currency", "pipeline", "owner", "month",
        ),
        answer={
            "type": "object", "required": ["columns", "rows"],
            "properties": {
                "columns": {"type": "array", "items": text},
                "rows": {"type": "array", "items": {"type": "array", "items": cell}},
            },
        },
    )  # fmt: skip


openapi.add_door(f"/{SCOPE}/{{name}}", described)

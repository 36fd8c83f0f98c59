"""Lists of the room: conflicts, and the messages of an office."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.core.addresses import address_of
from apps.core.lists import BulkAction, ChoiceFilter, Column, DateRangeFilter, Empty, ListScreen
from apps.core.templatetags.ui import status
from apps.offices import selectors
from replication.models import (
    BranchNode,
    Conflict,
    ConflictKind,
    Direction,
    MessageLog,
    Winner,
)
from replication.nodes import offices_by_name


def _offices() -> list[tuple[str, str]]:
    return [(str(key), name) for key, name in offices_by_name().items()]


def _decided(conflict: Any) -> SafeString:
    if conflict.is_open:
        return status("partly", _("Look at it"))
    return status("good", _("Settled"))


def _what(conflict: Any) -> str:
    return f"{conflict.thing}: {conflict.name}"


class ConflictList(ListScreen):
    """What both sides changed, latest first."""

    key = "conflicts"
    title = _("Conflicts")
    url_name = "offices:conflicts"
    columns = (
        Column("what", pgettext_lazy("conflict", "About"), _what, is_link=True, phone="title"),
        Column("field", _("Field"), "field"),
        Column("centre", pgettext_lazy("conflict", "Centre"), "centre_text"),
        Column("branch", pgettext_lazy("conflict", "Office"), "branch_text"),
        Column("winner", _("Stands"), "get_winner_display"),
        Column("state", _("State"), _decided, phone="figure"),
        Column("office", _("Branch office"), "node.name"),
        Column("found", _("Found"), "created_at", kind="moment", sort="created_at"),
        Column("kind", _("Kind"), "get_kind_display", is_default=False),
    )  # fmt: skip
    filters = (
        ChoiceFilter("state", _("State"), choices=[("all", _("All"))],
                     otherwise=_("To be looked at"), apply=lambda rows, values: rows),
        ChoiceFilter("office", _("Branch office"), path="node_id", choices=_offices),
        ChoiceFilter("kind", _("Kind"), choices=ConflictKind.choices),
        ChoiceFilter("winner", _("Stands"), choices=Winner.choices),
        DateRangeFilter("found", _("Found"), path="created_at__date"),
    )  # fmt: skip
    order = "-found"
    tables = ("replication_conflict",)
    actions = (
        BulkAction("settle", _("Leave as it is"), "offices:settle", "conflicts.resolve",
                   icon="check"),
    )  # fmt: skip
    empty = Empty(
        "circle-check",
        _("Nothing is in conflict."),
        _("When an office and the centre change the same field, both versions stand here."),
    )

    def rows(self) -> QuerySet[Any]:
        """Return every conflict with its office; settled ones when they are asked for."""
        found = Conflict.objects.select_related("node")
        return found if self.asked.get("state") == "all" else found.filter(is_open=True)

    def prepare(self, rows: Sequence[Any]) -> None:
        """Add names and values as people read them."""
        selectors.sides(rows)

    def url(self, row: Any) -> str:
        """Return the address of a conflict."""
        return address_of("offices:conflict", row.pk)


class MessageList(ListScreen):
    """The messages of one office."""

    key = "office-messages"
    title = _("Messages")
    url_name = "offices:home"
    columns = (
        Column("moment", _("When"), "created_at", kind="moment", sort="created_at",
               phone="title"),
        Column("direction", _("Direction"), "get_direction_display"),
        Column("number", pgettext_lazy("message", "Number"), "number", kind="number"),
        Column("rows", _("Rows"), "rows", kind="number", phone="figure"),
        Column("size", _("Bytes"), "size", kind="number"),
        Column("parked", _("In quarantine"), "parked", kind="number"),
        Column("conflicts", _("Conflicts"), "conflicts", kind="number"),
    )  # fmt: skip
    filters = (ChoiceFilter("direction", _("Direction"), choices=Direction.choices),)
    order = "-moment"
    tables = ("replication_messagelog",)
    empty = Empty("arrows-exchange", _("No message has travelled yet."))

    def __init__(self, request: HttpRequest, node: BranchNode) -> None:
        self.node = node
        super().__init__(request)

    def rows(self) -> QuerySet[Any]:
        """Return the messages of the office."""
        return MessageLog.objects.filter(node=self.node)

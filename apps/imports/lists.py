"""The list of imports, the latest first."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db.models import QuerySet
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.core import objects
from apps.core.addresses import address_of
from apps.core.lists import ChoiceFilter, Column, Empty, ListScreen
from apps.core.templatetags.ui import status
from apps.imports import selectors
from apps.imports.models import RunState

TONES = {
    RunState.MAPPING: "waiting", RunState.CHECKING: "running", RunState.CHECKED: "partly",
    RunState.RUNNING: "running", RunState.DONE: "good", RunState.UNDOING: "running",
    RunState.UNDONE: "off", RunState.FAILED: "bad",
}  # fmt: skip


def _state(run: Any) -> SafeString:
    return status(TONES[RunState(run.state)], run.get_state_display())


def _kind(run: Any) -> str:
    try:
        return str(objects.kind(run.kind).label_plural)
    except KeyError:
        return str(run.kind)


def count_of(name: str, run: Any) -> int:
    """Return how many lines of a run came to an outcome."""
    return int(run.counts.get(name, 0))


class ImportList(ListScreen):
    """Imports a person may look at."""

    key = "imports"
    title = _("Imports")
    url_name = "imports:list"
    columns = (
        Column("file", _("File"), "file_name", is_link=True, phone="title"),
        Column("kind", pgettext_lazy("of an import", "What"), _kind),
        Column("state", _("State"), _state, phone="figure", exported="get_state_display"),
        Column("new", pgettext_lazy("rows", "New"), partial(count_of, "new"), kind="number"),
        Column("changed", _("Changed"), partial(count_of, "update"), kind="number"),
        Column("errors", _("With errors"), partial(count_of, "error"), kind="number"),
        Column("by", _("By"), "by"),
        Column("at", _("Entered"), "created_at", kind="moment", sort="created_at"),
    )
    filters = (ChoiceFilter("state", _("State"), path="state", choices=RunState.choices),)
    search = ("file_name__icontains",)
    search_hint = _("Name of the file")
    order = "-at"
    empty = Empty(
        "upload", _("Nothing was imported yet"),
        _("A list of customers from Excel, Access, another CRM or 1C becomes rows here; you see"
          " what would happen before anything is written, and can undo all of it."),
        _("Import a file"), "imports:new",
    )  # fmt: skip
    create_url_name, create_label = "imports:new", _("Import a file")
    create_right = "imports.change"

    def rows(self) -> QuerySet[Any]:
        """Return the person's own imports; who runs the company sees all."""
        return selectors.runs(self.request.user)

    def url(self, row: Any) -> str:
        """Return the address of an import."""
        return address_of("imports:card", row.pk)

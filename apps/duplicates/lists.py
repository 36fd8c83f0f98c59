"""The bin and the report as lists: a kind at a time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.core.folding import fold
from apps.core.lists import BulkAction, Column, Empty, ListScreen
from apps.core.objects import ObjectKind
from apps.duplicates import bin as bin_
from apps.duplicates import selectors


def chosen_kind(request: HttpRequest, offered: Sequence[ObjectKind]) -> ObjectKind:
    """Return the kind the address names, else the first one.

    :raises Http404: the person may do this with no kind, or not with that one.
    """
    asked = request.GET.get("kind", "")
    for kind in offered:
        if kind.key == asked or not asked:
            return kind
    raise Http404(asked)


class _OfKind(ListScreen):
    """Rows of one kind by name."""

    rows_kind: ObjectKind

    def matching(self, rows: QuerySet[Any], words: Sequence[str]) -> QuerySet[Any]:
        """Return the rows in whose folded texts each word stands."""
        for word in words:
            for lookup in self.rows_kind.search[:1]:
                rows = rows.filter(**{lookup: fold(word)})
        return rows

    def url(self, row: Any) -> str:
        """Return the address of the row's card."""
        name = self.rows_kind.card_url_name
        return reverse(name, args=[row.pk]) if name else ""


class BinList(_OfKind):
    """Deleted rows of a kind, the latest first."""

    key = "bin"
    title = _("Bin")
    url_name = "duplicates:bin"
    columns = (
        Column("name", _("Name"), str, is_link=True, phone="title"),
        Column("deleted_by", _("Deleted by"), "deleted.by"),
        Column("deleted_at", _("Deleted"), "deleted.at", kind="moment", phone="figure"),
        Column("updated_at", _("Changed"), kind="moment", sort="updated_at", is_default=False),
    )
    order = "-updated_at"
    search_hint = _("Name")
    actions = (
        BulkAction("restore", _("Bring back"), "duplicates:restore", right="trash.change",
                   icon="history"),
        BulkAction("purge", _("Delete for good"), "duplicates:purge", right="settings.change",
                   icon="trash", confirm=_("What is deleted for good cannot be brought back.")),
    )  # fmt: skip
    empty = Empty(
        "trash", _("The bin is empty"),
        _("What is deleted stands here for 30 days at least and comes back with all its links."),
    )  # fmt: skip

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request)
        self.rows_kind = chosen_kind(request, bin_.kinds_with_bin(request.user))

    def rows(self) -> QuerySet[Any]:
        """Return the rows in the bin."""
        return bin_.deleted_rows(self.rows_kind, self.request.user)

    def prepare(self, rows: Sequence[Any]) -> None:
        """Say who deleted the rows of the page, and when."""
        told = bin_.who_and_when(self.rows_kind, [row.pk for row in rows])
        for row in rows:
            row.deleted = told.get(row.pk, bin_.Deleted(at=row.updated_at))


class ReportList(_OfKind):
    """Rows nobody could reach, or that nothing has happened to for two years."""

    key = "report"
    title = _("State of the base")
    url_name = "duplicates:report"
    columns = (
        Column("name", _("Name"), str, is_link=True, phone="title"),
        Column("created_at", _("Entered"), kind="moment", sort="created_at"),
        Column("updated_at", _("Changed"), kind="moment", sort="updated_at", phone="figure"),
    )
    order = "updated_at"
    search_hint = _("Name")
    actions = (
        BulkAction("discard", _("To the bin"), "duplicates:discard", right="trash.change",
                   icon="trash"),
    )  # fmt: skip
    empty = Empty("circle-check", _("Nothing here"), _("Every row is as it should be."))

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request)
        self.rows_kind = chosen_kind(request, selectors.mergeable_kinds(request.user))
        self.what = "dead" if request.GET.get("what") == "dead" else "incomplete"

    def rows(self) -> QuerySet[Any]:
        """Return the incomplete or the dead rows."""
        user = self.request.user
        if self.what == "dead":
            return selectors.dead(self.rows_kind, user, now=timezone.now())
        return selectors.incomplete(self.rows_kind, user)

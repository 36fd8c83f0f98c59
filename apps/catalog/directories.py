"""The list of what stands in 1C's free directories."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from apps.catalog.models import DirectoryEntry
from apps.core.lists import ChoiceFilter, Column, Empty, ListScreen


def _directories() -> list[tuple[str, str]]:
    names = DirectoryEntry.objects.order_by("directory_name").values_list("directory_name")
    return [(name, name) for (name,) in names.distinct() if name]


def _values(entry: Any) -> str:
    return "; ".join(f"{name}: {value}" for name, value in entry.values.items() if value)


class DirectoryList(ListScreen):
    """Entries of directories."""

    key = "directories"
    title = _("Directories")
    url_name = "catalog:directories"
    columns = (
        Column("directory", _("Directory"), "directory_name", sort="directory_name"),
        Column("name", _("Name"), "name", sort="name", phone="title"),
        Column("ref", _("Identifier in 1C"), "ref", is_default=False),
        Column("values", _("Values"), _values, phone="wide"),
    )
    filters = (
        ChoiceFilter("directory", _("Directory"), choices=_directories, path="directory_name"),
    )
    search = ("name__icontains", "ref__icontains")
    search_hint = _("Name or identifier")
    order = "directory"
    tables = ("catalog_directoryentry",)
    empty = Empty("list-details", _("1C has sent no directories."))

    def rows(self) -> QuerySet[Any]:
        """Return the entries in use."""
        return DirectoryEntry.objects.filter(is_archived=False)

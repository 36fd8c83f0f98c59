"""Registration of the room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from replication.registry import declare_local


class DuplicatesConfig(AppConfig):
    name = "apps.duplicates"

    def ready(self) -> None:
        """Stand in the side bar; say why pairs and merges stay in this database."""
        from apps.core import links
        from apps.core.navigation import NavItem, register

        register(
            NavItem(
                "duplicates", _("Duplicates"), "duplicates:list", "copy", 920,
                right="duplicates.view", group="settings",
            )
        )  # fmt: skip
        register(
            NavItem(
                "trash", _("Bin"), "duplicates:bin", "trash", 930, right="trash.view",
                group="settings",
            )
        )  # fmt: skip
        declare_local("duplicates.DuplicatePair", "found by looking through this database")
        declare_local("duplicates.Search", "when this database was looked through")
        declare_local("duplicates.Merge", "what undo here needs; the merged rows travel")
        declare_local("duplicates.MergedRow", "where merged rows went; their archiving travels")
        links.leave_out("duplicates.MergedRow", "tells where the row itself went")
        links.leave_out("imports.ImportedRow", "tells what an import wrote")

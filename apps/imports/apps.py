"""Registration of the room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from replication.registry import declare_local


class ImportsConfig(AppConfig):
    name = "apps.imports"

    def ready(self) -> None:
        """Stand in the side bar; say why imports stay in this database, and what programs do."""
        from apps.core.navigation import NavItem, register
        from apps.imports import programs  # noqa: F401

        register(
            NavItem(
                "imports", _("Imports"), "imports:list", "upload", 910, right="imports.view",
                group="settings",
            )
        )  # fmt: skip
        declare_local("imports.ImportRun", "a file somebody is bringing in; its rows travel")
        declare_local("imports.ImportLine", "lines of a file; the rows made of them travel")
        declare_local("imports.ImportedRow", "what undo of an import here needs")
        declare_local("imports.KnownMapping", "what columns of files meant to people here")

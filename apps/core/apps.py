"""Registration of the room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from replication.registry import declare_local


class CoreConfig(AppConfig):
    name = "apps.core"

    def ready(self) -> None:
        """Put the start page into the side bar; say what stays in this database."""
        from apps.core import (
            notices,
            programs,  # noqa: F401
            programs_jobs,  # noqa: F401
            replication_adapter,  # noqa: F401  (enters the plan)
            tagging,
        )
        from apps.core.furnishing import register_reading
        from apps.core.lists.exporting import NOTICE
        from apps.core.navigation import NavItem, register
        from replication.nodes import OFFICES

        register(
            NavItem("start", _("Start"), "core:start", "home", 0, is_mobile=True, shortcut="h")
        )
        notices.register(
            notices.Topic("exports", _("Exports")),
            notices.NoticeKind(
                NOTICE, _("The list “%(name)s” is ready to be fetched."), "exports", "download"
            ),
        )
        register_reading("tags", tagging.READING)
        register_reading("offices", OFFICES)
        declare_local("core.CompanySettings", "one row of settings; every office has its own")
        declare_local("core.UserPreference", "how one person likes the screens of this office")
        declare_local("core.SavedView", "how the people of this office look at their lists")
        declare_local("core.FormerView", "views of this office as they were before a change")
        declare_local("core.Remembered", "what one person looked at in this office")
        declare_local("core.BulkJob", "work on many rows; the rows themselves are captured")
        declare_local("core.ExportJob", "files made of lists here, for a week")
        declare_local("core.ExportSchedule", "what the people of this office have sent to them")
        declare_local("core.BulkRow", "work on many rows; the rows themselves are captured")

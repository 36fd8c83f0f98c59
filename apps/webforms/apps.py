"""Registration of the room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from replication.registry import declare_local


class WebFormsConfig(AppConfig):
    name = "apps.webforms"

    def ready(self) -> None:
        """Stand in the side bar; say what stays in this database, and whom a lead is told to."""
        from apps.core import notices
        from apps.core.navigation import NavItem, only_at_centre, register
        from apps.webforms import programs, retention  # noqa: F401
        from apps.webforms.services import NOTICE

        declare_local("webforms.WebForm", "forms are posted to the address they were made at")
        declare_local("webforms.WebFormPost", "what was posted to this address; leads travel")
        only_at_centre("webforms:list", "webforms:new", "webforms:edit")
        notices.register(
            notices.Topic("leads", _("Leads")),
            notices.NoticeKind(NOTICE, _("%(who)s wrote by the form “%(form)s”"), "leads", "inbox"),
        )
        register(
            NavItem(
                "webforms", _("Web forms"), "webforms:list", "world", 935,
                right="customization.change", group="settings", is_of_centre=True,
            )
        )  # fmt: skip

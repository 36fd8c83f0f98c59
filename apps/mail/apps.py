"""Registration of the room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from replication.registry import declare_local


class MailConfig(AppConfig):
    name = "apps.mail"

    def ready(self) -> None:
        """Stand on timelines and in the settings; say what stays in this database."""
        from apps.core.navigation import NavItem, only_at_centre, register
        from apps.mail import personal, timeline_source  # noqa: F401

        declare_local("mail.Mailbox", "a box is read where it was connected, once")
        declare_local("mail.MailFolder", "how far this database has read a box")
        declare_local("mail.MailMessage", "lies in the box it was read from")
        declare_local("mail.MailPlace", "where this database found a message")
        declare_local("mail.MailLink", "found anew wherever the box is read")
        only_at_centre("mail:*")
        register(
            NavItem(
                "mail", _("Mailboxes"), "mail:boxes", "mail", 934, right="settings.change",
                group="settings", is_of_centre=True,
            )
        )  # fmt: skip

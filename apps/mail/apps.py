"""Registration of the room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from replication import plan
from replication.registry import declare_local


class MailConfig(AppConfig):
    name = "apps.mail"

    def ready(self) -> None:
        """Stand on timelines and in the settings; say what stays in this database."""
        from apps.activities import composers
        from apps.core.navigation import NavItem, only_at_centre, register
        from apps.core.objects import tell_unnamed
        from apps.mail import (  # noqa: F401
            kinds,
            personal,
            programs,
            retention,
            timeline_source,
        )

        declare_local("mail.Mailbox", "a box is read where it was connected, once")
        declare_local("mail.MailFolder", "how far this database has read a box")
        for table in ("mail_mailmessage", "mail_mailsending"):
            tell_unnamed(table, right="activities.view")
        plan.stays("mail.MailMessage", "lies in the box it was read from")
        declare_local("mail.MailPlace", "where this database found a message")
        declare_local("mail.MailLink", "found anew wherever the box is read")
        plan.stays("mail.MailSending", "is sent where it was written, once")
        declare_local("mail.MailFile", "lies in the box its message was read from")
        declare_local("mail.IgnoredSender", "of a box, which is read where it was connected")
        only_at_centre("mail:*")
        composers.register(
            composers.Composer("mail", _("E-mail"), "mail", "m", "mail:write", is_of_centre=True)
        )
        register(
            NavItem(
                "letters", _("Mail"), "mail:list", "mail", 7, right="activities.view",
                shortcut="m", is_of_centre=True,
            )
        )  # fmt: skip
        register(
            NavItem(
                "mail", _("Mailboxes"), "mail:boxes", "mail", 934, right="settings.change",
                group="settings", is_of_centre=True,
            )
        )  # fmt: skip

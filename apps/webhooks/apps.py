"""Registration of the room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from replication.registry import declare_local


class WebhooksConfig(AppConfig):
    name = "apps.webhooks"

    def ready(self) -> None:
        """Hear the pump; stand in the side bar; say what stays here, and what of a person goes."""
        from apps.core.navigation import NavItem, only_at_centre, register
        from apps.webhooks import personal, programs  # noqa: F401
        from apps.webhooks.listening import gather_soon
        from apps.webhooks.services import READER
        from replication.pump import follow

        follow(gather_soon, reader=READER)
        declare_local("webhooks.Webhook", "programs are told by the centre")
        declare_local("webhooks.WebhookDelivery", "the log of what the centre told")
        only_at_centre("webhooks:*")
        register(
            NavItem(
                "webhooks", _("Webhooks"), "webhooks:list", "send", 941, right="webhooks.view",
                group="settings", is_of_centre=True,
            )
        )  # fmt: skip

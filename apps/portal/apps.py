"""Registration of the room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from replication.registry import declare_local


class PortalConfig(AppConfig):
    name = "apps.portal"

    def ready(self) -> None:
        """Stand on the cards and timelines of customers; say how messages travel."""
        from apps.counterparties import sections
        from apps.portal import notices, replication_adapter, timeline_source  # noqa: F401

        sections.register_section(
            sections.Section(
                "portal/_of_customer.html", lambda partner, user: {}, position=70, place="right",
                right="portal.view", label=_("Customer's page"),
            )
        )  # fmt: skip
        declare_local("portal.PortalLink", "a link opens the page of where it was made")

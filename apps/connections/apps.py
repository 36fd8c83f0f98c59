"""The screens of the exchange: connecting a 1C, watching its runs, reading what went wrong."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ConnectionsConfig(AppConfig):
    name = "apps.connections"

    def ready(self) -> None:
        """Stand in the side bar."""
        from apps.connections import selectors
        from apps.core.navigation import NavItem, only_at_centre, register

        only_at_centre("exchange:*")
        register(
            NavItem(
                "exchange", _("Exchange with 1C"), "exchange:home", "arrows-exchange", 900,
                right="exchange.view", group="settings", shortcut="x",
                mark=selectors.known_mark,
                mark_key=selectors.MARK_KEY,
                mark_tables=("exchange_node", "exchange_exchangesession"), is_of_centre=True,
            )
        )  # fmt: skip

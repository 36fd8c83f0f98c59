"""Registration of the room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CounterpartiesConfig(AppConfig):
    name = "apps.counterparties"

    def ready(self) -> None:
        """Tell the exchange how counterparties are stored; stand in the side bar and the search."""
        from apps.core.navigation import Creation, NavItem, register, register_creation
        from apps.core.search import Finder
        from apps.core.search import register as register_finder
        from apps.counterparties import (  # noqa: F401
            exchange_adapter,
            history_adapter,
            kinds,
            replication_adapter,
            selectors,
        )

        register(
            NavItem(
                "counterparties", _("Counterparties"), "counterparties:list", "users", 50,
                right="counterparties.view", is_mobile=True, shortcut="k",
            )
        )  # fmt: skip
        register_creation(
            Creation("counterparty", _("New counterparty"), "counterparties:new", "users", 20,
                     right="counterparties.change", letter="k")
        )  # fmt: skip
        register_finder(
            Finder(
                "counterparties", _("Counterparties"), "users", "counterparties.view",
                selectors.found, order=30,
            )
        )  # fmt: skip

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
            bank_accounts,
            card_parts,
            exchange_adapter,
            filed,
            handed,
            history_adapter,
            kinds,
            notices,
            programs,
            replication_adapter,
            retention,
            selectors,
        )

        register(
            NavItem(
                "counterparties", _("Counterparties"), "counterparties:list", "users", 50,
                right="counterparties.view", is_mobile=True, shortcut="k",
            )
        )  # fmt: skip
        register(
            NavItem(
                "contacts", _("Contact persons"), "counterparties:people", "user", 52,
                right="counterparties.view", shortcut="p",
            )
        )  # fmt: skip
        register(
            NavItem(
                "unsorted", _("Unsorted"), "counterparties:inbox", "inbox", 48,
                right="counterparties.change", shortcut="u",
            )
        )  # fmt: skip
        register_creation(
            Creation("counterparty", _("New customer"), "counterparties:quick", "users", 20,
                     right="counterparties.create", letter="k", is_dialog=True)
        )  # fmt: skip
        register_creation(
            Creation("contact", _("New contact person"), "counterparties:person_new", "user", 22,
                     right="counterparties.create", letter="p")
        )  # fmt: skip
        register_finder(
            Finder(
                "contacts", _("Contact persons"), "user", "counterparties.view",
                selectors.found_people, order=32,
            )
        )  # fmt: skip
        register_finder(
            Finder(
                "counterparties", _("Counterparties"), "users", "counterparties.view",
                selectors.found, order=3,
            )
        )  # fmt: skip

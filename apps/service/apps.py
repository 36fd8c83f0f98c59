"""Registration of the room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ServiceConfig(AppConfig):
    name = "apps.service"

    def ready(self) -> None:
        """Stand in side bar, search, on the cards of customers; say how requests travel."""
        from apps.core.navigation import Creation, NavItem, register, register_creation
        from apps.core.search import Finder
        from apps.core.search import register as register_finder
        from apps.counterparties import sections
        from apps.service import (  # noqa: F401
            history_adapter,
            kinds,
            notices,
            replication_adapter,
            retention,
            selectors,
        )

        register(
            NavItem(
                "service", pgettext_lazy("room", "Service"), "service:list", "help", 54,
                right="requests.view", shortcut="v",
            )
        )  # fmt: skip
        register_creation(
            Creation("request", _("New request"), "service:new", "help", 40,
                     right="requests.create", letter="s")
        )  # fmt: skip
        register_finder(
            Finder(
                "requests", _("Service requests"), "help", "requests.view", selectors.found,
                order=50,
            )
        )  # fmt: skip
        sections.register_section(
            sections.Section(
                "service/_customer.html", selectors.of_customer, position=60, place="right",
                right="requests.view", label=_("Service requests"),
            )
        )  # fmt: skip
        sections.register_person_section(
            sections.PersonSection(
                "service/_of_person.html", selectors.of_person, position=60, right="requests.view",
                label=_("Service requests"),
            )
        )  # fmt: skip

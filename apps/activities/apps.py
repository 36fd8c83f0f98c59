"""Registration of the room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from replication.registry import declare_local


class ActivitiesConfig(AppConfig):
    name = "apps.activities"

    def ready(self) -> None:
        """Stand in side bar, search, start page and on cards; listen to what invoices become."""
        from apps.activities import (  # noqa: F401
            calendar,
            deals_adapter,
            history_adapter,
            kinds,
            listeners,
            notices,
            programs,
            replication_adapter,
            retention,
            selectors,
            sources,
            widgets,
        )
        from apps.core.navigation import Creation, NavItem, register, register_creation
        from apps.core.search import Finder
        from apps.core.search import register as register_finder
        from apps.counterparties import sections

        register(
            NavItem(
                "activities", _("Today"), "activities:today", "circle-check", 5,
                right="activities.view", shortcut="t",
            )
        )  # fmt: skip
        register(
            NavItem(
                "calendar", _("Calendar"), "activities:calendar", "calendar", 6,
                right="activities.view", shortcut="a",
            )
        )  # fmt: skip
        for kind, label, picture, order, letter in (
            ("task", _("New task"), "circle-check", 3, "t"),
            ("meeting", _("New meeting"), "users", 4, "m"),
        ):
            register_creation(
                Creation(kind, label, f"activities:new_{kind}", picture, order,
                         right="activities.create", letter=letter)
            )  # fmt: skip
        register_finder(
            Finder(
                "activities", _("Tasks"), "circle-check", "activities.view", selectors.found,
                order=25,
            )
        )  # fmt: skip
        sections.register_section(
            sections.Section(
                "activities/_customer.html", lambda partner, user: {}, position=5,
                label=_("What happened"),
            )
        )
        declare_local("activities.Follower", "whoever follows a card does so where they sit")

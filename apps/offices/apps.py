"""The screens of branch offices: adding one, watching the exchange, settling conflicts."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OfficesConfig(AppConfig):
    name = "apps.offices"

    def ready(self) -> None:
        """Stand in the side bar."""
        from apps.core.navigation import NavItem, only_at_centre, register
        from apps.offices import selectors

        only_at_centre("offices:new", "offices:edit", "offices:preview")
        register(
            NavItem(
                "offices", _("Offices"), "offices:home", "building-warehouse", 905,
                right="offices.view", group="settings",
            )
        )  # fmt: skip
        register(
            NavItem(
                "conflicts", _("Conflicts"), "offices:conflicts", "alert-triangle", 906,
                right="conflicts.view", group="settings", mark=selectors.known_mark,
                mark_tables=("replication_conflict", "replication_parkedchange"),
            )
        )  # fmt: skip

"""Registration of the room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FinanceConfig(AppConfig):
    name = "apps.finance"

    def ready(self) -> None:
        """Stand in the side bar among the settings."""
        from apps.core.navigation import NavItem, register
        from apps.finance import history_adapter, replication_adapter  # noqa: F401

        register(
            NavItem(
                "organizations", _("Our organizations"), "finance:organizations", "building", 110,
                right="organizations.view", group="settings",
            )
        )  # fmt: skip

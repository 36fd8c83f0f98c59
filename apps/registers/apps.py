"""Official registers of companies: a tax number tells name, address and whether it still exists."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from replication.registry import declare_local


class RegistersConfig(AppConfig):
    name = "apps.registers"

    def ready(self) -> None:
        """Stand in the settings; say what stays in this database."""
        from apps.core.navigation import NavItem, register

        declare_local("registers.RegisterAccess", "its key is locked with this server's secret")
        register(
            NavItem(
                "registers", _("Company register"), "registers:settings", "building", 936,
                right="settings.change", group="settings",
            )
        )  # fmt: skip

"""Registration of the room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from replication.registry import declare_local


class AccountsConfig(AppConfig):
    name = "apps.accounts"

    def ready(self) -> None:
        """Say who may see what, and what stays in this database."""
        from apps.accounts.rights import can
        from apps.core.context_processors import rights_are

        from apps.core.navigation import NavItem, register

        rights_are(can)
        register(
            NavItem("people", _("People"), "people", "users", 910, "people.view", group="settings")
        )
        declare_local("accounts.User", "holds password hashes; travels by its own message")

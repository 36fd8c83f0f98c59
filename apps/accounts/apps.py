"""Registration of the room."""

from django.apps import AppConfig

from replication.registry import declare_local


class AccountsConfig(AppConfig):
    name = "apps.accounts"

    def ready(self) -> None:
        """Say who may see what, and what stays in this database."""
        from apps.accounts.rights import can
        from apps.core.context_processors import rights_are

        rights_are(can)
        declare_local("accounts.User", "holds password hashes; travels by its own message")

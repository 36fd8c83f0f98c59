"""Registration of the room."""

from django.apps import AppConfig

from replication.registry import declare_local


class AccountsConfig(AppConfig):
    name = "apps.accounts"

    def ready(self) -> None:
        """Say what stays in this database."""
        declare_local("accounts.User", "holds password hashes; travels by its own message")

"""Registration of the room."""

from django.apps import AppConfig

from replication.registry import declare_local


class CoreConfig(AppConfig):
    name = "apps.core"

    def ready(self) -> None:
        """Say what stays in this database."""
        declare_local("core.CompanySettings", "one row of settings; every office has its own")

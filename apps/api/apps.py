"""Registration of the room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from replication.registry import declare_local


class ApiConfig(AppConfig):
    name = "apps.api"

    def ready(self) -> None:
        """Stand in the side bar; say what stays in this database, and what of a person goes."""
        from apps.api import merging, personal  # noqa: F401
        from apps.core.navigation import NavItem, register

        merging.register()
        declare_local("api.ApiToken", "keys are good at the address they were made for")
        declare_local("api.ApiReplay", "answers given to programs at this address, for a day")
        register(
            NavItem("api", _("API"), "api:keys", "bolt", 940, right="api.use", group="settings")
        )

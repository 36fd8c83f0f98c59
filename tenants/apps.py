"""Companies, domains and schemas."""

from django.apps import AppConfig


class TenantsConfig(AppConfig):
    name = "tenants"

    def ready(self) -> None:
        """Make the tasks that stand beside ``tasks.py`` and the operator's figures known."""
        from tenants import dispatch, figures, ways  # noqa: F401  (they register themselves)

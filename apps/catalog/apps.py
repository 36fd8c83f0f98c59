"""Registration of the room."""

from django.apps import AppConfig


class CatalogConfig(AppConfig):
    name = "apps.catalog"

    def ready(self) -> None:
        """Tell the exchange how rows of the catalogue are stored."""
        from apps.catalog import exchange_adapter  # noqa: F401

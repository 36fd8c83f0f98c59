"""Registration of the room."""

from django.apps import AppConfig


class InventoryConfig(AppConfig):
    name = "apps.inventory"

    def ready(self) -> None:
        """Tell the exchange how warehouses and stock are stored."""
        from apps.inventory import exchange_adapter  # noqa: F401

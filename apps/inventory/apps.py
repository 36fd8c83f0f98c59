"""Registration of the room."""

from django.apps import AppConfig


class InventoryConfig(AppConfig):
    name = "apps.inventory"

    def ready(self) -> None:
        """Tell the exchange how stock is stored, and the catalogue how much there is."""
        from apps.catalog import availability
        from apps.inventory import exchange_adapter, selectors  # noqa: F401

        availability.register(selectors.Balances())

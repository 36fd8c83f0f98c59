"""Registration of the room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InventoryConfig(AppConfig):
    name = "apps.inventory"

    def ready(self) -> None:
        """Tell the exchange how stock is stored, and the catalogue how much there is."""
        from apps.catalog import availability
        from apps.core import navigation
        from apps.inventory import (  # noqa: F401
            catalog_out,
            exchange_adapter,
            kinds,
            replication_adapter,
            selectors,
        )

        availability.register(selectors.Balances())
        navigation.register(
            navigation.NavItem(
                key="stock",
                label=_("Stock"),
                url_name="inventory:stock",
                icon="building-warehouse",
                order=42,
                right="stock.view",
            )
        )

"""Registration of the room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CatalogConfig(AppConfig):
    name = "apps.catalog"

    def ready(self) -> None:
        """Tell the exchange how rows are stored, the side bar and the palette what is here."""
        from apps.catalog import (  # noqa: F401
            exchange_adapter,
            history_adapter,
            kinds,
            own,
            programs,
            replication_adapter,
            selectors,
            tasks,
        )
        from apps.core import events, navigation, search
        from apps.custom import onec
        from replication.registry import declare_local

        declare_local("catalog.ProductCategory", "words of one 1C, matched when it speaks")
        declare_local("catalog.ArrivedFile", "files that wait for their product")

        onec.offer("products", own.names_of_properties)
        onec.offer("directories", own.names_of_directories)
        onec.offer("columns", own.names_of_columns)
        events.listen(onec.NamedIn1C, tasks.fill)

        navigation.register(
            navigation.NavItem(
                key="products",
                label=_("Products"),
                url_name="catalog:products",
                icon="package",
                order=40,
                right="products.view",
                shortcut="p",
            )
        )
        navigation.register(
            navigation.NavItem(
                key="prices",
                label=_("Price list"),
                url_name="catalog:prices",
                icon="tag",
                order=41,
                right="products.view",
            )
        )
        navigation.register_creation(
            navigation.Creation(
                key="product",
                label=_("New product"),
                url_name="catalog:product_new",
                icon="package",
                order=30,
                right="products.create",
                letter="p",
            )
        )
        search.register(
            search.Finder(
                kind="products",
                label=_("Products"),
                icon="package",
                right="products.view",
                find=selectors.found_in_palette,
                order=30,
            )
        )

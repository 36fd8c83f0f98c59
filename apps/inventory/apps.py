"""Registration of the room."""

from django.apps import AppConfig


class InventoryConfig(AppConfig):
    name = "apps.inventory"

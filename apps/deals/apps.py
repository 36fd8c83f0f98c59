"""Registration of the room."""

from django.apps import AppConfig


class DealsConfig(AppConfig):
    name = "apps.deals"

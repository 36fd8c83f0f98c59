"""Registration of the room."""

from django.apps import AppConfig


class CounterpartiesConfig(AppConfig):
    name = "apps.counterparties"

"""Registration of the engine."""

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "exchange"

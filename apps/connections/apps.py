"""The screens of the exchange: connecting a 1C, watching its runs, reading what went wrong."""

from django.apps import AppConfig


class ConnectionsConfig(AppConfig):
    name = "apps.connections"

"""Registration of the room."""

from django.apps import AppConfig


class CustomConfig(AppConfig):
    name = "apps.custom"

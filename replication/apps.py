"""Registration of the engine."""

from django.apps import AppConfig


class ReplicationConfig(AppConfig):
    name = "replication"

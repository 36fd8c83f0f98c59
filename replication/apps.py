"""Registration of the engine."""

from django.apps import AppConfig

from replication.registry import declare_local


class ReplicationConfig(AppConfig):
    name = "replication"

    def ready(self) -> None:
        """Say what of the engines below stays in this database."""
        declare_local("audit.SecurityEvent", "a security log is read where it was written")

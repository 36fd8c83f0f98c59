"""Registration of the engine."""

from django.apps import AppConfig

from replication.registry import declare_local


class ReplicationConfig(AppConfig):
    name = "replication"

    def ready(self) -> None:
        """Say what of the engines below stays in this database."""
        declare_local("audit.SecurityEvent", "a security log is read where it was written")
        declare_local("replication.Reader", "how far the readers of this database have come")
        declare_local("replication.JournalPurge", "what was removed from this database's journal")

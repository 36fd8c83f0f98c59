"""Registration of the room."""

from django.apps import AppConfig

from replication.registry import declare_local


class HistoryConfig(AppConfig):
    name = "apps.history"

    def ready(self) -> None:
        """Say why the history stays in this database; keep that of people."""
        from apps.history import people  # noqa: F401

        declare_local("history.RowChange", "made from this database's own journal")

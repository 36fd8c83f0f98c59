"""Registration of the room."""

from django.apps import AppConfig

from replication.registry import declare_local


class HistoryConfig(AppConfig):
    name = "apps.history"

    def ready(self) -> None:
        """Say why the history stays in this database; keep that of people."""
        from apps.core import links
        from apps.history import people  # noqa: F401
        from apps.history.models import RowChange

        links.follow(RowChange, column="owner")
        declare_local("history.RowChange", "made from this database's own journal")

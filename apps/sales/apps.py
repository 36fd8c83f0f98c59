"""Registration of the room."""

from django.apps import AppConfig

from replication.registry import declare_local


class SalesConfig(AppConfig):
    name = "apps.sales"

    def ready(self) -> None:
        """Tell the exchange how orders come and go, and what stays in this database."""
        from apps.sales import exchange_adapter, outgoing  # noqa: F401

        declare_local("sales.NumberSequence", "an office gives out numbers of its own")
        declare_local("sales.InvoiceBase", "what the centre and its 1C last agreed on")

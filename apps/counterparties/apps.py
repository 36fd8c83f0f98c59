"""Registration of the room."""

from django.apps import AppConfig


class CounterpartiesConfig(AppConfig):
    name = "apps.counterparties"

    def ready(self) -> None:
        """Tell the exchange how counterparties are stored."""
        from apps.counterparties import exchange_adapter  # noqa: F401

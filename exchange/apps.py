"""Registration of the engine."""

from django.apps import AppConfig

from replication.registry import declare_local


class ExchangeConfig(AppConfig):
    name = "exchange"

    def ready(self) -> None:
        """Name the tables whose changes concern nobody else."""
        declare_local("exchange.Upload", "an HTTP login of 1C; its run and its files are shown")
        declare_local("exchange.FilePart", "bytes of a file; the file itself is shown")
        declare_local("exchange.ParkedRow", "rows of 1C that wait; counted in the run")
        declare_local("exchange.SeenKeys", "what a run has named, until its end")

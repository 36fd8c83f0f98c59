"""Registration of the engine."""

from django.apps import AppConfig

from replication import plan
from replication.registry import declare_local, hold_for


class ExchangeConfig(AppConfig):
    name = "exchange"

    def ready(self) -> None:
        """Name the tables whose changes concern nobody else."""
        declare_local("exchange.Upload", "an HTTP login of 1C; its run and its files are shown")
        declare_local("exchange.FilePart", "bytes of a file; the file itself is shown")
        declare_local("exchange.ParkedRow", "rows of 1C that wait; counted in the run")
        declare_local("exchange.SeenKeys", "what a run has named, until its end")
        hold_for(_places_of_nodes)
        for name in ("Node", "ExchangeSession", "UploadedFile", "SessionProblem"):
            plan.stays(f"exchange.{name}", "the centre exchanges with 1C, offices with the centre")


def _places_of_nodes() -> list[tuple[str, str]]:
    """Return how far each 1C instance has read the journal."""
    from exchange.models import Node

    return [
        (f"1C: {name}", position)
        for name, position in Node.objects.values_list("name", "acknowledged_position")
    ]

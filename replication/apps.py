"""Registration of the engine."""

from django.apps import AppConfig

from replication import plan
from replication.registry import declare_local, hold_for, keep_for


class ReplicationConfig(AppConfig):
    name = "replication"

    def ready(self) -> None:
        """Say what of the engines below stays in this database."""
        declare_local("audit.SecurityEvent", "a security log is read where it was written")
        declare_local("replication.Reader", "how far the readers of this database have come")
        declare_local("replication.JournalPurge", "what was removed from this database's journal")
        for label, reason in (
            ("OutgoingMessage", "bytes on their way, until they are acknowledged"),
            ("MessagePart", "bytes on their way in, until the message is whole"),
            ("Membership", "what an office holds, known at the centre only"),
            ("Departed", "what an office held until lately, known at the centre only"),
            ("Resend", "what the next message has to repeat"),
            ("Alias", "travels in messages of its own"),
        ):
            declare_local(f"replication.{label}", reason)
        for label in ("BranchNode", "MessageLog", "ParkedChange", "Conflict"):
            plan.stays(f"replication.{label}", "each end keeps its own side of the link")
        hold_for(_places_of_links)
        keep_for(_place_of_this_office)


def _places_of_links() -> list[tuple[str, str]]:
    """Return up to where each link of the company in force has been acknowledged."""
    from replication.models import BranchNode

    return [
        (f"office: {name}", position)
        for name, position in BranchNode.objects.values_list("name", "acknowledged_position")
    ]


def _place_of_this_office() -> list[tuple[str, str]]:
    """Return up to where the centre has this office's changes; what follows exists here only."""
    from replication.models import BranchNode, Side

    found = BranchNode.objects.filter(side=Side.BRANCH)
    return list(found.values_list("name", "acknowledged_position"))

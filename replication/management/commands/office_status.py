"""``manage office_status``: how the office stands with the centre."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.timesince import timesince
from django_tenants.utils import tenant_context

from replication.attachments import missing
from replication.offices import the_office
from replication.packing import waiting
from replication.transports.sentences import sentence


class Command(BaseCommand):
    help = "Tell how this office stands with the centre."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the state, one fact a line."""
        company, node = the_office()
        with tenant_context(company):
            met = f"{timesince(node.met_at)} ago" if node.met_at else "never"
            for name, value in (
                ("office", f"{node.name} ({node.prefix}) of {company.name}"),
                ("centre", node.address),
                ("state", node.get_state_display()),
                ("met the centre", met),
                ("waiting to go out", f"{waiting(node=node):,} rows"),
                ("sent, acknowledged", f"{node.sent_number}, {node.acknowledged_number}"),
                ("received", node.received_number),
                ("quarantine", node.parked.count()),
                ("files missing", sum(1 for _ in missing())),
                ("fault", str(sentence(node.fault)) if node.fault else "none"),
            ):
                self.stdout.write(f"{name:<20}{value}")

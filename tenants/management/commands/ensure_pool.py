"""``ensure_pool``: keep ready schemas waiting for companies."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from tenants.provisioning import pool


class Command(BaseCommand):
    """Refill the pool."""

    help = "Makes spare schemas until the pool is full."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the size."""
        parser.add_argument("--size", type=int, help="spares to hold, by default KOPRU_POOL_SIZE")

    def handle(self, *args: Any, **options: Any) -> None:
        """Refill and say how many were made."""
        made = pool.refill(size=options["size"])
        if options["verbosity"]:
            self.stdout.write(f"{made} spare schemas made.")

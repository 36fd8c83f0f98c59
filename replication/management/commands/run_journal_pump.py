"""``run_journal_pump``: tell open browsers what changed, until stopped."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from replication.pump import Pump


class Command(BaseCommand):
    """Run the pump."""

    help = "Tells open browsers what changed in their company's base."
    requires_migrations_checks = False

    def handle(self, *args: Any, **options: Any) -> None:
        """Run until interrupted."""
        try:
            Pump().run()
        except KeyboardInterrupt:
            return

"""``write_baseline``: keep what the migrations come to, for first starts."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from tenants.provisioning import baseline


class Command(BaseCommand):
    """Write ``tenants/provisioning/baseline.sql`` from this installation's template."""

    help = "Writes the SQL from which new installations make their first schema."

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the file."""
        self.stdout.write(f"{baseline.write()} migrations are in {baseline.PATH.name}.")

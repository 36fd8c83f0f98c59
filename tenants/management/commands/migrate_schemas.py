"""``migrate_schemas``: bring ``public``, the template, all companies and spares up to date."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError
from django.core.management.commands.migrate import Command as DjangoMigrate

from tenants.migrating import migrate_everything, migrate_one


class Command(DjangoMigrate):
    """Migrate every schema; one that fails does not stop the rest, but the command then fails."""

    help = "Brings the tables of the service and of every company up to date."
    requires_system_checks: Any = []

    def add_arguments(self, parser: Any) -> None:
        """Add ours to Django's."""
        super().add_arguments(parser)
        parser.add_argument("-s", "--schema", dest="schema_name", help="only this schema")
        parser.add_argument("--jobs", type=int, default=4, help="companies at a time (default: 4)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Migrate."""
        verbosity = options["verbosity"]
        schema, jobs = options.pop("schema_name", None), options.pop("jobs", 4)
        inner = {
            **options, "skip_checks": True, "verbosity": max(verbosity - 1, 0), "run_syncdb": False,
        }  # fmt: skip
        if schema:
            migrate_one(schema=schema, options=inner)
            return
        outcome = migrate_everything(
            options=inner, jobs=jobs,
            say=self.stdout.write if verbosity else lambda line: None,
        )  # fmt: skip
        if verbosity:
            self.stdout.write(
                f"{outcome.migrated} companies migrated, {outcome.unchanged} up to date,"
                f" {len(outcome.failed)} failed."
            )
        if outcome.failed:
            lines = "\n".join(f"  {name}: {why}" for name, why in outcome.failed.items())
            raise CommandError(
                f"These companies were not migrated; the others were. Mend the cause and run"
                f" migrate_schemas again:\n{lines}"
            )

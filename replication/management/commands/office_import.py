"""``manage office_import FILE``: take in a file that the centre made."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django_tenants.utils import tenant_context

from replication.offices import the_office
from replication.transports import files
from replication.transports.sentences import sentence


class Command(BaseCommand):
    help = "Take in a file that the centre made."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the file."""
        parser.add_argument("file")

    def handle(self, *args: Any, **options: Any) -> None:
        """Take in a file that the centre made.

        :raises CommandError: with what to do; a file that cannot be written or read says so.
        """
        company, node = the_office()
        try:
            self._carry(company, node, options)
        except OSError as error:
            raise CommandError(f"{error.filename or options['file']}: {error.strerror}.") from error

    def _carry(self, company: Any, node: Any, options: dict[str, Any]) -> None:
        with tenant_context(company):
            try:
                with Path(options["file"]).open("rb") as file:
                    carried = files.take(node=node, source=file, now=timezone.now())
            except files.FileRefused as refused:
                raise CommandError(str(sentence(refused.code))) from refused
        self.stdout.write(
            f"Taken in: {carried.messages} messages, {carried.rows:,} rows;"
            f" {carried.parked} in quarantine."
        )

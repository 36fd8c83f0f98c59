"""``manage office_export FILE``: write what waits for the centre into a file."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django_tenants.utils import tenant_context

from replication.offices import the_office
from replication.transports import files
from replication.transports.sentences import sentence


class Command(BaseCommand):
    help = "Write what waits for the centre into a file."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the file."""
        parser.add_argument("file")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write what waits for the centre into a file.

        :raises CommandError: with what to do; a file that cannot be written or read says so.
        """
        company, node = the_office()
        try:
            self._carry(company, node, options)
        except OSError as error:
            raise CommandError(f"{error.filename or options['file']}: {error.strerror}.") from error

    def _carry(self, company: Any, node: Any, options: dict[str, Any]) -> None:
        target = Path(options["file"])
        with (
            tenant_context(company),
            NamedTemporaryFile(
                dir=target.absolute().parent, prefix=f".{target.name}.", delete=False
            ) as file,
        ):
            try:
                carried = files.export(node=node, target=file, now=timezone.now())
                file.flush()
                os.fsync(file.fileno())
            except files.FileRefused as refused:
                raise CommandError(str(sentence(refused.code))) from refused
            finally:
                made = Path(file.name)
                if sys.exc_info()[0] is not None:
                    made.unlink()
        made.replace(target)
        self.stdout.write(
            f"{target}: {carried.messages} messages, {carried.rows:,} rows. It is sealed: only the "
            "centre can open it."
        )
